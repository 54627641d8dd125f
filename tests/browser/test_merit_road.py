"""One file in a real Chromium: proposed by a rule, answered on a phone, decided, appealed, settled by another."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from .conftest import DESKTOP, PHONE
from .house import House, until_shown

Open = Callable[..., Any]
# Who heads the unit, taken in as the administrator's file would be.
HEAD = """
import sys
from datetime import UTC, date, datetime
from leitai.cli.django import setup
setup()
from leitai.apps.people import actions
from leitai.apps.people.queries import places
place = places()[0]
since = date(2023, 1, 1)
draft = actions.OfficialDraft("zhang", "permits", "head", since, name="张卫国", title="局长", account=sys.argv[1])
actions.put_officials(place=place, drafts=[draft], by="account:setup", now=place.now(datetime.now(UTC)))
"""


@pytest.fixture
def look(shot: Callable[..., Path], accessible: Callable[[Any], None]) -> Callable[..., None]:
    """`look(page, name)`: nothing to scroll sideways, nothing serious to axe, and a picture."""

    def take(page: Any, name: str) -> None:
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{page.url} is {wide} px wider than its window"
        accessible(page)
        shot(page, name, full=True)

    return take


def test_a_file_from_the_red_slip_to_the_settled_appeal(house: House, open_page: Open, look: Any) -> None:
    command = [sys.executable, "-c", HEAD, house.logins["clerk"][0]]
    subprocess.run(command, env=house.environment, check=True, capture_output=True)
    leader = house.sign_in(open_page(*DESKTOP), "leader", "merits")
    before = leader.locator("main ul.list a").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    firm = open_page(*PHONE)
    firm.goto(house.link)
    firm.locator("select[name=kind]").select_option("urgent")
    firm.locator("#title").fill("三号车间断电，半成品要报废")
    firm.locator("form:has(#title) button.btn-primary").click()
    expect(firm.get_by_text("三号车间断电").first).to_be_visible()
    firm.close()
    house.later(45)

    # Other roads may have led to files of the same kind in this house: ours is the one that was not there.
    new = "main ul.list a" + "".join(f":not([href='{href}'])" for href in before)
    until_shown(leader, new, text="启动问责程序").click()
    file = leader.url.rpartition("/")[2]
    expect(leader.locator("main")).to_contain_text("第八条")
    expect(leader.locator("[name=decision]")).to_have_count(0)
    expect(leader.get_by_text("张卫国").first).to_be_visible()
    look(leader, "merit-1-waits-desktop-zh")

    head = house.sign_in(open_page(*PHONE), "clerk", f"merits/{file}")
    look(head, "merit-2-reply-phone-zh")
    head.locator("#text").fill("当晚全区停电，值班电话打不通，次日七点已到现场")
    head.locator("form:has(#text) button").click()
    expect(head.locator("p.words")).to_contain_text("全区停电")

    leader.reload()
    leader.locator("input[name=upheld][value='1']").check()
    leader.locator("#grounds").fill("值班记录显示电话畅通，超时属实")
    look(leader, "merit-3-decide-desktop-zh")
    leader.locator("form:has(#grounds) button").click()
    expect(leader.locator("#decision ~ *, section:has(#decision)").first).to_contain_text("超时属实")

    head.reload()
    head.locator("#against").fill("通话清单可以证明线路中断，请重新核对")
    look(head, "merit-4-appeal-phone-zh")
    head.locator("form:has(#against) button").click()
    expect(head.locator("section:has(#appeal)")).to_contain_text("线路中断")
    leader.reload()
    expect(leader.locator("#settling")).to_have_count(0)

    inspector = house.sign_in(open_page(*DESKTOP, language="en-GB"), "inspector", f"merits/{file}")
    inspector.locator("section:has(#appeal) input[name=upheld][value='1']").check()
    inspector.locator("#settling").fill("The list of calls shows that the line was down")
    look(inspector, "merit-5-settle-desktop-en")
    inspector.locator("form:has(#settling) button").click()
    expect(inspector.locator("section:has(#appeal)")).to_contain_text("the decision is undone")

    inspector.goto(house.at("officials/zhang"))
    expect(inspector.locator(f"a[href$='/merits/{file}']")).to_be_visible()
    look(inspector, "merit-6-record-desktop-en")
    head.goto(house.at("officials/zhang"))
    expect(head.locator("section:has(#looks) li").first).to_be_visible()
    look(head, "merit-7-own-record-phone-zh")
    phone = house.sign_in(open_page(*PHONE, language="en-GB"), "inspector", f"merits/{file}")
    look(phone, "merit-8-settled-phone-en")
    phone.goto(house.at("merits"))
    look(phone, "merit-9-list-phone-en")
