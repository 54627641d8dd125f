"""The roads of a bad verdict in a real Chromium: heard and put right, appealed and set aside, objected to and back.

The first runs through the processes of `leitai run`, as a place has them. The other two take weeks, for a month
must end before its table can be corrected: there the place's present is set, and the drive works up to it.
Each page is looked at on a phone and at a desk, and leaves its pictures in var/screenshots.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.factories import DAY, HOUR, MINUTE, NOW, build

from .conftest import PHONE
from .house import House, said, take, until_shown

expect.set_options(timeout=15_000)
DESK = {"width": 1280, "height": 800}
SMALL = dict(zip(("width", "height"), PHONE, strict=True))
RECEIPT = re.compile(r"/r/[0-9A-Z]{4}-")
CALL = "13900001234"
MARCH, APRIL = NOW - 21 * DAY, NOW - 8 * DAY
Open = Callable[..., Any]


@pytest.fixture
def look(shot: Any, accessible: Any) -> Callable[..., None]:
    """`look(page, name, *sizes)`: at each size no scrolling sideways, nothing serious to axe, and a picture."""

    def see(page: Any, name: str, *sizes: dict[str, int]) -> None:
        for size in sizes or (SMALL, DESK):
            page.set_viewport_size(size)
            wide = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert wide <= 0, f"{page.url} is {wide} px wider than its window of {size}"
            accessible(page)
            shot(page, f"verdict-{name}-{size['width']}", full=True)

    return see


def jpeg() -> dict[str, Any]:
    """A photo as a phone gives it to a form."""
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(out, "JPEG")
    return {"name": "window.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def judge(page: Any, url: str) -> str:
    """The address of the receipt for a bad verdict, given by a tap at the code's page."""
    page.goto(url)
    page.get_by_role("button", name="不满意", exact=True).tap()
    page.wait_for_url(RECEIPT)
    return str(page.url.partition("?")[0])


# --- found true and put right ---------------------------------------------------------------------


def test_a_bad_verdict_is_called_back_put_right_and_answered(
    house: House, open_page: Open, look: Any
) -> None:
    words, counter = "排了一个小时，窗口没有人", "审批局综合窗口"
    phone = open_page(*PHONE)
    phone.goto(f"{house.url}/b/{house.codes['permits-window']}")
    expect(phone.get_by_role("button")).to_have_count(2)
    look(phone, "1-scan")
    receipt = judge(phone, phone.url)
    expect(phone.locator("h1")).to_have_text(said("Thank you"))
    look(phone, "1-receipt")
    phone.get_by_label("久拖不办").check()
    phone.locator("textarea").fill(words)
    phone.locator("[name=phone]").fill(CALL)
    phone.locator("[name=photo]").set_input_files(jpeg())
    phone.locator("form .send").tap()
    expect(phone.get_by_text(said("What you added has been kept. Thank you."))).to_be_visible()
    expect(phone.locator("textarea")).to_have_count(0)
    look(phone, "1-receipt-added", SMALL)

    office = house.sign_in(open_page(*DESK.values()), "office", "office/verdicts")
    until_shown(office, "tbody tr", text=counter)
    look(office, "1-queue-office")
    drawn = (
        "office" if office.locator("#mine").locator("xpath=../..").get_by_text(counter).count() else "patrol"
    )
    caller = office if drawn == "office" else open_page(*DESK.values())
    if drawn == "patrol":
        house.sign_in(caller, "patrol", "office/verdicts")
        look(caller, "1-queue-caller")
    caller.locator("tr", has_text=counter).locator("a.btn").click()
    expect(caller.get_by_text(words)).to_be_visible()
    expect(caller.locator("a[href^='tel:']")).to_have_text(CALL)
    photo = caller.get_by_role("link", name=said("Photo")).get_attribute("href")
    picture = caller.request.get(f"{house.url}{photo}")
    assert picture.headers["content-type"] == "image/jpeg"
    caller.locator("[name=outcome][value=upheld]").check()
    caller.locator("#reason").fill("当日排班表上这个窗口中午没有人")
    caller.locator("#note").fill("当事人说等了一小时")
    look(caller, "1-call")
    with caller.expect_navigation():
        caller.locator("form:has([value=finish]) button").click()
    expect(caller.get_by_role("status")).to_contain_text(counter)
    look(caller, "1-call-done")

    clerk = house.sign_in(open_page(*DESK.values()), "clerk", "desk")
    line = clerk.locator(".case-line", has_text=re.compile(f"差评回访.*{counter}"))
    until_shown(clerk, ".case-line:has(.do .btn-primary)", text=re.compile(f"差评回访.*{counter}"))
    look(clerk, "1-desk-clerk")
    line.locator(".do .btn-primary").click()
    take(clerk, "answer", done="中午排两人轮值，4月2日起执行，排班表贴在窗口")
    expect(line.get_by_role("status")).to_be_visible()
    line.get_by_role("link").first.click()
    expect(clerk.locator("#verdict")).to_be_visible()
    for hidden in (words, CALL, "等了一小时"):
        assert hidden not in clerk.content(), "the unit must not read what the citizen wrote or told"
    look(clerk, "1-case-clerk")

    office.goto(clerk.url)
    expect(office.locator("#moves")).to_be_visible()
    look(office, "1-case-office")
    take(office, "close", evidence="4月2日12:20到窗口看过，有人值守")
    expect(office.locator(".lead")).to_contain_text("已销号")
    look(office, "1-case-closed")

    right = "Your verdict was found true. It counts; the unit has put things right, and that was verified."
    until_shown(phone, ".stands", text=said(right))
    expect(phone.locator("ol li").last).to_contain_text(said("Put right by the unit, and verified"))
    expect(phone.get_by_text("中午排两人轮值")).to_be_visible()
    assert "等了一小时" not in phone.content(), "what the call-back heard is not for the public"
    look(phone, "1-answered")
    phone.goto(f"{receipt}?lang=en")
    expect(phone.locator(".stands")).to_contain_text("Your verdict was found true.")
    look(phone, "1-answered-en")


# --- a month later: appealed, set aside, objected to ----------------------------------------------


class Month:
    """The small place on a day of March, six good verdicts on each of three units; its present can be set."""

    def __init__(self, url: str) -> None:
        from leitai.apps.ballots import queries
        from leitai.apps.people import actions as people

        self.url, self.town = url, build("town", now=MARCH)
        self.place = self.town.place
        self.place.language = "zh-hans"
        self.place.save()
        clerk = {"username": "tax-town", "role": "clerk", "unit": self.town.units["tax"]}
        people.appoint(place=self.place, password="pass the long way", by="account:setup", now=MARCH, **clerk)
        for unit in ("tax-window", "water", "roads"):
            for n in range(6):
                self.town.verdict(unit, "satisfied", at=MARCH + n * MINUTE)
        self.town.verdict("water", at=MARCH)
        self.code = f"{url}/b/{queries.code_of(self.town.points['tax-window'])}"
        self.at(MARCH + HOUR)

    def at(self, now: datetime) -> None:
        """Make it `now` in the place, and have the drive do what is to be done by then."""
        from django.utils import timezone

        self.place.lag = timezone.now() - now
        self.place.save()
        self.now = now
        self.town.drive(now)

    def told(self, receipt: str) -> Any:
        """The verdict of a receipt, after it was found true in April and March's table was published."""
        from leitai.apps.ballots import queries

        ballot = queries.by_receipt(receipt.rpartition("/r/")[2])
        self.at(APRIL)
        self.town.called(ballot, "upheld", "当日窗口中午没有人", at=APRIL)
        self.table = self.town.table("service", "2024-03", at=APRIL + HOUR)
        self.at(APRIL + DAY)
        return ballot

    def sign_in(self, page: Any, name: str, path: str) -> Any:
        """Sign in by the form, on the way to a page."""
        page.goto(f"{self.url}/login/?next=/town/{path}")
        page.locator("#id_username").fill(f"{name}-town")
        page.locator("#id_password").fill("pass the long way")
        page.locator("main form button").click()
        page.wait_for_url(f"{self.url}/town/{path}")
        return page

    def decide(self, page: Any, who: str, reason: str, rule: str, look: Any, name: str) -> None:
        """Have a reviewer grant the one thing that waits, from the queue, with the reason and the rule."""
        self.sign_in(page, who, "office/reviews")
        look(page, f"{name}-queue")
        page.locator("tr[data-line] a.btn-primary").click()
        page.locator("[name=granted][value='1']").check()
        page.locator("#reason").fill(reason)
        page.locator("#rule").fill(rule)
        look(page, f"{name}-decision")
        with page.expect_navigation():
            page.locator("main form .btn-primary").click()
        expect(page.get_by_role("status")).to_be_visible()
        self.at(self.now + HOUR)

    def edition(self, page: Any, nth: int) -> str:
        """Open an edition of March's table; the score of the tax bureau in it."""
        from leitai.apps.tables.queries import editions

        assert page.goto(f"{self.url}/town/t/{editions(self.table)[nth - 1].pk}").status == 200
        return str(page.locator("#u-tax td.num").inner_text())


@pytest.fixture
def month(live_server: Any, browser: Any) -> Month:
    """March and its table, behind a server of this process."""
    return Month(live_server.url)


def test_an_appeal_granted_sets_aside_and_corrects_the_table(
    month: Month, open_page: Open, look: Any
) -> None:
    phone = open_page(*PHONE)
    receipt = judge(phone, month.code)
    ballot = month.told(receipt)
    reader = open_page(*DESK.values())
    before = month.edition(reader, 1)
    expect(reader.locator(".note.care")).to_have_count(0)
    look(reader, "2-table-before")

    clerk = month.sign_in(open_page(*DESK.values()), "tax", "desk")
    clerk.locator(".case-line", has_text="税务窗口").get_by_role("link").first.click()
    clerk.locator("#verdict").locator("xpath=../..").get_by_role(
        "link", name=said("Appeal"), exact=True
    ).click()
    clerk.locator("#text").fill("当事人要办的是社保卡，不归税务窗口办，取号记录在所附台账第3行")
    look(clerk, "2-appeal")
    with clerk.expect_navigation():
        clerk.locator("#appeal form button").click()
    expect(clerk.get_by_role("status")).to_be_visible()
    expect(clerk.locator("#appeal form")).to_have_count(0)
    expect(clerk.locator("#where").locator("xpath=../..")).to_contain_text(said("the call-back"))
    look(clerk, "2-appealed")
    phone.goto(receipt)
    waits = "The unit has appealed: a second person decides. Until then your verdict counts."
    expect(phone.locator(".stands")).to_have_text(said(waits))

    why, rule = "要办的事项不归这个窗口办，取号记录可核对", "评价办法第7条"
    month.decide(open_page(*DESK.values()), "leader", why, rule, look, "2-review")
    phone.goto(receipt)
    aside = "Your verdict was set aside: it does not count. It stays in the public ledger, with the reason."
    expect(phone.locator(".stands")).to_have_text(said(aside))
    expect(phone.locator("ol li").last).to_contain_text(why)
    expect(phone.locator("ol li").last).to_contain_text(rule)
    look(phone, "2-set-aside")
    phone.goto(f"{receipt}?lang=en")
    look(phone, "2-set-aside-en", SMALL)
    clerk.goto(f"{month.url}/town/verdicts/{ballot.pk}")
    expect(clerk.locator("#decided")).to_be_visible()
    look(clerk, "2-appeal-granted")

    assert month.edition(reader, 1) == before, "the first edition stays as it was published"
    expect(reader.locator(".note.care")).to_contain_text(
        ballot.cast_at.astimezone(month.place.zone).date().isoformat()
    )
    look(reader, "2-table-first")
    reader.locator(".note.care a").click()
    expect(reader.locator("h1 .tag")).to_contain_text("2")
    assert float(reader.locator("#u-tax td.num").inner_text()) > float(before)
    look(reader, "2-table-second")


def test_an_objection_granted_brings_the_verdict_back(month: Month, open_page: Open, look: Any) -> None:
    from leitai.apps.ballots import actions

    phone = open_page(*PHONE)
    receipt = judge(phone, month.code)
    ballot = month.told(receipt)
    actions.appeal(ballot=ballot, text="当事人要办的不归这个窗口", by="account:tax-town", now=month.now)
    month.town.decided(ballot, True, "要办的事项不归这个窗口办", at=month.now)
    month.at(month.now + DAY)

    phone.goto(receipt)
    look(phone, "3-set-aside", SMALL)
    phone.get_by_role("textbox").fill("我办的就是税务登记，取号单还在手里")
    look(phone, "3-objection")
    phone.locator("form .send").tap()
    objected = "You objected: a second person decides. Until then your verdict does not count."
    expect(phone.locator(".stands")).to_have_text(said(objected))
    expect(phone.get_by_role("textbox")).to_have_count(0)
    look(phone, "3-objected", SMALL)

    reviewed = month.sign_in(open_page(*DESK.values()), "leader", "office/reviews")
    expect(reviewed.locator("tr[data-line]")).to_have_count(1)
    expect(reviewed.locator("tr[data-line] a.btn-primary")).to_have_count(0)
    look(reviewed, "3-queue-of-who-decided-before")
    reviewed.locator("tr[data-line] a.btn").click()
    card = reviewed.locator("section[aria-labelledby=call]")
    expect(card).to_contain_text(said("The call-back"))
    expect(card).not_to_contain_text("要办的事项不归这个窗口办")  # so the reviewer found, not the caller
    why = "取号单与登记记录一致，事项属于税务窗口"
    month.decide(open_page(*DESK.values()), "inspector", why, "评价办法第9条", look, "3-review")
    phone.goto(receipt)
    true = "Your verdict was found true. It counts, and the unit must put things right."
    expect(phone.locator(".stands")).to_have_text(said(true))
    expect(phone.locator("ol li").last).to_contain_text(said("Your objection was granted: it counts again"))
    look(phone, "3-reinstated")
    phone.goto(f"{receipt}?lang=en")
    look(phone, "3-reinstated-en", SMALL)

    reader = open_page(*DESK.values())
    first, second, third = (month.edition(reader, nth) for nth in (1, 2, 3))
    assert first == third and float(second) > float(first)
    look(reader, "3-table-third")
