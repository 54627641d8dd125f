"""Problems told from a phone, in a real Chromium: a patrol without a network, and anybody with or without a script."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.apps.test_photos import SOUTH_WEST
from tests.apps.test_photos import shot as photo
from tests.pages.place import Shan, found
from tests.pages.test_report import ONE

from .conftest import PHONE

expect.set_options(timeout=15_000)
Open = Callable[..., Any]
HERE = {"geolocation": {"latitude": 36.5, "longitude": 101.7, "accuracy": 8}, "permissions": ["geolocation"]}
PHOTOS = [
    {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo(at="2024:04:10 09:30:00", spot=SOUTH_WEST)},
    {"name": "b.jpg", "mimeType": "image/jpeg", "buffer": photo("red")},
]


@pytest.fixture
def shan(live_server: Any, browser: Any, monkeypatch: pytest.MonkeyPatch) -> Shan:
    monkeypatch.setattr("tests.pages.place.RULES", ONE)
    return found()


@pytest.fixture
def seen(shot: Any, accessible: Any) -> Callable[..., None]:
    """`seen(page, name)`: nothing to scroll sideways, nothing serious to axe, and a picture."""

    def take(page: Any, name: str) -> None:
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{page.url} is {wide} px wider than its window"
        accessible(page)
        shot(page, name, full=True)

    return take


def cases() -> list[Any]:
    from leitai.apps.casework.models import Case

    return list(Case.objects.order_by("id"))


def signed_in(page: Any, address: str, name: str = "patrol") -> None:
    """The page at an address, through the sign-in."""
    page.goto(address)
    page.locator("#id_username").fill(name)
    page.locator("#id_password").fill("pass the long way")
    page.locator("main form button").click()
    page.wait_for_url(address)


def fill(page: Any, title: str) -> None:
    page.locator("#kind").select_option("finding")
    page.locator("#title").fill(title)


def test_a_finding_made_without_a_network_is_kept_and_sent_once_when_it_is_back(
    live_server: Any,
    shan: Shan,
    open_page: Open,
    seen: Any,
) -> None:
    phone = open_page(*PHONE, "en", **HERE)
    address = f"{live_server.url}/shan/patrol"
    signed_in(phone, address)
    expect(phone.locator("#patrol")).to_have_attribute("data-ready", "1")
    seen(phone, "patrol")

    phone.context.set_offline(True)
    phone.reload()
    expect(phone.get_by_role("heading", level=1)).to_have_text("What did you find?")
    fill(phone, "A lid is missing")
    phone.locator("#camera").set_input_files(PHOTOS[0])
    phone.locator("#album").set_input_files(PHOTOS[1])
    expect(phone.locator("#thumbs img")).to_have_count(2)
    phone.get_by_role("button", name="Use the place of this phone").tap()
    expect(phone.locator("#spot [role=status]")).to_contain_text("within 8 m")
    phone.get_by_role("button", name="Enter", exact=True).tap()
    expect(phone.locator("#found li")).to_contain_text("Waits on this phone")
    expect(phone.locator("#state")).to_contain_text("No network")
    seen(phone, "patrol-waiting")
    assert cases() == []

    again = phone.context.new_page()
    again.goto(address)
    expect(again.locator("#found li")).to_contain_text("A lid is missing")
    phone.close()
    again.context.set_offline(False)
    expect(again.locator("#found li")).to_contain_text("Arrived")
    (case,) = cases()
    assert (case.title, case.latitude, case.photos.count()) == ("A lid is missing", 36.5, 2)
    assert case.photos.exclude(taken_at=None).get().latitude < 0
    assert timedelta(0) < datetime.now(UTC) - case.opened_at < timedelta(minutes=5)
    expect(again.locator("#found a")).to_have_attribute("href", f"/shan/c/{case.ref}")
    again.reload()
    expect(again.locator("#found li")).to_contain_text("Arrived")
    assert len(cases()) == 1


def test_what_is_refused_stays_with_its_reason_until_it_is_deleted(
    live_server: Any, shan: Shan, open_page: Open
) -> None:
    phone = open_page(*PHONE, "en")
    signed_in(phone, f"{live_server.url}/shan/patrol")
    fill(phone, "A lid is missing")
    phone.locator("#where").fill("North Street")
    broken = {"name": "c.jpg", "mimeType": "image/jpeg", "buffer": b"no photo"}
    phone.locator("#album").set_input_files(broken)
    phone.get_by_role("button", name="Enter", exact=True).tap()
    expect(phone.locator("#found li")).to_contain_text("no photo that can be read")
    phone.reload()
    expect(phone.locator("#found li")).to_contain_text("no photo that can be read")
    phone.get_by_role("button", name="Delete").tap()
    expect(phone.locator("#waiting")).to_be_hidden()
    assert cases() == []


def test_what_one_account_found_is_not_sent_by_another(live_server: Any, shan: Shan, open_page: Open) -> None:
    phone = open_page(*PHONE, "en")
    address = f"{live_server.url}/shan/patrol"
    signed_in(phone, address)
    expect(phone.locator("#patrol")).to_have_attribute("data-ready", "1")
    phone.context.set_offline(True)
    fill(phone, "A lid is missing")
    phone.locator("#where").fill("North Street")
    phone.get_by_role("button", name="Enter", exact=True).tap()
    expect(phone.locator("#state")).to_contain_text("No network")
    phone.context.clear_cookies()
    phone.context.set_offline(False)
    expect(phone.locator("#state")).to_contain_text("signed out")
    signed_in(phone, address, "office")
    expect(phone.locator("#state")).to_contain_text("another account")
    assert cases() == []
    phone.context.clear_cookies()
    signed_in(phone, address)
    expect(phone.locator("#found li")).to_contain_text("Arrived")
    assert [case.steps.first().by for case in cases()] == ["account:patrol"]


@pytest.mark.parametrize("script", [True, False])
def test_anybody_tells_what_is_wrong_and_follows_it(
    live_server: Any,
    shan: Shan,
    open_page: Open,
    seen: Any,
    script: bool,
) -> None:
    phone = open_page(*PHONE, "en", java_script_enabled=script, **HERE)
    phone.goto(f"{live_server.url}/shan/problem?lang=en")
    phone.get_by_label("What is wrong?").fill("The lamp is out")
    phone.get_by_label("Large", exact=True).check()
    phone.get_by_label("Photos, 3 at most").set_input_files(PHOTOS)
    button = phone.get_by_role("button", name="It is where I am")
    if script:
        seen(phone, "report")
        button.tap()
        expect(phone.get_by_role("status")).to_contain_text("within 8 m")
    else:
        expect(button).to_be_hidden()
        phone.get_by_label("Where is it?").fill("North Street 5")
    phone.get_by_role("button", name="Send", exact=True).tap()
    phone.wait_for_url(re.compile(r"/shan/track/[A-Z2-7]{16}"))
    expect(phone.locator(".stands")).to_contain_text("the office")
    (case,) = cases()
    assert (case.latitude is not None) == script and case.photos.count() == 2
    if script:
        seen(phone, "track")


def test_large_type_and_chinese_go_with_the_report(
    live_server: Any, shan: Shan, open_page: Open, seen: Any
) -> None:
    phone = open_page(*PHONE)
    phone.goto(f"{live_server.url}/shan/problem?lang=zh&big=1")
    seen(phone, "report-big")
    phone.locator("[name=what]").fill("路灯不亮")
    phone.locator("[name=where]").fill("北街")
    phone.locator("[name=q-street-size][value=small]").check()
    phone.locator("form .send:not([type=button])").tap()
    phone.wait_for_url(re.compile(r"/shan/track/[A-Z2-7]{16}\?"))
    assert "big=1" in phone.url and "lang=zh" in phone.url
    seen(phone, "track-big")
