"""What a meeting reads: gathered from tables, cases, statements and promises, put in order by the core, or as kept.

Names are kept in both languages and instants as text, so that the pack stays what it was when units are renamed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Case as When
from django.db.models import IntegerField, Q, Value
from django.db.models import When as Is

from leitai.apps.casework import queries as cases
from leitai.apps.ledger import queries as ledger
from leitai.apps.measures.queries import Sources as Measured
from leitai.apps.people import queries as people
from leitai.apps.regimes import queries as regimes
from leitai.apps.tables import queries as tables
from leitai.rules.cadence import agenda as core
from leitai.rules.kernel import Text
from leitai.rules.ledger import canonical, digest

from ..models import Commitment, Occasion, Pack
from . import commitments, meetings
from .planning import name, spec_of

_GRAVEST = ("red", "yellow", "blue")


def kept(row: Occasion) -> Pack | None:
    """The pack that was kept when a meeting fell due."""
    return Pack.objects.filter(occasion=row).first()


def content(pack: Pack) -> dict[str, Any]:
    """What a pack says."""
    found: dict[str, Any] = json.loads(pack.content)
    return found


def holds(pack: Pack) -> bool:
    """Whether a pack is still what was kept."""
    return digest(pack.content.encode()) == pack.digest


def read(row: Occasion, now: datetime, kept: Pack | None) -> dict[str, Any]:
    """What a pack that was kept says, or without one what it would be now; plain JSON either way."""
    found: dict[str, Any] = content(kept) if kept is not None else json.loads(canonical(pack(row, now)))
    return found


def pack(row: Occasion, now: datetime) -> dict[str, Any]:
    """What a meeting would read now, as data that can be kept and shown in either language."""
    sources = core.Sources(
        tables=_tables(row),
        promised=_promised(row, now),
        open=[_promise(one) for one in commitments.still_open(row, now)],
        spoken=_spoken(row, now),
        followed=_followed(row, now),
        found=_found(row),
        **_red(row, now),
    )
    spec = spec_of(row)
    return {
        "format": core.FORMAT,
        "occasion": {
            "number": row.pk,
            "key": row.key,
            "nominal": row.nominal,
            "at": row.at,
            "name": _text(name(row)),
        },
        "as_of": now,
        "decides": _text(spec.decides) if spec is not None and spec.decides is not None else None,
        "parts": core.assemble(meetings.agenda(row), sources),  # type: ignore[arg-type]
    }


def who(unit: Any) -> dict[str, str]:
    """A unit as a pack names it."""
    return {"key": unit.key, "zh": unit.name_zh, "en": unit.name_en}


def _text(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def _tables(row: Occasion) -> list[core.Read]:
    """The latest tables of the arenas that are read, in the rule-book's order."""
    spec = spec_of(row)
    if spec is None or not spec.reads:
        return []
    latest = {view.table.arena: view for view in tables.latest(row.place)}
    return [_read(latest[arena]) for arena in spec.reads if arena in latest]


def _read(view: Any) -> core.Read:
    earlier = tables.previous(view.table)
    head = {
        "table": view.table.pk,
        "arena": view.table.arena,
        "name": _text(view.name),
        "period": view.period.key,
        "edition": view.table.edition,
        "digest": view.table.digest,
        "published": view.table.published_at,
        "earlier": earlier.pk if earlier is not None else None,
    }
    groups = {key: _text(text) for key, text in view.groups.items()}
    return core.Read(head, groups, _lines(view.table), _lines(earlier) if earlier is not None else None)


def _lines(table: Any) -> list[core.Line]:
    return [
        core.Line(
            who(one.unit),
            one.group,
            one.rank,
            one.rank_low,
            one.rank_high,
            one.of,
            commitments.plain(one.score),
            one.named_best,
            one.named_worst,
        )
        for one in tables.standings(table)
    ]


def _promised(row: Occasion, now: datetime) -> list[dict[str, Any]]:
    """What was tested since last time, and what is to be tested with what a test would say now."""
    measured = Measured(row.place)
    found = [_promise(one) | _came_of_it(one) for one in commitments.tested_since(row)]
    for one in commitments.to_test(row, now):
        seen = commitments.outlook(one, measured)
        why = {"code": seen.why.code, "message": seen.why.message, "values": _words(seen.why.values)}
        outcome = {"verdict": seen.verdict, "found": commitments.plain(seen.found), "why": "", "finding": why}
        found.append(_promise(one) | outcome | {"tested": None, "corrected": False})
    return found


def _words(values: Mapping[str, object]) -> dict[str, str]:
    return {name: str(value) for name, value in values.items()}


def _came_of_it(row: Commitment) -> dict[str, Any]:
    outcomes = commitments.tests(row)
    return {
        "verdict": row.verdict,
        "found": commitments.plain(row.found),
        "why": row.why,
        "tested": row.tested_at,
        "corrected": len(outcomes) > 1,
    }


def _promise(row: Commitment) -> dict[str, Any]:
    """A promise as it was noted; `first` is the day on which it was made for the first time."""
    zone = row.place.zone
    first = commitments.chain(row)[-1]
    spec = commitments.measured_by(row)
    return {
        "commitment": row.pk,
        "unit": who(row.unit),
        "text": row.text,
        "measure": _text(spec.name) if spec is not None else None,
        "measure_key": row.measure,
        "rate": spec is not None and commitments.is_rate(spec),
        "measure_unit": _text(spec.unit) if spec is not None and spec.unit is not None else None,
        "period": row.period,
        "sense": row.sense,
        "target": commitments.plain(row.target),
        "due": row.due,
        "made": row.made_at.astimezone(zone).date(),
        "times": row.times,
        "first": first.made_at.astimezone(zone).date(),
        "shown": bool(row.evidence),
    }


def _spoken(row: Occasion, now: datetime) -> list[dict[str, Any]]:
    return [
        {
            "statement": one.pk,
            "turn": one.turn,
            "kind": one.kind,
            "unit": who(one.unit),
            "why": one.why,
            "text": one.text,
            "given": one.given_at,
            "due": one.due,
            "facts": _facts(row, one.unit, now),
        }
        for one in meetings.statements_of(row)
    ]


def _facts(row: Occasion, unit: Any, now: datetime) -> dict[str, Any]:
    """How a unit stands when it speaks: its line in the table that called it, and its cases that are overdue."""
    view = meetings.latest_of(row.place, meetings.speaking_arena(row))
    line = tables.standings(view.table).filter(unit=unit).first() if view is not None else None
    below = people.descendants(row.place)[unit.pk]
    late = cases.open_cases(row.place).filter(unit_id__in=below, next_due_at__lt=now).count()
    found: dict[str, Any] = {"late": late, "table": None}
    if line is None or line.rank is None:
        return found
    return found | {
        "table": view.table.pk,
        "period": view.period.key,
        "rank": [line.rank_low, line.rank, line.rank_high],
        "of": line.of,
        "score": commitments.plain(line.score),
    }


def _followed(row: Occasion, now: datetime) -> list[dict[str, Any]]:
    """What came of those who spoke last time: how they stood then and how they stand now."""
    last = commitments.last_pack(row)
    if last is None:
        return []
    spoken = [
        one
        for part in content(last)["parts"]
        if part["part"] in ("best", "statements")
        for one in part["items"]
    ]
    units = {
        unit.key: unit
        for unit in people.units(row.place).filter(key__in=[one["unit"]["key"] for one in spoken])
    }
    found = []
    for one in spoken:
        if one["unit"]["key"] not in units:
            continue
        before, facts = one["facts"], _facts(row, units[one["unit"]["key"]], now)
        compared = before["table"] and facts["table"] and before["table"] != facts["table"]
        found.append(
            {
                "occasion": last.occasion_id,
                "statement": one["statement"],
                "unit": one["unit"],
                "kind": one["kind"],
                "said": bool(one["text"]),
                "before": before,
                "after": facts,
                "gained": before["rank"][1] - facts["rank"][1] if compared else None,
                "noise": core.touch(before["rank"], facts["rank"]) if compared else None,
            }
        )
    return found


def _red(row: Occasion, now: datetime) -> dict[str, Any]:
    """Open cases past their time, of the units that come and of no unit yet: how many, and the gravest by rung."""
    late = cases.open_cases(row.place).filter(next_due_at__lt=now)
    spec = spec_of(row)
    if spec is not None and spec.comes is not None and not spec.comes.all:
        below = people.descendants(row.place)
        held = frozenset().union(*(below[unit.pk] for unit in people.picked(row.place, spec.comes)))
        late = late.filter(Q(unit_id__in=held) | Q(unit__isnull=True))
    rung = When(
        *(Is(slip=colour, then=Value(place)) for place, colour in enumerate(_GRAVEST)),
        default=Value(len(_GRAVEST)),
        output_field=IntegerField(),
    )
    red = late.annotate(rung=rung).order_by("rung", "next_due_at", "pk")[: core.RED]
    return {"late": late.count(), "red": [_red_case(one) for one in cases.each(red, now)]}


def _red_case(one: Any) -> dict[str, Any]:
    return {
        "case": one.case.ref,
        "kind": _text(one.kind),
        "unit": who(one.case.unit) if one.case.unit is not None else None,
        "state": _text(one.state),
        "due": one.case.next_due_at,
        "slip": one.case.slip,
        "clock": _text(one.clock.label) if one.clock is not None else None,
    }


def _found(row: Occasion) -> list[dict[str, Any]]:
    """What inspections found since the last meeting, as the ledger tells it: that room lies above this one."""
    last = commitments.last_pack(row)
    rows = ledger.told(row.place, "inspection.found").filter(at__lt=row.at)
    rows = list(rows.filter(at__gte=last.made_at) if last is not None else rows.order_by("-id")[: core.RED])
    said = [(event, ledger.data(event)) for event in rows]
    units = {
        unit.key: unit
        for unit in people.units(row.place).filter(key__in=[one["unit.key"] for _, one in said])
    }
    regime = regimes.regime_on(row.place, row.at.astimezone(row.place.zone).date())
    return list(_findings(said, units, regime))


def _findings(
    said: Iterable[tuple[Any, dict[str, Any]]], units: Mapping[str, Any], regime: Any
) -> Iterable[Any]:
    for event, facts in said:
        spec = regime.inspections.get(facts["inspection.key"])
        item = spec.checklist.get(facts["inspection.item"]) if spec is not None else None
        named = item.name if item is not None else Text(en=facts["inspection.item"])
        unit = units.get(facts["unit.key"])
        yield {
            "subject": event.subject,
            "item": _text(named),
            "unit": who(unit) if unit is not None else None,
            "at": event.at,
        }
