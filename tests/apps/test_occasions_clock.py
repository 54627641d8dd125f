"""The clock moved over midnight, month, year and Spring Festival, and a worker dead for three days.

Each is played on the calendars of both rule-books that come with the house, through the drive.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from leitai.apps.ledger.models import Event
from leitai.apps.ledger.queries import data
from leitai.apps.occasions import actions
from leitai.apps.occasions.models import Occasion, OccasionState, Preparation
from leitai.drive.engine import housekeeping, run
from tests.apps.opening_town import at, local, meeting, rules
from tests.factories import BY, DAY, HOUR, MINUTE, Town, build

REGIMES = Path(__file__).parents[2] / "regimes"
START = datetime(2021, 12, 1, 2, tzinfo=UTC)
CADENCE = """
cadence:
  dispatch:
    name: {zh: 一周一调度, en: Dispatch}
    every: week
    day: monday
    at: "09:00"
    on: office
    opens: 2 workdays
    comes: {keys: [water, roads]}
    ready: {report: {name: {zh: 汇报, en: Report}, by: 1 workday, of: comers}}
  early: {name: {zh: 提前会, en: Early}, every: week, day: saturday, at: "10:00", on: office, else: previous workday}
  midnight: {name: {zh: 零点会, en: Midnight}, every: month, day: 1, at: "00:00", on: office, else: as it falls}
  duty: {name: {zh: 值班, en: Duty}, every: week, day: sunday, at: "09:00", on: hall, else: as it falls, opens: 2 hours}
  closing: {name: {zh: 总结会, en: Closing}, every: year, day: -1, at: "16:00", on: office, else: previous workday}
  statement: {name: {zh: 表态发言, en: Statement}, within: 5 workdays, at: "15:00", on: office}
"""
# Two hours of the hall before Sunday at nine: one hall is open at weekends, the other was not yet in 2021.
DUTY = {"linqu": "12-18 16:00", "xining": "12-17 15:30"}


def with_calendars(place: str) -> str:
    """The test's rule-book with the calendars of a rule-book of the house, in force for the whole time."""
    real = (REGIMES / place / "regime.yaml").read_text(encoding="utf-8")
    calendars = "calendars:" + real.split("\ncalendars:", 1)[1].split("\nkinds:", 1)[0]
    text = rules(cadence=CADENCE)
    before, rest = text.split("\ncalendars:", 1)
    return f"{before}\n{calendars}\ngroups:{rest.split('groups:', 1)[1]}".replace(
        "in_force: 2024-01-01", "in_force: 2021-01-01"
    )


@pytest.fixture(params=["linqu", "xining"])
def house(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def town(house: str, db: None) -> Town:
    found = build(now=START, regime=with_calendars(house))
    actions.plan(place=found.place, by="drive", now=START)
    return found


def play(town: Town, first: str, last: str, step: timedelta) -> None:
    """The worker's rounds from one wall time to another."""
    now, end = at(town, first), at(town, last)
    while now <= end:
        housekeeping(town.place, now=now)
        run(town.place, now=now)
        now += step


def told(town: Town, kind: str, key: str = "") -> list[tuple[str, bool]]:
    """When events of occasions of a key took effect, and whether they say that they are late."""
    rows = Event.objects.filter(place=town.place, kind=kind).order_by("at", "id")
    found = [(row, data(row)) for row in rows]
    return [
        (local(town, row.at), said["occasion.late"])
        for row, said in found
        if key in ("", said["occasion.key"])
    ]


def once(town: Town) -> Iterator[tuple[str, Counter[str]]]:
    for kind in ("occasion.opened", "occasion.due"):
        rows = Event.objects.filter(place=town.place, kind=kind).values_list("subject", flat=True)
        yield kind, Counter(rows)


def each_once(town: Town) -> None:
    for kind, counted in once(town):
        assert counted and set(counted.values()) == {1}, kind


def test_over_spring_festival_each_meeting_comes_once_and_none_on_a_day_off(town: Town) -> None:
    play(town, "2022-01-24 00:00", "2022-02-15 00:00", 6 * HOUR)
    # The Monday of the holiday is the 31st; its meeting keeps its week and is held on the day that is worked after.
    assert [when for when, _ in told(town, "occasion.due", "dispatch")][-3:] == [
        "01-30 09:00",
        "02-07 09:00",
        "02-14 09:00",
    ]
    # A Saturday that is worked for the holiday is a workday like any other; the Saturday in it is not.
    assert [when for when, _ in told(town, "occasion.due", "early")][-3:] == [
        "01-29 10:00",
        "01-30 10:00",
        "02-11 10:00",
    ]
    each_once(town)


def test_a_meeting_on_a_make_up_saturday_opens_and_is_prepared_on_the_workdays_before(town: Town) -> None:
    play(town, "2022-01-26 00:00", "2022-01-31 12:00", HOUR)
    row = meeting(town, "dispatch", "2022-W05")
    assert local(town, row.at) == "01-30 09:00" and "2022-01-31" in row.moved
    opened = [when for when, late in told(town, "occasion.opened", "dispatch") if not late]
    assert opened[-2:] == ["01-28 08:30", "01-29 08:30"], (
        "that of the week after opens on the Saturday that is worked"
    )
    assert {local(town, one.due) for one in row.preparations.all()} == {"01-29 17:30"}
    missed = [when for when, _ in told(town, "preparation.missed", "dispatch")]
    assert missed[-6:] == ["01-29 17:30"] * 2 + ["01-30 09:00"] * 2 + ["01-30 17:30"] * 2


def test_midnight_of_a_new_month_and_year_is_the_places_own(town: Town) -> None:
    play(town, "2021-12-31 15:58", "2021-12-31 16:02", MINUTE)
    assert told(town, "occasion.due", "closing") == [("12-31 16:00", False)]
    run(town.place, now=at(town, "2021-12-31 23:59"))
    assert meeting(town, "midnight", "2022-01").state == OccasionState.PLANNED
    run(town.place, now=at(town, "2022-01-01 00:00"))
    assert told(town, "occasion.due", "midnight")[-1] == ("01-01 00:00", False)
    run(town.place, now=at(town, "2022-01-31 23:59"))
    run(town.place, now=at(town, "2022-02-01 00:00"))
    assert told(town, "occasion.due", "midnight")[-1] == ("02-01 00:00", False)
    assert Occasion.objects.get(place=town.place, key="closing", nominal="2021").state == OccasionState.DUE
    each_once(town)


def test_a_year_goes_over_into_the_next_without_a_week_too_many_or_too_few(town: Town) -> None:
    play(town, "2021-12-20 12:00", "2022-01-18 12:00", 12 * HOUR)
    weeks = Occasion.objects.filter(place=town.place, key="dispatch", state=OccasionState.DUE)
    marks = list(weeks.order_by("at").values_list("nominal", flat=True))
    assert marks[-5:] == ["2021-W51", "2021-W52", "2022-W01", "2022-W02", "2022-W03"]
    assert local(town, meeting(town, "dispatch", "2022-W01").at) == "01-04 09:00", (
        "Monday was New Year's holiday"
    )


def test_a_worker_dead_for_three_days_tells_everything_once_and_what_is_late_as_late(
    town: Town, house: str
) -> None:
    play(town, "2021-12-16 08:30", "2021-12-17 12:30", 2 * HOUR)  # the dispatch of Monday 20 December is open
    row = meeting(town, "dispatch", "2021-W51")
    assert row.state == OccasionState.OPEN
    report = Preparation.objects.get(occasion=row, unit__key="water")
    actions.prepare(preparation=report, text="Ready", by=BY, now=at(town, "2021-12-17 15:00"))
    play(town, "2021-12-20 12:00", "2021-12-20 18:00", 2 * HOUR)  # dead from Friday noon to Monday noon
    row.refresh_from_db()
    assert (row.state, row.late) == (OccasionState.DUE, True)
    assert told(town, "occasion.due", "dispatch")[-1] == ("12-20 09:00", True)
    assert told(town, "occasion.opened", "duty")[-1] == (DUTY[house], True)
    assert told(town, "occasion.due", "duty")[-1] == ("12-19 09:00", True)
    missed = [
        (local(town, one.at), data(one)["preparation.rung"], data(one)["unit.key"])
        for one in Event.objects.filter(kind="preparation.missed", subject=f"occasion:{row.pk}").order_by(
            "at"
        )
    ]
    assert missed == [("12-17 17:30", 1, "roads"), ("12-20 09:00", 2, "roads")]
    each_once(town)


def test_a_worker_dead_over_a_whole_meeting_asks_nobody_for_what_is_past(town: Town) -> None:
    play(town, "2021-12-15 00:00", "2021-12-15 12:00", 6 * HOUR)
    play(town, "2021-12-20 12:00", "2021-12-20 12:00", DAY)
    row = meeting(town, "dispatch", "2021-W51")
    assert (row.state, row.late, row.preparations.count()) == (OccasionState.DUE, True, 0)
    assert told(town, "occasion.opened", "dispatch")[-1] == ("12-16 08:30", True)
    assert not Event.objects.filter(kind="preparation.missed", subject=f"occasion:{row.pk}").exists()
    each_once(town)


def test_running_again_at_the_same_instant_changes_nothing(town: Town) -> None:
    def state() -> list[Any]:
        return [Event.objects.count(), *Occasion.objects.order_by("pk").values_list("pk", "state", "late")]

    now = at(town, "2021-12-20 12:00")
    while run(town.place, now=now):
        pass
    before = state()
    run(town.place, now=now)
    assert state() == before
