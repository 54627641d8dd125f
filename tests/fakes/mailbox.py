"""A mail server of a few letters, on a port of this machine: as much IMAP (RFC 3501) as reading them takes."""

from __future__ import annotations

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Mailbox:
    """What a user has: letters by number, and the flags that each was given."""

    password: str
    letters: dict[int, bytes]
    flags: dict[int, set[str]] = field(default_factory=dict)
    breaks_at: int = 0  # the number at whose turn the server hangs up


class _Talk(socketserver.StreamRequestHandler):
    """One client, until it says goodbye."""

    server: _Server

    def handle(self) -> None:
        self.say(b"* OK ready")
        for line in self.rfile:
            tag, _, command = line.decode().strip().partition(" ")
            told = self.answer(command)
            if told is None:
                return
            self.say(f"{tag} {told}".encode())
            if command.upper().startswith("LOGOUT"):
                return

    def say(self, line: bytes) -> None:
        self.wfile.write(line + b"\r\n")

    def answer(self, command: str) -> str | None:
        """The last line of an answer; None hangs up."""
        box = self.server.box
        if command.startswith("LOGIN"):
            return (
                "OK welcome" if f'"{box.password}"' in command else "NO [AUTHENTICATIONFAILED] wrong password"
            )
        if command.startswith("CAPABILITY"):
            self.say(b"* CAPABILITY IMAP4rev1")
        elif command.startswith("SELECT"):
            if '"INBOX"' not in command:
                return "NO no such folder"
            self.say(f"* {len(box.letters)} EXISTS".encode())
        elif command.startswith("UID SEARCH UNSEEN"):
            unread = (str(one) for one in box.letters if "\\Seen" not in box.flags.get(one, ()))
            self.say(f"* SEARCH {' '.join(unread)}".encode())
        elif match := re.match(r"UID FETCH (\d+) \(BODY\.PEEK\[\]", command):
            number = int(match[1])
            if number == box.breaks_at:
                return None
            data = box.letters[number]
            self.say(f"* {number} FETCH (UID {number} BODY[]<0> {{{len(data)}}}".encode())
            self.wfile.write(data)
            self.say(b")")
        elif match := re.match(r"UID STORE (\d+) \+FLAGS \((.*)\)", command):
            box.flags.setdefault(int(match[1]), set()).update(match[2].split())
        return "OK done"


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    box: Mailbox


@contextmanager
def serving(box: Mailbox) -> Iterator[str]:
    """The mailbox, being served; gives its address as `leitai mail take` reads it."""
    with _Server(("127.0.0.1", 0), _Talk) as server:
        server.box = box
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"imap://office@127.0.0.1:{server.server_address[1]}/INBOX"
        finally:
            server.shutdown()
            thread.join()
