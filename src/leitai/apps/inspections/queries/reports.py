"""What a round came to: visits made and left out, findings by group against what proved true, what it took of units.

A finding is *verified* when its case was struck off: somebody other than the finder saw that there was something, and
that it was put right. It is *not borne out* when its case ended in any other way. Until the case is over it counts
neither way. A group that finds much of which little proves true stands out by that share, not by its number.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from leitai.apps.casework import queries as casework
from leitai.apps.casework.queries.about import about
from leitai.rules.ledger import canonical

from ..models import Round
from . import rounds

FORMAT = "leitai.inspection-report/1"


def told(row: Round, now: datetime) -> dict[str, Any]:
    """The report of a round: as it was frozen, or what it would be at this moment."""
    return json.loads(row.report or canonical(report_of(row, now)))


def report_of(row: Round, now: datetime) -> dict[str, Any]:
    """What a round came to as plain data: names by language, counts, minutes, findings with their replies."""
    spec = rounds.spec_of(row)
    visits = list(rounds.visits_of(row))
    found = rounds.findings_of(row)
    cases = about(row.place, (f"finding:{one.pk}" for one in found))
    stands = {one.pk: _standing(cases.get(f"finding:{one.pk}"), now) for one in found}
    groups = []
    for key, group in spec.groups.items():
        own = [one for one in visits if one.group == key]
        mine = [stands[one.pk] for one in found if one.visit.group == key]
        groups.append(
            {"key": key, "name": _words(group.name), "visits": _visits(own), "findings": _findings(mine)}
        )
    held = [one for one in visits if one.minutes]
    return {
        "format": FORMAT,
        "inspection": {"key": row.key, "name": _words(spec.name)},
        "period": row.period,
        "opened": row.opened_at,
        "as_of": now,
        "visits": _visits(visits),
        "dropped": [
            {"unit": one.unit.key, "name": _named(one.unit), "why": one.dropped_why}
            for one in visits
            if one.dropped_why
        ],
        "groups": groups,
        "findings": _findings(list(stands.values())),
        "minutes": sum(one.minutes for one in held),
        "units": len({one.unit_id for one in held}),
        "found": [
            {
                "number": one.pk,
                "group": one.visit.group,
                "unit": one.visit.unit.key,
                "name": _named(one.visit.unit),
                "item": one.item,
                "line": _words(spec.checklist[one.item].name)
                if one.item in spec.checklist
                else {"en": one.item},
                "text": one.text,
                "reply": one.reply,
                "case": cases[f"finding:{one.pk}"].ref if f"finding:{one.pk}" in cases else "",
                "stands": stands[one.pk],
            }
            for one in found
        ],
    }


def _standing(case: Any, now: datetime) -> str:
    """How a finding stands by its case: none, open, overdue, verified or refuted."""
    if case is None:
        return "none"
    if case.closed_at is None:
        return "overdue" if case.next_due_at is not None and case.next_due_at < now else "open"
    return "verified" if _struck_off(case) else "refuted"


def _struck_off(case: Any) -> bool:
    """Whether a case that is over ended after the unit had answered, rather than being set aside."""
    table = casework.flow(case)
    answered = {move.to_state for move in table.moves if move.milestone == "answered"}
    after = {move.to_state for move in table.moves if answered & set(move.from_states)}
    before = {move.to_state for move in table.moves if not answered & set(move.from_states)}
    return case.state in after - before


def _visits(visits: list[Any]) -> Mapping[str, int]:
    return {
        "planned": len(visits),
        "made": sum(one.ended_at is not None for one in visits),
        "left_out": sum(bool(one.dropped_why) for one in visits),
    }


def _findings(stands: list[str]) -> Mapping[str, int]:
    return {
        "found": len(stands),
        "verified": stands.count("verified"),
        "refuted": stands.count("refuted"),
        "open": stands.count("open") + stands.count("overdue"),
        "overdue": stands.count("overdue"),
        "without_case": stands.count("none"),
    }


def _words(text: Any) -> dict[str, str]:
    return {language: said for language, said in (("zh", text.zh), ("en", text.en)) if said}


def _named(unit: Any) -> dict[str, str]:
    return {"zh": unit.name_zh, "en": unit.name_en}
