"""What a figure rests on, who disputes it, and what is asked of whom: each figure once."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook

from leitai.apps.ledger.actions import UNCHANGED
from leitai.apps.measures import actions, queries
from leitai.apps.measures.models import Dispute, Evidence, Reading, ReadingState, Side
from leitai.apps.regimes.queries import regime_on
from leitai.rules.kernel import Period
from tests.api.pictures import PHOTO
from tests.factories import BUREAUS, BY, DAY, DISTRICTS, NOW, Town, refused

MARCH = Period.parse("2024-03")
UNIT, OFFICE = "account:clerk", "account:office"


def dispute(
    reading: Reading, side: str = Side.OFFICE, by: str = OFFICE, reason: str = "The bank says 7"
) -> Any:
    return actions.dispute(reading=reading, side=side, reason=reason, by=by, now=NOW)


def answer(row: Dispute, upheld: bool, by: str = UNIT, text: str = "See the receipt") -> Any:
    return actions.answer_dispute(dispute=row, upheld=upheld, answer=text, by=by, now=NOW)


def state(town: Town) -> str:
    unit = town.units["water"]
    found = queries.cells(
        queries.Sources(town.place), regime_on(town.place, MARCH.last), "funds", MARCH, [unit]
    )
    return found["water"].state


def test_a_disputed_figure_counts_and_is_marked_until_it_is_answered(town: Town) -> None:
    row = town.report("water", "2024-03", 8, at=NOW - 7 * DAY)
    actions.verify(reading=row, by=OFFICE, now=NOW)
    one = dispute(row, Side.UNIT, UNIT)
    assert state(town) == "disputed"
    answer(one, False, OFFICE)
    row.refresh_from_db()
    assert (row.state, state(town)) == (ReadingState.VERIFIED, "ok")


def test_a_dispute_that_is_upheld_ends_with_the_correction(town: Town) -> None:
    row = town.report("water", "2024-03", 8, at=NOW - 7 * DAY)
    answer(dispute(row), True)
    with refused("disputed"):
        actions.verify(reading=row, by=OFFICE, now=NOW)
    after = actions.correct(reading=row, value=Decimal(7), why="the bank is right", by=UNIT, now=NOW)
    assert (after.state, state(town)) == (ReadingState.REPORTED, "ok")


def test_a_correction_answers_an_open_dispute(town: Town) -> None:
    row = town.report("water", "2024-03", 8)
    one = dispute(row)
    actions.correct(reading=row, value=Decimal(7), why="the bank is right", by=UNIT, now=NOW)
    one.refresh_from_db()
    assert (one.upheld, one.answer, one.answered_by) == (True, "the bank is right", UNIT)


def test_disputes_that_cannot_be(town: Town) -> None:
    row = town.report("water", "2024-03", 8)
    with refused("no-reason"):
        dispute(row, reason=" ")
    one = dispute(row)
    with refused("disputed-already"):
        dispute(row, Side.UNIT, UNIT)
    with refused("own-dispute"):
        answer(one, False, OFFICE)
    with refused("no-reason"):
        answer(one, False, text=" ")
    answer(one, False)
    with refused("answered-already"):
        answer(one, True)
    actions.correct(reading=row, value=Decimal(7), why="mistyped", by=UNIT, now=NOW)
    with refused("corrected-already"):
        dispute(row)


def evidence(row: Reading, content: bytes = b"", link: str = "", name: str = "receipt") -> Any:
    return actions.add_evidence(reading=row, name=name, content=content, link=link, by=UNIT, now=NOW)


def sheet() -> bytes:
    book, out = Workbook(), BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "media"),
    [(b"%PDF-1.7 x", "application/pdf"), (PHOTO, "image/jpeg"), (sheet(), "spreadsheetml")],
)
def test_papers_and_pictures_are_kept_once(town: Town, content: bytes, media: str) -> None:
    row = town.report("water", "2024-03", 8)
    assert media in evidence(row, content).media
    assert evidence(row, content) is UNCHANGED
    assert Evidence.objects.get().content


def test_a_link_is_kept_as_a_link(town: Town) -> None:
    row = town.report("water", "2024-03", 8)
    found = evidence(row, link="https://example.org/bank/7")
    assert (found.link, found.content) == ("https://example.org/bank/7", None)


@pytest.mark.parametrize(
    ("content", "link", "code"),
    [
        (b"", "", "no-evidence"),
        (b"", "javascript:alert(1)", "no-evidence"),
        (b"<html>", "", "other-kind"),
        (b"PK\x03\x04 not a zip", "", "other-kind"),
        (b"%PDF-" + b"x" * (5 << 20), "", "too-big"),
    ],
)
def test_what_is_no_evidence(town: Town, content: bytes, link: str, code: str) -> None:
    row = town.report("water", "2024-03", 8)
    with refused(code):
        evidence(row, content, link)


def test_what_did_not_come_is_missing_and_then_late(town: Town) -> None:
    town.report("water", "2024-03", 8)
    regime = regime_on(town.place, MARCH.last)
    early, after = (
        {one.unit.key: one.state for one in queries.asks(town.place, regime, MARCH, at)}
        for at in (NOW - 5 * DAY, NOW)
    )
    assert early == {**dict.fromkeys((*BUREAUS, *DISTRICTS), "missing"), "water": "reported"}
    assert after == {**dict.fromkeys((*BUREAUS, *DISTRICTS), "late"), "water": "reported"}


def test_a_figure_that_came_late_stays_marked(town: Town) -> None:
    row = town.report("water", "2024-03", 8)
    assert row.late
    assert actions.correct(reading=row, value=Decimal(7), why="mistyped", by=UNIT, now=NOW).late
    assert not town.report("water", "2024-04", 8).late


def test_asks_are_counted_by_unit_and_week(town: Town) -> None:
    weeks = [
        Period.parse(f"2024-W{n}") for n in (13, 14, 15)
    ]  # 1 April, when March has ended, is in the second
    found = queries.burden(town.place, regime_on(town.place, NOW.date()), weeks)
    counts = {one.unit.key: (one.weeks, one.total) for one in found}
    assert counts == dict.fromkeys((*BUREAUS, *DISTRICTS), ((0, 1, 0), 1))


def test_the_road_of_a_figure_is_found_from_any_part_of_it(town: Town) -> None:
    first = town.report("water", "2024-03", 8)
    second = actions.correct(reading=first, value=Decimal(7), why="mistyped", by=BY, now=NOW)
    third = actions.correct(reading=second, value=Decimal(6), why="again", by=BY, now=NOW)
    for row in (first, second, third):
        assert [one.pk for one in queries.line(row)] == [first.pk, second.pk, third.pk]
