"""Who has the database can change a row; the audit holds rows against the ledger and names what was changed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from leitai.apps.ballots import actions as ballots
from leitai.apps.ballots.models import Ballot, CallBack
from leitai.apps.regimes.models import Version
from leitai.apps.tables.models import Standing, Table
from leitai.drive.audit import audit
from tests.factories import DAY, HOUR, NOW, Town

VALUES = {"water": 12, "roads": 9, "tax": 5, "north": 10, "south": 7, "harbour": 3}


@pytest.fixture
def kept(town: Town) -> Town:
    """A place with verdicts cast, decided and imported, and a published table."""
    town.verdict()
    town.verdict(grade="satisfied")
    town.found(town.verdict(), reason="The window was shut at noon")
    unit = town.units["tax-window"].pk
    records = [ballots.BallotRecord(str(n), unit, "satisfied", NOW - n * HOUR) for n in range(1, 6)]
    ballots.import_ballots(place=town.place, source="old", records=records, by="o", now=NOW)
    town.reports("2024-03", VALUES)
    town.table("works", "2024-03")
    town.drive()
    return town


def codes(town: Town) -> list[str]:
    return [one.code for one in audit(town.place).findings]


def test_what_nobody_touched_is_as_the_ledger_says(kept: Town) -> None:
    report = audit(kept.place)
    assert report.findings == ()
    assert report.compared >= 12


def cast() -> Ballot:
    return Ballot.objects.filter(source="", bad=True, standing="counted").get()


def gone(row: Ballot) -> object:
    CallBack.objects.filter(ballot=row).delete()
    return row.delete()


def edition() -> Table:
    return Table.objects.get()


TAMPERINGS: dict[str, tuple[Callable[[], object], str]] = {
    "a grade": (
        lambda: Ballot.objects.filter(pk=cast().pk).update(grade="satisfied", bad=False),
        "verdict-altered",
    ),
    "an instant": (lambda: Ballot.objects.filter(pk=cast().pk).update(cast_at=NOW - DAY), "verdict-altered"),
    "a standing": (
        lambda: Ballot.objects.filter(standing="upheld").update(standing="set_aside", reason="no", answer=""),
        "standing-altered",
    ),
    "a verdict gone": (lambda: gone(cast()), "verdict-gone"),
    "an imported grade": (
        lambda: Ballot.objects.filter(source="old", source_id="2").update(grade="dissatisfied", bad=True),
        "import-altered",
    ),
    "an imported one gone": (
        lambda: Ballot.objects.filter(source="old", source_id="2").delete(),
        "import-altered",
    ),
    "a rank": (
        lambda: Standing.objects.filter(rank=1).update(named_best=False, score=1),
        "standings-altered",
    ),
    "a result": (
        lambda: Table.objects.update(result=edition().result.replace('"rank":1', '"rank":2')),
        "table-altered",
    ),
    "a digest with it": (lambda: Table.objects.update(digest="0" * 64), "table-altered"),
    "a rule": (lambda: Version.objects.update(text="leitai: 1\n"), "rule-book-altered"),
}


@pytest.mark.parametrize("what", TAMPERINGS)
def test_a_changed_row_is_named(kept: Town, what: str) -> None:
    tamper, code = TAMPERINGS[what]
    assert tamper()
    assert code in codes(kept)


def test_a_verdict_that_was_never_cast_is_named(kept: Town) -> None:
    row = cast()
    row.pk, row.index, row.receipt, row.once = None, None, "another", "another"
    row.save()
    assert codes(kept) == ["verdict-invented"]
