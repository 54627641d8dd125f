"""Writing a meeting: who is asked to speak, what is said, the pack that is read, the minutes, and that it was held."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from leitai.apps.ledger.actions import UNCHANGED, action, nothing_new, record
from leitai.apps.ledger.errors import refuse, tell
from leitai.apps.people import queries as people
from leitai.rules.kernel import N_
from leitai.rules.ledger import canonical, digest
from leitai.ui import words

from ..models import Commitment, Minute, Occasion, OccasionState, Pack, Statement
from ..queries import meetings, packs
from ..sittings import check_sitting

_OVER = (OccasionState.HELD, OccasionState.CANCELLED)


@action("statement.asked")
def ask_statements(*, occasion: Occasion, by: str, now: datetime) -> int:
    """Ask those who speak by the rule-book's order of speaking for what they will say; once for a meeting."""
    row = _locked(occasion)
    if row.state in _OVER or row.statements.exists():
        return UNCHANGED
    turns = meetings.turns(row)
    if not turns:
        return UNCHANGED
    table = _named(meetings.latest_of(row.place, meetings.speaking_arena(row)), row.place.language)
    units = {unit.key: unit for unit in people.units(row.place).filter(key__in=[one.unit for one in turns])}
    for turn in turns:
        unit = units[turn.unit]
        with translation.override(row.place.language):
            why = _("%(table)s: %(why)s") % {"table": table, "why": "; ".join(tell(one) for one in turn.why)}
        statement = Statement.objects.create(
            occasion=row,
            unit=unit,
            kind=turn.kind,
            turn=turn.number,
            why=why[:300],
            asked_at=now,
            due=meetings.statement_due(row, unit, now),
        )
        _tell(statement, "statement.asked", by=by, now=now)
    return len(turns)


def _named(view: Any, language: str) -> str:
    """The table by which it is decided who speaks."""
    with translation.override(language):
        return f"{view.name.show(language)} {words.period(view.period.key)}"


@action("statement.given")
def give_statement(*, statement: Statement, text: str, by: str, now: datetime) -> Statement:
    """A unit hands in what it will say; until the meeting's time has come it may do so anew."""
    row = (
        Statement.objects.select_for_update(of=("self",))
        .select_related("occasion__place", "unit")
        .get(pk=statement.pk)
    )
    if row.occasion.state in _OVER:
        raise refuse("occasion-over", N_("The occasion is over; nothing is prepared for it any more."))
    if row.given_at is not None and now >= row.occasion.at:
        raise refuse("given-already", N_("It was handed in, and the meeting has begun: it stays as it is."))
    if not text.strip():
        raise refuse("no-text", N_("Write what you will say."))
    row.text, row.given_at, row.given_by = text.strip(), now, by
    row.save()
    _tell(row, "statement.given", by=by, now=now, late=now > row.due, digest=digest(row.text.encode()))
    return row


def _tell(row: Statement, kind: str, *, by: str, now: datetime, **more: object) -> None:
    data = {
        "statement": row.pk,
        "kind": row.kind,
        "turn": row.turn,
        "occasion.key": row.occasion.key,
        "occasion.late": row.occasion.late,
        "unit.key": row.unit.key,
        "unit.kind": row.unit.kind,
    }
    subject = f"occasion:{row.occasion_id}"
    record(place=row.occasion.place, kind=kind, by=by, now=now, subject=subject, data=data | more)


@action("pack.made")
def make_pack(*, occasion: Occasion, by: str, now: datetime) -> Pack:
    """Keep what a meeting reads as it stands now; once, when the meeting has fallen due."""
    row = _locked(occasion)
    if row.state != OccasionState.DUE or Pack.objects.filter(occasion=row).exists():
        return UNCHANGED
    content = canonical(packs.pack(row, now))
    made = Pack.objects.create(occasion=row, made_at=now, content=content.decode(), digest=digest(content))
    record(
        place=row.place,
        kind="pack.made",
        by=by,
        now=now,
        subject=f"occasion:{row.pk}",
        data={"occasion.key": row.key, "digest": made.digest},
    )
    return made


@action("minute.noted")
def note(*, occasion: Occasion, part: str, text: str, by: str, now: datetime) -> Minute:
    """Note what was said and decided about a part of the agenda; a later note of the part stands in its place."""
    row = _locked(occasion)
    check_sitting(row, now)
    if part not in meetings.parts(row):
        raise refuse("no-part", N_("That is no part of the agenda."))
    if not text.strip():
        raise refuse("no-minutes", N_("Write down what was decided."))
    last = row.minutes.filter(part=part).order_by("-at", "-pk").first()
    if last is not None and (last.text, last.by) == (text.strip(), by):  # pressed twice
        nothing_new()
        return last
    made = Minute.objects.create(occasion=row, part=part, text=text.strip(), by=by, at=now)
    record(
        place=row.place,
        kind="minute.noted",
        by=by,
        now=now,
        subject=f"occasion:{row.pk}",
        data={"occasion.key": row.key, "part": part, "digest": digest(made.text.encode())},
    )
    return made


@action("occasion.held")
def hold(*, occasion: Occasion, note: str = "", nothing: bool = False, by: str, now: datetime) -> Occasion:
    """Note that an occasion was held. It needs minutes, here or of a part of the agenda.

    Where nobody promised anything that is said (`nothing`), so that it is never merely forgotten.
    """
    row = _locked(occasion)
    check_sitting(row, now)
    if not note.strip() and not row.minutes.exists():
        raise refuse("no-minutes", N_("Write down what was decided."))
    promised = Commitment.objects.filter(occasion=row).count()
    if not promised and not nothing:
        raise refuse("no-commitments", N_("Note what was promised, or say that nothing was."))
    row.state, row.held_at, row.note = OccasionState.HELD, now, note.strip()
    row.save()
    record(
        place=row.place,
        kind="occasion.held",
        by=by,
        now=now,
        subject=f"occasion:{row.pk}",
        data={"occasion.key": row.key, "occasion.late": row.late, "commitments": promised},
    )
    return row


def _locked(occasion: Occasion) -> Occasion:
    return Occasion.objects.select_for_update(of=("self",)).select_related("place").get(pk=occasion.pk)
