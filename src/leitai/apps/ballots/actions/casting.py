"""Casting verdicts: many at once, each once, with its leaf in the log, its count and its event, or none of it.

The hot door writes thousands a second through here, so a batch takes a handful of statements whatever its
size, and works on values, not on model instances.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from leitai.apps.ledger import log
from leitai.apps.ledger.actions import Draft, action, insert_many, nothing_new, record_many
from leitai.apps.ledger.errors import Refused
from leitai.apps.regimes import queries as regimes
from leitai.rules import ballots as core
from leitai.rules.kernel import N_, Finding

from .. import tallies
from ..models import Ballot, Standing, Ticket

COLUMNS = (
    "place_id", "unit_id", "point_id", "index", "grade", "bad", "channel", "cast_at", "receipt", "once", "network",
    "device",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class BallotDraft:
    """A verdict about to be cast. `once` is the sender's idempotency key: the same one again is the same verdict.

    `unit` has pk, key and kind; `point` pk and number. `serial`: the ticket at the point that it is cast with.
    `network` and `device` are keyed digests that say where from without saying who.
    """

    unit: Any
    grade: str
    once: str
    point: Any = None
    channel: str = "standing"
    serial: int | None = None
    cast_at: datetime | None = None
    network: str = ""
    device: str = ""


@dataclass(frozen=True, slots=True)
class _Fresh:
    """A draft that is not there yet, with what the rule-book makes of it."""

    draft: BallotDraft
    at: datetime
    day: date
    grade: core.Grade
    channel: str
    receipt: str
    ticket: int | None


@action("ballots.cast")
def cast_many(
    *,
    place: Any,
    drafts: Sequence[BallotDraft],
    draw: Callable[[int], bytes] = secrets.token_bytes,
    by: str,
    now: datetime,
) -> list[str | Finding]:
    """Cast verdicts of one place together; for each, in order, its receipt, or why it was not taken.

    `draw` gives random bytes for receipts. A draft whose `once` was cast before gets the receipt of then.
    Findings: `unknown-grade`, `ticket-unknown`, `ticket-expired`, `ticket-used`.
    """
    return _cast(place, drafts, draw, by, now)


def _cast(
    place: Any, drafts: Sequence[BallotDraft], draw: Callable[[int], bytes], by: str, now: datetime
) -> list[str | Finding]:
    tree = log.lock(place)
    known = dict(
        Ballot.objects.filter(place=place, once__in={one.once for one in drafts}).values_list(
            "once", "receipt"
        )
    )
    outcomes: dict[str, str | Finding] = dict(known)
    fresh: list[_Fresh] = []
    look = _Look(place, drafts, now)
    for draft in drafts:
        if draft.once in outcomes:
            continue
        found = look.at(draft, draw)
        if isinstance(found, Finding):
            outcomes[draft.once] = found
        else:
            outcomes[draft.once] = found.receipt
            fresh.append(found)
    if fresh:
        _write(place, tree, fresh, by=by, now=now)
    else:
        nothing_new()
    return [outcomes[one.once] for one in drafts]


@action("ballots.cast")
def cast(
    *,
    unit: Any,
    grade: str,
    once: str,
    point: Any = None,
    channel: str = "standing",
    serial: int | None = None,
    network: str = "",
    device: str = "",
    draw: Callable[[int], bytes] = secrets.token_bytes,
    by: str,
    now: datetime,
) -> Ballot:
    """Cast one verdict; see `cast_many`. Raises Refused where that says why not."""
    draft = BallotDraft(unit, grade, once, point, channel, serial, None, network, device)
    (found,) = _cast(unit.place, [draft], draw, by, now)
    if isinstance(found, Finding):
        raise Refused(found)
    return Ballot.objects.select_related("place", "unit", "point").get(place=unit.place, receipt=found)


class _Look:
    """What the rule-book and the tickets say of drafts: each question is asked of the database once a batch."""

    def __init__(self, place: Any, drafts: Sequence[BallotDraft], now: datetime) -> None:
        self.place, self.now, self.zone = place, now, place.zone
        self.books = regimes.shelf(place)
        self.scales: dict[date, Mapping[str, core.Grade]] = {}
        self.days: dict[datetime, date] = {}
        self.tickets: dict[tuple[int, int], Any] = {}
        serials = {one.serial for one in drafts if one.serial is not None}
        if serials:
            points = {one.point.pk for one in drafts if one.serial is not None}
            rows = Ticket.objects.filter(point__in=points, serial__in=serials)
            self.tickets = {
                (row[0], row[1]): row[2:]
                for row in rows.values_list("point_id", "serial", "pk", "channel", "expires_at", "ballot_id")
            }
        self.used: set[int] = set()

    def at(self, draft: BallotDraft, draw: Callable[[int], bytes]) -> _Fresh | Finding:
        """The draft with its grade, channel and receipt, or why it cannot be taken."""
        at = draft.cast_at or self.now
        day = self.days.get(at)
        if day is None:
            day = self.days[at] = at.astimezone(self.zone).date()
        grade = self.grades(day).get(draft.grade)
        if grade is None:
            message = N_("There is no grade %(grade)s here; there are %(known)s.")
            known = ", ".join(self.grades(day))
            return Finding("unknown-grade", message, values={"grade": draft.grade, "known": known})
        channel, ticket = draft.channel, None
        if draft.serial is not None:
            found = self.ticket(draft)
            if isinstance(found, Finding):
                return found
            channel, ticket = found
        return _Fresh(draft, at, day, grade, channel, core.receipt_code(draw(core.RECEIPT_BYTES)), ticket)

    def grades(self, day: date) -> Mapping[str, core.Grade]:
        """The place's grades of a day, by key."""
        if day not in self.scales:
            scale = core.scale_of(self.books.on(day).ballots.grades)
            self.scales[day] = {one.key: one for one in scale.grades}
        return self.scales[day]

    def ticket(self, draft: BallotDraft) -> tuple[str, int] | Finding:
        """The channel and number of the ticket that a draft is cast with; a ticket is used once."""
        found = self.tickets.get((draft.point.pk, draft.serial))
        if found is None:
            return Finding("ticket-unknown", N_("This ticket was not issued here."))
        pk, channel, expires_at, ballot = found
        if ballot is not None or pk in self.used:
            return Finding(
                "ticket-used", N_("A verdict was given with this ticket already: one visit, one verdict.")
            )
        if self.now >= expires_at:
            return Finding("ticket-expired", N_("This ticket has expired."))
        self.used.add(pk)
        return channel, pk


def _write(place: Any, tree: Any, fresh: Sequence[_Fresh], *, by: str, now: datetime) -> None:
    """Rows, leaves, counts, used tickets and events of new verdicts, in the running transaction."""
    rows, leaves, counts = [], [], Counter[tallies.Cell]()
    for index, one in enumerate(fresh, tree.size):
        draft, grade = one.draft, one.grade
        unit, point = draft.unit, draft.point
        number = point.number if point is not None else 0
        place_of = (place.pk, unit.pk, point.pk if point is not None else None, index)
        said = (grade.key, grade.bad, one.channel, one.at, one.receipt, draft.once)
        rows.append((*place_of, *said, draft.network, draft.device))
        leaves.append(
            core.ballot_leaf(place.key, unit.key, number, grade.key, one.channel, one.at, one.receipt)
        )
        cell = (one.day, unit.pk, number, one.channel, grade.key, grade.bad, Standing.COUNTED.value)
        counts[tallies.Cell(*cell)] += 1
    insert_many(Ballot, COLUMNS, rows)
    first = log.grow(tree, leaves)
    tallies.add(place, counts)
    told = [one.grade.bad for one in fresh]
    tickets = [(index, one.ticket) for index, one in enumerate(fresh, first) if one.ticket is not None]
    keys: dict[int, int] = {}
    if tickets or any(told):
        span = Ballot.objects.filter(place=place, index__gte=first, index__lt=first + len(fresh))
        keys = dict(span.values_list("index", "pk"))
    if tickets:
        Ticket.objects.bulk_update(
            [Ticket(pk=pk, ballot_id=keys[index]) for index, pk in tickets], ["ballot"]
        )
    data = {"count": len(fresh), "first": first, "size": tree.size, "root": log.root(tree).hex()}
    record_many(
        [
            Draft(place.pk, "ballots.cast", now, now, by, f"log:{first}", data),
            *(
                Draft(place.pk, "ballot.bad", one.at, now, by, f"ballot:{keys[index]}", _bad_facts(one))
                for index, one in enumerate(fresh, first)
                if one.grade.bad
            ),
        ]
    )


def _bad_facts(one: _Fresh) -> dict[str, Any]:
    unit = one.draft.unit
    return facts(one.grade.key, True, one.channel, unit.key, unit.kind)


def facts(grade: str, bad: bool, channel: str, unit: str, kind: str) -> dict[str, Any]:
    """What conditions and the drive may ask of a verdict."""
    return {
        "ballot.grade": grade,
        "ballot.bad": bad,
        "ballot.channel": channel,
        "unit.key": unit,
        "unit.kind": kind,
    }


def facts_of(ballot: Ballot) -> dict[str, Any]:
    """As `facts`, of a row."""
    return facts(ballot.grade, ballot.bad, ballot.channel, ballot.unit.key, ballot.unit.kind)
