"""Scoring on the spot on a telephone in a real Chromium: without a network, then with one; and the office's pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.apps.peers_town import filled, laid, opened, peers_town, secret
from tests.factories import BY, NOW, Town

from .conftest import DESKTOP, PHONE

expect.set_options(timeout=15_000)
Open = Callable[..., Any]


@pytest.fixture
def town(live_server: Any, browser: Any) -> Town:
    """The town at ten in the morning of the tour's day."""
    from django.utils import timezone

    found = peers_town()
    found.place.lag = timezone.now() - NOW
    found.place.save(update_fields=["lag"])
    return found


@pytest.fixture
def seen(shot: Any, accessible: Any) -> Callable[..., None]:
    """`seen(page, name)`: nothing to scroll sideways, nothing serious to axe, and a picture."""

    def take(page: Any, name: str) -> None:
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{page.url} is {wide} px wider than its window"
        accessible(page)
        shot(page, name, full=True)

    return take


def signed_in(page: Any, town: Town, server: str, path: str) -> None:
    page.goto(f"{server}/login/?next={path}")
    page.locator("#id_username").fill(town.posts["office"].account.username)
    page.locator("#id_password").fill("pass the long way")
    page.locator("main form button").click()
    page.wait_for_url(server + path)


def marks(number: int) -> list[tuple[int, str, str]]:
    """The marks that have arrived of a scorer, in the order of their arrival."""
    from leitai.apps.peers.models import Mark

    rows = Mark.objects.filter(scorer__number=number).order_by("pk")
    return [(one.site.turn, one.criterion, f"{one.points.normalize():f}") for one in rows]


def test_marks_made_without_a_network_wait_on_the_phone_and_arrive_once(
    live_server: Any, town: Town, open_page: Open, seen: Any
) -> None:
    opened(town)
    address = f"{live_server.url}/town/score/{secret(town, 1)}"
    phone = open_page(*PHONE, "en")
    phone.goto(address)
    expect(phone.locator("#sheet")).to_have_attribute("data-ready", "1")
    expect(phone.locator("#state")).to_have_text("No mark yet")
    seen(phone, "peers-sheet")

    phone.context.set_offline(True)
    phone.reload()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Tour")
    phone.locator("#m-1-scale").fill("50")
    phone.locator("#m-1-speed").fill("30.5")
    phone.locator("#m-2-scale").fill("70")
    phone.locator("#m-2-scale").blur()
    expect(phone.locator("#e-2-scale")).to_contain_text("From 0 to 60")
    phone.locator("#m-2-scale").fill("40")
    phone.locator("#m-2-scale").blur()
    expect(phone.locator("#state")).to_contain_text("3 marks wait to be sent. No network")
    phone.locator("#m-1-scale").fill("52")
    phone.locator("#m-1-scale").blur()
    expect(phone.locator("#state")).to_contain_text("4 marks wait")
    phone.evaluate("scrollTo(0, 0)")
    seen(phone, "peers-sheet-waiting")
    assert marks(1) == []

    again = phone.context.new_page()
    phone.close()
    again.goto(address)
    expect(again.locator("#m-1-scale")).to_have_value("52")
    again.context.set_offline(False)
    expect(again.locator("#state")).to_contain_text("Every mark has arrived")
    assert marks(1) == [(1, "scale", "50"), (1, "speed", "30.5"), (2, "scale", "40"), (1, "scale", "52")]

    again.context.set_offline(True)
    again.get_by_role("button", name="Hand in").tap()
    expect(again.locator("#missing")).to_contain_text("5 marks are missing")
    again.get_by_role("button", name="Not yet").tap()
    slider = again.get_by_label("New hospital: Progress")
    slider.focus()
    for _ in range(3):
        again.keyboard.press("ArrowRight")
    expect(again.locator("#state")).to_contain_text("wait to be sent")
    again.get_by_role("button", name="Hand in").tap()
    again.get_by_role("button", name="Hand in").tap()
    expect(again.locator("#state")).to_contain_text("as soon as there is a network")
    expect(again.locator("#m-1-scale")).to_be_disabled()
    again.context.set_offline(False)
    expect(again.locator("#state")).to_contain_text("Handed in")
    assert marks(1)[-1] == (2, "speed", "3")
    seen(again, "peers-sheet-handed-in")
    again.reload()
    expect(again.locator("#state")).to_contain_text("Handed in")
    expect(again.locator("#m-1-scale")).to_have_value("52")


def test_a_link_that_was_renewed_keeps_what_waits_for_the_new_one(
    live_server: Any, town: Town, open_page: Open
) -> None:
    from leitai.apps.peers import actions, queries

    row = opened(town)
    phone = open_page(*PHONE, "en")
    phone.goto(f"{live_server.url}/town/score/{secret(town, 2)}")
    expect(phone.locator("#sheet")).to_have_attribute("data-ready", "1")
    actions.renew_link(scorer=queries.scorer_by_number(row, 2), secret="another-link", by=BY, now=NOW)
    phone.locator("#m-1-scale").fill("50")
    phone.locator("#m-1-scale").blur()
    expect(phone.locator("#state")).to_contain_text("1 mark waits to be sent. This link holds no longer")
    phone.goto(f"{live_server.url}/town/score/another-link")
    expect(phone.locator("#state")).to_contain_text("Every mark has arrived")
    assert marks(2) == [(1, "scale", "50")]


@pytest.mark.parametrize(
    ("width", "language"), [(PHONE, "en"), (PHONE, "zh-CN"), (DESKTOP, "en"), (DESKTOP, "zh-CN")]
)
def test_the_offices_pages_are_read_on_a_phone_and_at_a_desk(
    live_server: Any, town: Town, open_page: Open, seen: Any, width: tuple[int, int], language: str
) -> None:
    from leitai.apps.peers import actions

    row = laid(town)
    name = f"{'phone' if width == PHONE else 'desk'}-{language[:2]}"
    page = open_page(*width, language)
    signed_in(page, town, live_server.url, f"/town/o/{row.pk}/scoring")
    seen(page, f"peers-lay-{name}")
    page.locator("form[action$='/open'] button").click()
    expect(page.locator(".slips svg")).to_have_count(6)
    seen(page, f"peers-links-{name}")
    filled(row)
    page.goto(f"{live_server.url}/town/o/{row.pk}/scoring")
    seen(page, f"peers-open-{name}")
    actions.work_out(occasion=row, by=BY, now=NOW)
    page.reload()
    expect(page.locator(".scored .strip svg")).to_have_count(5)
    seen(page, f"peers-result-{name}")
