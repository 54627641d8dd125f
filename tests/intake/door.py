"""A real ballot door in a process of its own, and how a test knocks at it."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

WAIT = 60
WEB = "https://web.example"
FORM = "application/x-www-form-urlencoded"


@dataclass
class Door:
    """A door on a port of its own. It is killed, never stopped: what it owes to a clean end, it does not have."""

    port: int
    process: subprocess.Popen[bytes]

    def wait(self) -> None:
        """Until it answers."""
        end = time.monotonic() + WAIT
        while not self.healthy():
            assert time.monotonic() < end, "the door does not answer"
            with suppress(subprocess.TimeoutExpired):
                raise AssertionError(f"the door did not start: {self.process.wait(0.05)}")

    def healthy(self) -> bool:
        try:
            return self.ask("GET", "/healthz")[0] == 200
        except OSError:
            return False

    def kill(self) -> None:
        """At once, with all its processes, as by a power cut."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(WAIT)

    def ask(
        self, method: str, path: str, body: str | bytes | None = None, **headers: str
    ) -> tuple[int, http.client.HTTPMessage, str]:
        """(status, headers, body) of one request; a header's underscores are hyphens."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=WAIT)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            connection.request(
                method, path, body, ({"content-type": FORM} if body is not None else {}) | named
            )
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read().decode()
        finally:
            connection.close()

    def post(self, code: str, body: str | bytes, **headers: str) -> tuple[int, Any]:
        """(status, what the answer says) of a form, asked for as JSON."""
        status, _headers, text = self.ask("POST", f"/b/{code}", body, accept="application/json", **headers)
        return status, json.loads(text)

    def vote(self, code: str, once: str, grade: str = "satisfied", **headers: str) -> str:
        """The receipt of a verdict that is taken."""
        status, told = self.post(code, slip(once, grade), **headers)
        assert status == 201, told
        return str(told["receipt"])


def open_door(environment: Mapping[str, str]) -> Door:
    """A door that is about to answer."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface", "rsgi", "--workers", "1", "--port", str(port)]
    process = subprocess.Popen(
        [*command, "--no-ws", "--log-level", "error", "leitai.intake.app:app"],
        env={**environment, "LEITAI_WEB_URL": WEB},
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    return Door(port, process)


@contextmanager
def door(environment: Mapping[str, str]) -> Iterator[Door]:
    """A door that answers, until the block ends."""
    opened = open_door(environment)
    try:
        opened.wait()
        yield opened
    finally:
        opened.kill()


def slip(once: str, grade: str = "satisfied", **more: str) -> str:
    """A form as the citizen's page sends it."""
    return urlencode({"once": once, "grade": grade, "lang": "en", **more})
