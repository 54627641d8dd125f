"""The log of verdicts: whoever has the whole database cannot drop, alter, back-date, reorder or cut a verdict unseen.

The attacker of these tests may write any row, and covers every trace in the database: tree, events and signed heads
are made anew to fit. What he cannot reach is one signed head that somebody saved before.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db.models import F

from leitai.apps.ballots import actions, queries
from leitai.apps.ballots.leaves import in_order, leaf_of
from leitai.apps.ballots.models import Ballot, CallBack, Words
from leitai.apps.ledger import log
from leitai.apps.ledger.models import Checkpoint, Event, Log, Tile
from leitai.rules import ballots as core
from leitai.rules.ledger import Note, read_note
from tests.factories import DAY, HOUR, NOW, Town

FEW = 300  # more than a tile


@pytest.fixture
def told(town: Town) -> Town:
    """A place with verdicts, one with words, and a signed head."""
    unit, point = town.units["tax-window"], town.points["tax-window"]
    drafts = [
        actions.BallotDraft(
            unit, "dissatisfied" if n % 10 == 0 else "satisfied", f"a-key-long-enough-{n:04}", point
        )
        for n in range(FEW)
    ]
    actions.cast_many(place=town.place, drafts=drafts, by="anyone", now=NOW)
    bad = Ballot.objects.filter(bad=True).select_related("place").first()
    actions.add_words(ballot=bad, words="The window was shut", phone="5551234", by="anyone", now=NOW)
    town.verdict(at=NOW + HOUR)
    town.drive(NOW + HOUR)
    log.publish(town.place, now=NOW + HOUR)
    return town


def saved(town: Town) -> Note:
    """The newest head as somebody outside has it."""
    read = read_note(log.checkpoints(town.place, 1)[0].note)
    assert isinstance(read, tuple)
    note, signatures = read
    assert log.signature_holds(note, signatures, log.public_key())
    return note


def codes(town: Town, *heads: Note) -> set[str]:
    """What checking the database finds."""
    kept = [(head.size, head.root.hex()) for head in heads]
    return {one.code for one in queries.check(town.place, kept) if one is not None}


def cover(town: Town) -> None:
    """Tree, events and heads made anew from the rows, as an attacker who knows the program would."""
    leaves = {row.index: leaf_of(town.place.key, row) for row in in_order(town.place)}
    for row in Words.objects.select_related("ballot"):
        event = Event.objects.get(kind="ballot.words_added", subject=f"ballot:{row.ballot_id}")
        said = json.loads(event.data)
        leaves[said["leaf"]] = core.words_leaf(town.place.key, row.ballot.receipt, said["commitment"])
    Checkpoint.objects.all().delete()
    Tile.objects.all().delete()
    Event.objects.filter(kind="ballots.cast").delete()
    Log.objects.update(size=0, frontier=b"sha256\n" + bytes(8))
    from django.db import transaction

    with transaction.atomic():
        log.grow(log.lock(town.place), [leaves[index] for index in sorted(leaves)])


def take_away(row: Ballot) -> None:
    """The verdict with all that hangs on it."""
    CallBack.objects.filter(ballot=row).delete()
    row.delete()


def drop(town: Town) -> None:
    take_away(Ballot.objects.get(index=20))
    Ballot.objects.filter(index__gt=20).update(index=F("index") + 10_000)
    Ballot.objects.filter(index__gt=10_000).update(index=F("index") - 10_001)
    for event in Event.objects.filter(kind="ballot.words_added"):
        event.data = json.dumps(json.loads(event.data) | {"leaf": json.loads(event.data)["leaf"] - 1})
        event.save()


def alter(town: Town) -> None:
    Ballot.objects.filter(index=20).update(grade="satisfied", bad=False)


def back_date(town: Town) -> None:
    Ballot.objects.filter(index=20).update(cast_at=NOW - 30 * DAY)


def reorder(town: Town) -> None:
    Ballot.objects.filter(index=20).update(index=9999)
    Ballot.objects.filter(index=21).update(index=20)
    Ballot.objects.filter(index=9999).update(index=21)


def cut(town: Town) -> None:
    take_away(Ballot.objects.order_by("-index")[0])


ATTACKS = pytest.mark.parametrize(
    "attack", [drop, alter, back_date, reorder, cut], ids=lambda one: one.__name__
)


def test_what_nobody_touched_is_whole(told: Town) -> None:
    assert codes(told, saved(told)) == set()


@ATTACKS
def test_a_changed_row_is_found_by_the_log_alone(told: Town, attack: Callable[[Town], None]) -> None:
    attack(told)
    assert codes(told)


@ATTACKS
def test_with_every_trace_covered_a_head_kept_elsewhere_finds_it(
    told: Town, attack: Callable[[Town], None]
) -> None:
    head = saved(told)
    attack(told)
    cover(told)
    assert codes(told) == set(), "inside the database all agrees again"
    assert codes(told, head) == {"log-cut" if attack in (drop, cut) else "log-rewritten"}


@ATTACKS
def test_a_receipts_proof_that_was_kept_shows_it_too(told: Town, attack: Callable[[Town], None]) -> None:
    """The citizen alone, with the proof saved then and whatever head the house shows now."""
    ballot = Ballot.objects.select_related("place", "unit", "point").get(index=20)
    proof = queries.proof(ballot)
    assert proof is not None and proof.note and proof.holds
    attack(told)
    cover(told)
    now = log.publish(told.place, now=NOW + DAY)
    assert now is not None
    read = read_note(now.note)
    assert isinstance(read, tuple)
    head, road = read[0], None
    if head.size < proof.size:
        assert attack in (drop, cut), "the house shows fewer leaves than it once signed for"
    else:
        if head.size > proof.size:
            road = queries.log_road(told.place, proof.size, head.size)
        assert core.check_receipt(proof, head=head, road=road)


def test_a_receipt_is_proved_against_a_head_kept_before_and_after(told: Town) -> None:
    ballot = Ballot.objects.select_related("place", "unit", "point").get(index=20)
    early = saved(told)
    for n in range(3):
        told.verdict(at=NOW + DAY + timedelta(minutes=n))
    log.publish(told.place, now=NOW + 2 * DAY)
    proof = queries.proof(ballot)
    assert proof is not None and proof.size == early.size + 3
    road = queries.log_road(told.place, early.size, proof.size)
    assert core.check_receipt(proof, receipt=ballot.receipt, head=early, road=road) == ()
    (missing,) = core.check_receipt(proof, head=early)
    assert missing.code == "road-missing"
    late = Ballot.objects.select_related("place", "unit", "point").order_by("-index").first()
    newer = queries.proof(late)
    assert newer is not None
    (older,) = core.check_receipt(newer, head=early)
    assert older.code == "head-older"
    (other,) = core.check_receipt(proof, receipt=late.receipt)
    assert other.code == "receipt-differs"


def test_purging_words_keeps_the_proof(told: Town) -> None:
    head = saved(told)
    assert actions.purge_words(place=told.place, by="drive", now=NOW + 200 * DAY) == 1
    assert not Words.objects.exists()
    assert codes(told, head) == set()


def test_heads_follow_the_beat_and_midnight(told: Town) -> None:
    last = log.checkpoints(told.place, 1)[0].at
    assert not log.due(told.place, last + timedelta(minutes=9))
    assert log.due(told.place, last + timedelta(minutes=10))
    assert log.publish(told.place, now=last + timedelta(minutes=10)) is None, "nothing was added"
    midnight = last.astimezone(told.place.zone).replace(hour=0, minute=0) + DAY
    told.verdict(at=midnight - timedelta(minutes=2))
    assert log.publish(told.place, now=midnight - timedelta(minutes=1)) is not None
    assert not log.due(told.place, midnight - timedelta(seconds=1))
    assert log.due(told.place, midnight + timedelta(seconds=1))


def test_verdicts_from_before_the_log_are_taken_up_once(told: Town) -> None:
    values = {"place": told.place, "unit": told.units["tax"], "grade": "satisfied", "bad": False}
    for n in range(3):
        Ballot.objects.create(**values, cast_at=NOW - DAY, receipt=f"OLD-{n}")
    before = saved(told)
    assert actions.take_up(place=told.place, by="drive", now=NOW + DAY) == 3
    assert not actions.take_up(place=told.place, by="drive", now=NOW + DAY)
    assert codes(told, before) == set()
    view = queries.rate(told.units["tax"], (NOW - DAY).date(), (NOW - DAY).date())
    assert view.n == 3
