"""An enterprise by its link, in a real browser: it asks, the clerk replies, it sees who holds its question now.

A browser sends what a test client does not: where a form came from. The house must take it from its own pages.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from .conftest import DESKTOP, PHONE
from .house import House

expect.set_options(timeout=15_000)
QUESTION = "三号车间的临时用水证何时能批"
REPLY = "今天下午到厂里核对管线图"


def test_an_enterprise_asks_and_is_answered(
    house: House, open_page: Callable[..., Any], accessible: Any, shot: Any
) -> None:
    firm = open_page(*PHONE)
    firm.goto(house.link)
    accessible(firm)
    firm.locator("#title").fill(QUESTION)
    firm.locator("form:has(#title) button.btn-primary").click()
    expect(firm.get_by_text(QUESTION).first).to_be_visible()
    shot(firm, "enterprise-asked", full=True)

    clerk = house.sign_in(open_page(*DESKTOP), "clerk", "desk")
    line = clerk.locator(".case-line", has_text=QUESTION)
    line.locator(".do .btn-primary").click()
    form = line.locator("form", has=clerk.locator("[name=owner]")).first
    form.locator("[name=owner]").fill("李华")
    form.locator("[name=next_step]").fill(REPLY)
    form.locator("[name=time]").fill("2024-04-03T10:00")
    form.locator("button.btn-primary").click()
    expect(line.get_by_role("status")).to_be_visible()

    firm.reload()
    firm.locator("article", has_text=QUESTION).locator("summary").click()
    expect(firm.get_by_text(REPLY)).to_be_visible()
    shot(firm, "enterprise-replied", full=True)


def test_the_language_of_an_enterprises_page_can_be_changed(
    house: House, open_page: Callable[..., Any]
) -> None:
    page = open_page(*PHONE)
    page.goto(house.link)
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="Ask a question")).to_be_visible()
