"""Facts of cases from their rows: what befell on the road, by unit, kind and period, each with what it rests on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from leitai.apps.casework import actions, queries
from leitai.apps.measures.case_facts import FACTS, report
from leitai.rules.kernel import Period
from leitai.rules.regime import vocabulary
from tests.factories import BY, DAY, HOUR, NOW, Town, build, text

APRIL = tuple(int(one.timestamp()) for one in (NOW - 9 * DAY, NOW + 20 * DAY))
PAUSING = "    pauses: {frost: {name: {zh: 冻, en: Frost}, most: 20 days, source: x}}\n    relapse: 30 days\n"


@pytest.fixture
def town(db: None) -> Town:
    """The small place, where findings may pause and come back."""
    book = text().replace("    public: true\n  errand:", f"    public: true\n{PAUSING}  errand:")
    assert PAUSING in book
    return build("town", regime=book)


def said(town: Town, *names: str, unit: str = "water", kind: str | None = None) -> list[Any]:
    """(value, n) of facts about a unit in April."""
    told = report(town.place, kind, *APRIL, [town.units[unit]]).facts
    return [
        (round(float(told[f"cases.{name}"].values[0]), 4), int(told[f"cases.{name}"].n[0])) for name in names
    ]


def answered(town: Town, at: Any = NOW, unit: str = "water", **more: Any) -> Any:
    """A question of the firm, replied to after an hour and answered after two."""
    case = town.case("question", unit, at=at, enterprise=town.firm, **more)
    form = {"owner": "Li", "next_step": "Dig it up", "time": "2030-01-02T10:00"}
    case = town.move(case, "reply", "unit", at + HOUR, **form)
    return town.move(case, "answer", "unit", at + 2 * HOUR, done="The pipe was replaced")


def test_every_fact_of_a_rule_book_is_computed_and_no_other() -> None:
    assert set(FACTS) == {name for name in vocabulary.FACTS if name.startswith("cases.")}


def test_replied_and_solved_are_of_those_opened(town: Town) -> None:
    town.move(answered(town), "confirm", "enterprise", NOW + 3 * HOUR)
    answered(town)
    town.case("question", enterprise=town.firm)
    assert said(town, "response_rate", "solved_rate") == [(0.6667, 3), (0.3333, 3)]
    assert np.isnan(said(town, "response_rate", unit="roads")[0][0])


def test_satisfied_is_who_said_so_when_first_asked(town: Town) -> None:
    town.move(answered(town), "confirm", "enterprise", NOW + 3 * HOUR)
    back = town.move(answered(town), "return", "enterprise", NOW + 3 * HOUR, reason="Still wet")
    back = town.move(back, "answer", "unit", NOW + 4 * HOUR, done="Sealed it anew")
    town.move(back, "confirm", "enterprise", NOW + 5 * HOUR)
    silent = answered(town)
    town.move(silent, "close", "office", NOW + 3 * HOUR, evidence="Seen on the spot")
    by_office = town.move(answered(town), "return", "office", NOW + 3 * HOUR, reason="Not dry yet")
    by_office = town.move(by_office, "answer", "unit", NOW + 4 * HOUR, done="Dried it")
    town.move(by_office, "confirm", "enterprise", NOW + 5 * HOUR)
    assert said(town, "satisfied_rate", "overturned_share") == [(0.6667, 3), (0.5, 4)]


def test_a_reporters_first_word_counts_after_closing_too(town: Town) -> None:
    cases = [town.case("finding", None, where=f"{n} Long Street") for n in range(2)]
    for case in cases:
        town.move(case, "dispatch", "office", unit="water")
        town.move(case, "answer", "unit", NOW + HOUR, done="Mended the lid")
    actions.say_over(case=cases[0], by="anyone", now=NOW + 2 * HOUR)
    for case in cases:
        town.move(case, "close", "office", NOW + 3 * HOUR, evidence="Seen on the spot")
    actions.say_not_over(case=cases[1], text="It is loose again", by="anyone", now=NOW + DAY)
    assert said(town, "satisfied_rate", "relapse_share") == [(0.5, 2), (0.5, 2)]


def test_what_was_never_taken_up_cannot_come_back(town: Town) -> None:
    case = town.case("finding", "water")
    town.move(case, "set-aside", "office", NOW + HOUR, reason="No such street")
    assert report(town.place, None, *APRIL, []).facts["cases.relapse_share"].n[0] == 0


def test_paused_time_is_wall_time_and_a_pause_may_last(town: Town) -> None:
    case = town.case("finding", None, at=NOW)
    town.move(case, "dispatch", "office", unit="water")
    asked = actions.ask(
        case=case, kind="pause", ground="frost", text="The ground is frozen hard", until=NOW + 4 * DAY,
        unit=town.units["water"], by="account:clerk", now=NOW + DAY,
    )  # fmt: skip
    actions.answer_request(request=asked, granted=True, role="office", by="account:office", now=NOW + DAY)
    end = int((NOW + 3 * DAY).timestamp())
    told = report(town.place, "finding", int(NOW.timestamp()), end, [town.units["water"]])
    assert told.facts["cases.paused_share"].values[0] == pytest.approx(2 / 3)
    actions.end_pause(case=case, by="drive", now=NOW + 4 * DAY)
    assert said(town, "paused_share") == [(round(3 / 20, 4), 1)]


def test_history_of_another_system_counts_in_no_fact_about_the_road(town: Town) -> None:
    water = town.units["water"].pk
    records = [
        actions.CaseRecord(str(n), water, "Lamp", NOW - DAY, NOW + DAY, NOW + n * HOUR) for n in range(1, 11)
    ]
    actions.import_cases(place=town.place, kind="errand", source="old", records=records, by=BY, now=NOW)
    told = report(town.place, "errand", *APRIL, [town.units["water"]])
    counts = {name: fact.n[0] for name, fact in told.facts.items() if fact.n is not None}
    assert counts["cases.solved_rate"] == counts["cases.p90_hours"] == counts["cases.on_time_survival"] == 10
    assert {
        counts[f"cases.{name}"]
        for name in ("response_rate", "paused_share", "relapse_share", "overturned_share")
    } == {0}
    assert told.facts["cases.on_time_survival"].values[0] == 1
    assert told.facts["cases.on_time_survival"].errors[0] > 0, "ten of ten are no certainty"
    assert told.facts["cases.p90_hours"].values[0] == pytest.approx(33.1)


def errand(town: Town, *units: str, late: bool = True) -> Any:
    """An errand due on the second day, dispatched to units one after the other, the last of them on the third."""
    case = town.case("errand", None, given_due=NOW + 2 * DAY)
    first, *others = units
    case = town.move(case, "dispatch", "office", unit=first)
    for unit in others:
        at = NOW + (3 * DAY if late else HOUR)
        case = town.move(case, "hand-back", "unit", at, reason="It is another bureau's by law")
        case = town.move(case, "dispatch", "office", at, unit=unit)
    return case


def test_late_is_the_unit_that_had_it_when_it_fell_due(town: Town) -> None:
    errand(town, "water", "roads")
    errand(town, "water", "roads", late=False)
    kept = errand(town, "tax", "roads", late=False)
    kept = town.move(kept, "answer", "unit", NOW + DAY, done="Mended the lid")
    town.move(kept, "close", "office", NOW + DAY, evidence="Seen on the spot")
    assert said(town, "on_time_rate", kind="errand") == [(0.0, 1)]
    assert said(town, "on_time_rate", unit="roads", kind="errand") == [(0.5, 2)]
    assert said(town, "on_time_survival", kind="errand")[0][1] == 1
    assert said(town, "solved_rate", unit="roads", kind="errand") == [(0.3333, 3)], "whoever has it solves it"
    whole = report(town.place, "errand", *APRIL, []).facts["cases.on_time_rate"]
    assert (round(float(whole.values[0]), 4), int(whole.n[0])) == (0.3333, 3)


def test_late_at_the_office_is_no_units_and_late_after_a_transfer_the_first_ones(town: Town) -> None:
    lay = errand(town, "water")
    lay = town.move(lay, "hand-back", "unit", NOW + DAY, reason="It is another bureau's by law")
    town.move(lay, "dispatch", "office", NOW + 3 * DAY, unit="roads")
    hole = town.move(town.case("hole", None), "dispatch", "office", unit="water")
    asked = actions.ask(
        case=hole, kind="transfer", ground="by-law", text="The road belongs to the province since 2020",
        to_unit=town.units["roads"], unit=town.units["water"], by="account:clerk", now=NOW,
    )  # fmt: skip
    late = NOW + 5 * DAY
    actions.answer_request(request=asked, granted=True, role="unit", by="account:roads", now=late)
    assert said(town, "on_time_rate") == [(0.0, 1)]
    rate = report(town.place, None, *APRIL, [town.units["roads"]]).facts["cases.on_time_rate"]
    assert rate.n[0] == 0 and np.isnan(rate.values[0])


def test_arrays_are_the_rows_in_whole_seconds_rounded_down(town: Town) -> None:
    at = NOW + timedelta(microseconds=999_900)
    case = town.move(answered(town, at), "confirm", "enterprise", at + 3 * HOUR)
    other = town.case("finding", None, at=at)
    known = queries.arrays(town.place)
    second = int(NOW.timestamp())
    assert known.ids.tolist() == [case.pk, other.pk]
    assert known.opened.tolist() == [second, second]
    assert known.closed.tolist() == [second + 3 * 3600, -1]
    assert known.due.tolist() == [second + 600, -1]
    assert known.unit.tolist() == [town.units["water"].pk, -1]
    assert known.replied.tolist() == [second + 3600, -1]
    assert known.answered.tolist() == [second + 7200, -1]
    assert queries.arrays(town.place, "finding").ids.tolist() == [other.pk]
    assert queries.arrays(town.place, "no-such").spoke.tolist() == []


def test_nothing_of_another_place_is_counted(town: Town, vale: Town) -> None:
    town.move(answered(town), "confirm", "enterprise", NOW + 3 * HOUR)
    told = report(vale.place, None, *APRIL, [vale.units["water"]])
    assert told.opened[0] == 0
    assert all(fact.n is None or fact.n[0] == 0 for fact in told.facts.values())


def test_a_table_weighs_the_new_facts(db: None) -> None:
    from leitai.apps.measures import queries as measures
    from leitai.apps.regimes.queries import regime_on

    names = ("response_rate", "satisfied_rate", "on_time_survival", "p90_hours")
    one = "{name: F, better: more, from: cases.%s, of: {kind: question}, points: {by: rank}, source: x}"
    spec = "".join(f"  fact-{name.replace('_', '-')}: {one % name}\n" for name in names)
    town = build("town", regime=text().replace("measures:\n", f"measures:\n{spec}", 1))
    town.move(answered(town), "confirm", "enterprise", NOW + 3 * HOUR)
    regime = regime_on(town.place, NOW.date())
    found = {}
    for name in names:
        key = f"fact-{name.replace('_', '-')}"
        cells = measures.cells(
            measures.Sources(town.place),
            regime,
            key,
            Period.parse("2024-04"),
            [town.units["water"], town.units["tax"]],
        )
        found[name] = (cells["water"].value, cells["water"].n)
        assert cells["tax"].state == "few"
    assert {name: (float(value), n) for name, (value, n) in found.items()} == {
        "response_rate": (1, 1), "satisfied_rate": (1, 1), "on_time_survival": (0, 1), "p90_hours": (3, 1),
    }  # fmt: skip
