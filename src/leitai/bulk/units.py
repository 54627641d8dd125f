"""A list of units: added, or brought up to date by key, the whole list in one act.

A list is short beside records, and a unit may stand above one listed before it; so it is taken as one. What
the map names no column for stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from leitai.apps.people import queries as people
from leitai.apps.people.actions import UnitDraft, put_units
from leitai.rules.kernel import N_, Finding, nearest
from leitai.rules.records import Rejected, UnitRow

from .rejects import Rejects

Row = tuple[int, Sequence[object], Any]


def put_list(place: Any, rows: Iterable[Row], away: Rejects, *, by: str, now: datetime) -> tuple[int, int]:
    """Store the units of a list. Returns how many were new or changed, and how many were so already."""
    here = {row.key: _draft_of(row) for row in people.units(place).select_related("parent")}
    listed: dict[str, tuple[Row, UnitDraft]] = {}
    already = 0
    for row in rows:
        unit: UnitRow = row[2]
        if unit.key in listed:
            already += 1
        else:
            listed[unit.key] = row, _merged(unit, here.get(unit.key))
    while faults := list(_faults(listed, here)):
        for key, rejected in faults:
            line, cells, _ = listed.pop(key)[0]
            away.add(line, rejected, cells)
    drafts = [draft for key, (_, draft) in listed.items() if here.get(key) != draft]
    if drafts:
        put_units(place=place, drafts=drafts, by=by, now=now)
    return len(drafts), already + len(listed) - len(drafts)


def _draft_of(row: Any) -> UnitDraft:
    above = row.parent.key if row.parent else ""
    return UnitDraft(row.key, row.name_zh, row.name_en, above, row.kind, tuple(row.tags))


def _merged(unit: UnitRow, old: UnitDraft | None) -> UnitDraft:
    old = old or UnitDraft(unit.key)
    zh = old.name_zh if unit.name_zh is None else unit.name_zh[:200]
    en = old.name_en if unit.name_en is None else unit.name_en[:200]
    return UnitDraft(
        unit.key,
        zh,
        en or ("" if zh else unit.key),
        old.parent if unit.parent is None else unit.parent,
        old.kind if unit.kind is None else unit.kind[:40],
        old.tags if unit.tags is None else unit.tags,
    )


def _faults(
    listed: dict[str, tuple[Row, UnitDraft]], here: dict[str, UnitDraft]
) -> Iterable[tuple[str, Rejected]]:
    """Units below one that does not exist, or below themselves."""
    above = {key: draft.parent for key, draft in here.items()}
    above |= {key: draft.parent for key, (_, draft) in listed.items()}
    for key, (_, draft) in listed.items():
        if draft.parent and draft.parent not in above:
            near = nearest(draft.parent, above) or "-"
            message = N_("the unit above, %(parent)s, does not exist; the nearest is %(near)s")
            values = {"parent": draft.parent, "near": near}
            yield key, Rejected("parent", draft.parent, Finding("unknown-parent", message, values=values))
        elif _below_itself(key, above):
            message = N_("this unit would stand below itself")
            yield key, Rejected("parent", draft.parent, Finding("unit-cycle", message))


def _below_itself(key: str, above: dict[str, str]) -> bool:
    seen, at = {key}, above[key]
    while at and at not in seen:
        seen.add(at)
        at = above.get(at, "")
    return at == key
