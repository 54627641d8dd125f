"""What the screens promise is measured, and what the page says of it is what was measured."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from leitai.rules.ballots.screens import (
    ABUSES,
    MEASURED,
    SCREENS,
    Calibration,
    Share,
    calibrate,
    clean,
    measured,
)
from leitai.rules.ballots.screens.tails import count_tail, share_tail

PAGE = Path(__file__).resolve().parents[3] / "docs" / "methods" / "screens.md"


def rows(*head: str) -> list[list[str]]:
    """The rows of the page's table that begins with these columns."""
    for table in re.findall(r"(?:^\|.*\n)+", PAGE.read_text(encoding="utf-8"), re.MULTILINE):
        lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()]
        if tuple(lines[0][: len(head)]) == head:
            return lines[2:]
    raise AssertionError(f"no table begins with {head}")


def test_a_calibration_tells_after_each_run_and_can_be_repeated() -> None:
    def run() -> list[Calibration]:
        return list(calibrate(np.random.default_rng(3).spawn(2), units=12, days=15, abuses=ABUSES[3:5]))

    first = run()
    assert first == run()
    assert [one.runs["silent"].of for one in first] == [1, 2]
    assert [one.named["silent"].of for one in first] == [12, 24]
    assert first[-1].found == {"one-device": Share(2, 2), "ring": Share(2, 2)}


def test_honest_months_raise_few_alarms() -> None:
    *_, last = calibrate(np.random.default_rng(11).spawn(5), units=25, abuses=())
    assert set(last.runs) == set(SCREENS)
    assert sum(share.hits for share in last.named.values()) <= 1


def test_a_screen_that_cries_wolf_would_be_noticed() -> None:
    *_, loud = calibrate(np.random.default_rng(11).spawn(2), units=25, alarm=0.999999, abuses=())
    assert sum(share.hits for share in loud.named.values()) > 1


def test_an_honest_month_is_the_same_for_the_same_chance() -> None:
    one, other = (clean(np.random.default_rng(9), units=12, days=10) for _ in range(2))
    assert one.texts.text == other.texts.text
    assert (one.ballots.at == other.ballots.at).all()
    assert one.scans.last == one.texts.last == one.calls.last


def test_shares_have_wilsons_interval() -> None:
    assert Share(2, 10).interval == pytest.approx((0.0567, 0.5098), abs=5e-5)
    assert Share(0, 10).interval == pytest.approx((0.0, 0.2775), abs=5e-5)
    assert Share(0, 0).interval == (0.0, 1.0)


def test_what_was_measured_keeps_the_promise() -> None:
    for one in MEASURED:
        for name, share in one.runs.items():
            assert share.share <= one.alarm, (one.units, name)
    assert [measured(units).units for units in (1, 60, 150, 5000)] == [40, 40, 200, 3200]


def test_the_page_tells_what_was_measured() -> None:
    alarms = rows("screen", "40 units")
    assert [row[0] for row in alarms] == [f"`{name}`" for name in SCREENS]
    for name, *cells in alarms:
        for cell, one in zip(cells, MEASURED, strict=True):
            share = one.runs[name.strip("`")]
            low, high = share.interval
            assert cell == f"{share.hits} of {share.of} ({low:.3f}–{high:.3f})"
    powers = rows("", "abuse", "played")
    assert [row[:3] for row in powers] == [[abuse.kind, f"`{abuse.key}`", abuse.says] for abuse in ABUSES]
    for _, key, _, *cells in powers:
        assert cells == [
            f"{share.hits} of {share.of}" for one in MEASURED for share in [one.found[key.strip("`")]]
        ]


def test_the_worked_tables() -> None:
    for seen, expected, spread, side, chance in rows("seen", "expected", "spread"):
        assert f"{count_tail(int(seen), float(expected), float(spread), above=side == 'above'):.2e}" == chance
    for seen, n, share, alike, side, chance in rows("seen", "n", "share"):
        found = share_tail(int(seen), int(n), float(share), float(alike), above=side == "above")
        assert f"{found:.2e}" == chance


def test_every_screen_stands_in_the_page() -> None:
    assert [row[0] for row in rows("screen", "abuse")] == [f"`{name}`" for name in SCREENS]
