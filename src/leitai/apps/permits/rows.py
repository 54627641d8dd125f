"""Between rows of a start and what the core decides from: its paragraph, its graph, its papers, its calendar."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import get_language

from leitai.apps.regimes import queries as regimes
from leitai.rules.flows.permits import without
from leitai.rules.projects.paths import Step
from leitai.rules.regime.model import StartSpec
from leitai.rules.worktime import due, parse_within

from .models import DROPPED, GRANTED, WORKING, Permit, Start


def regime_of(start: Start) -> Any:
    """The rule-book of the day on which a start was opened: it is brought to its end by the rules it began under."""
    return regimes.regime_on(start.place, start.opened_at.astimezone(start.place.zone).date())


def spec_of(start: Start) -> StartSpec:
    """What the rule-book says of a start. Raises KeyError."""
    return regime_of(start).starts[start.key]


def adding(start: Start) -> Callable[[datetime, str], datetime]:
    """When something that takes so long ("10 workdays") is over, on the calendar of a start."""
    regime = regime_of(start)
    calendar = regimes.calendars(regime)[regime.starts[start.key].on]
    return lambda at, within: due(at, parse_within(within), calendar).instant


def needs_of(start: Start, permits: list[Permit]) -> dict[str, tuple[str, ...]]:
    """The graph of a start, without the permits it does not need."""
    needs = {key: permit.needs for key, permit in spec_of(start).permits.items()}
    return without(needs, {row.key for row in permits if row.state == DROPPED})


def steps_of(
    start: Start, permits: list[Permit], dues: Mapping[int, datetime] | None = None
) -> dict[str, Step]:
    """The permits of a start as the critical path reads them. `dues`: when clocks are due, by id."""
    spec, known = spec_of(start), dues or {}
    needs = needs_of(start, permits)
    return {
        row.key: Step(
            needs[row.key],
            spec.permits[row.key].within,
            granted=row.since if row.state == GRANTED else None,
            begun=row.since if row.state == WORKING else None,
            due=known.get(row.pk, row.due_at) if row.state == WORKING else None,
        )
        for row in permits
        if row.key in needs
    }


def shown(spec: StartSpec, keys: Iterable[str], between: str = " → ") -> str:
    """Permits by name, one after the other, in the language of the page."""
    language = get_language() or "zh-hans"
    return between.join(spec.permits[key].name.show(language) if key in spec.permits else key for key in keys)


def held(start: Start) -> set[str]:
    """The papers that are there."""
    return set(start.papers.filter(returned_at__isnull=True).values_list("key", flat=True))


def granted(permits: list[Permit]) -> set[str]:
    """The permits that are granted."""
    return {row.key for row in permits if row.state == GRANTED}


def fresh(start: Start) -> Start:
    """A start as it is now, nobody else changing it or its permits until this act is over."""
    return Start.objects.select_for_update(of=("self",)).select_related("place").get(pk=start.pk)


def permits_of(start: Start) -> list[Permit]:
    """The permits of a start in the rule-book's order."""
    return ordered(start, start.permits.select_related("unit"))


def ordered(start: Start, permits: Iterable[Permit]) -> list[Permit]:
    """Permits of a start in the rule-book's order."""
    place = {key: number for number, key in enumerate(spec_of(start).permits)}
    return sorted(permits, key=lambda row: (place.get(row.key, len(place)), row.key))


def facts(permit: Permit) -> dict[str, Any]:
    """What an event about a permit bears, in the words of the rule-book's conditions."""
    return {
        "start.key": permit.start.key,
        "start": permit.start_id,
        "permit.key": permit.key,
        "permit.round": permit.round,
        "unit.key": permit.unit.key,
        "unit.kind": permit.unit.kind,
    }
