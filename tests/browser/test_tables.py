"""Pages of tables in a real Chromium, on a phone and at a desk: they fit, and axe finds nothing serious."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from .conftest import DESKTOP, PHONE
from .house import House

expect.set_options(timeout=15_000)
SIZES = pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])


def paths(page: Any, house: House) -> dict[str, str]:
    """The wide pages by name, of the first table that there is."""
    page.goto(house.at("t/"))
    table = page.locator("ul.list a.whole").last.get_attribute("href").rpartition("/")[2]
    period = page.locator("a[href*='/t/period/']").last.get_attribute("href").rpartition("/")[2]
    return {
        "period": f"t/period/{period}",
        "heat": f"t/{table}/heat",
        "funnel": f"t/{table}/funnel",
        "editions": f"t/{table}/editions",
        "why": f"t/{table}/u/water",
        "compare": "compare?u=water&u=roads&u=tax",
        "unit": "u/water",
        "units": "u/",
    }


@SIZES
def test_wide_pages_fit_and_are_accessible(
    house: House, open_page: Callable[..., Any], accessible: Callable[[Any], None], shot: Any, size: Any
) -> None:
    page = open_page(*size)
    kind = "phone" if size == PHONE else "desktop"
    for name, path in paths(page, house).items():
        assert page.goto(house.at(path)).status == 200, path
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{path} is {wide} px wider than its window"
        accessible(page)
        shot(page, f"tables-{name}-{kind}", full=True)


def test_the_unit_of_a_heat_maps_line_stays_in_sight(house: House, open_page: Callable[..., Any]) -> None:
    phone = open_page(*PHONE)
    phone.goto(house.at(paths(phone, house)["heat"]))
    wrap, name = phone.locator("#rows .table-wrap"), phone.locator("#rows tbody th[scope=row]").first
    before = name.bounding_box()["x"]
    wrap.evaluate("node => { node.scrollLeft = node.scrollWidth }")
    assert name.bounding_box()["x"] == pytest.approx(before, abs=1)


def test_a_line_opens_below_itself_and_leads_to_a_comparison(
    house: House, open_page: Callable[..., Any]
) -> None:
    page = open_page(*DESKTOP)
    page.goto(house.at(paths(page, house)["heat"].removesuffix("/heat")))
    line = page.locator("tr[data-line]").first
    line.locator(".unit-name a").click()
    line.locator(".why a[href*='/compare']").click()
    page.wait_for_url(re.compile(r"/compare\?u="))
    assert page.locator("table.sides thead th").count() >= 3


def test_a_unit_is_put_beside_another_by_typing(house: House, open_page: Callable[..., Any]) -> None:
    page = open_page(*DESKTOP)
    page.goto(house.at("compare?u=water"))
    page.locator("#unit").fill("roads")
    page.locator("form.filters button").click()
    page.wait_for_url(re.compile(r"u=water&u=roads"))
    expect(page.locator(".chosen li")).to_have_count(2)
