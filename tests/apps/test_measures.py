"""Measures: a figure is reported once and corrected in the open; what records say is counted, not asked for."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError

from leitai.apps.casework.actions import CaseRecord, import_cases
from leitai.apps.ledger.actions import UNCHANGED
from leitai.apps.ledger.models import Event
from leitai.apps.ledger.queries import data
from leitai.apps.measures import actions, queries
from leitai.apps.measures.models import Reading, ReadingState
from leitai.apps.regimes.queries import regime_on
from leitai.rules.kernel import Period
from tests.factories import BUREAUS, BY, DAY, NOW, Town, refused

MARCH = Period.parse("2024-03")
IN_TIME = NOW - 7 * DAY  # the rule-book gives five workdays


def cells(town: Town, measure: str, period: Period = MARCH, units: tuple[str, ...] = BUREAUS) -> Any:
    regime = regime_on(town.place, period.last)
    rows = [town.units[key] for key in units]
    return queries.cells(queries.Sources(town.place), regime, measure, period, rows)


def correct(reading: Reading, value: str, why: str = "mistyped a digit") -> Reading:
    return actions.correct(reading=reading, value=Decimal(value), why=why, by=BY, now=NOW + DAY)


def test_a_figure_and_its_target_become_a_cell(town: Town) -> None:
    town.report("water", "2024-03", "8.5", at=IN_TIME)
    cell = cells(town, "funds")["water"]
    assert (cell.value, cell.target, cell.state, cell.se) == (Decimal("8.5"), Decimal(10), "ok", None)
    assert cells(town, "funds")["roads"].state == "missing"


def test_a_report_after_the_period_says_it_is_late(town: Town) -> None:
    town.report("water", "2024-03", 8)
    town.report("water", "2024-04", 8)
    late = [
        data(event)["reading.late"] for event in Event.objects.filter(kind="reading.reported").order_by("id")
    ]
    assert late == [True, False]
    assert cells(town, "funds")["water"].state == "late", "it counts, and the table marks it"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"measure": "fund"}, "unknown-measure"),
        ({"period": Period.parse("2024-05")}, "period-to-come"),
        ({"value": None}, "no-value"),
        ({"value": Decimal("NaN")}, "no-value"),
        ({"numerator": Decimal(1)}, "no-value"),
        ({"value": None, "numerator": Decimal(1), "denominator": Decimal(0)}, "no-value"),
    ],
)
def test_a_report_is_refused(town: Town, change: dict[str, Any], code: str) -> None:
    values = {"measure": "funds", "period": MARCH, "value": Decimal(8)} | change
    with refused(code):
        actions.report(unit=town.units["water"], by=BY, now=NOW, **values)


def test_a_figure_is_reported_once_and_then_corrected(town: Town) -> None:
    first = town.report("water", "2024-03", 8)
    with refused("reported-already"):
        town.report("water", "2024-03", 9)
    second = correct(first, "9")
    with refused("reported-already"):
        town.report("water", "2024-03", 9)
    assert cells(town, "funds")["water"].value == 9
    assert second.target == first.target == 10
    assert Reading.objects.count() == 2, "a correction overwrites nothing"
    assert [row.pk for row in queries.readings(town.units["water"], ["2024-03"])] == [first.pk, second.pk]


def test_a_correction_says_why_and_is_made_once(town: Town) -> None:
    first = town.report("water", "2024-03", 8)
    with refused("no-reason"):
        correct(first, "9", why=" ")
    with refused("no-value"):
        correct(first, "Infinity")
    second = correct(first, "9")
    with refused("corrected-already"):
        correct(first, "10")
    event = Event.objects.get(kind="reading.corrected")
    assert (data(event)["why"], data(event)["replaces"]) == ("mistyped a digit", first.pk)
    assert correct(second, "10").replaces == second


def test_the_office_verifies_once(town: Town) -> None:
    row = town.report("water", "2024-03", 8)
    assert actions.verify(reading=row, by=BY, now=NOW).state == ReadingState.VERIFIED
    assert actions.verify(reading=row, by=BY, now=NOW) is UNCHANGED


def test_parts_of_a_period_add_up_and_a_missing_one_is_said(town: Town) -> None:
    for month, value, at in (("2024-01", 3, 60), ("2024-02", 4, 30)):
        town.report("water", month, value, at=IN_TIME - at * DAY)
    quarter = Period.parse("2024-Q1")
    cell = cells(town, "funds", quarter)["water"]
    assert (cell.value, cell.target, cell.state) == (7, 20, "late")
    town.report("water", "2024-03", 5, at=IN_TIME)
    cell = cells(town, "funds", quarter)["water"]
    assert (cell.value, cell.target, cell.state) == (12, 30, "ok")


def record(town: Town, n: int, unit: str = "water", **more: Any) -> actions.ReadingRecord:
    values = {"measure": "funds", "period": "2024-03", "value": Decimal(8)} | more
    return actions.ReadingRecord(source_id=str(n), unit_id=town.units[unit].pk, **values)


def import_(town: Town, *records: actions.ReadingRecord) -> Any:
    return actions.import_readings(place=town.place, source="old", records=records, by=BY, now=NOW)


def test_another_systems_figures_come_in_once(town: Town, vale: Town) -> None:
    rows = [record(town, n, unit) for n, unit in enumerate(BUREAUS)]
    assert import_(town, *rows) == 3
    assert import_(town, *rows) is UNCHANGED
    assert import_(town, *rows, record(town, 9, "north")) == 1
    assert import_(vale, record(vale, 0)) == 1


def test_a_figure_that_was_brought_is_not_reported_again(town: Town) -> None:
    import_(town, record(town, 1))
    with refused("reported-already"):
        town.report("water", "2024-03", 9)


def test_a_batch_with_a_bad_row_leaves_nothing(town: Town) -> None:
    before = len(town.kinds())
    with pytest.raises(IntegrityError):
        import_(town, record(town, 1), record(town, 2, value=None))
    # The act's own transaction is undone; nothing of it is seen afterwards.
    assert Reading.objects.count() == 0 and len(town.kinds()) == before


def test_rates_have_their_error(town: Town) -> None:
    import_(town, record(town, 1, value=None, numerator=Decimal(30), denominator=Decimal(40)))
    cell = cells(town, "funds")["water"]
    assert (cell.value, cell.n) == (Decimal("0.75"), 40)
    assert cell.se is not None and 0 < cell.se < 1


def test_a_windows_verdicts_count_for_its_bureau(town: Town) -> None:
    for grade in ("satisfied", "satisfied", "satisfied", "dissatisfied"):
        town.verdict(grade=grade, at=NOW - 20 * DAY)
    found = cells(town, "good-verdicts")
    assert (found["tax"].value, found["tax"].n) == (Decimal("0.75"), 4)
    assert found["water"].state == "few"


def test_a_verdict_set_aside_does_not_count_and_one_found_true_does(town: Town) -> None:
    rows = [town.verdict(at=NOW - 20 * DAY) for _ in range(3)]
    town.found(rows[0], reason="Confirmed")
    town.found(rows[1], upheld=False, reason="Another window")
    cell = cells(town, "bad-ones")["tax"]
    assert (cell.value, cell.n) == (1, 2)


def test_cases_are_counted_by_unit_and_kind(town: Town) -> None:
    opened = NOW - 30 * DAY  # 11 March
    records = [
        CaseRecord(f"{n}", town.units[unit].pk, "Errand", opened, closed=closed)
        for n, (unit, closed) in enumerate(
            [
                ("water", opened + DAY),
                ("water", None),
                ("tax-window", opened + DAY),
                ("tax", NOW),  # after the month
                ("tax", opened + 2 * DAY),
            ]
        )
    ]
    import_cases(place=town.place, kind="errand", source="old", records=records, by=BY, now=NOW)
    town.case("question", "roads", at=opened)
    found = cells(town, "finished")
    assert (found["water"].value, found["water"].n) == (Decimal("0.5"), 2)
    assert (round(found["tax"].value, 6), found["tax"].n) == (Decimal("0.666667"), 3)
    assert found["roads"].state == "few", "a question is no errand"


def test_a_unit_is_asked_for_what_its_tables_weigh(town: Town) -> None:
    day = NOW.astimezone(town.place.zone).date()
    regime = regime_on(town.place, day)
    (asked,) = queries.asked(town.units["water"], regime, day)
    assert (asked.key, asked.period, asked.reading) == ("funds", MARCH, None)
    row = town.report("water", "2024-03", 8)
    assert queries.asked(town.units["water"], regime, day)[0].reading == row
    assert queries.asked(town.units["tax-window"], regime, day) == [], "no table weighs a window"


@pytest.mark.parametrize(
    ("typed", "value"), [("1,234.5", "1234.5"), (" 12% ", "0.12"), ("３", "3"), ("-4", "-4")]
)
def test_numbers_as_people_type_them(typed: str, value: str) -> None:
    assert queries.decimal(typed) == Decimal(value)


def test_one_places_figures_are_not_in_anothers_cells(town: Town, vale: Town) -> None:
    town.report("water", "2024-03", 8)
    town.verdict(at=NOW - 20 * DAY)
    for measure in ("funds", "good-verdicts", "finished", "bad-ones"):
        assert {cell.n or 0 for cell in cells(vale, measure).values()} == {0}, measure
    assert queries.current(vale.place, "funds", ["2024-03"]) == []
