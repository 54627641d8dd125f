"""Writing verdicts: points, ballots one by one or many at once, what was added in words, and what became of them."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max
from django.db.models.functions import Coalesce

from leitai.apps.ledger.actions import UNCHANGED, Draft, action, nothing_new, record, record_many
from leitai.apps.ledger.errors import refuse
from leitai.apps.regimes import queries as regimes
from leitai.rules import ballots as core
from leitai.rules.kernel import N_
from leitai.rules.ledger import digest

from .keys import seal
from .models import Ballot, Point, Standing, Words
from .queries import batch_digest

KEEP_WORDS = timedelta(days=180)
ADD_WORDS = timedelta(hours=1)


@dataclass(frozen=True)
class BallotDraft:
    """A verdict about to be cast. `once` is the sender's idempotency key: the same one again is the same verdict."""

    place: Any
    unit: Any
    grade: str
    once: str
    point: Any = None
    channel: str = "standing"
    cast_at: datetime | None = None


@action("points.added")
def add_points(*, place: Any, units: Sequence[Any], by: str, now: datetime) -> list[Point]:
    """One verdict point for each of these units that has none yet."""
    have = set(Point.objects.filter(place=place).values_list("unit_id", flat=True))
    fresh = [unit for unit in units if unit.pk not in have]
    if not fresh:
        return UNCHANGED
    first = Point.objects.aggregate(top=Coalesce(Max("number"), 0))["top"] + 1
    rows = Point.objects.bulk_create(
        [
            Point(place=place, unit=unit, number=number, name_zh=unit.name_zh, name_en=unit.name_en)
            for number, unit in enumerate(fresh, first)
        ],
        batch_size=1000,
    )
    record(
        place=place,
        kind="points.added",
        by=by,
        now=now,
        subject=f"place:{place.key}",
        data={"count": len(rows), "first": first},
    )
    return rows


@action("point.retired")
def retire_point(*, point: Point, by: str, now: datetime) -> Point:
    """Take a code down: whoever scans it from now on is told so."""
    if point.retired_at is not None:
        return UNCHANGED
    point.retired_at = now
    point.save()
    record(place=point.place, kind="point.retired", by=by, now=now, subject=f"point:{point.number}", data={})
    return point


@action("ballot.cast")
def cast_many(
    *,
    drafts: Sequence[BallotDraft],
    draw: Callable[[int], bytes] = secrets.token_bytes,
    by: str,
    now: datetime,
) -> list[Ballot]:
    """Cast verdicts together, each once; answers one row for each draft, in order.

    `draw` gives random bytes for receipts. A draft whose `once` was cast before gets the row of then.
    Raises Refused for a grade that is not on the place's scale (ask `queries.scale` first).
    """
    return _cast(drafts, draw, by, now)


@action("ballot.cast")
def cast(
    *,
    unit: Any,
    grade: str,
    once: str,
    point: Any = None,
    channel: str = "standing",
    draw: Callable[[int], bytes] = secrets.token_bytes,
    by: str,
    now: datetime,
) -> Ballot:
    """Cast one verdict; see `cast_many`."""
    return _cast([BallotDraft(unit.place, unit, grade, once, point, channel)], draw, by, now)[0]


def _cast(
    drafts: Sequence[BallotDraft], draw: Callable[[int], bytes], by: str, now: datetime
) -> list[Ballot]:
    rows = []
    places = {draft.place.pk: draft.place for draft in drafts}
    books = {key: regimes.shelf(place) for key, place in places.items()}
    for draft in drafts:
        at = draft.cast_at or now
        grade = _grade(books[draft.place.pk], at, draft.grade)
        rows.append(
            Ballot(
                place=draft.place,
                unit=draft.unit,
                point=draft.point,
                grade=grade.key,
                bad=grade.bad,
                channel=draft.channel,
                cast_at=at,
                receipt=core.receipt_code(draw(core.RECEIPT_BYTES)),
                once=draft.once,
            )
        )
    # Two that race with one key: the database keeps the first, and both are answered with it.
    Ballot.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
    found = Ballot.objects.filter(
        place__in={draft.place.pk for draft in drafts}, once__in=[draft.once for draft in drafts]
    )
    kept = {(row.place_id, row.once): row for row in found.select_related("place", "unit")}
    both = [(kept[row.place_id, row.once], row.receipt) for row in rows]
    fresh = [row for row, drawn in both if row.receipt == drawn]
    record_many(draft for row in fresh for draft in _events(row, by=by, now=now))
    if not fresh:
        nothing_new()
    return [row for row, _ in both]


def _grade(books: regimes.Shelf, at: datetime, key: str) -> core.Grade:
    known = _scale_of(books, at)
    found = next((grade for grade in known.grades if grade.key == key), None)
    if found is None:
        raise refuse(
            "unknown-grade",
            N_("There is no grade %(grade)s here; there are %(known)s."),
            grade=key,
            known=", ".join(grade.key for grade in known.grades),
        )
    return found


def _facts(row: Ballot) -> dict[str, Any]:
    """What conditions and the drive may ask of a verdict."""
    return {
        "ballot.grade": row.grade,
        "ballot.bad": row.bad,
        "ballot.channel": row.channel,
        "unit.key": row.unit.key,
        "unit.kind": row.unit.kind,
    }


def _events(row: Ballot, *, by: str, now: datetime) -> list[Draft]:
    subject = f"ballot:{row.pk}"
    kinds = ("ballot.cast", "ballot.bad") if row.bad else ("ballot.cast",)
    return [Draft(row.place_id, kind, row.cast_at, now, by, subject, _facts(row)) for kind in kinds]


@action("ballot.words_added")
def add_words(
    *, ballot: Ballot, reasons: Sequence[str] = (), words: str = "", phone: str = "", by: str, now: datetime
) -> Ballot:
    """What the citizen adds to a bad verdict, sealed; once, within the hour. The ledger keeps a digest only."""
    if Words.objects.filter(ballot=ballot).exists():
        raise refuse("words-once", N_("Something was added to this verdict already."))
    if now - ballot.cast_at > ADD_WORDS:
        raise refuse("words-late", N_("Something can be added to a verdict within an hour of it."))
    said = {"words": words.strip()[:2000], "phone": phone.strip()[:30]}
    sealed = seal(said)
    Words.objects.create(
        ballot=ballot,
        reasons=[reason for reason in reasons if reason][:10],
        sealed=sealed,
        keep_until=(now + KEEP_WORDS).date(),
    )
    record(
        place=ballot.place,
        kind="ballot.words_added",
        by=by,
        now=now,
        subject=f"ballot:{ballot.pk}",
        data={"sealed": digest(sealed)},
    )
    return ballot


@action("ballot.words_purged")
def purge_words(*, place: Any, by: str, now: datetime) -> int:
    """Delete what citizens added once its purpose has ended; the verdicts stay."""
    rows = Words.objects.filter(ballot__place=place, keep_until__lt=now.date())
    count = rows.count()
    if not count:
        return UNCHANGED
    rows.delete()
    record(
        place=place,
        kind="ballot.words_purged",
        by=by,
        now=now,
        subject=f"place:{place.key}",
        data={"count": count},
    )
    return count


@action("ballot.upheld", "ballot.set_aside")
def verify(*, ballot: Ballot, upheld: bool, reason: str, by: str, now: datetime) -> Ballot:
    """What call-back found: a bad verdict is found true, or set aside with the reason, which stays public."""
    ballot = Ballot.objects.select_for_update(of=("self",)).select_related("place", "unit").get(pk=ballot.pk)
    if not ballot.bad:
        raise refuse("not-bad", N_("Only a bad verdict is verified."))
    if ballot.standing != Standing.COUNTED:
        raise refuse("verified-already", N_("This verdict was verified already."))
    if not reason.strip():
        raise refuse("no-reason", N_("Say what the call-back found: the reason is public."))
    ballot.standing = Standing.UPHELD if upheld else Standing.SET_ASIDE
    ballot.reason = reason.strip()[:300]
    ballot.save()
    record(
        place=ballot.place,
        kind="ballot.upheld" if upheld else "ballot.set_aside",
        by=by,
        now=now,
        subject=f"ballot:{ballot.pk}",
        data=_facts(ballot) | {"reason": ballot.reason},
    )
    return ballot


@action("ballot.answered")
def answer(*, ballot: Ballot, text: str, by: str, now: datetime) -> Ballot:
    """What was put right, once the office has verified it: the citizen reads it on the receipt."""
    ballot = Ballot.objects.select_for_update(of=("self",)).select_related("place", "unit").get(pk=ballot.pk)
    if ballot.standing != Standing.UPHELD or ballot.answer:
        raise refuse("not-to-answer", N_("Only a bad verdict that was found true is answered, and once."))
    if not text.strip():
        raise refuse("no-answer", N_("Say what was put right: the citizen reads it."))
    ballot.answer = text.strip()[:500]
    ballot.save()
    record(
        place=ballot.place,
        kind="ballot.answered",
        by=by,
        now=now,
        subject=f"ballot:{ballot.pk}",
        data=_facts(ballot) | {"answer": digest(ballot.answer.encode())},
    )
    return ballot


@dataclass(frozen=True)
class BallotRecord:
    """A verdict as another system kept it. `standing` is what became of it there; `cast_at` is UTC."""

    source_id: str
    unit_id: int
    grade: str
    cast_at: datetime
    channel: str = "imported"
    standing: str = "counted"
    reason: str = ""


@action("ballots.imported")
def import_ballots(
    *, place: Any, source: str, records: Sequence[BallotRecord], by: str, now: datetime
) -> int:
    """Take a batch of another system's verdicts; those already here by source id are left alone. Returns how many.

    They are history: they count, and set nothing going.
    """
    # `exclude` says again what the index is limited to; without it no database uses the index.
    known = set(
        Ballot.objects.filter(place=place, source=source, source_id__in=[one.source_id for one in records])
        .exclude(source_id="")
        .values_list("source_id", flat=True)
    )
    fresh = [one for one in records if one.source_id not in known]
    if not fresh:
        return UNCHANGED
    books = regimes.shelf(place)
    bad = {one.source_id: _grade(books, one.cast_at, one.grade).bad for one in fresh}
    batch = batch_digest((one.source_id, one.unit_id, one.grade, one.cast_at, one.standing) for one in fresh)
    Ballot.objects.bulk_create(
        [
            Ballot(
                place=place,
                unit_id=one.unit_id,
                grade=one.grade,
                bad=bad[one.source_id],
                channel=one.channel[:20],
                cast_at=one.cast_at,
                standing=one.standing,
                reason=one.reason[:300],
                source=source,
                source_id=one.source_id,
                batch=batch,
            )
            for one in fresh
        ],
        batch_size=1000,
    )
    record(
        place=place,
        kind="ballots.imported",
        by=by,
        now=now,
        subject=f"source:{source}",
        data={
            "count": len(fresh),
            "first": fresh[0].source_id,
            "last": fresh[-1].source_id,
            "digest": batch,
        },
    )
    return len(fresh)


def _scale_of(books: regimes.Shelf, at: datetime) -> core.Scale:
    return core.scale_of(books.on(at.astimezone(books.place.zone).date()).ballots.grades)
