"""A meeting from end to end in a real Chromium: a statement handed in, promises noted, tested before the next one."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from playwright.sync_api import expect

from .conftest import DESKTOP, PHONE
from .house import PLACES, House, running, said, until_shown

expect.set_options(timeout=15_000)
Open = Callable[..., Any]
WEDNESDAY = 23 * 60 + 5  # minutes from the demonstration's Tuesday at ten to five past nine on Wednesday
WEEK = 7 * 24 * 60
OLD = "  dispatch: {name: {zh: 一周一调度, en: Weekly dispatch}"
NEW = """  arena:
    name: {zh: 一周一打擂, en: Weekly arena}
    every: week
    day: wednesday
    at: "09:00"
    on: office
    opens: 2 workdays
    comes: {tag: bureau}
    reads: [service]
    agenda: [commitments, standings, changes, best, statements, cases, words]
    speaking: {best: 1, worst: 6, first: best, certain: false, minutes: 5, source: rule 10}
    decides: {zh: 谁、到哪天、做到什么程度, en: "Who, until which day, how far"}
    who: {zh: 县直部门主要负责人, en: Heads of the bureaus}
"""
SAID = "窗口排队时间长是我们的问题。四月底前增加两个窗口，平均等候时间降到十五分钟以内。"


@pytest.fixture(scope="module")
def arena(tmp_path_factory: pytest.TempPathFactory, leitai_command: Path) -> Iterator[House]:
    """The small place with a weekly meeting at which its bureaus speak."""
    places = tmp_path_factory.mktemp("places")
    shutil.copytree(PLACES / "town", places / "town")
    book = places / "town" / "regime.yaml"
    text = book.read_text(encoding="utf-8")
    assert OLD in text
    book.write_text(text.replace(OLD, NEW + OLD), encoding="utf-8")
    with running(leitai_command, tmp_path_factory.mktemp("arena"), places) as one:
        yield one


@pytest.fixture
def look(shot: Callable[..., Path], accessible: Callable[[Any], None]) -> Callable[..., None]:
    """`look(page, name)`: nothing to scroll sideways, nothing serious to axe, and a picture."""

    def take(page: Any, name: str) -> None:
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{page.url} is {wide} px wider than its window"
        accessible(page)
        shot(page, name, full=True)

    return take


def promise(page: Any, unit: str, text: str, due: str, **figure: str) -> None:
    """Note a promise with the form beside the agenda."""
    page.get_by_role("link", name=said("Note a promise")).click()
    form = page.locator("form.promise")
    form.locator("[name=unit]").fill(unit)
    form.locator("[name=text]").fill(text)
    form.locator("[name=due]").fill(due)
    form.locator(f"[name=by][value={'measure' if figure else 'evidence'}]").check()
    for name, value in figure.items():
        box = form.locator(f"[name={name}]")
        box.select_option(value) if name in ("measure", "sense") else box.fill(value)
    form.locator("button").click()
    expect(page.locator("#promised .list li", has_text=text)).to_be_visible()


def test_from_statement_to_promises_tested_at_the_next_meeting(
    arena: House, open_page: Open, look: Any, shot: Any, tmp_path: Path
) -> None:
    clerk = arena.sign_in(open_page(*PHONE), "clerk", "desk")
    until_shown(clerk, "#of-meetings", text=said("For meetings"))
    look(clerk, "meeting-1-desk-phone")
    clerk.locator("section:has(#of-meetings) a.whole").first.click()
    clerk.locator("textarea[name=text]").fill(SAID)
    look(clerk, "meeting-2-statement-phone")
    clerk.locator("main form button.btn-primary").click()
    expect(clerk.locator("main")).to_contain_text(
        said("Handed in. It is read before the meeting, and compared with what follows.")
    )

    arena.later(WEDNESDAY)
    office = arena.sign_in(open_page(*DESKTOP), "office", "calendar")
    office.locator("a.strong", has_text="一周一打擂").first.click()
    until_shown(office, ".stamp code", text="")
    expect(office.locator("#part-statements, #part-best")).not_to_have_count(0)
    expect(office.locator("main")).to_contain_text(SAID)
    look(office, "meeting-3-pack-desktop")
    address = office.url.partition("#")[0]

    part = office.locator("#part-standings")
    part.locator("summary", has_text=said("Take minutes")).click()
    part.locator("textarea").fill("群众满意率仍是短板，窗口要加人。")
    part.locator("form button").click()
    expect(office.locator("#part-standings .said")).to_have_text("群众满意率仍是短板，窗口要加人。")

    promise(
        office,
        "water",
        "三月资金到位",
        "2024-04-09",
        measure="funds",
        period="2024-03",
        sense="ge",
        target="0",
    )
    promise(
        office,
        "roads",
        "三月一分不到",
        "2024-04-09",
        measure="funds",
        period="2024-03",
        sense="le",
        target="0",
    )
    promise(office, "permits", "增加两个窗口", "2024-04-09")
    look(office, "meeting-4-promised-desktop")

    with office.expect_download() as download:
        office.get_by_role("link", name="Word").click()
    paper = tmp_path / "meeting.docx"
    download.value.save_as(paper)
    written = "\n".join(one.text for one in Document(str(paper)).paragraphs)
    assert "增加两个窗口" in written and "窗口要加人" in written and SAID in written

    office.get_by_role("button", name=said("Held"), exact=True).click()
    expect(office.locator("p.lead .light.done")).to_be_visible()
    expect(office.locator("form.promise")).to_have_count(0)

    clerk.goto(arena.at("desk"))
    clerk.locator("section:has(#of-meetings) a.whole", has_text="增加两个窗口").click()
    clerk.locator("textarea[name=evidence]").fill("4月8日起三号、四号窗口开放，照片存于大厅")
    look(clerk, "meeting-5-evidence-phone")
    clerk.locator("main form button.btn-primary").click()

    arena.later(WEEK)
    office.goto(address)
    office.locator("ol.crumbs a", has_text=said("the next one")).click()
    until_shown(office, ".stamp code", text="")
    items = office.locator("#part-commitments > .list > li")
    expect(items).to_have_count(3)
    expect(items.nth(0)).to_contain_text("三月一分不到")
    expect(items.nth(0).locator(".light.red")).to_be_visible()
    expect(items.nth(1)).to_contain_text("增加两个窗口")
    expect(items.nth(2).locator(".light.done")).to_be_visible()
    look(office, "meeting-6-tested-desktop")
    items.nth(0).locator("a", has_text=said("Promise it again")).click()
    expect(office.locator("form.promise [name=text]")).to_have_value("三月一分不到")

    leader = arena.sign_in(open_page(*PHONE), "leader", office.url.partition("/town/")[2].partition("?")[0])
    look(leader, "meeting-7-tested-phone")


def test_on_the_wall_keys_go_from_part_to_part(arena: House, open_page: Open, look: Any, shot: Any) -> None:
    page = arena.sign_in(open_page(1920, 1080), "leader", "calendar")
    page.locator("a.strong", has_text="一周一打擂").first.click()
    page.get_by_role("link", name=said("On the wall")).click()
    shot(page, "meeting-wall-0")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#s-1 h2")).to_be_in_viewport()
    shot(page, "meeting-wall-1")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#s-2 h2")).to_be_in_viewport()
    assert page.url.endswith("#s-2")
    shot(page, "meeting-wall-2")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#s-1 h2")).to_be_in_viewport()
    page.locator("[data-theme-toggle]").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    shot(page, "meeting-wall-dark")
    look(page, "meeting-wall-all")


def test_in_english_and_on_paper(arena: House, open_page: Open, look: Any, shot: Any, tmp_path: Path) -> None:
    for size, name in ((DESKTOP, "desktop"), (PHONE, "phone")):
        page = arena.sign_in(open_page(*size, language="en-GB"), "leader", "calendar")
        page.locator("a.strong", has_text="Weekly arena").first.click()
        expect(page.locator("#h-commitments")).to_contain_text("Promises of last time")
        look(page, f"meeting-en-{name}")
    page = arena.sign_in(open_page(*DESKTOP), "leader", "calendar")
    page.locator("a.strong", has_text="一周一打擂").first.click()
    page.emulate_media(media="print")
    shot(page, "meeting-print", full=True)
    page.pdf(path=tmp_path / "meeting.pdf", format="A4")
    shutil.copy(tmp_path / "meeting.pdf", shot(page, "meeting-print-screen").with_name("meeting.pdf"))
