"""The ballot door as a real server: what it acknowledged is there, whatever happens to it a moment later."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.pages.place import BY, Shan, found

WAIT = 60
WEB = "https://web.example"


@pytest.fixture
def shan(leitai_environment: dict[str, str]) -> Shan:
    """The small place, committed, so that another process sees it."""
    return found()


@contextmanager
def door(environment: dict[str, str]) -> Iterator[int]:
    """A door on a port of its own; killed at once when the block ends, as by a power cut."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface", "rsgi", "--workers", "1", "--port", str(port)]
    process = subprocess.Popen(
        [*command, "--no-access-log", "leitai.intake.app:app"],
        env={**environment, "LEITAI_WEB_URL": WEB},
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        end = time.monotonic() + WAIT
        while not healthy(port):
            assert time.monotonic() < end, "the door does not answer"
            with suppress(subprocess.TimeoutExpired):
                pytest.fail(f"the door did not start: {process.wait(0.05)}")
        yield port
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(WAIT)


def healthy(port: int) -> bool:
    try:
        return ask(port, "GET", "/healthz")[0] == 200
    except OSError:
        return False


def ask(port: int, method: str, path: str, body: str | None = None, **headers: str) -> tuple[int, Any, str]:
    """(status, headers, body) of one request."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=WAIT)
    kind = {"content-type": "application/x-www-form-urlencoded"} if body is not None else {}
    connection.request(
        method, path, body, kind | {name.replace("_", "-"): value for name, value in headers.items()}
    )
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, answer.headers, text


def slip(once: str, grade: str = "satisfied", **more: str) -> str:
    return urlencode({"once": once, "grade": grade, "lang": "en", **more})


def vote(port: int, code: str, once: str, grade: str = "satisfied") -> str | None:
    """The receipt, or None where the door went away before it answered."""
    try:
        status, _headers, text = ask(port, "POST", f"/b/{code}", slip(once, grade), accept="application/json")
    except (OSError, http.client.HTTPException):
        return None
    assert status == 201, text
    return str(json.loads(text)["receipt"])


def test_what_was_acknowledged_survives_a_kill_and_a_retry_is_not_a_second_vote(
    shan: Shan, leitai_environment: dict[str, str]
) -> None:
    from leitai.apps.ballots.models import Ballot
    from leitai.apps.ledger.models import Event

    receipts: dict[str, str | None] = {}
    enough, threads = threading.Event(), []

    def crowd(port: int, who: int) -> None:
        for number in range(400):
            once = f"phone-{who:04}-vote-{number:04}"
            receipts[once] = None
            got = vote(port, shan.code, once, "dissatisfied" if number % 3 == 0 else "satisfied")
            if got is None:
                return
            receipts[once] = got
            if sum(one is not None for one in list(receipts.values())) >= 60:
                enough.set()

    with door(leitai_environment) as port:
        threads = [threading.Thread(target=crowd, args=(port, who)) for who in range(8)]
        for one in threads:
            one.start()
        assert enough.wait(WAIT)
    for one in threads:
        one.join(WAIT)
    acknowledged = {once: receipt for once, receipt in receipts.items() if receipt is not None}
    assert len(acknowledged) >= 60
    assert len(set(acknowledged.values())) == len(acknowledged)
    assert acknowledged.items() <= dict(Ballot.objects.values_list("once", "receipt")).items()
    with door(leitai_environment) as port:
        again = {once: vote(port, shan.code, once) for once in receipts}
    assert acknowledged.items() <= again.items()
    assert dict(Ballot.objects.values_list("once", "receipt")) == again
    assert Event.objects.filter(kind="ballot.cast").count() == len(again)


def test_the_door_says_clearly_what_it_takes_and_what_not(
    shan: Shan, leitai_environment: dict[str, str]
) -> None:
    from leitai.apps.ballots import actions
    from leitai.apps.ballots.models import Ballot

    once = "a-key-of-22-characters"
    forged = shan.code[:-1] + ("0" if shan.code[-1] != "0" else "1")
    with door(leitai_environment) as port:
        status, headers, _text = ask(port, "GET", f"/b/{shan.code}", lang="en")
        assert (status, headers["location"]) == (307, f"{WEB}/b/{shan.code}")
        status, headers, _text = ask(port, "POST", f"/b/{shan.code}", slip(once, big="1"))
        receipt = Ballot.objects.get().receipt
        assert (status, headers["location"]) == (303, f"{WEB}/r/{receipt}?lang=en&big=1")
        for path, body, want in (
            ("/b/hello", slip(once), 404),
            (f"/b/{forged}", slip(once), 404),
            (f"/b/{shan.code}", slip(once + "x", "marvellous"), 422),
            (f"/b/{shan.code}", slip("short"), 400),
            (f"/b/{shan.code}", urlencode({"once": once}), 400),
            (f"/b/{shan.code}", slip(once, words="x" * 20_000), 413),
            ("/elsewhere", slip(once), 404),
        ):
            assert ask(port, "POST", path, body)[0] == want, (path, body[:60])
        assert ask(port, "POST", f"/b/{shan.code}", "{}", content_type="application/json")[0] == 415
        assert ask(port, "DELETE", f"/b/{shan.code}")[0] == 405
        actions.retire_point(point=shan.point, by=BY, now=shan.now)
        status, _headers, text = ask(
            port, "POST", f"/b/{shan.code}", slip(once + "y"), accept="application/json"
        )
        assert (status, json.loads(text)["code"]) == (410, "code-retired")
    assert Ballot.objects.count() == 1
