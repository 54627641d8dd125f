"""The list of a place's units as a rule-book needs it: to check names and to say whom a group picks.

The list is a table (CSV) beside the rule-book: key,name_zh,name_en,parent,kind,tags, tags parted by ";".
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from leitai.rules.kernel import N_, Finding, Text, Where, nearest

from .model import Pick

COLUMNS = ("key", "name_zh", "name_en", "parent", "kind", "tags")


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of a place; `parent` is the key of the unit above it or ""."""

    key: str
    name: Text
    parent: str = ""
    kind: str = ""
    tags: frozenset[str] = frozenset()


def read_units(text: str, *, file: str = "") -> tuple[dict[str, Unit], tuple[Finding, ...]]:
    """Units by key from CSV text, and what is wrong with it by line."""
    lines = csv.reader(text.removeprefix("\ufeff").splitlines(keepends=True))
    header = [name.strip() for name in next(lines, [])]
    findings = [
        Finding(
            "unknown-column",
            N_("column “%(name)s” is not known; known are %(known)s"),
            Where(file, 1, place),
            values,
        )
        for place, name in enumerate(header, start=1)
        if name not in COLUMNS and (values := {"name": name, "known": ", ".join(COLUMNS)})
    ]
    if "key" not in header:
        findings.append(
            Finding(
                "missing-column",
                N_("the first line must name the columns, “key” among them"),
                Where(file, 1, 1),
            )
        )
        return {}, tuple(findings)
    units: dict[str, Unit] = {}
    for cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        row = {name: cell.strip() for name, cell in zip(header, cells, strict=False)}
        where = Where(file, lines.line_num)
        key = row.get("key", "")
        if not key or key in units:
            message = N_("unit “%(key)s” is listed twice") if key else N_("this unit has no key")
            findings.append(Finding("bad-unit", message, where, {"key": key}))
            continue
        zh, en = row.get("name_zh", ""), row.get("name_en", "")
        tags = frozenset(tag.strip() for tag in row.get("tags", "").split(";") if tag.strip())
        units[key] = Unit(
            key, Text(zh=zh, en=en or ("" if zh else key)), row.get("parent", ""), row.get("kind", ""), tags
        )
    for unit in units.values():
        if unit.parent and unit.parent not in units:
            near = nearest(unit.parent, units)
            known = {"key": unit.key, "parent": unit.parent, "near": near}
            message = (
                N_("unit “%(key)s” is below “%(parent)s”, which is not listed; “%(near)s” is")
                if near
                else N_("unit “%(key)s” is below “%(parent)s”, which is not listed")
            )
            findings.append(Finding("unknown-unit", message, Where(file), known))
    return units, tuple(findings)


def picked(pick: Pick, units: Mapping[str, Unit]) -> tuple[str, ...]:
    """The keys of the units that a pick means, in the order of the list; everything it says must hold."""
    return tuple(key for key, unit in units.items() if _holds(pick, unit, units))


def _holds(pick: Pick, unit: Unit, units: Mapping[str, Unit]) -> bool:
    return (
        (pick.tag is None or pick.tag in unit.tags)
        and (pick.kind is None or pick.kind == unit.kind)
        and (pick.keys is None or unit.key in pick.keys)
        and (pick.under is None or pick.under in _above(unit, units))
    )


def _above(unit: Unit, units: Mapping[str, Unit]) -> Iterable[str]:
    """The keys of the units above one; ends where a parent repeats, so a wrong list cannot hang it."""
    seen: list[str] = []
    while unit.parent and unit.parent not in seen and unit.parent in units:
        seen.append(unit.parent)
        unit = units[unit.parent]
    return seen
