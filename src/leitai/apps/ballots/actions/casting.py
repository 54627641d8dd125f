"""Casting verdicts: many at once, each once, with its leaf in the log, its count and its event, or none of it.

The hot door writes thousands a second through here, so a batch takes a handful of statements whatever its
size, and works on values, not on model instances.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import connection

from leitai.apps.ledger import log
from leitai.apps.ledger.actions import Draft, action, insert_many, nothing_new, record_many
from leitai.apps.ledger.errors import Refused
from leitai.apps.regimes import queries as regimes
from leitai.rules import ballots as core
from leitai.rules.kernel import N_, Finding

from .. import tallies
from ..facts import facts
from ..keys import receipts
from ..models import Ballot, Standing, Ticket

COLUMNS = (
    "place_id", "unit_id", "point_id", "index", "grade", "bad", "channel", "cast_at", "receipt", "network", "device",
)  # fmt: skip
_BALLOT = Ballot._meta.db_table


_OTHER = Finding(
    "once-other",
    N_("An answer was given with this form already, and it stands. For another verdict scan the code again."),
)


class BallotDraft(NamedTuple):
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


class _Fresh(NamedTuple):
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
    by: str,
    now: datetime,
) -> list[str | Finding]:
    """Cast verdicts of one place together; for each, in order, its receipt, or why it was not taken.

    A receipt is a keyed digest of `once`: so a draft that was cast before is found by the receipt it would get.
    Findings: `unknown-grade`, `ticket-unknown`, `ticket-expired`, `ticket-used`, and `once-other` where the key
    was used for another answer.
    """
    return _cast(place, drafts, by, now)


def _cast(place: Any, drafts: Sequence[BallotDraft], by: str, now: datetime) -> list[str | Finding]:
    tree = log.lock(place)
    codes = [core.receipt_code(one) for one in receipts(place.key, [draft.once for draft in drafts])]
    known = _known(place, drafts, codes)
    outcomes: list[str | Finding] = []
    fresh: list[_Fresh] = []
    look = _Look(place, drafts, now)
    for draft, receipt in zip(drafts, codes, strict=True):
        said = (draft.grade, draft.point.pk if draft.point is not None else None)
        before = known.get(draft.once)
        if before is not None:
            # The same key with another answer is not the same form sent twice: it gets nobody's receipt.
            outcomes.append(before[0] if before[1:] == said else _OTHER)
            continue
        found = look.at(draft, receipt)
        if isinstance(found, Finding):
            outcomes.append(found)
        else:
            outcomes.append(receipt)
            fresh.append(found)
            known[draft.once] = (receipt, *said)
    if fresh:
        _write(place, tree, fresh, by=by, now=now)
    else:
        nothing_new()
    return outcomes


def _known(
    place: Any, drafts: Sequence[BallotDraft], codes: Sequence[str]
) -> dict[str, tuple[str, str, int | None]]:
    """(receipt, grade, point's id) by key, of the drafts that were cast before.

    Verdicts from when receipts were drawn at random are found by their key, which is kept of no others.
    """
    known = {}
    for start in range(0, len(drafts), 1000):
        some = codes[start : start + 1000]
        keys = [one.once for one in drafts[start : start + 1000]]
        marks, columns = ", ".join(["%s"] * len(keys)), "once, receipt, grade, point_id"
        sql = (
            f"SELECT {columns} FROM {_BALLOT} WHERE receipt IN ({marks}) UNION ALL "  # noqa: S608
            f"SELECT {columns} FROM {_BALLOT} WHERE place_id = %s AND once IN ({marks})"
        )
        with connection.cursor() as cursor:
            cursor.execute(sql, [*some, place.pk, *keys])
            found = cursor.fetchall()
        if found:
            of = dict(zip(some, keys, strict=True))
            known |= {once or of[receipt]: (receipt, *said) for once, receipt, *said in found}
    return known


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
    by: str,
    now: datetime,
) -> Ballot:
    """Cast one verdict; see `cast_many`. Raises Refused where that says why not."""
    draft = BallotDraft(unit, grade, once, point, channel, serial, None, network, device)
    (found,) = _cast(unit.place, [draft], by, now)
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

    def at(self, draft: BallotDraft, receipt: str) -> _Fresh | Finding:
        """The draft with its grade and channel, or why it cannot be taken."""
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
        return _Fresh(draft, at, day, grade, channel, receipt, ticket)

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
    number, key, counted = place.pk, place.key, Standing.COUNTED.value
    rows, leaves, cells = [], [], []
    for index, (draft, at, day, grade, channel, receipt, _ticket) in enumerate(fresh, tree.size):
        unit, point = draft.unit, draft.point
        where = (number, unit.pk, point.pk if point is not None else None, index)
        said = (grade.key, grade.bad, channel, at, receipt)
        rows.append((*where, *said, draft.network, draft.device))
        spot = point.number if point is not None else 0
        leaves.append(core.ballot_leaf(key, unit.key, spot, grade.key, channel, at, receipt))
        cells.append((day, unit.pk, spot, channel, grade.key, grade.bad, counted))
    insert_many(Ballot, COLUMNS, rows)
    first = log.grow(tree, leaves)
    tallies.add(place, {tallies.Cell._make(cell): n for cell, n in Counter(cells).items()})
    keys = _keys(place, [index for index, one in enumerate(fresh, first) if one.grade.bad or one.ticket])
    tickets = [
        Ticket(pk=one.ticket, ballot_id=keys[index]) for index, one in enumerate(fresh, first) if one.ticket
    ]
    if tickets:
        Ticket.objects.bulk_update(tickets, ["ballot"])
    data = {"count": len(fresh), "first": first, "size": tree.size, "root": log.root(tree).hex()}
    told = [Draft(place.pk, "ballots.cast", now, now, by, f"log:{first}", data)]
    for index, one in enumerate(fresh, first):
        if one.grade.bad:
            about = f"ballot:{keys[index]}"
            told.append(Draft(place.pk, "ballot.bad", one.at, now, by, about, _bad_facts(one)))
    record_many(told)


def _keys(place: Any, leaves: Sequence[int]) -> dict[int, int]:
    """The numbers of verdicts by leaf."""
    if not leaves:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT "index", id FROM {_BALLOT} WHERE place_id = %s AND "index" BETWEEN %s AND %s',  # noqa: S608
            [place.pk, leaves[0], leaves[-1]],
        )
        return dict(cursor.fetchall())


def _bad_facts(one: _Fresh) -> dict[str, Any]:
    unit = one.draft.unit
    return facts(one.grade.key, True, one.channel, unit.key, unit.kind)
