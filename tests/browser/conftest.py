"""A real Chromium for the browser tests, a phone and a desk in it, and where their screenshots go.

Every page opened here is watched: an error of its scripts, a server's fault or a request that leaves the
machine fails the test that caused it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tools import chromium

from .house import House, running

ROOT = Path(__file__).resolve().parents[2]
SHOTS = ROOT / "var/screenshots"
PHONE = (390, 844)
DESKTOP = (1440, 900)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium under playwright's control; skipped where there is none, a failure in CI."""
    from playwright.sync_api import sync_playwright

    path = chromium.found()
    if path is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("no Chromium: see tools/chromium.py")
    # playwright runs an event loop in this thread, which Django would take for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=list(chromium.ARGUMENTS))
        yield running
        running.close()


@pytest.fixture
def open_page(browser: Any) -> Iterator[Callable[..., Any]]:
    """Opens a fresh, watched page: `open_page(width, height, language="zh-CN", **of the context)`."""
    contexts, faults = [], []

    def opened(width: int, height: int, language: str = "zh-CN", **more: Any) -> Any:
        small = width < 600
        context = browser.new_context(
            viewport={"width": width, "height": height},
            locale=language,
            timezone_id="Asia/Shanghai",
            device_scale_factor=2 if small else 1,
            has_touch=small,
            is_mobile=small,
            reduced_motion="reduce",
            **more,
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(f"script error: {error}"))
        page.on("response", lambda r: faults.append(f"{r.status} {r.url}") if r.status >= 500 else None)
        page.on("request", lambda r: faults.append(f"leaves the machine: {r.url}") if _away(r.url) else None)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not faults


def _away(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in ("http", "https", "ws", "wss") and parts.hostname not in ("localhost", "127.0.0.1")


@pytest.fixture
def page_phone(open_page: Callable[..., Any]) -> Any:
    """A phone's page, in Chinese."""
    return open_page(*PHONE)


@pytest.fixture
def page_desktop(open_page: Callable[..., Any]) -> Any:
    """A desk's page, in Chinese."""
    return open_page(*DESKTOP)


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory, leitai_command: Path) -> Iterator[House]:
    """Pages, ballot door and worker, running on the small place in `town`."""
    with running(leitai_command, tmp_path_factory.mktemp("house")) as one:
        yield one


@pytest.fixture(scope="session")
def shot() -> Callable[..., Path]:
    """`shot(page, name, full=False)` keeps a screenshot as var/screenshots/NAME.png."""
    SHOTS.mkdir(parents=True, exist_ok=True)

    def take(page: Any, name: str, full: bool = False) -> Path:
        path = SHOTS / f"{name}.png"
        page.screenshot(path=path, full_page=full)
        return path

    return take


@pytest.fixture(scope="session")
def accessible() -> Callable[[Any], None]:
    """`accessible(page)` fails on any serious or critical finding of axe."""
    from axe_playwright_python.sync_playwright import Axe

    axe = Axe()

    def check(page: Any) -> None:
        found = [
            f"{v['id']} ({v['impact']}): {v['help']}: {[n['target'] for n in v['nodes']][:3]}"
            for v in axe.run(page, options={"resultTypes": ["violations"]}).response["violations"]
            if v["impact"] in ("serious", "critical")
        ]
        assert not found, "\n".join([page.url, *found])

    return check
