"""A whole house for the browser: `leitai run` as a user starts it, on a place small enough to come up in seconds."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any

from django.utils import translation
from playwright.sync_api import expect

PLACES = Path(__file__).resolve().parent  # a folder here with a regime.yaml is a place: there is one, `town`
ANSWERS = re.compile(r"Leitai answers on (http://\S+?)/\s+\(ballot door (http://\S+?)/")
LIMIT = 60.0  # seconds until it answers; on a machine with nothing else to do it takes about six
# What hangs on the wall: the code of a unit's point, made with the keys of the house's own folder.
CODES = """
from leitai.cli.django import setup
setup()
from leitai.apps.ballots.queries import code_of, points
from leitai.apps.people.queries import places
for point in points(places()[0]):
    print(point.unit.key, code_of(point))
"""


# The place's present, moved on: what a place lags behind the clock is a number in its row.
LATER = """
import sys
from datetime import timedelta
from leitai.cli.django import setup
setup()
from leitai.apps.people.queries import places
place = places()[0]
place.lag -= timedelta(minutes=float(sys.argv[1]))
place.save()
"""


@dataclass(frozen=True)
class House:
    """A running house: where its pages answer, who may sign in (role to name and password), codes by unit,
    the link by which an enterprise comes in, and the environment of its processes."""

    url: str
    door: str
    logins: dict[str, tuple[str, str]]
    codes: dict[str, str]
    link: str
    environment: dict[str, str]
    cookies: dict[str, list[Any]] = field(default_factory=dict)

    def later(self, minutes: float) -> None:
        """Move the place's present on; the processes that run see it in their next round."""
        command = [sys.executable, "-c", LATER, str(minutes)]
        subprocess.run(command, env=self.environment, check=True, capture_output=True)

    def at(self, path: str) -> str:
        """The address of a page of the place."""
        return f"{self.url}/town/{path}"

    def sign_in(self, page: Any, role: str, path: str) -> Any:
        """Sign in by the form, on the way to a page that asks for it; whoever did before is still signed in."""
        if role in self.cookies:
            page.context.add_cookies(self.cookies[role])
            page.goto(self.at(path))
            return page
        name, password = self.logins[role]
        page.goto(f"{self.url}/login/?next=/town/{path}")
        page.locator("#id_username").fill(name)
        page.locator("#id_password").fill(password)
        page.locator("main form button").click()
        page.wait_for_url(self.at(path))
        self.cookies[role] = page.context.cookies()
        return page


def said(message: str, language: str = "zh-hans", **values: object) -> str:
    """A sentence of the house as a reader of that language sees it."""
    with translation.override(language):
        return translation.gettext(message) % values if values else translation.gettext(message)


def until_shown(page: Any, selector: str, *, text: str | re.Pattern[str]) -> Any:
    """The element, once the page, asked again and again, shows it: what it waits for is the worker's to do."""
    found = page.locator(selector, has_text=text)
    end = monotonic() + 20
    while not found.count():
        assert monotonic() < end, f"{page.url} never showed {selector} {text}"
        page.reload()
    return found.first


def take(page: Any, move: str, **boxes: str) -> None:
    """Take a move of a case by its form, unfolding it first where it is folded."""
    fold = page.locator(f"details:has(input[name=move][value={move}])")
    expect(fold).to_have_count(1)
    if fold.get_attribute("open") is None:
        fold.locator("summary").click()
    for name, text in boxes.items():
        fold.locator(f"[name={name}]").fill(text)
    fold.locator("form button").click()


@contextmanager
def running(command: Path, folder: Path, places: Path = PLACES) -> Iterator[House]:
    """`leitai run` in a folder of its own on the places in a folder, until it has stopped cleanly."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LEITAI_")}
    environment |= {"LEITAI_VAR": str(folder), "LEITAI_REGIMES": str(places), "PYTHONUNBUFFERED": "1"}
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    log = folder / "log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [command, "run", "--port", port], stdout=out, stderr=out, cwd=folder, env=environment
        )
    try:
        said = _until(lambda: ANSWERS.search(log.read_text()), process, log)
        _until(lambda: _healthy(f"{said[2]}/healthz"), process, log)
        logins = json.loads((folder / "demo-logins.json").read_text())
        codes = subprocess.run(
            [sys.executable, "-c", CODES], env=environment, capture_output=True, text=True, check=True
        )
        yield House(
            said[1],
            said[2],
            {role: (name, password) for name, password, role in logins},
            dict(line.split() for line in codes.stdout.splitlines()),
            said[1] + json.loads((folder / "demo-links.json").read_text())[0][1],
            environment,
        )
    finally:
        process.send_signal(signal.SIGINT)
        try:
            code = process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
    assert code == 0, log.read_text()
    assert "Traceback" not in log.read_text(), log.read_text()


def _until(found: Callable[[], Any], process: subprocess.Popen[bytes], log: Path) -> Any:
    """What `found` answers once it answers something; raises with the log where the process ends or time is up."""
    end = monotonic() + LIMIT
    while not (answer := found()):
        try:
            process.wait(0.05)
        except subprocess.TimeoutExpired:
            if monotonic() < end:
                continue
        raise RuntimeError(f"`leitai run` did not come up:\n{log.read_text()}")
    return answer


def _healthy(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
