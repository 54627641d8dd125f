"""What an opened occasion asks for, and how far what was not made ready in time has climbed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from leitai.apps.ledger.actions import Draft
from leitai.apps.people import queries as people
from leitai.apps.regimes import queries as regimes
from leitai.apps.tables import queries as tables
from leitai.rules import cadence as core
from leitai.rules.regime.model import OccasionSpec

from .models import Occasion, OccasionState, Preparation
from .queries.planning import comers, spec_of

LATE = timedelta(hours=1)
OFFICE_TOLD, LEADERS_TOLD = 1, 2


def calendar_of(row: Occasion, spec: OccasionSpec) -> Any:
    """The calendar that an occasion's times are counted in."""
    day = row.at.astimezone(row.place.zone).date()
    return regimes.calendars(regimes.regime_on(row.place, day))[spec.on]


def opens_at(row: Occasion) -> datetime | None:
    """When the rule-book has an occasion open; None where it has no opening, or does not know it any more."""
    spec = spec_of(row)
    return core.opens_at(spec, row.at, calendar_of(row, spec)) if spec is not None else None


def open_now(row: Occasion, since: datetime, *, by: str, now: datetime) -> Draft:
    """Open an occasion that should have been open `since`, ask for what must be ready; the event that tells of it.

    Where its own time has passed nothing is asked for: nobody could have made it ready.
    """
    spec = spec_of(row)
    late = now - since > LATE
    row.state, row.opened_at, row.late = OccasionState.OPEN, now, late
    row.save(update_fields=["state", "opened_at", "late"])
    # The moments until the drive comes by are not counted as lateness: due times stay the rule-book's.
    asked = list(_asked(row, spec, now if late else since)) if spec is not None and now < row.at else []
    Preparation.objects.bulk_create(asked, batch_size=500)
    data = {"occasion.key": row.key, "occasion.late": late, "preparations": len(asked)}
    return Draft(row.place_id, "occasion.opened", since, now, by, f"occasion:{row.pk}", data)


def _asked(row: Occasion, spec: OccasionSpec, told: datetime) -> Iterator[Preparation]:
    calendar = calendar_of(row, spec)
    for key, ready in spec.ready.items():
        due = core.due_when_told(spec, ready.by, row.at, told, calendar)
        for unit in _whose(row, spec, ready.of):
            yield Preparation(occasion=row, key=key, unit=unit, due=due)


def _whose(row: Occasion, spec: OccasionSpec, of: str) -> list[Any]:
    """The units that make something ready; None stands for the office."""
    if of == "office":
        return [None]
    if of == "comers":
        return comers(row)
    if of in ("best", "worst"):
        return _named(row.place, spec, of)
    unit = people.unit(row.place, of)
    return [unit] if unit is not None else []


def _named(place: Any, spec: OccasionSpec, which: str) -> list[Any]:
    """The units that the latest table which the occasion reads names best or worst, in its order."""
    arena = spec.speaking.arena if spec.speaking is not None else None
    arena = arena or next(iter(spec.reads), None)
    view = next((one for one in tables.latest(place) if one.table.arena == arena), None)
    if view is None:
        return []
    rows = tables.standings(view.table).filter(**{f"named_{which}": True})
    return list({row.unit_id: row.unit for row in rows}.values())


def ask_again(row: Occasion, now: datetime) -> None:
    """Count anew by when things must be ready, for an occasion that was moved; what is done or missed stays."""
    spec = spec_of(row)
    if spec is None:
        return
    calendar = calendar_of(row, spec)
    waiting = list(row.preparations.filter(done_at__isnull=True, rung=0).select_for_update())
    for one in waiting:
        if one.key in spec.ready:
            one.due = core.due_when_told(spec, spec.ready[one.key].by, row.at, now, calendar)
    Preparation.objects.bulk_update(waiting, ["due"], batch_size=500)


def climb(rows: Iterable[Preparation], *, by: str, now: datetime) -> list[Draft]:
    """Have what was not ready in time climb to the office, and to the leaders once the occasion fell due.

    What is due at an instant is in time at that instant, and missed after it.
    The rows come with their occasion and unit, locked. The events: for each rung once, at the instant of the breach.
    """
    told, climbed = [], []
    for row in rows:
        before = row.rung
        if row.rung < OFFICE_TOLD and row.due < now:
            row.rung, row.missed_at = OFFICE_TOLD, row.due
            told.append(_missed(row, row.due, by, now))
        if row.rung == OFFICE_TOLD and row.occasion.at <= now:
            row.rung = LEADERS_TOLD
            told.append(_missed(row, max(row.due, row.occasion.at), by, now))
        if row.rung != before:
            climbed.append(row)
    Preparation.objects.bulk_update(climbed, ["rung", "missed_at"], batch_size=500)
    return told


def _missed(row: Preparation, at: datetime, by: str, now: datetime) -> Draft:
    data = {
        "preparation.key": row.key,
        "preparation.rung": row.rung,
        "occasion.key": row.occasion.key,
        "occasion.late": row.occasion.late,
        "unit.key": row.unit.key if row.unit else "",
        "unit.kind": row.unit.kind if row.unit else "",
        "preparation": row.pk,
    }
    subject = f"occasion:{row.occasion_id}"
    return Draft(row.occasion.place_id, "preparation.missed", at, now, by, subject, data)
