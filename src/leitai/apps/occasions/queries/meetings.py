"""Reading a meeting: its agenda, who speaks and why, what was noted, and the one before it and after it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from leitai.apps.people.access import PERMISSIONS
from leitai.apps.tables import queries as tables
from leitai.rules.cadence.speaking import Placed, Turn
from leitai.rules.cadence.speaking import turns as core_turns
from leitai.rules.regime.gatherings import AGENDA

from ..models import Minute, Occasion, OccasionState, Statement
from .commitments import own_units
from .planning import at_hand, spec_of

_WITH = ("occasion__place", "unit__parent")


def agenda(row: Occasion) -> tuple[str, ...]:
    """The parts of a meeting's agenda by the rule-book of its day, in order."""
    spec = spec_of(row)
    return tuple(dict.fromkeys(spec.agenda)) if spec is not None else AGENDA


def parts(row: Occasion) -> tuple[str, ...]:
    """What minutes may be taken of: the agenda, and in the end whatever else was said."""
    return tuple(dict.fromkeys((*agenda(row), "words")))


def speaking_arena(row: Occasion) -> str | None:
    """The arena by whose latest table it is decided who speaks; None where nobody is asked to."""
    spec = spec_of(row)
    if spec is None or spec.speaking is None:
        return None
    return spec.speaking.arena or next(iter(spec.reads), None)


def latest_of(place: Any, arena: str | None) -> Any:
    """The newest published table of an arena, as pages introduce it; None where there is none."""
    return next((one for one in tables.latest(place) if one.table.arena == arena), None)


def turns(row: Occasion) -> tuple[Turn, ...]:
    """Who is to speak at a meeting, by the latest table; nobody without a table or where the rule-book asks nobody."""
    spec, view = spec_of(row), latest_of(row.place, speaking_arena(row))
    if spec is None or spec.speaking is None or view is None:
        return ()
    ranked = tables.standings(view.table).filter(rank__isnull=False, unit__active=True)
    lines = [
        Placed(
            one.unit.key,
            one.group,
            one.rank,
            one.rank_low,
            one.rank_high,
            one.of,
            one.named_best,
            one.named_worst,
        )
        for one in ranked
    ]
    return core_turns(spec.speaking, lines)


def statement_due(row: Occasion, unit: Any, now: datetime) -> datetime:
    """By when a unit hands in what it will say: with what else it makes ready, or when the meeting begins."""
    asked = row.preparations.filter(unit=unit, due__gte=now).order_by("due").first()
    return asked.due if asked is not None else max(row.at, now)


def statement(place: Any, number: int) -> Statement | None:
    """A statement by its number."""
    return Statement.objects.filter(occasion__place=place, pk=number).select_related(*_WITH).first()


def may_read(viewer: Any, row: Statement, now: datetime) -> bool:
    """Whether a viewer may read what a unit will say: before the meeting the unit, the office and who leads it.

    Other units hear it there, so that nobody writes theirs by another's.
    """
    return now >= row.occasion.at or reads_all(viewer) or viewer.may("statement.give", row.unit)


def reads_all(viewer: Any) -> bool:
    """Whether a viewer reads what every unit will say before a meeting."""
    return bool(viewer.roles & PERMISSIONS["desk.see"][0])


def statements_of(row: Occasion) -> list[Statement]:
    """Who is asked to speak at a meeting, in order."""
    return list(row.statements.select_related(*_WITH).order_by("turn"))


def to_say(viewer: Any, place: Any) -> list[Statement]:
    """What a viewer's units, and those below them, are still to hand in for meetings that are not over, by day."""
    rows = Statement.objects.filter(
        occasion__place=place,
        occasion__state__in=(OccasionState.OPEN, OccasionState.PLANNED, OccasionState.DUE),
        given_at__isnull=True,
        unit_id__in=own_units(viewer, place, "statement.give"),
    )
    return at_hand(place, rows.select_related(*_WITH).order_by("due", "pk"))


def said_by_unit(unit: Any, limit: int = 20) -> list[Statement]:
    """What a unit was asked to say at meetings, the newest first."""
    rows = Statement.objects.filter(unit=unit).select_related(*_WITH)
    return at_hand(unit.place, rows.order_by("-asked_at")[:limit])


def minutes_of(row: Occasion) -> dict[str, list[Minute]]:
    """What was noted of each part of the agenda, the note that stands first and those it replaced after it."""
    found: dict[str, list[Minute]] = {}
    for one in Minute.objects.filter(occasion=row).order_by("-at", "-pk"):
        found.setdefault(one.part, []).append(one)
    return found


def before(row: Occasion) -> Occasion | None:
    """The meeting of the same occasion before this one that was not cancelled."""
    rows = Occasion.objects.filter(place=row.place_id, key=row.key, at__lt=row.at)
    return rows.exclude(state=OccasionState.CANCELLED).order_by("-at").first()


def after(row: Occasion) -> Occasion | None:
    """The next meeting of the same occasion that is not cancelled, as far as it is planned."""
    rows = Occasion.objects.filter(place=row.place_id, key=row.key, at__gt=row.at)
    return rows.exclude(state=OccasionState.CANCELLED).order_by("at").first()
