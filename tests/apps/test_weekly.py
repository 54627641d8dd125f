"""Counts kept as verdicts come are those of a recount; a week by unit and way; points where nobody scans."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from leitai.apps.ballots import actions, queries
from leitai.apps.ballots.models import Ballot, Point, Tally
from leitai.apps.people import actions as people
from leitai.rules.ballots.weekly import Count
from leitai.rules.kernel import Period
from tests.factories import BY, DAY, HOUR, MINUTE, NOW, Town

WEEK = Period.containing("week", date(2024, 4, 10))
YEAR = (date(2023, 5, 1), date(2024, 4, 30))


def past(
    town: Town,
    unit: str,
    grades: str,
    *,
    at: Any = NOW,
    channel: str = "old",
    standing: str = "",
    point: bool = False,
) -> None:
    """Verdicts of another system on a unit: g is a good one, b a bad one."""
    known = Ballot.objects.count()
    records = []
    for number, letter in enumerate(grades):
        kept = standing if standing and letter == "b" else "counted"
        records.append(
            actions.BallotRecord(
                f"{known}-{number}",
                town.units[unit].pk,
                "dissatisfied" if letter == "b" else "satisfied",
                at + number * MINUTE,
                channel,
                kept,
                "Pressed by mistake" if kept == "set_aside" else "",
                town.points[unit].pk if point else None,
            )
        )
    town.place.sample = True  # only there does a record come in as given by a way of the house
    actions.import_ballots(place=town.place, source="old", records=records, by=BY, now=NOW)


def same(town: Town) -> bool:
    """Whether a recount gives the tallies that were kept, and the log holds every verdict."""
    return queries.recount(town.place).findings == () and not any(queries.check(town.place))


# The recount


def test_the_counts_are_those_of_a_recount_whatever_happened(town: Town) -> None:
    rng = np.random.default_rng(3)
    for number in range(40):
        unit = ("tax-window", "harbour", "water")[rng.integers(3)]
        at = NOW - int(rng.integers(12)) * DAY - int(rng.integers(20)) * HOUR
        ballot = town.verdict(unit, ("satisfied", "dissatisfied")[rng.integers(2)], at=at)
        if ballot.bad and number % 3:
            town.found(ballot, upheld=number % 3 == 1, at=NOW)
    past(town, "harbour", "gbbg", channel="standing", standing="upheld", point=True)
    counted = queries.recount(town.place)
    assert (counted.verdicts, counted.unlogged, counted.findings) == (44, 0, ())
    assert {"upheld", "set_aside", "counted"} == set(Tally.objects.values_list("standing", flat=True))
    assert same(town)


def test_a_tally_that_was_touched_is_named(town: Town) -> None:
    town.verdict(at=NOW)
    town.verdict(grade="satisfied", at=NOW)
    Tally.objects.filter(grade="satisfied").update(n=5)
    (finding,) = queries.recount(town.place).findings
    assert finding.code == "tally-differs"
    assert finding.values["unit"] == "tax-window"
    assert (finding.values["kept"], finding.values["counted"]) == (5, 1)
    assert finding.values["day"] == date(2024, 4, 10)


def test_a_verdict_made_better_in_the_rows_is_named_by_counts_and_by_the_log(town: Town) -> None:
    ballot = town.verdict()
    Ballot.objects.filter(pk=ballot.pk).update(grade="satisfied", bad=False)
    assert len(queries.recount(town.place).findings) == 2
    assert [one.code for one in queries.check(town.place) if one is not None] == ["verdict-altered"]


def test_an_imported_verdict_counts_at_its_point_and_its_leaf_says_so(town: Town) -> None:
    past(town, "harbour", "gb", point=True)
    past(town, "harbour", "g")
    number = town.points["harbour"].number
    assert {point: one.n for point, one in queries.by_point(town.units["harbour"], *YEAR).items()} == {
        0: 1,
        number: 2,
    }
    assert same(town)
    Ballot.objects.filter(point__isnull=False).update(point=town.points["tax-window"])
    assert [one.code for one in queries.check(town.place) if one is not None] == ["verdict-altered"] * 2


# A week


def test_a_week_by_way_and_unit(town: Town, vale: Town) -> None:
    tax, harbour = town.units["tax-window"].pk, town.units["harbour"].pk
    for grade in ("satisfied", "dissatisfied", "dissatisfied"):
        town.verdict("tax-window", grade)
    town.found(town.verdict("harbour"), upheld=False)
    town.verdict("harbour", at=NOW - 7 * DAY)
    vale.verdict("harbour")
    past(town, "tax-window", "gbb", channel="visit", standing="upheld")
    past(town, "tax-window", "b", channel="matter", standing="set_aside")
    past(town, "harbour", "gg", channel="hotline")
    ways = queries.week_counts(town.place, WEEK)
    assert ways == {
        "other": {harbour: Count(2, 0, 0, 0)},
        "ticket": {tax: Count(3, 2, 2, 1)},
        "wall": {tax: Count(3, 2, 0, 0), harbour: Count(0, 0, 0, 1)},
    }
    assert queries.sum_of_ways(ways.values()) == {tax: Count(6, 4, 2, 1), harbour: Count(2, 0, 0, 1)}
    assert queries.first_day(town.place) == date(2024, 4, 3)


def test_a_week_ends_at_the_places_midnight(town: Town) -> None:
    town.verdict(at=NOW + 4 * DAY + 13 * HOUR + 59 * MINUTE)  # Sunday, 23:59 in Shanghai
    town.verdict(at=NOW + 4 * DAY + 14 * HOUR)
    assert queries.week_counts(town.place, WEEK)["wall"][town.units["tax-window"].pk].n == 1
    assert queries.week_counts(town.place, WEEK.next())["wall"][town.units["tax-window"].pk].n == 1


def test_a_unit_closed_since_keeps_its_name_on_the_list(town: Town) -> None:
    town.verdict("harbour")
    unit = town.units["harbour"]
    people.set_active(unit=unit, active=False, by=BY, now=NOW)
    assert queries.units_of_week(WEEK, [unit.pk]) == {unit.pk: unit}


def test_the_ways_of_a_unit_add_up_to_its_rate(town: Town) -> None:
    unit = town.units["tax-window"]
    town.verdict()
    past(town, "tax-window", "gbbbg", channel="visit", standing="set_aside")
    past(town, "tax-window", "gb", channel="invited")
    past(town, "tax-window", "g", channel="elsewhere")
    ways = queries.by_way(unit, *YEAR)
    whole = queries.rate(unit, *YEAR)
    assert list(ways) == ["ticket", "wall", "drawn", "other"]
    assert (whole.n, whole.bad, whole.aside) == (6, 2, 3)
    for name in ("n", "bad", "upheld", "aside"):
        assert sum(getattr(one, name) for one in ways.values()) == getattr(whole, name)
    assert ways["wall"].few and not ways["ticket"].few, "the town's minimum is two"


# Whom to visit


def test_a_point_without_a_scan_is_to_be_visited_until_somebody_scans(town: Town) -> None:
    day = date(2024, 4, 10)
    found, points = queries.silent_points(town.place, day, 7)
    assert points == 2 == len(found)
    assert {one.expected for one in found} == {None}
    town.verdict("harbour")
    past(town, "tax-window", "ggg")  # taken by another system: nobody scanned
    found, _points = queries.silent_points(town.place, day, 7)
    assert [one.number for one in found] == [town.points["tax-window"].number]
    assert queries.last_scans(town.points.values()) == {town.points["harbour"].number: day}


def test_a_point_that_fell_silent_is_told_with_what_was_to_be_expected(town: Town) -> None:
    for weeks in range(1, 13):
        past(town, "tax-window", "g" * 20, at=NOW - 7 * weeks * DAY, channel="standing", point=True)
        past(town, "harbour", "g" * 20, at=NOW - 7 * weeks * DAY, channel="standing", point=True)
    past(town, "harbour", "g" * 25, channel="standing", point=True)
    past(town, "tax-window", "g", channel="standing", point=True)
    (found,), _points = queries.silent_points(town.place, date(2024, 4, 10), 7)
    assert (found.number, found.scans) == (town.points["tax-window"].number, 1)
    assert found.expected == pytest.approx(240 * 26 / 480)


def test_services_on_record_say_how_many_scans_were_to_be_expected(town: Town) -> None:
    def served(unit: str, count: int, days: int) -> None:
        drafts = [
            actions.ServiceDraft(f"{unit}-{days}-{n}", town.units[unit].pk, NOW - days * DAY)
            for n in range(count)
        ]
        actions.upload_services(place=town.place, source="queue", records=drafts, by=BY, now=NOW)

    served("harbour", 60, 1)
    served("tax-window", 60, 1)
    served("tax-window", 120, 20)
    past(town, "harbour", "g" * 30, at=NOW - DAY, channel="standing", point=True)
    past(town, "tax-window", "g" * 90, at=NOW - 20 * DAY, channel="standing", point=True)
    past(town, "tax-window", "g" * 5, at=NOW - DAY, channel="standing", point=True)
    (found,), _points = queries.silent_points(town.place, date(2024, 4, 10), 7)
    assert (found.number, found.scans, found.services) == (town.points["tax-window"].number, 5, 60)
    assert found.expected == pytest.approx(60 * 90 / 120), "by its own share of scanning"


def test_refused_scans_are_told_at_the_point_they_claim(town: Town) -> None:
    code = queries.code_of(town.points["harbour"])
    actions.retire_point(point=town.points["tax-window"], by=BY, now=NOW)
    old = queries.code_of(town.points["tax-window"])
    altered = code[:-1] + ("0" if code[-1] != "0" else "1")
    strange = queries.code_of(Point(number=999_999, generation=1))  # signed, and of no point
    for text in (altered, altered, old, strange, strange, strange):
        actions.note_stray(scan=queries.scanned(text), by="anyone", now=NOW)
    (found,), points = queries.silent_points(town.place, date(2024, 4, 10), 7)
    assert points == 1, "what was taken down is not in use"
    assert (found.number, found.refused) == (town.points["harbour"].number, 2)
    assert queries.refused_elsewhere(town.place, date(2024, 4, 4), date(2024, 4, 10)) == 3


# One unit looked into


def test_a_units_days_at_each_point(town: Town) -> None:
    town.verdict(at=NOW)
    town.verdict(at=NOW - DAY)
    town.verdict(grade="satisfied", at=NOW - DAY)
    past(town, "tax-window", "gg", channel="visit", at=NOW - DAY)
    rows = queries.by_day(town.units["tax-window"], date(2024, 4, 8), date(2024, 4, 10))
    number = town.points["tax-window"].number
    assert [(row.point, row.channel, row.bad, row.counts) for row in rows] == [
        (0, "visit", False, (0, 2, 0)),
        (number, "standing", False, (0, 1, 0)),
        (number, "standing", True, (0, 1, 1)),
    ]
    assert [row.total for row in rows] == [2, 1, 2]


def test_bad_verdicts_by_the_day_the_newest_first(town: Town) -> None:
    town.found(town.verdict(at=NOW - 2 * DAY))
    town.verdict()
    town.verdict()
    town.verdict(grade="satisfied")
    rows = queries.bad_by_day(town.units["tax-window"], *YEAR, limit=2)
    assert [(row.day, row.standing, row.n) for row in rows] == [
        (date(2024, 4, 10), "counted", 2),
        (date(2024, 4, 8), "upheld", 1),
    ]


def test_reasons_are_counted_for_bad_verdicts_of_the_unit(town: Town) -> None:
    for reasons in (["slow"], ["slow", "cold-face"]):
        actions.add_words(ballot=town.verdict(), reasons=reasons, words="x", phone="", by="anyone", now=NOW)
    actions.add_words(
        ballot=town.verdict("harbour"), reasons=["slow"], words="", phone="", by="anyone", now=NOW
    )
    span = (NOW - DAY, NOW + DAY)
    assert queries.reasons(town.units["tax-window"], *span) == {"slow": 2, "cold-face": 1}
    assert queries.reasons(town.units["tax-window"], NOW - 9 * DAY, NOW - DAY) == {}


def test_days_to_answer_are_of_those_found_true_and_answered(town: Town) -> None:
    unit, span = town.units["tax-window"], (NOW - DAY, NOW + 30 * DAY)
    assert queries.days_to_answer(unit, *span) == (0, None)
    for days in (2, 4, 9):
        ballot = town.found(town.verdict(), at=NOW + HOUR)
        actions.answer(ballot=ballot, text="A second clerk sits there now", by=BY, now=NOW + days * DAY)
    town.found(town.verdict(), at=NOW + HOUR)
    assert queries.days_to_answer(unit, *span) == (3, pytest.approx(4.0))
    assert queries.days_to_answer(unit, NOW + timedelta(days=1), NOW + 30 * DAY) == (0, None)
