"""Cases from end to end in a real Chromium, three roles at once; and a ten-minute clock while nobody is looking."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import expect

from .conftest import DESKTOP, PHONE
from .house import House, until_shown

expect.set_options(timeout=15_000)
Open = Callable[..., Any]
HOLE = "三中门口路面有一个大坑，电动车绕不过去"
DONE = "四月二日下午用热沥青填补并压实，长两米宽一米"


@pytest.fixture
def look(shot: Callable[..., Path], accessible: Callable[[Any], None]) -> Callable[..., None]:
    """`look(page, name)`: nothing to scroll sideways, nothing serious to axe, and a picture."""

    def take(page: Any, name: str) -> None:
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{page.url} is {wide} px wider than its window"
        accessible(page)
        shot(page, name, full=True)

    return take


def picture(shade: int) -> dict[str, Any]:
    """A photo as a phone would send it: no two alike."""
    image = Image.new("RGB", (640, 480), (shade, 120, 90))
    ImageDraw.Draw(image).ellipse((100 + shade, 80, 400 + shade, 300), fill=(20, shade, 40))
    out = BytesIO()
    image.save(out, "JPEG")
    return {"name": f"{shade}.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def unfold(page: Any, words: str) -> Any:
    """A folded form of a case page, open."""
    fold = page.locator("details", has=page.locator("summary", has_text=words)).first
    if fold.get_attribute("open") is None:
        fold.locator("summary").first.click()
    return fold


def test_a_hole_from_the_street_to_struck_off(house: House, open_page: Open, look: Any) -> None:
    citizen = open_page(*PHONE)
    citizen.goto(house.at("problem"))
    citizen.locator("[name=what]").fill(HOLE)
    citizen.locator("[name=where]").fill("朐山路三中门口")
    citizen.locator("input[name=photo]").set_input_files([picture(10)])
    look(citizen, "case-1-report")
    citizen.locator("form:has([name=what]) button.send").last.tap()
    expect(citizen.locator("h1")).to_have_text(re.compile("大坑"))
    look(citizen, "case-1-tracked")
    track = citizen.url
    assert "/track/" in track

    office = house.sign_in(open_page(*DESKTOP), "office", "office")
    row = office.locator("tr[data-line]", has_text="大坑").first
    row.locator("a").first.click()
    fold = unfold(office, "交办")
    unit = fold.locator("[name=unit]")
    unit.fill("permits")
    fold.locator("form button").last.click()
    expect(office.locator("p.lead")).to_contain_text("待受理")
    look(office, "case-2-dispatched")
    case = office.url

    clerk = house.sign_in(open_page(*DESKTOP), "clerk", "desk")
    expect(clerk.locator(".case-line", has_text="大坑")).to_be_visible()
    clerk.goto(case)
    pause = clerk.locator("form:has(input[name=kind][value=pause])")
    pause.locator("xpath=ancestor::details").locator("summary").click()
    pause.locator("[name=ground]").select_option("frost")
    pause.locator("[name=until]").fill("2024-04-08T10:00")
    pause.locator("[name=text]").fill("气象局预报四月七日前夜间零下，热沥青压不实")
    pause.locator("button").click()
    expect(clerk.locator("#requests")).to_contain_text("冻土期")
    look(clerk, "case-3-asked")

    office.reload()
    office.locator("#requests button[value=yes]").click()
    expect(office.locator(".paused-note")).to_be_visible()
    look(office, "case-4-paused")
    citizen.goto(track)
    look(citizen, "case-4-tracked-paused")

    clerk.reload()
    answer = clerk.locator("form:has(input[name=move][value=answer])")
    fold = answer.locator("xpath=ancestor::details")
    if fold.get_attribute("open") is None:
        fold.locator("summary").click()
    answer.locator("[name=done]").fill(DONE)
    # The citizen's own photo is the one before.
    expect(answer.locator("[name=photo-before]")).to_have_count(0)
    answer.locator("[name=photo-after]").set_input_files([picture(90)])
    answer.locator("button").last.click()
    expect(clerk.locator("p.lead")).to_contain_text("待核实")
    look(clerk, "case-5-answered")

    office.goto(case)
    close = office.locator("form:has(input[name=move][value=close])")
    fold = close.locator("xpath=ancestor::details")
    if fold.get_attribute("open") is None:
        fold.locator("summary").click()
    close.locator("[name=evidence]").fill("三日上午现场查看，坑已填平，照片两张")
    close.locator("button").last.click()
    expect(office.locator("p.lead")).to_contain_text("已销号")
    look(office, "case-6-closed")
    office.locator("a[href$='/sheet']").first.click()
    look(office, "case-6-sheet")

    citizen.goto(track)
    expect(citizen.locator(".stands").first).to_contain_text("已销号")
    expect(citizen.locator("figure img").first).to_be_visible()
    look(citizen, "case-7-over")


def test_ten_minutes_run_out_while_nobody_is_looking(house: House, open_page: Open, look: Any) -> None:
    firm = open_page(*PHONE)
    firm.goto(house.link)
    firm.locator("select[name=kind]").select_option("urgent")
    firm.locator("#title").fill("二号车间突然停水，冷却塔撑不过一小时")
    firm.locator("form:has(#title) button.btn-primary").click()
    expect(firm.get_by_text("突然停水").first).to_be_visible()
    firm.close()
    house.later(45)  # nobody has a page open

    inspector = house.sign_in(open_page(*DESKTOP), "inspector", "breaches")
    until_shown(inspector, "main", text="突然停水")
    look(inspector, "clock-1-breaches")
    inspector.goto(house.at("slips"))
    until_shown(inspector, "main li", text="红色督办单")
    for colour in ("蓝色督办单", "黄色督办单", "红色督办单"):
        expect(inspector.locator("main li", has_text=colour).first).to_be_visible()
    look(inspector, "clock-2-slips")
    leader = house.sign_in(open_page(*PHONE), "leader", "merits")
    until_shown(leader, "main", text="启动问责程序")
    look(leader, "clock-3-file")
