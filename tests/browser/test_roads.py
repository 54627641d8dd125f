"""The four roads through a running house, in a real Chromium: citizen, clerk, office, leader.

Nothing is faked: the pages, the ballot door and the worker are the processes of `leitai run`, and what one
person does is waited for on the other's screen. Each road leaves its pictures in var/screenshots.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from .conftest import DESKTOP, PHONE
from .house import House, said, take

expect.set_options(timeout=15_000)
HAN = re.compile(r"[\u4e00-\u9fff]+")
GOOD = "satisfied"
Open = Callable[..., Any]
Shot = Callable[..., Path]
Check = Callable[[Any], None]


@pytest.fixture
def look(shot: Shot, accessible: Check) -> Callable[..., None]:
    """`look(page, name)`: nothing to scroll sideways, nothing serious to axe, and a picture."""

    def take(page: Any, name: str) -> None:
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{page.url} is {wide} px wider than its window"
        accessible(page)
        shot(page, name, full=True)

    return take


def vote(page: Any, house: House, unit: str, grade: str) -> None:
    """A verdict by the code on the wall, up to its receipt."""
    page.goto(f"{house.url}/b/{house.codes[unit]}")
    page.locator(f"button[value={grade}]").tap()
    page.wait_for_url(re.compile(r"/r/[0-9A-Z-]+"))


# --- the citizen ----------------------------------------------------------------------------------


def test_a_citizen_who_reads_english(house: House, open_page: Open, look: Any) -> None:
    phone = open_page(*PHONE, language="en-GB")
    phone.goto(f"{house.url}/b/{house.codes['water']}")
    expect(phone.locator("h1")).to_have_text("Water Bureau")
    expect(phone.get_by_text("How was your matter handled?")).to_be_visible()
    look(phone, "road-1-verdict-en")
    phone.get_by_role("button", name="Dissatisfied", exact=True).tap()
    expect(phone.locator("h1")).to_have_text("Thank you")
    assert not HAN.findall(phone.locator("main").inner_text())
    look(phone, "road-1-receipt-en")


def test_a_verdict_needs_no_script(house: House, open_page: Open, shot: Shot) -> None:
    phone = open_page(*PHONE, java_script_enabled=False)
    vote(phone, house, "roads", GOOD)
    expect(phone.locator("h1")).to_have_text(said("Thank you"))
    assert phone.context.cookies() == []
    shot(phone, "road-1-receipt-without-script")


def test_the_verdict_page_weighs_little(house: House, open_page: Open) -> None:
    page, weights = open_page(*PHONE), {}
    page.on("requestfinished", lambda one: weights.update({one.url: one.sizes()["responseBodySize"]}))
    page.goto(f"{house.url}/b/{house.codes['tax']}", wait_until="networkidle")
    assert len(weights) >= 2 and all(weights.values()), weights
    assert sum(weights.values()) < 20_000, weights


def test_the_verdict_page_in_large_type_and_at_night(house: House, open_page: Open, look: Any) -> None:
    phone = open_page(*PHONE, color_scheme="dark")
    phone.goto(f"{house.url}/b/{house.codes['tax']}?big=1")
    look(phone, "road-1-verdict-big-dark")
    boxes = [one.bounding_box() for one in phone.get_by_role("button").all()]
    assert all(box["height"] >= 44 and box["y"] + box["height"] <= PHONE[1] for box in boxes)


# --- the clerk ------------------------------------------------------------------------------------


def test_a_clerk_answers_and_sees_the_clocks_account(house: House, open_page: Open, look: Any) -> None:
    page = open_page(*DESKTOP)
    page.clock.install()
    house.sign_in(page, "clerk", "desk")
    mine = page.locator("section[aria-labelledby=mine] .case-line")
    due = mine.locator("time[data-due]")
    times = [one.get_attribute("data-due") for one in due.all()]
    assert len(times) >= 2 and times == sorted(times), "what is due first stands first"
    look(page, "road-2-desk")
    before = due.first.inner_text()
    page.clock.fast_forward("04:00:00")
    expect(due.first).to_have_class(re.compile(r"\blate\b"))
    assert due.first.inner_text() != before, "the countdown runs while the page is open"
    expect(mine.first.locator(".light.green")).to_have_count(0)

    line = mine.filter(has_text="企业诉求").first
    line.locator(".do .btn-primary").click()
    reply = {"owner": "李华", "next_step": "收到", "time": "2024-04-03T10:00"}
    take(page, "reply", **reply)
    refused = line.get_by_role("alert")
    expect(refused).to_have_text(
        said("“%(field)s” says nothing: write what another person could check", field="下一步")
    )
    expect(line.locator("[name=owner]")).to_have_value("李华")
    expect(line.locator("[name=owner]")).to_be_visible()
    look(page, "road-2-refused")
    step = "今天下午三点到厂里核对用水管线图"
    take(page, "reply", **reply | {"next_step": step})
    done = line.get_by_role("status")
    expect(done).to_contain_text("办理中")
    look(page, "road-2-answered")

    done.get_by_role("link").click()
    expect(page.locator(".timeline")).to_contain_text(step)
    kept = page.locator("#clock li", has_text="首次答复").first
    kept.locator("summary").click()
    expect(kept.locator(".sheet li").first).to_be_visible()
    look(page, "road-2-case")


def test_the_desk_in_english_and_on_a_phone(house: House, open_page: Open, look: Any) -> None:
    page = house.sign_in(open_page(*DESKTOP, language="en-GB"), "clerk", "desk")
    expect(page.locator("h1")).to_have_text("My desk")
    look(page, "road-2-desk-en")
    phone = house.sign_in(open_page(*PHONE), "clerk", "desk")
    phone.locator(".case-line .do .btn-primary").first.tap()
    expect(phone.locator(".case-line form").first).to_be_visible()
    look(phone, "road-2-desk-phone")


def test_the_office_dispatches_by_keyboard(house: House, open_page: Open, look: Any) -> None:
    page = house.sign_in(open_page(*DESKTOP), "office", "office")
    rows = page.locator("tbody tr[data-line]")
    waiting = rows.count()
    assert waiting
    look(page, "road-2-office")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(rows.first.locator("input[name=ref]")).to_be_checked()
    unit = page.locator("#bulk-unit")
    unit.press_sequentially("水务")
    offered = page.locator("#bulk-unit-units option")
    expect(offered).to_have_count(1)
    unit.fill(offered.get_attribute("value"))
    page.locator(".bulk .btn-primary").click()
    expect(page.get_by_role("status")).to_be_visible()
    expect(rows).to_have_count(waiting - 1)


# --- the office and the leader: a table -----------------------------------------------------------


def test_a_table_is_frozen_by_one_and_published_by_another(house: House, open_page: Open, look: Any) -> None:
    office = house.sign_in(open_page(*DESKTOP), "office", "t/")
    look(office, "road-3-tables")
    office.locator("#service form[action$='/t/freeze'] button").click()
    office.wait_for_url(re.compile(r"/town/t/\d+$"))
    table = office.url
    expect(office.locator("h1")).to_contain_text("2024")
    look(office, "road-3-frozen")
    expect(office.locator("form[action$='/publish']")).to_have_count(0)
    reader = open_page(*DESKTOP)
    assert reader.goto(table).status == 404

    leader = house.sign_in(open_page(*DESKTOP), "leader", table.partition("/town/")[2])
    press(leader)
    expect(leader.locator("form[action$='/publish']")).to_have_count(0)
    look(leader, "road-3-published")
    reader.goto(house.at(""))
    expect(reader.locator(f"h2 a[href$='{table.partition('/town')[2]}']")).to_be_visible()
    look(reader, "road-3-board")

    office.goto(house.at("t/"))
    office.locator("main details summary").last.click()
    office.locator("#period").fill("2024-03")
    office.locator("#why").fill("一个单位的数报错了一位")
    office.locator("details[open] form button").click()
    office.wait_for_url(re.compile(r"/town/t/\d+$"))
    second = office.url
    assert second != table
    leader.goto(second)
    press(leader)
    reader.goto(table)
    expect(reader.locator(".note.care")).to_contain_text("一个单位的数报错了一位")
    look(reader, "road-3-earlier-edition")


def press(page: Any) -> None:
    """Press "publish"."""
    with page.expect_navigation():
        page.locator("form[action$='/publish'] button").click()


def test_a_leader_reads_on_a_phone_from_the_board_to_a_unit(house: House, open_page: Open, look: Any) -> None:
    phone = house.sign_in(open_page(*PHONE), "leader", "")
    look(phone, "road-4-board")
    phone.locator("h2 a[href*='/t/']").first.tap()
    row = phone.locator("tr[data-line]").first
    expect(row).to_be_visible()
    look(phone, "road-4-table")
    row.locator(".unit-name a").tap()
    why = row.locator(".why")
    expect(why).to_contain_text("到位资金")
    expect(why).to_contain_text("群众满意率")
    look(phone, "road-4-why")
    name = row.locator(".unit-name a").inner_text()
    why.locator("a[href*='/u/']").tap()
    expect(phone.locator("h1")).to_have_text(name)
    look(phone, "road-4-unit")


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_public_pages_in_english_at_night(
    house: House, open_page: Open, look: Any, size: tuple[int, int]
) -> None:
    page = open_page(*size, language="en-GB", color_scheme="dark")
    kind = "phone" if size == PHONE else "desktop"
    page.goto(house.at("t/"))
    table = page.locator("ul.list a.whole").last.get_attribute("href").rpartition("/")[2]
    paths = {"board": "", "table": f"t/{table}", "why": f"t/{table}/u/water", "unit": "u/permits-window"}
    for name, path in paths.items():
        page.goto(house.at(path))
        expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
        expect(page.locator("html")).to_have_attribute("lang", "en")
        assert not HAN.findall(page.locator("main").inner_text())
        look(page, f"road-4-{name}-en-dark-{kind}")


def test_the_other_public_pages_on_a_phone(house: House, open_page: Open, look: Any) -> None:
    phone = open_page(*PHONE)
    for name, path in {"calendar": "calendar", "rules": "rules", "log": "log", "units": "u/"}.items():
        phone.goto(house.at(path))
        look(phone, f"road-4-{name}-phone")
