"""From the database to sealed days: what was cast, added and decided is in them, and nothing else is needed."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from leitai.apps.ledger.errors import Refused
from leitai.lake import connect, days, recount, verify, whole_days
from tests.factories import DAY, HOUR, MINUTE, NOW, Town, build, refused

pytestmark = pytest.mark.django_db
FIRST = date(2024, 4, 10)


@pytest.fixture
def town() -> Town:
    """Verdicts of three days: one found bad on the second, one set aside on the third, words added to one."""
    from leitai.apps.ballots import actions

    town = build()
    first = [town.verdict(grade="dissatisfied", at=NOW + MINUTE * n) for n in range(3)]
    actions.add_words(
        ballot=first[0], reasons=["slow"], words="too long", phone="", by="anyone", now=NOW + 10 * MINUTE
    )
    town.verdict(grade="satisfied", at=NOW + HOUR)
    for n in range(5):
        town.verdict(grade="satisfied", at=NOW + DAY + HOUR * n)
    town.found(first[0], True, at=NOW + DAY + 6 * HOUR)
    town.verdict(grade="satisfied", at=NOW + 2 * DAY)
    town.found(first[2], False, at=NOW + 2 * DAY + HOUR)
    return town


def seal(town: Town, folder: Path, at: Any = NOW + 3 * DAY) -> list[Any]:
    from leitai.lake.sealing import seal_due_days

    return seal_due_days(town.place, folder, at)


def test_days_that_have_ended_are_sealed_and_remembered(town: Town, tmp_path: Path) -> None:
    from leitai.lake.sealing import recorded

    sealed = seal(town, tmp_path, NOW + 2 * DAY)
    assert [one.rows for one in sealed] == [4, 5]
    assert recorded(town.place) == {
        FIRST: sealed[0].digest,
        FIRST + timedelta(1): sealed[1].digest,
    }
    assert [one.rows for one in seal(town, tmp_path)] == [1]
    assert seal(town, tmp_path) == []


def test_sealed_days_hold_the_whole_log(town: Town, tmp_path: Path) -> None:
    from leitai.apps.ledger import log
    from leitai.lake.sealing import recorded

    seal(town, tmp_path)
    tree = log.of(town.place)
    checked = verify(tmp_path, "town", digests=recorded(town.place), heads={5: log.root_at(tree, 5).hex()})
    assert checked.findings == ()
    assert (checked.rows, checked.size, checked.root) == (10, tree.size, log.root(tree).hex())
    assert tree.size == 11, "what was added in words has a leaf of its own"


def test_a_recount_of_the_files_is_the_count_of_the_database(town: Town, tmp_path: Path) -> None:
    from leitai.apps.ballots.tallies import kept

    seal(town, tmp_path)
    with connect("duckdb", threads=1) as engine:
        table = recount(engine, whole_days(tmp_path, "town"), "standing")
    found = {(row["unit"], row["month"], row["standing"]): row["cast"] for row in table.to_pylist()}
    units = {row.pk: key for key, row in town.units.items()}
    expected: Counter[tuple[str, str, str]] = Counter()
    for cell, n in kept(town.place).items():
        expected[units[cell.unit], f"{cell.day:%Y-%m}", cell.standing] += n
    assert found == expected
    assert found["tax-window", "2024-04", "set_aside"] == 1


def test_nothing_that_a_citizen_said_or_keeps_is_in_the_files(town: Town, tmp_path: Path) -> None:
    from leitai.apps.ballots.models import Ballot

    seal(town, tmp_path)
    everything = b"".join(path.read_bytes() for path in tmp_path.rglob("*.parquet"))
    for row in Ballot.objects.filter(place=town.place):
        assert row.receipt.encode() not in everything


def test_killed_before_it_was_remembered_a_day_is_sealed_again_alike(town: Town, tmp_path: Path) -> None:
    from leitai.apps.ballots.models import SealedDay
    from leitai.lake.sealing import recorded

    before = [one.digest for one in seal(town, tmp_path)]
    SealedDay.objects.filter(place=town.place).delete()
    assert recorded(town.place) == {}
    assert [one.digest for one in seal(town, tmp_path)] == before
    assert verify(tmp_path, "town", digests=recorded(town.place)).findings == ()


def test_a_verdict_changed_in_the_database_is_not_sealed(town: Town, tmp_path: Path) -> None:
    from leitai.apps.ballots.models import Ballot

    Ballot.objects.filter(place=town.place, index=1).update(grade="satisfied")
    with refused("day-leaf-differs"):
        seal(town, tmp_path)
    assert days(tmp_path, "town") == ((), ())


def test_a_verdict_deleted_from_the_database_is_not_passed_over(town: Town, tmp_path: Path) -> None:
    from leitai.apps.ballots.models import Ballot

    Ballot.objects.filter(place=town.place, grade="satisfied").order_by("index")[0].delete()
    with pytest.raises(Refused) as told:
        seal(town, tmp_path)
    assert told.value.finding.code == "day-leaf-gone"


def test_two_places_lie_apart(town: Town, tmp_path: Path) -> None:
    vale = build("vale")
    vale.verdict(at=NOW)
    seal(town, tmp_path)
    seal(vale, tmp_path)
    assert verify(tmp_path, "vale").rows == 1
    assert verify(tmp_path, "town").rows == 10


def test_a_day_on_which_something_was_only_decided_is_sealed_too(town: Town, tmp_path: Path) -> None:
    from leitai.apps.ballots.models import Ballot

    bad = Ballot.objects.filter(place=town.place, bad=True, standing="counted").select_related(
        "place", "unit"
    )
    town.found(bad[0], True, at=NOW + 3 * DAY)
    sealed = seal(town, tmp_path, NOW + 4 * DAY)
    assert sealed[-1].rows == 0
    with connect("duckdb", threads=1) as engine:
        table = recount(engine, whole_days(tmp_path, "town"))
    assert (
        sum(table["upheld"].to_pylist()) == Ballot.objects.filter(place=town.place, standing="upheld").count()
    )
