"""One contract for the real gateway and for what stands for it in tests.

The real one speaks to a server on this machine: SMS as JSON over HTTP, mail over SMTP.
"""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes
from email.header import decode_header, make_header
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from leitai.notify import Message, NotSent, Sender, SettingError, gateway, way_to
from tests.fakes.sender import FakeSender

SMS = Message("+86 138 0000 0000", "评一评", "您昨天办的事办得怎么样? https://leitai.example/b/X", "key-1")
MAIL = Message("li.hua@mail.example", "评一评", "您昨天办的事办得怎么样?", "key-2")


@dataclass
class Told:
    """What arrived outside: address, subject, body."""

    to: str
    subject: str
    body: str


@dataclass
class Rig:
    """A sender, what reached the other side, and a switch that takes the other side away."""

    sender: Sender
    arrived: Callable[[], list[Told]]
    cut: Callable[[], None]


class Http(BaseHTTPRequestHandler):
    """A gateway for SMS that takes JSON."""

    got: list[tuple[dict[str, str], str]]

    def do_POST(self) -> None:
        said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.got.append((said, self.headers.get("X-Idempotency-Key", "")))  # type: ignore[attr-defined]
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Quiet."""


class Smtp(socketserver.StreamRequestHandler):
    """As much of RFC 5321 as taking a mail needs."""

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        to = ""
        while line := self.rfile.readline():
            word = line.split()[0].upper() if line.split() else b""
            if word == b"EHLO":
                self.wfile.write(b"250 here\r\n")
            elif word == b"RCPT":
                to = line.decode().split("<")[1].split(">")[0]
                self.wfile.write(b"250 ok\r\n")
            elif word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                lines = []
                while (part := self.rfile.readline()) != b".\r\n":
                    lines.append(part)
                self.server.got.append((to, b"".join(lines)))  # type: ignore[attr-defined]
                self.wfile.write(b"250 taken\r\n")
            elif word == b"QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            else:
                self.wfile.write(b"250 ok\r\n")


@contextmanager
def served(server: socketserver.BaseServer) -> Iterator[int]:
    """A server in a thread, on a port of its own."""
    server.got = []  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield server.server_address[1]  # type: ignore[misc]
    server.shutdown()
    server.server_close()
    thread.join(10)


@contextmanager
def real() -> Iterator[Rig]:
    """The gateway of the house with servers of our own on the other side."""
    http = HTTPServer(("127.0.0.1", 0), Http)
    smtp = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Smtp)
    with served(http) as port, served(smtp) as mail:
        ways = [
            f"sms=json://127.0.0.1:{port}/send?:to={{to}}&+X-Idempotency-Key={{key}}",
            f"mail=mailto://127.0.0.1:{mail}/?from=office@leitai.example&to={{to}}",
        ]
        sender = gateway(ways)
        assert sender is not None

        def arrived() -> list[Told]:
            assert all(key == "key-1" for _, key in http.got)  # type: ignore[attr-defined]
            found = [Told(one["to"], one["title"], one["message"]) for one, _ in http.got]  # type: ignore[attr-defined]
            return found + [_mail(*one) for one in smtp.got]  # type: ignore[attr-defined]

        def cut() -> None:
            dead = ["sms=json://127.0.0.1:1/{to}", "mail=mailto://127.0.0.1:1/?from=a@leitai.example&to={to}"]
            rig.sender = gateway(dead)  # type: ignore[assignment]

        rig = Rig(sender, arrived, cut)
        yield rig


def _mail(to: str, data: bytes) -> Told:
    mail = message_from_bytes(data)
    part = next(one for one in mail.walk() if one.get_content_type().startswith("text/"))
    body = part.get_payload(decode=True)
    assert isinstance(body, bytes)
    return Told(to, str(make_header(decode_header(mail["Subject"]))), body.decode().strip())


@contextmanager
def fake() -> Iterator[Rig]:
    """What stands for it in other tests."""
    sender = FakeSender()
    yield Rig(
        sender,
        lambda: [Told(one.to, one.subject, one.body) for one in sender.sent],
        lambda: setattr(sender, "down", True),
    )


@pytest.fixture(params=[real, fake], ids=["real", "fake"])
def rig(request: pytest.FixtureRequest) -> Iterator[Rig]:
    """Either."""
    with request.param() as one:
        yield one


@pytest.mark.parametrize("message", [SMS, MAIL], ids=["sms", "mail"])
def test_what_was_taken_has_arrived_as_it_was(rig: Rig, message: Message) -> None:
    assert rig.sender.reaches(message.to)
    rig.sender.send(message)
    (told,) = rig.arrived()
    assert (told.to, told.subject) == (message.to, message.subject)
    assert message.body.split()[0] in told.body


@pytest.mark.parametrize("message", [SMS, MAIL], ids=["sms", "mail"])
def test_what_could_not_be_handed_over_is_said_without_the_address(rig: Rig, message: Message) -> None:
    rig.cut()
    with pytest.raises(NotSent) as told:
        rig.sender.send(message)
    assert message.to not in str(told.value)
    assert rig.arrived() == []


def test_an_address_that_is_none_is_not_reached(rig: Rig) -> None:
    assert not rig.sender.reaches("the lady at the window")
    with pytest.raises(NotSent):
        rig.sender.send(Message("the lady at the window", "", "", "k"))


def test_an_address_cannot_add_another() -> None:
    assert way_to("a@b.example&to=c@d.example") == ""
    with real() as rig:
        rig.sender.send(Message("a&to=x@b.example", "s", "text of it", "key-1"))
        assert [told.to for told in rig.arrived()] == ["a&to=x@b.example"]


@pytest.mark.parametrize("setting", ["mailto://x?to={to}", "fax=json://x/{to}", "sms=json://x/"])
def test_a_setting_that_is_no_way_to_send_is_told(setting: str) -> None:
    with pytest.raises(SettingError, match="LEITAI_NOTIFY"):
        gateway([setting])


def test_no_setting_is_no_gateway() -> None:
    assert gateway([]) is None
