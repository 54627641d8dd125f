"""Verdicts: one press is one verdict, what was said is sealed, and none can be made to vanish."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from cryptography.fernet import InvalidToken
from django.db import connection

from leitai.apps.ballots import actions, keys, queries
from leitai.apps.ballots.models import Ballot, Point, Words
from leitai.apps.ledger.actions import UNCHANGED
from leitai.apps.ledger.models import Event
from leitai.apps.ledger.queries import data
from leitai.rules.ballots import parse_receipt
from leitai.rules.kernel import Finding, Period
from tests.factories import BY, DAY, HOUR, MINUTE, NOW, Town, at_once, build, refused

ONCE = "one-and-the-same-key"
SAID = "窗口的人骂我 rude to me"
PHONE = "13900001234"


def draft(town: Town, once: str, grade: str = "satisfied", unit: str = "tax-window") -> actions.BallotDraft:
    return actions.BallotDraft(town.units[unit], grade, once, town.points.get(unit))


# Casting


def test_a_good_verdict_leaves_one_event_and_a_bad_one_two(town: Town) -> None:
    before = len(town.kinds())
    town.verdict(grade="satisfied")
    town.verdict()
    assert town.kinds()[before:] == ["ballots.cast", "ballots.cast", "ballot.bad"]
    event = Event.objects.get(kind="ballot.bad")
    assert data(event) == {
        "ballot.grade": "dissatisfied",
        "ballot.bad": True,
        "ballot.channel": "standing",
        "unit.key": "tax-window",
        "unit.kind": "window",
    }


def test_pressing_twice_is_one_verdict(town: Town) -> None:
    first = town.verdict(once=ONCE)
    events = len(town.kinds())
    again = town.verdict(once=ONCE, at=NOW + HOUR)
    assert (again.pk, again.receipt, again.grade) == (first.pk, first.receipt, "dissatisfied")
    assert len(town.kinds()) == events


def test_the_same_form_with_another_answer_gets_nobodys_receipt(town: Town) -> None:
    town.verdict(once=ONCE)
    with refused("once-other"):
        town.verdict(grade="satisfied", once=ONCE)
    with refused("once-other"):
        town.verdict("harbour", once=ONCE)
    assert Ballot.objects.count() == 1


def test_a_crowds_verdicts_are_cast_together_each_once(town: Town) -> None:
    first = town.verdict(once=ONCE)
    drafts = [
        draft(town, "a" * 20),
        draft(town, ONCE, "dissatisfied"),
        draft(town, "b" * 20, "dissatisfied"),
        draft(town, "a" * 20),
    ]
    told = actions.cast_many(place=town.place, drafts=drafts, by="anyone", now=NOW)
    assert told[1] == first.receipt and told[0] == told[3]
    assert set(told) == set(Ballot.objects.values_list("receipt", flat=True))
    assert Ballot.objects.count() == 3
    assert town.kinds().count("ballots.cast") == 2, "one for the first, one for the crowd"
    assert len(set(told)) == 3


def test_a_grade_that_is_not_on_the_scale_is_refused_and_nothing_is_kept(town: Town) -> None:
    with refused("unknown-grade"):
        town.verdict(grade="average")
    both = [draft(town, "a" * 20), draft(town, "b" * 20, "so-so")]
    good, wrong = actions.cast_many(place=town.place, drafts=both, by="anyone", now=NOW)
    assert isinstance(wrong, Finding) and wrong.code == "unknown-grade"
    assert Ballot.objects.get().receipt == good, "what can be taken is taken"


def test_a_form_sent_before_receipts_were_made_of_its_key_is_known_when_it_comes_again(town: Town) -> None:
    first = town.verdict(once="another-form-altogether")
    Ballot.objects.update(once=ONCE)
    assert town.verdict(once=ONCE) == first
    with refused("once-other"):
        town.verdict(grade="satisfied", once=ONCE)
    assert Ballot.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_many_that_race_with_one_key_are_one_verdict() -> None:
    town = build()
    rows = at_once(*[lambda: town.verdict(once=ONCE)] * 6)
    assert len(rows) == 6 and len({row.receipt for row in rows}) == 1
    assert Ballot.objects.count() == 1
    assert [kind for kind in town.kinds() if kind.startswith("ballot")] == ["ballots.cast", "ballot.bad"]


def test_the_same_key_in_another_place_is_another_verdict(town: Town, vale: Town) -> None:
    mine, theirs = town.verdict(once=ONCE), vale.verdict(once=ONCE)
    assert (mine.place, theirs.place) == (town.place, vale.place)
    assert mine.receipt != theirs.receipt
    assert town.verdict(once=ONCE) == mine and vale.verdict(once=ONCE) == theirs


# Points and receipts


def test_a_code_leads_to_its_point_and_a_forged_one_nowhere(town: Town) -> None:
    point = town.points["tax-window"]
    code = queries.code_of(point)
    scan = queries.scanned(code)
    assert (scan.point, scan.finding) == (point, None)
    forged = code[:-1] + ("A" if code[-1] != "A" else "B")
    scan = queries.scanned(forged)
    assert scan.point is None and scan.finding is not None
    missing = replace_number(point)
    assert queries.scanned(missing).finding.code == "code-unknown"


def replace_number(point: Point) -> str:
    """A code that is signed as it should be, of a point that does not exist."""
    return queries.code_of(Point(number=999_999, generation=1, place=point.place, unit=point.unit))


def test_a_code_that_was_taken_down_says_so(town: Town) -> None:
    point = town.points["tax-window"]
    code = queries.code_of(point)
    actions.retire_point(point=point, by=BY, now=NOW)
    scan = queries.scanned(code)
    assert (scan.point, scan.finding.code) == (point, "code-retired")
    assert point not in queries.points(town.place)
    assert actions.retire_point(point=point, by=BY, now=NOW) is UNCHANGED


def test_an_older_print_of_a_code_is_retired(town: Town) -> None:
    point = town.points["tax-window"]
    code = queries.code_of(point)
    Point.objects.filter(pk=point.pk).update(generation=2)
    assert queries.scanned(code).finding.code == "code-retired"


def test_a_unit_gets_one_point(town: Town) -> None:
    window = town.units["tax-window"]
    assert actions.add_points(place=town.place, units=[window], by=BY, now=NOW) is UNCHANGED
    added = actions.add_points(place=town.place, units=[window, town.units["water"]], by=BY, now=NOW)
    assert [row.unit.key for row in added] == ["water"]
    assert [row.unit.key for row in queries.points(town.place, window)] == ["tax-window"]


def test_a_receipt_finds_its_verdict_however_it_is_typed(town: Town) -> None:
    row = town.verdict()
    for typed in (row.receipt, row.receipt.lower(), row.receipt.replace("-", ""), f" {row.receipt} "):
        assert queries.by_receipt(typed) == row, typed
    assert queries.by_receipt("0000-0000-0000") is None
    assert queries.by_receipt("hello") is None


def test_a_receipt_is_told_by_nobody_without_the_secret_of_the_house(town: Town, settings: Any) -> None:
    def told(secret: str) -> bytes:
        settings.DATA_KEY = secret
        return next(keys.receipts(town.place.key, [ONCE]))

    one, other = told("a secret"), told("another secret")
    assert one == told("a secret") != other
    town.verdict(once=ONCE)
    row = Ballot.objects.get()
    assert parse_receipt(row.receipt) == one
    assert row.once is None, "whoever reads the table cannot send the same form"


# Words


def test_what_a_citizen_adds_is_sealed_in_the_database(town: Town) -> None:
    row = town.verdict()
    actions.add_words(ballot=row, reasons=["slow"], words=SAID, phone=PHONE, by="anyone", now=NOW + MINUTE)
    assert queries.words(row) == (["slow"], SAID, PHONE)
    assert queries.has_words(row)
    for table in connection.introspection.table_names():
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            kept = b"".join(
                bytes(cell) if isinstance(cell, bytes | memoryview) else str(cell).encode()
                for line in cursor.fetchall()
                for cell in line
            )
        assert SAID.encode() not in kept and b"rude to me" not in kept and PHONE.encode() not in kept, table


def test_what_was_sealed_and_tampered_with_does_not_open(town: Town) -> None:
    sealed = keys.seal({"words": SAID})
    assert keys.seal({"words": SAID}) != sealed, "the same words twice do not look the same"
    with pytest.raises(InvalidToken):
        keys.unseal(sealed[:-3] + b"AAA")


def test_words_are_added_once_within_the_hour(town: Town) -> None:
    row = town.verdict()
    with refused("words-late"):
        actions.add_words(ballot=row, words=SAID, by="anyone", now=NOW + HOUR + MINUTE)
    actions.add_words(ballot=row, words=SAID, by="anyone", now=NOW + HOUR)
    with refused("words-once"):
        actions.add_words(ballot=row, words="more", by="anyone", now=NOW + HOUR)
    assert queries.words(row)[1] == SAID


def test_words_are_purged_when_their_purpose_ends_and_the_verdict_stays(town: Town, vale: Town) -> None:
    row = town.verdict()
    actions.add_words(ballot=row, words=SAID, by="anyone", now=NOW)
    last = NOW + actions.KEEP_WORDS
    assert actions.purge_words(place=town.place, by="drive", now=last) is UNCHANGED
    assert actions.purge_words(place=vale.place, by="drive", now=last + 9 * DAY) is UNCHANGED, "not its own"
    assert actions.purge_words(place=town.place, by="drive", now=last + DAY) == 1
    assert not Words.objects.exists()
    assert queries.words(row) == ([], "", "")
    assert Ballot.objects.get() == row


# What became of them


def test_a_verdict_found_true_counts_and_one_set_aside_stays_visible(town: Town) -> None:
    upheld, aside = town.verdict(), town.verdict()
    town.found(upheld)
    town.found(aside, upheld=False, reason="The caller meant another window")
    view = queries.rate(town.units["tax-window"], NOW.date(), NOW.date())
    assert (view.n, view.bad, view.upheld, view.aside) == (1, 1, 1, 1)
    aside.refresh_from_db()
    assert aside.reason == "The caller meant another window"
    assert queries.by_receipt(aside.receipt) == aside
    assert [event.kind for event in queries.road(aside)] == [
        "ballot.bad",
        "ballot.call_drawn",
        "ballot.doubted",
        "ballot.set_aside",
    ]
    assert queries.upheld(town.place, NOW - DAY, NOW + DAY) == [upheld]


def test_only_a_verdict_found_true_is_answered_and_once(town: Town) -> None:
    def answer(row: Ballot, text: str = "The window has a second bell now") -> Ballot:
        return actions.answer(ballot=row, text=text, by=BY, now=NOW)

    row = town.verdict()
    with refused("not-to-answer"):
        answer(row)
    town.found(row)
    with refused("no-answer"):
        answer(row, " ")
    assert answer(row).answer == "The window has a second bell now"
    with refused("not-to-answer"):
        answer(row)


def test_what_waits_is_bad_unverified_and_our_own(town: Town, vale: Town) -> None:
    second, first = town.verdict(at=NOW), town.verdict(at=NOW - HOUR)
    town.found(town.verdict())
    town.verdict(grade="satisfied")
    import_(town, record(1, town, grade="dissatisfied"))
    assert list(queries.waiting(town.place)) == [first, second]
    assert list(queries.waiting(town.place, first.unit.key)) == [first, second]
    assert list(queries.waiting(town.place, "no such unit")) == []
    assert list(queries.waiting(vale.place)) == []


# Import


def record(n: int, town: Town, **more: Any) -> actions.BallotRecord:
    made = actions.BallotRecord(str(n), town.units["tax-window"].pk, "satisfied", NOW - 9 * DAY)
    return replace(made, **more)


def import_(town: Town, *records: actions.BallotRecord) -> Any:
    return actions.import_ballots(place=town.place, source="old", records=records, by=BY, now=NOW)


def test_imported_verdicts_come_in_once_count_and_set_nothing_going(town: Town) -> None:
    rows = [record(n, town, grade="dissatisfied" if n < 2 else "satisfied") for n in range(6)]
    assert import_(town, *rows) == 6
    assert import_(town, *rows) is UNCHANGED
    assert import_(town, *rows, record(6, town)) == 1
    assert town.kinds().count("ballot.bad") == 0
    view = queries.totals(town.place, (NOW - 10 * DAY).date(), NOW.date())
    assert (view.n, view.bad, view.few) == (7, 2, False)
    assert view.low < view.share < view.high


def test_the_same_id_in_two_places_is_two_verdicts(town: Town, vale: Town) -> None:
    assert import_(town, record(1, town)) == import_(vale, record(1, vale)) == 1


# Counting


def test_too_few_to_judge_is_said(town: Town) -> None:
    window = town.units["tax-window"]
    assert queries.rate(window, NOW.date(), NOW.date()).share is None
    town.verdict()
    assert queries.rate(window, NOW.date(), NOW.date()).few
    town.verdict(grade="satisfied")
    view = queries.rate(window, NOW.date(), NOW.date())
    assert (view.few, view.share) == (False, 0.5)


def test_months_are_the_places_own(town: Town) -> None:
    # Half past four in the afternoon of 31 March in UTC is half past midnight of 1 April in Shanghai.
    town.verdict(at=NOW.replace(month=3, day=31, hour=16, minute=30))
    months = [Period.parse("2024-03"), Period.parse("2024-04")]
    assert [view.n for view in queries.series(town.units["tax-window"], months)] == [0, 1]
    assert queries.series(town.units["tax-window"], []) == []


def test_one_places_verdicts_are_not_in_anothers_counts(town: Town, vale: Town) -> None:
    town.verdict()
    span = ((NOW - DAY).date(), (NOW + DAY).date())
    assert queries.totals(vale.place, *span).n == 0
    assert queries.counts_by_unit(vale.place, *span) == {}
    assert queries.counts_by_unit(town.place, *span) == {town.units["tax-window"].pk: (1, 1, 0)}
    assert {point.place_id for point in queries.points(vale.place)} == {vale.place.pk}
