"""The wall in a real browser: it changes by itself, turns grey when cut off or taken down, and fits its screens."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .house import House

SIZES = {"1080p": (1920, 1080), "4k": (3840, 2160), "projector": (1280, 800)}


@pytest.mark.parametrize("size", SIZES)
def test_the_wall_fits_its_screen_in_both_themes(
    house: House, open_page: Callable[..., Any], shot: Callable[..., Path], size: str
) -> None:
    page = open_page(*SIZES[size])
    house.sign_in(page, "leader", "wall")
    for theme in ("light", "dark"):
        page.goto(house.at(f"wall?theme={theme}"))
        shot(page, f"wall-{size}-{theme}")
        body = page.evaluate(
            "[document.body.scrollWidth, document.body.scrollHeight, innerWidth, innerHeight]"
        )
        assert body[0] <= body[2] and body[1] <= body[3], body
    assert page.locator(".tile:visible").count() == 6


def test_the_wall_is_accessible_and_is_walked_by_keys(
    house: House, open_page: Callable[..., Any], accessible: Callable[[Any], None]
) -> None:
    page = house.sign_in(open_page(1920, 1080), "leader", "wall")
    accessible(page)
    page.keyboard.press("2")
    assert page.locator(".tile:visible").count() == 1
    page.keyboard.press("0")
    assert page.locator(".tile:visible").count() == 6


def test_a_verdict_is_on_the_wall_by_itself(house: House, open_page: Callable[..., Any]) -> None:
    page = house.sign_in(open_page(1920, 1080), "leader", "wall")
    before = page.locator("#tile-verdicts").get_attribute("data-at")
    phone = open_page(390, 844)
    phone.goto(f"{house.url}/b/{next(iter(house.codes.values()))}")
    phone.locator("button[name=grade]").first.click()
    phone.wait_for_url(re.compile("/r/"))
    page.wait_for_function(
        "before => document.querySelector('#tile-verdicts').dataset.at !== before", arg=before, timeout=15_000
    )


def test_cut_off_every_tile_turns_grey_and_comes_back(house: House, open_page: Callable[..., Any]) -> None:
    page = open_page(1920, 1080)
    page.clock.install()
    house.sign_in(page, "leader", "wall")
    assert page.locator(".tile.old").count() == 0
    page.context.set_offline(True)
    page.clock.fast_forward(200_000)
    page.wait_for_function("document.querySelectorAll('.tile.old').length === 6")
    assert page.locator("[data-word]").is_visible()
    page.context.set_offline(False)
    for _ in range(10):
        page.clock.fast_forward(6_000)
        page.wait_for_timeout(400)
    assert page.locator(".tile.old").count() == 0 and page.locator("[data-word]").is_hidden()


@pytest.mark.parametrize(("paper", "points"), [("A0", (3370, 2384)), ("A3", (1191, 842))])
def test_it_prints_on_one_sheet_of_the_paper_that_was_asked_for(
    house: House, open_page: Callable[..., Any], paper: str, points: tuple[int, int]
) -> None:
    page = house.sign_in(open_page(1920, 1080), "leader", f"wall?paper={paper}")
    printed = page.pdf(prefer_css_page_size=True, print_background=True)
    boxes = re.findall(rb"/MediaBox ?\[0 0 ([\d.]+) ([\d.]+)\]", printed)
    assert [(round(float(x)), round(float(y))) for x, y in boxes] == [points]
