"""The navigation of those who are offered most of it, on a phone: one row, and where one is in sight, scriptless."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from .conftest import PHONE
from .house import House

IN_SIGHT = "a => { const box = a.getBoundingClientRect(); return box.left >= 0 && box.right <= innerWidth }"
FRAMED = "() => document.documentElement.scrollWidth <= innerWidth"
WIDER = "nav => nav.scrollWidth > nav.clientWidth"


@pytest.mark.parametrize("path", ["", "desk", "office", "projects", "merits"])
def test_the_navigation_is_one_row_that_shows_where_we_are(
    house: House, open_page: Callable[..., Any], accessible: Any, shot: Any, path: str
) -> None:
    page = house.sign_in(open_page(*PHONE), "office", path)
    rows = page.locator("nav.main a").evaluate_all("all => all.map(a => a.getBoundingClientRect().top)")
    few = path == "merits"  # five areas and one entry fit
    assert len(rows) > (5 if few else 6) and len(set(rows)) == 1
    nav = page.locator("nav.main")
    assert page.evaluate(FRAMED) and (few or nav.evaluate(WIDER)), "it scrolls, and the page does not"
    here = nav.locator("[aria-current=page]")
    assert here.evaluate(IN_SIGHT)
    nav.evaluate("nav => { nav.scrollLeft = nav.scrollWidth }")
    assert here.evaluate(IN_SIGHT), "also where the row was scrolled to its end"
    accessible(page)
    shot(page, f"navigation-phone-{path or 'board'}")
