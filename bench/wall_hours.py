"""The wall in a real Chromium with real servers: first paint, how soon an event is on it, what eight hours do to it.

The browser's clock is put forward by half a minute an update, and the place's present with it. Used by `bench.wall`.
"""

from __future__ import annotations

import json
import os
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bench.lines import line, span
from bench.wall_town import BY, LIGHTS

ROOT = Path(__file__).resolve().parent.parent
STEP = 30  # seconds
SIZES = {"1080p": (1920, 1080), "4K": (3840, 2160), "projector": (1280, 800)}


class Servers:
    """Real pages and a real door on the house, as processes whose memory can be read."""

    def __init__(self, every: float, life: int) -> None:
        pages, door = _free(), _free()
        self.url, self.door = f"http://127.0.0.1:{pages}", f"http://127.0.0.1:{door}"
        environment = os.environ | {
            "LEITAI_INTAKE_URL": self.door,
            "LEITAI_WEB_URL": self.url,
            "WALL_EVERY": str(every),
            "WALL_LIFE": str(life),
        }
        self.processes = {
            "pages": _granian("wsgi", "pages", pages, environment, "--blocking-threads", "4"),
            "door": _granian("rsgi", "door", door, environment),
        }
        for url in (f"{self.url}/healthz", f"{self.door}/healthz"):
            _until_answers(url)

    def memory(self, name: str) -> float:
        """Megabytes held by a server and its workers."""
        pid = self.processes[name].pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return sum(_resident(int(one)) for one in (pid, *children))

    def screens(self) -> int:
        """How many listen at the door."""
        with urllib.request.urlopen(f"{self.door}/healthz", timeout=10) as answer:
            return int(json.load(answer)["screens"])

    def stop(self) -> None:
        """Both, in order."""
        for one in self.processes.values():
            one.terminate()
        for one in self.processes.values():
            with suppress(subprocess.TimeoutExpired):
                one.wait(15)
            one.kill()


def _granian(
    interface: str, what: str, port: int, env: dict[str, str], *more: str
) -> subprocess.Popen[bytes]:
    command = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        interface,
        "--port",
        str(port),
        "--workers",
        "1",
    ]
    return subprocess.Popen(
        [*command, "--no-ws", "--log-level", "error", *more, f"bench.wall_doors:{what}"], env=env, cwd=ROOT
    )


def _free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _until_answers(url: str) -> None:
    for _ in range(600):
        with suppress(OSError), urllib.request.urlopen(url, timeout=5):
            return
        time.sleep(0.1)
    raise SystemExit(f"{url} does not answer")


def _resident(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(row.split()[1]) for row in status.splitlines() if row.startswith("VmRSS")) / 1024


@contextmanager
def chromium() -> Iterator[Any]:
    """A browser under control."""
    from playwright.sync_api import sync_playwright

    from tools import chromium as tool

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=tool.found(), args=[*tool.ARGUMENTS, "--enable-precise-memory-info"]
        )
        yield running
        running.close()


def hung(place: Any, servers: Servers) -> str:
    """The address of a screen of the place."""
    from django.utils import timezone

    from leitai.web.wall import actions, screens

    known = [one for one in screens.screens(place) if one.ended is None]
    key = known[0].key if known else "0011223344"
    if not known:
        actions.open_screen(place=place, key=key, name="bench", by=BY, now=place.now(timezone.now()))
    return f"{servers.url}/{place.key}/wall/s/{screens.token(place, key)}"


def paint(place: Any) -> None:
    """First paint at each size, and how soon an event is on the screen."""
    servers = Servers(1.0, 3600)
    try:
        with chromium() as browser:
            for name, (width, height) in SIZES.items():
                page = browser.new_page(viewport={"width": width, "height": height})
                found = []
                for _ in range(5):
                    page.goto(hung(place, servers), wait_until="load")
                    page.wait_for_timeout(300)
                    found.append(
                        page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
                    )
                line(f"first paint, {name}", f"{statistics.median(found):.0f} ms", "", "")
                page.close()
            page = browser.new_page(viewport={"width": 1920, "height": 1080})
            page.goto(hung(place, servers), wait_until="load")
            page.wait_for_timeout(6000)
            took, cost = [], []
            session = page.context.new_cdp_session(page)
            session.send("Performance.enable")
            for n in range(10):
                before, task = time.perf_counter(), _metric(session, "TaskDuration")
                act(place, f"paint {n}", n)
                page.wait_for_function(
                    "n => document.querySelector('#tile-verdicts').dataset.seen !== String(n) &&"
                    " document.querySelector('#tile-verdicts') !== window.kept && (window.kept ="
                    " document.querySelector('#tile-verdicts'), true)",
                    arg=n,
                    polling=20,
                )
                took.append(time.perf_counter() - before)
                cost.append(_metric(session, "TaskDuration") - task)
                page.wait_for_timeout(5000)
            span("from an act to the screen", statistics.median(took[1:]), "a look each", 1.0)
            line("  the page's work for it", f"{1000 * statistics.median(cost[1:]):.0f} ms", "", "")
    finally:
        servers.stop()


def _metric(session: Any, name: str) -> float:
    found = session.send("Performance.getMetrics")["metrics"]
    return next(one["value"] for one in found if one["name"] == name)


def act(place: Any, name: str, n: int) -> None:
    """What happens in half a minute of a busy place: verdicts always, a case or a light now and then; sealed."""
    from django.db import transaction
    from django.utils import timezone

    from leitai.apps.ballots import actions as ballots
    from leitai.apps.casework import actions as cases
    from leitai.apps.ledger import sealing
    from leitai.apps.ledger.actions import Draft, record_many
    from leitai.apps.people import queries as people
    from leitai.apps.projects.models import Project

    now = place.now(timezone.now())
    unit = people.units(place)[n % 20]
    grade = "dissatisfied" if n % 40 == 0 else "satisfied"
    ballots.cast(unit=unit, grade=grade, once=f"{name:_<22}".replace(" ", "-"), by=BY, now=now)
    if n % 6 == 0:
        cases.open_case(place=place, kind="community-problem", unit=None, title=f"样例 {n}", by=BY, now=now)
    if n % 4 == 0:
        code = f"W{n % 1000:05}"
        Project.objects.filter(place=place, code=code).update(light=LIGHTS[n % len(LIGHTS)])
        with transaction.atomic():
            record_many([Draft(place.pk, "project.light", now, now, BY, f"project:{code}", {})])
    sealing.seal(place)


HOURS_HEAD = ("hour", "heap of the page", "nodes", "listeners", "pages", "door")


def hours(place: Any, steps: int) -> None:
    """So many updates of half a minute; memory before, each hour and after; whether clock and tiles kept up."""
    servers = Servers(0.05, 30)
    try:
        with chromium() as browser:
            page = browser.new_page(viewport={"width": 1920, "height": 1080})
            faults: list[str] = []
            page.on("pageerror", lambda error: faults.append(str(error)))
            page.on(
                "response",
                lambda one: faults.append(f"{one.status} {one.url}") if one.status >= 404 else None,
            )
            flying: set[Any] = set()
            page.on("request", lambda one: flying.add(one) if "/wall/s/" in one.url else None)
            for over in ("requestfinished", "requestfailed"):
                page.on(over, lambda one: flying.discard(one))  # noqa: PLW0108  playwright marks what it is given
            page.clock.install()
            page.goto(hung(place, servers) + "?turn=60", wait_until="load")
            session = page.context.new_cdp_session(page)
            session.send("Performance.enable")
            print(" | ".join(one.ljust(17) for one in HOURS_HEAD))
            shown, begun = 0, time.perf_counter()
            for n in range(steps + 1):
                if n % 120 == 0 or n in (20, steps):
                    print(" | ".join(one.ljust(17) for one in _row(n, session, page, servers)), flush=True)
                if n == steps:
                    break
                place.lag -= timedelta(seconds=STEP)
                place.save()
                act(place, f"hours {n}", n)
                page.clock.fast_forward(STEP * 1000)
                page.wait_for_timeout(60)
                # The next jump would take for half a minute what is still on its way.
                for _ in range(200):
                    if not flying:
                        break
                    page.wait_for_timeout(20)
                shown += page.locator(".tile.old").count()
            page.wait_for_timeout(25_000)  # a ticket may have just ended: the screen asks for the next one
            _kept_up(place, page, servers, shown, faults)
            line(
                "minutes it took",
                f"{(time.perf_counter() - begun) / 60:.1f}",
                "of the screen",
                f"{steps * STEP / 60:.0f}",
            )
    finally:
        servers.stop()


def _row(n: int, session: Any, page: Any, servers: Servers) -> tuple[str, ...]:
    page.wait_for_timeout(500)
    for _ in range(2):
        session.send("HeapProfiler.collectGarbage")
    return (
        f"{n * STEP / 3600:.2f}",
        f"{_metric(session, 'JSHeapUsedSize') / 2**20:.2f} MiB",
        f"{_metric(session, 'Nodes'):.0f}",
        f"{_metric(session, 'JSEventListeners'):.0f}",
        f"{servers.memory('pages'):.0f} MiB",
        f"{servers.memory('door'):.0f} MiB",
    )


def _kept_up(place: Any, page: Any, servers: Servers, grey: int, faults: list[str]) -> None:
    from django.utils import timezone

    from leitai.apps.ballots import queries as ballots
    from leitai.apps.people import queries as people

    shown = page.evaluate("document.querySelector('[data-clock-face]').getAttribute('datetime')")
    now = people.place(place.key).now(timezone.now())
    off = abs((datetime.fromisoformat(shown) - now).total_seconds())
    line("the clock on the wall is off by", f"{off:.1f} s", "a tick", "1 s")
    day = now.astimezone(place.zone).date()
    page.wait_for_timeout(1000)
    says = page.locator("#tile-verdicts dd").first.inner_text()
    line("verdicts today: on the wall, in the books", says, f"{ballots.totals(place, day, day).n:,}", "")
    line("tiles seen grey, and faults", f"{grey}, {len(faults)}", "none", "0")
    print(*faults[:5], page.locator("[data-word]").inner_text(), sep="\n")
    line("screens that the door knows", str(servers.screens()), "one", "1")
