"""The citizen's pages in a real Chromium: a lost network, no script, what they weigh, large type."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.pages.place import RULES, Shan, found
from tests.pages.test_citizen import set_aside

from .conftest import PHONE

expect.set_options(timeout=15_000)
DESK, SMALL = (1280, 800), (320, 640)
RECEIPT = re.compile(r"/r/[0-9A-Z]{4}-")
Open = Callable[..., Any]

# Every visible text's size, contrast with what lies behind it, and the size of what can be pressed.
MEASURE = """() => {
  const colour = text => text.match(/[\\d.]+/g).map(Number);
  const linear = v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
  const light = parts => parts.slice(0, 3).reduce((sum, v, at) => sum + linear(v / 255) * [.2126, .7152, .0722][at], 0);
  const behind = one => {
    for (; one; one = one.parentElement) {
      const found = colour(getComputedStyle(one).backgroundColor);
      if (found.length < 4 || found[3] === 1) return found;
    }
    return [255, 255, 255];
  };
  const ratio = one => {
    const [a, b] = [colour(getComputedStyle(one).color), behind(one)].map(light);
    return (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
  };
  const all = selector => [...document.querySelectorAll(selector)].filter(
    one => one.checkVisibility() && one.getBoundingClientRect().width > 1 && !one.closest("script,style,svg"));
  const written = one => [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim());
  const boxes = "input:not([type=hidden]):not([type=checkbox]),textarea";
  const texts = all("body *").filter(one => written(one) || one.matches(boxes));
  const pressed = all("a,button,summary,.tags label," + boxes);
  const least = one => Math.min(one.getBoundingClientRect().width, one.getBoundingClientRect().height);
  const name = one => one.tagName + "." + one.className + " " + (one.innerText || one.name || "").slice(0, 30);
  return {
    small: texts.filter(one => parseFloat(getComputedStyle(one).fontSize) < 24).map(name),
    faint: texts.filter(one => ratio(one) < 7).map(one => name(one) + " " + ratio(one).toFixed(2)),
    narrow: pressed.filter(one => least(one) < 64).map(name),
  };
}"""


@pytest.fixture
def shan(live_server: Any, browser: Any, monkeypatch: pytest.MonkeyPatch) -> Shan:
    """A place of the five national grades."""
    monkeypatch.setattr("tests.pages.place.RULES", RULES.replace("grades: two", "grades: five"))
    return found()


@pytest.fixture
def look(shot: Any, accessible: Any) -> Callable[..., None]:
    """`look(page, name)`: nothing to scroll sideways, nothing serious to axe, and a picture."""

    def take(page: Any, name: str) -> None:
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{page.url} is {wide} px wider than its window"
        accessible(page)
        shot(page, name, full=True)

    return take


def given() -> int:
    """How many verdicts there are."""
    from leitai.apps.ballots.models import Ballot

    return Ballot.objects.count()


# --- one verdict, whatever the network does -------------------------------------------------------


def test_a_verdict_given_without_network_is_kept_and_sent_when_it_is_back(
    live_server: Any, shan: Shan, open_page: Open
) -> None:
    phone = open_page(*PHONE)
    phone.clock.install(time=shan.now)
    phone.goto(f"{live_server.url}/b/{shan.code}?lang=en")
    phone.clock.pause_at(
        shan.now + timedelta(minutes=1)
    )  # so that no timer sends it, but the network's return
    phone.context.set_offline(True)
    phone.get_by_role("button", name="Dissatisfied", exact=True).tap()
    said = phone.get_by_role("status")
    expect(said).to_contain_text("Your answer is kept on this phone")
    expect(said).to_contain_text("Dissatisfied")
    expect(phone.get_by_role("button", name="Satisfied", exact=True)).to_be_disabled()
    assert given() == 0
    phone.context.set_offline(False)
    phone.wait_for_url(RECEIPT)
    expect(phone.locator("h1")).to_have_text("Thank you")
    assert phone.evaluate("localStorage.length") == 0
    assert given() == 1


def test_a_verdict_that_was_kept_is_sent_when_the_page_is_opened_again(
    live_server: Any, shan: Shan, open_page: Open, look: Any
) -> None:
    phone = open_page(*PHONE)
    address = f"{live_server.url}/b/{shan.code}?lang=en"
    phone.goto(address)
    phone.route(
        "**/b/*", lambda route: route.abort() if route.request.method == "POST" else route.continue_()
    )
    phone.get_by_role("button", name="Very dissatisfied").tap()
    expect(phone.get_by_role("status")).to_contain_text("kept on this phone")
    look(phone, "citizen-kept")
    phone.goto(f"{live_server.url}/b/{_second_code(shan)}?lang=en")
    link = phone.get_by_role("link", name="send it")
    expect(link).to_be_visible()
    phone.unroute("**/b/*")
    link.tap()
    phone.wait_for_url(RECEIPT)
    expect(phone.locator("ol li").first).to_contain_text("Very dissatisfied")
    assert given() == 1


def _second_code(shan: Shan) -> str:
    from leitai.apps.ballots import actions, queries

    (point,) = actions.add_points(place=shan.place, units=[shan.south], by="account:setup", now=shan.now)
    return queries.code_of(point)


def test_a_busy_door_is_asked_again_with_the_same_key(live_server: Any, shan: Shan, browser: Any) -> None:
    context, keys = browser.new_context(locale="en"), []
    phone = context.new_page()

    def busy_twice(route: Any) -> None:
        if route.request.method == "GET":
            return route.continue_()
        keys.append(re.search(r"once=([\w-]+)", route.request.post_data)[1])
        if len(keys) > 2:
            return route.continue_()
        told = json.dumps({"code": "busy", "error": "Very many people"})
        return route.fulfill(
            status=503, headers={"Retry-After": "1"}, content_type="application/json", body=told
        )

    phone.route("**/b/*", busy_twice)
    phone.goto(f"{live_server.url}/b/{shan.code}")
    phone.get_by_role("button", name="Satisfied", exact=True).click()
    expect(phone.get_by_role("status")).to_contain_text("very many people are answering")
    phone.wait_for_url(RECEIPT)
    assert len(keys) == 3 and len(set(keys)) == 1
    assert given() == 1
    context.close()


def test_an_answer_that_was_lost_on_its_way_makes_no_second_verdict(
    live_server: Any, shan: Shan, open_page: Open
) -> None:
    phone, lost = open_page(*PHONE), []

    def lose_the_first(route: Any) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch().status)
            return route.abort()
        return route.continue_()

    phone.route("**/b/*", lose_the_first)
    phone.goto(f"{live_server.url}/b/{shan.code}?lang=en")
    phone.get_by_role("button", name="Satisfied", exact=True).tap()
    phone.wait_for_url(RECEIPT)
    assert lost == [201] and given() == 1


def test_a_refusal_is_told_and_the_grades_can_be_pressed_again(
    live_server: Any, shan: Shan, open_page: Open, look: Any
) -> None:
    phone = open_page(*PHONE)
    phone.goto(f"{live_server.url}/b/{shan.code}?lang=en")
    phone.evaluate("document.querySelector('[name=grade]').value = 'splendid'")
    phone.locator("[name=grade]").first.tap()
    expect(phone.get_by_role("status")).to_contain_text("There is no grade splendid here")
    look(phone, "citizen-refused")
    phone.locator("[name=grade]").last.tap()
    phone.wait_for_url(RECEIPT)
    assert given() == 1


def test_without_a_script_a_form_sent_again_is_the_same_verdict(
    live_server: Any, shan: Shan, open_page: Open
) -> None:
    phone = open_page(*PHONE, java_script_enabled=False)
    phone.goto(f"{live_server.url}/b/{shan.code}?lang=en")
    sent = []
    phone.on("request", lambda one: sent.append(one.post_data) if one.method == "POST" else None)
    phone.get_by_role("button", name="Dissatisfied", exact=True).tap()
    phone.wait_for_url(RECEIPT)
    first = phone.url
    again = phone.request.post(
        f"{live_server.url}/b/{shan.code}",
        data=sent[0],
        headers={"content-type": "application/x-www-form-urlencoded"},
    )
    assert again.url == first and given() == 1
    phone.get_by_label("Dragged out").check()
    phone.get_by_label("In your own words").fill("An hour for a stamp")
    phone.get_by_role("button", name="Send").tap()
    expect(phone.get_by_text("What you added has been kept.")).to_be_visible()
    assert phone.context.cookies() == []


# --- what it weighs and how it reads --------------------------------------------------------------


def test_all_that_a_verdict_takes_is_less_than_twenty_kilobytes(
    live_server: Any, shan: Shan, open_page: Open
) -> None:
    phone = open_page(*PHONE)
    wire, weights = phone.context.new_cdp_session(phone), {}
    wire.send("Network.enable")
    wire.on(
        "Network.loadingFinished", lambda one: weights.update({one["requestId"]: one["encodedDataLength"]})
    )
    phone.goto(f"{live_server.url}/b/{shan.code}", wait_until="networkidle")
    icon = phone.evaluate("document.querySelector('link[rel=icon]').href")
    page = sum(weights.values()) + len(phone.request.get(icon).body())
    assert weights and 1_000 < page < 20_000
    phone.locator("[name=grade]").last.tap()
    phone.wait_for_url(RECEIPT)
    phone.wait_for_load_state("networkidle")
    assert sum(weights.values()) < 30_000, "the verdict, its sending and the receipt"


@pytest.fixture
def pages(live_server: Any, shan: Shan) -> dict[str, str]:
    """The citizen's pages by name, the verdict's road as long as it gets."""
    from leitai.apps.ballots import actions, queries
    from leitai.apps.ledger import log

    ballot, heard = shan.verdict(), set_aside(shan, "the-key-of-another-form")
    asks = [actions.TicketAsk(shan.point.number, "visit", "A-1")]
    (ticket,) = actions.issue_tickets(place=shan.place, asks=asks, by="account:setup", now=shan.now)
    token = queries.token_of(ticket)
    serial = ticket.serial
    actions.cast(
        unit=shan.north,
        grade="satisfied",
        once=token,
        point=shan.point,
        serial=serial,
        by="anyone",
        now=shan.now,
    )
    log.publish(shan.place, now=shan.now)
    retired = _second_code(shan)
    actions.retire_point(point=queries.scanned(retired).point, by="account:setup", now=shan.now)
    return {
        "verdict": f"/b/{shan.code}",
        "receipt": f"/r/{ballot.receipt}",
        "heard": f"/r/{heard.receipt}",
        "spent": f"/b/{token}",
        "proof": f"/r/{ballot.receipt}/proof",
        "check": f"/r/check#{ballot.receipt}",
        "retired": f"/b/{retired}",
        "unknown": "/b/0000000000000000",
        "lookup": "/r/",
    }


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_large_type_is_large_and_plain(
    live_server: Any, pages: dict[str, str], open_page: Open, look: Any, language: str, theme: str
) -> None:
    phone = open_page(*PHONE, color_scheme=theme)
    for name, path in pages.items():
        path, _, rest = path.partition("#")
        phone.goto(f"{live_server.url}{path}?lang={language}&big=1#{rest}")
        if name == "check":
            expect(phone.locator("#result .checks li").first).to_be_visible()
        look(phone, f"citizen-{name}-{language}-big-{theme}")
        found = phone.evaluate(MEASURE)
        assert found == {"small": [], "faint": [], "narrow": []}, (name, found)


@pytest.mark.parametrize("size", [PHONE, DESK, SMALL], ids=["phone", "desk", "small-at-200"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_reads_well(
    live_server: Any, pages: dict[str, str], open_page: Open, look: Any, language: str, size: tuple[int, int]
) -> None:
    page = open_page(*size)
    for name, path in pages.items():
        path, _, rest = path.partition("#")
        page.goto(f"{live_server.url}{path}?lang={language}#{rest}")
        if name == "check":
            expect(page.locator("#result .checks li").first).to_be_visible()
        if size == SMALL:
            page.evaluate("document.documentElement.style.fontSize = '225%'")  # twice what the page asks for
        look(page, f"citizen-{name}-{language}-{size[0]}")
        assert page.locator("h1").count() == 1
