"""Targets come from letters that two sides signed; a signed one is replaced, never changed, and a change is caught."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from leitai.apps.ledger.actions import UNCHANGED
from leitai.apps.ledger.models import Event
from leitai.apps.ledger.queries import data
from leitai.apps.measures import actions, queries
from leitai.apps.measures.models import Letter, Side, Term
from leitai.apps.regimes.queries import regime_on
from leitai.rules.kernel import Period
from tests.factories import BY, NOW, Town, refused

YEAR, MARCH = Period.parse("2024"), Period.parse("2024-03")
UNIT, OFFICE = "account:clerk", "account:office"


def draft(town: Town, *terms: tuple[str, str, str], **more: Any) -> Letter:
    values: dict[str, Any] = {
        "unit": town.units["water"],
        "period": YEAR,
        "title": "Letter of 2024",
        "document": "No. 3 of 2024",
        "terms": [actions.TermDraft(one, period, Decimal(target)) for one, period, target in terms],
    }
    return actions.draft_letter(**(values | more), by=OFFICE, now=NOW)


def confirm(letter: Letter, side: str, by: str, digest: str = "") -> Any:
    letter.refresh_from_db()
    return actions.confirm_letter(letter=letter, side=side, digest=digest or letter.digest, by=by, now=NOW)


def signed(town: Town, *terms: tuple[str, str, str], **more: Any) -> Letter:
    letter = draft(town, *terms, **more)
    confirm(letter, Side.UNIT, UNIT)
    confirm(letter, Side.OFFICE, OFFICE)
    letter.refresh_from_db()
    return letter


def report(town: Town, period: str, value: int, target: Decimal | None = None) -> Any:
    return actions.report(
        unit=town.units["water"],
        measure="funds",
        period=Period.parse(period),
        value=Decimal(value),
        target=target,
        by=BY,
        now=NOW,
    )


def target(town: Town, period: Period = MARCH) -> Decimal | None:
    regime, unit = regime_on(town.place, period.last), town.units["water"]
    return queries.cells(queries.Sources(town.place), regime, "funds", period, [unit])["water"].target


def test_a_target_counts_when_both_sides_have_confirmed(town: Town) -> None:
    letter = draft(town, ("funds", "2024-03", "12"))
    report(town, "2024-03", 9)
    assert target(town) is None
    confirm(letter, Side.UNIT, UNIT)
    assert target(town) is None
    confirm(letter, Side.OFFICE, OFFICE)
    assert target(town) == 12
    kinds = [kind for kind in town.kinds() if kind.startswith("letter.")]
    assert kinds == ["letter.drafted", "letter.confirmed", "letter.confirmed", "letter.signed"]
    text = data(Event.objects.get(kind="letter.signed"))["text"]
    assert text["terms"] == [["funds", "2024-03", "12"]] and text["document"] == "No. 3 of 2024"


def test_parts_add_up_and_a_target_of_the_whole_goes_before_them(town: Town) -> None:
    signed(town, ("funds", "2024-01", "4"), ("funds", "2024-02", "5"))
    report(town, "2024-01", 3)
    report(town, "2024-02", 3)
    quarter = Period.parse("2024-Q1")
    assert target(town, quarter) == 9
    signed(town, ("funds", "2024-Q1", "20"))
    assert target(town, quarter) == 20


def test_a_report_states_no_target_of_its_own_beside_a_letter(town: Town) -> None:
    signed(town, ("funds", "2024-03", "12"))
    with refused("target-in-letter"):
        report(town, "2024-03", 9, Decimal(5))
    assert report(town, "2024-03", 9, Decimal(12)).pk
    assert target(town) == 12


def test_what_a_report_said_before_the_letter_gives_way(town: Town) -> None:
    report(town, "2024-03", 9, Decimal(5))
    assert target(town) == 5
    signed(town, ("funds", "2024-03", "12"))
    assert target(town) == 12


@pytest.mark.parametrize(
    ("term", "code"),
    [
        (("fund", "2024-03", "1"), "unknown-measure"),
        (("bad-ones", "2024-03", "1"), "no-target"),
        (("funds", "2025-03", "1"), "outside-letter"),
        (("funds", "2024-W05", "1"), "other-period"),
        (("funds", "2024-3", "1"), "no-period"),
        (("funds", "2024-03", "0"), "bad-target"),
        (("funds", "2024-03", "NaN"), "bad-target"),
        (("funds", "2024-03", "0.0000001"), "bad-target"),
    ],
)
def test_a_target_that_nothing_would_use_is_refused(
    town: Town, term: tuple[str, str, str], code: str
) -> None:
    with refused(code):
        draft(town, term)


def test_a_letter_needs_targets_a_paper_and_no_target_twice(town: Town) -> None:
    with refused("no-terms"):
        draft(town)
    with refused("no-document"):
        draft(town, ("funds", "2024-03", "1"), document=" ")
    with refused("term-twice"):
        draft(town, ("funds", "2024-03", "1"), ("funds", "2024-03", "2"))


def test_two_accounts_sign_the_text_they_read(town: Town) -> None:
    letter = draft(town, ("funds", "2024-03", "12"))
    confirm(letter, Side.UNIT, UNIT)
    with refused("same-account"):
        confirm(letter, Side.OFFICE, UNIT)
    with refused("other-text"):
        confirm(letter, Side.OFFICE, OFFICE, "0" * 64)
    Term.objects.filter(letter=letter).update(target=1)
    with refused("other-text"):
        confirm(letter, Side.OFFICE, OFFICE)
    assert target(town) is None
    assert confirm(letter, Side.UNIT, "account:another") is UNCHANGED


def test_a_target_stands_in_one_letter_until_that_is_replaced(town: Town) -> None:
    first = signed(town, ("funds", "2024-03", "12"), ("funds", "2024-04", "12"))
    with refused("target-stands"):
        draft(town, ("funds", "2024-03", "8"))
    report(town, "2024-03", 9)
    second = draft(town, ("funds", "2024-03", "8"), replaces=first)
    assert target(town) == 12, "a draft changes nothing"
    confirm(second, Side.UNIT, UNIT)
    confirm(second, Side.OFFICE, OFFICE)
    assert target(town) == 8
    assert queries.standing_term(town.units["water"], "funds", "2024-04") is None
    with refused("not-in-force"):
        draft(town, ("funds", "2024-03", "9"), replaces=first)
    assert queries.altered(town.place) == {}


def test_of_two_letters_in_place_of_one_the_first_to_be_signed_stands(town: Town) -> None:
    first = signed(town, ("funds", "2024-03", "12"))
    second, third = (draft(town, ("funds", "2024-03", n), replaces=first) for n in ("8", "7"))
    for letter in (second, third):
        confirm(letter, Side.UNIT, UNIT)
    confirm(second, Side.OFFICE, OFFICE)
    with refused("not-in-force"):
        confirm(third, Side.OFFICE, OFFICE)
    assert queries.standing_term(town.units["water"], "funds", "2024-03").target == 8


@pytest.mark.parametrize(
    "change",
    [
        lambda letter: letter.terms.update(target=1),
        lambda letter: letter.terms.update(standing=False),
        lambda letter: letter.terms.all().delete(),
        lambda letter: Letter.objects.filter(pk=letter.pk).update(document="another paper"),
        lambda letter: Letter.objects.filter(pk=letter.pk).update(office_by="", office_at=None),
    ],
    ids=["target", "standing", "deleted", "document", "signature"],
)
def test_a_signed_letter_changed_past_the_house_is_caught_and_not_used(town: Town, change: Any) -> None:
    letter = signed(town, ("funds", "2024-03", "12"))
    report(town, "2024-03", 9)
    change(letter)
    assert queries.altered(town.place) == {letter.pk: {"funds"}}
    with refused("letter-altered"):
        target(town)


def test_a_target_that_was_never_signed_is_caught(town: Town) -> None:
    letter = draft(town, ("funds", "2024-03", "1"))
    letter.terms.update(standing=True)
    assert queries.altered(town.place) == {letter.pk: {"funds"}}
    with refused("letter-altered"):
        target(town)


def test_a_frozen_table_is_scored_by_the_letter(town: Town) -> None:
    signed(town, ("funds", "2024-03", "5"))
    report(town, "2024-03", 5)
    for unit in ("roads", "tax", "north", "south", "harbour"):
        town.report(unit, "2024-03", 5)
    rows = {row.unit: row for row in town.table("works", "2024-03").computed().rows}
    assert (rows["water"].score, rows["roads"].score) == (100, 50)


def test_one_places_letters_are_not_anothers(town: Town, vale: Town) -> None:
    signed(town, ("funds", "2024-03", "12"))
    assert queries.targets(vale.place, "funds") == {}
    assert not queries.letters(vale.place).exists()
    Term.objects.filter(letter__place=town.place).update(target=1)
    assert queries.altered(vale.place) == {}
