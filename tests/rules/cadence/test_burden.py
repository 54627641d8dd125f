"""What a rule-book causes by itself: a small one reckoned by hand, its months adding up, both places' books counted."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from leitai.rules.cadence.burden import CAUSES, Caused, begun, caused, comers
from leitai.rules.kernel import Period, Text
from leitai.rules.regime.parse import parse
from leitai.rules.regime.units import Unit, read_units

REGIMES = Path(__file__).parents[3] / "regimes"
KINDS = {"office": "office", "water": "bureau", "roads": "bureau", "tax": "bureau", "firm": "other"}
UNITS = {key: Unit(key, Text(en=key), kind=kind) for key, kind in KINDS.items()}
BOOK = """
leitai: 1
place: {key: town, name: Town, timezone: Asia/Shanghai, office: office}
regime: {title: Rules, in_force: 2022-01-01, source: test}
calendars:
  office: {holidays: CN, windows: ["08:30-12:00", "13:30-17:30"]}
groups:
  bureaus: {name: Bureaus, units: {kind: bureau}}
measures:
  funds: {name: Funds, better: more, every: month, points: {by: target}}
  drills: {name: Drills, better: more, every: quarter, points: {by: target}}
  solved: {name: Solved, better: more, every: month, from: cases.solved_rate, points: {by: target, target: 1}}
  unused: {name: Unused, better: more, every: week, points: {by: target}}
arenas:
  works:
    name: Works
    every: quarter
    groups: [bureaus]
    weigh: {funds: 50, drills: 30, solved: 20}
    worst: {take: 1}
cases:
  finding:
    name: Finding
    flow: problem
    clocks: {settle: {from: dispatched, until: answered, within: 3 workdays, on: office}}
cadence:
  dispatch: {name: Dispatch, every: week, day: monday, minutes: 30, comes: {kind: bureau}, on: office}
  arena:
    name: Arena
    within: 5 workdays
    on: office
    minutes: 120
    reads: [works]
    ready:
      hall: {name: Hall, by: 1 workday, of: office, minutes: 60}
      plan: {name: Plan, by: 1 workday, of: worst, minutes: 90}
      each: {name: A page of each, by: 1 workday, of: comers, minutes: 10}
      water: {name: Water on the tables, by: 1 workday, of: water, minutes: 5}
    speaking: {best: 1, worst: 1}
  crisis: {name: Crisis talk, within: 2 workdays, on: office}
inspections:
  conduct:
    name: Conduct
    every: half
    groups: {first: {name: First, area: {kind: bureau}}, second: {name: Second, area: {keys: [water, firm]}}}
    checklist: {window: {name: Window}}
    case: finding
    minutes: 45
    on: office
burden: {ceiling: 600, ask: 20, form: 15}
"""


@pytest.fixture(scope="module")
def year() -> Caused:
    regime = parse(BOOK).regime
    assert regime is not None
    return caused(regime, UNITS, 2022)


def test_a_small_book_by_hand(year: Caused) -> None:
    by = {(one.cause, one.key): one for one in year.lines}
    assert {key: (one.times, round(one.minutes, 3), len(one.units)) for key, one in by.items()} == {
        ("figure", "funds"): (12, 20, 3),
        ("figure", "drills"): (4, 20, 3),
        ("meeting", "dispatch"): (52, 30, 3),
        ("meeting", "arena"): (4, 120, 3),
        ("preparation", "arena.hall"): (4, 60, 1),
        ("preparation", "arena.plan"): (4, 30, 3),  # one of the three is named: a third of 90 minutes each
        ("preparation", "arena.each"): (4, 10, 3),
        ("preparation", "arena.water"): (4, 5, 1),
        ("statement", "arena"): (4, 10, 3),  # two of the three speak: two thirds of 15 minutes
        ("inspection", "conduct"): (2, 45, 4),
    }
    assert sum(year.months_of("roads")) == 12 * 20 + 4 * 20 + 52 * 30 + 4 * (120 + 30 + 10 + 10) + 2 * 45
    assert sum(year.months_of("water")) == sum(year.months_of("roads")) + 4 * 5
    assert sum(year.months_of("firm")) == 2 * 45 and sum(year.months_of("office")) == 4 * 60
    assert [name.show("en") for name in year.uncounted] == ["Crisis talk"]


def test_figures_are_asked_on_the_day_after_their_period() -> None:
    months = [one.key for one in begun("month", date(2022, 1, 1), date(2022, 3, 31))]
    assert months == ["2021-12", "2022-01", "2022-02"]
    assert [one.key for one in begun("quarter", date(2022, 1, 2), date(2022, 4, 1))] == ["2022-Q1"]
    assert list(begun("week", date(2022, 1, 4), date(2022, 1, 9))) == []


def test_the_most_burdened_comes_first_and_all_sums_agree(year: Caused) -> None:
    units = year.by_unit()
    assert list(units) == ["water", "roads", "tax", "office", "firm"]
    assert all(units[unit] == pytest.approx(year.months_of(unit)) for unit in units)
    whole = sum(year.by_cause(UNITS).values())
    assert whole == pytest.approx(sum(sum(months) for months in units.values()))
    assert set(year.by_cause(UNITS)) <= set(CAUSES)


def test_the_ceiling_is_held_against_every_month(year: Caused) -> None:
    assert year.above("firm") == 0
    lower = Caused(year.year, 200, year.lines, ())
    assert lower.above("roads") == sum(one > 200 for one in lower.months_of("roads")) == 4
    assert Caused(year.year, None, year.lines, ()).above("roads") == 0


def test_without_a_word_who_comes_those_come_whose_tables_are_read() -> None:
    regime = parse(BOOK).regime
    assert regime is not None
    assert comers(regime, regime.cadence["arena"]) == (regime.groups["bureaus"].units,)
    assert comers(regime, regime.cadence["crisis"]) == ()


@pytest.mark.parametrize("place", ["linqu", "xining"])
def test_both_places_books_are_counted(place: str) -> None:
    regime = parse((REGIMES / place / "regime.yaml").read_text(encoding="utf-8")).regime
    units, faults = read_units((REGIMES / place / "units.csv").read_text(encoding="utf-8"))
    assert regime is not None and not faults
    year = regime.regime.in_force.year
    found = caused(regime, units, year)
    assert {"figure", "meeting", "inspection"} <= {line.cause for line in found.lines}
    weekly = {key for key, spec in regime.cadence.items() if spec.every == "week" and spec.comes is not None}
    times = {line.key: line.times for line in found.lines if line.cause == "meeting"}
    assert weekly and all(times[key] in (51, 52, 53) for key in weekly)
    rounds = {line.key: line.times for line in found.lines if line.cause == "inspection"}
    whole = Period(date(year, 1, 1), "year")
    assert rounds == {key: len(whole.within(spec.every)) for key, spec in regime.inspections.items()}
