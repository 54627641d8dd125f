"""A juror on a telephone in a real Chromium: from the list to the slip, no scrolling sideways, room for a thumb."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.apps.contest_town import answered, at_vote, contest_town, objected
from tests.factories import HOUR

from .conftest import PHONE

expect.set_options(timeout=15_000)
THUMB = 44  # pixels: WCAG 2.5.5


def stands(page: Any, accessible: Callable[..., None], shot: Callable[..., None], name: str) -> None:
    """Nothing to scroll sideways, nothing serious to axe, and a picture."""
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide} px wider than its window"
    accessible(page)
    shot(page, name, full=True)


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_a_juror_votes_on_a_phone(
    live_server: Any,
    browser: Any,
    open_page: Callable[..., Any],
    accessible: Callable[..., None],
    shot: Callable[..., None],
    language: str,
) -> None:
    from django.utils import timezone

    town = contest_town()
    row, (water, _roads) = at_vote(town, "water", "roads")
    said = objected(water)
    town.place.lag = timezone.now() - (row.notice_until + HOUR)
    town.place.save(update_fields=["lag"])
    phone = open_page(*PHONE, language)
    address = f"/town/contests/{row.pk}/vote"
    phone.goto(f"{live_server.url}/login/?next={address}")
    phone.locator("#id_username").fill(town.posts["leader"].account.username)
    phone.locator("#id_password").fill("pass the long way")
    phone.locator("main form button").click()
    phone.wait_for_url(live_server.url + address)
    expect(phone.locator(".note.care")).to_contain_text(str(said.pk))
    expect(phone.locator("[name=choice]")).to_have_count(0)
    stands(phone, accessible, shot, f"contest-held-phone-{language[:2]}")

    answered(said, row.notice_until + HOUR)
    phone.goto(f"{live_server.url}/town/contests")
    phone.locator(f"main a[href='{address}']").tap()
    label = phone.locator(f"label[for=c{water.pk}]")
    box = label.bounding_box()
    assert box["height"] >= THUMB and box["x"] + box["width"] <= PHONE[0]
    stands(phone, accessible, shot, f"contest-vote-phone-{language[:2]}")
    label.tap()
    expect(phone.locator(f"#c{water.pk}")).to_be_checked()
    phone.locator("main form button.btn-lg").tap()
    slip = phone.locator(".note.good b")
    expect(slip).to_be_visible()
    expect(slip).to_have_text(row.secret_ballots.get().slip)
    stands(phone, accessible, shot, f"contest-slip-phone-{language[:2]}")
