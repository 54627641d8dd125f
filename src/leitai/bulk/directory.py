"""The units that records name: found by key or name, or made where the map says how."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from leitai.apps.people import queries as people
from leitai.apps.people.actions import UnitDraft, put_units
from leitai.rules.kernel import N_, Finding, nearest
from leitai.rules.records import UnitCell, free_key
from leitai.rules.records.model import Make

LONGEST = 200  # letters of a unit's name
SEVERAL = -1
GUESSES = 200


class Directory:
    """A place's units by what records call them. With `make`, they are sought among units of that kind."""

    def __init__(self, place: Any, make: Make | None) -> None:
        self._place, self._make = place, make
        self.made: set[str] = set()
        self.look()

    def look(self) -> None:
        """Read the units anew."""
        self._ids = people.keys(self._place)
        self._keys = {pk: key for key, pk in self._ids.items()}
        self._kinds: dict[str, str] = {}
        self._missing: dict[str, Finding] = {}
        self._found: dict[tuple[str | None, str], int] = {}
        for row in people.units(self._place):
            self._kinds[row.key] = row.kind
            for name in {row.name_zh, row.name_en} - {""}:
                for kind in {row.kind, None}:
                    known = self._found.get((kind, name))
                    self._found[kind, name] = row.pk if known in (None, row.pk) else SEVERAL

    def find(self, cell: UnitCell) -> int | Finding:
        """The id of the unit that a row names, or why there is none."""
        name = _cut(cell.text)
        if self._make is None:
            found = self._ids.get(cell.text) or self._found.get((None, name))
        else:
            found = self._known(name, self._make.kind)
        if found == SEVERAL:
            return Finding("several-units", N_("several units have this name; name the unit by its key"))
        if found is not None:
            return found
        return self._missing.get(name) or self._unknown(name)

    def _unknown(self, name: str) -> Finding:
        """Why there is no such unit. Looking for the nearest is slow, so a file that names none right is not
        searched for each of its rows.
        """
        if len(self._missing) >= GUESSES:
            return Finding("unknown-unit", N_("there is no such unit"))
        near = nearest(name, {*self._ids, *(one for _, one in self._found)})
        values = {"near": near}
        message = (
            N_("there is no such unit; the nearest is %(near)s") if near else N_("there is no such unit")
        )
        found = self._missing[name] = Finding("unknown-unit", message, values=values)
        return found

    def make(self, cells: Iterable[UnitCell], *, by: str, now: datetime) -> None:
        """Make the units that are named and not known, each with the unit above it, in one act."""
        if self._make is None:
            return
        drafts: dict[tuple[str, str], UnitDraft] = {}
        taken = set(self._ids)
        for cell in dict.fromkeys(cells):
            name, above = _cut(cell.text), self._make.parent
            parent = ""
            if (
                above is not None
                and cell.parent
                and (above.kind, cell.parent) != (self._make.kind, cell.text)
            ):
                parent = self._key(_cut(cell.parent), above.kind, "", drafts, taken)
            self._key(name, self._make.kind, parent, drafts, taken)
        if drafts:
            put_units(place=self._place, drafts=list(drafts.values()), by=by, now=now)
            self.made |= {draft.key for draft in drafts.values()}
            self.look()

    def _key(
        self, name: str, kind: str, parent: str, drafts: dict[tuple[str, str], UnitDraft], taken: set[str]
    ) -> str:
        """The key of a unit that is known, or drafted here where it is not."""
        if (kind, name) in drafts:
            return drafts[kind, name].key
        found = self._known(name, kind)
        if found is not None:
            return self._keys[found]
        key = free_key(name, taken)
        taken.add(key)
        chinese = any("\u4e00" <= letter <= "\u9fff" for letter in name)
        names = {"name_zh": name} if chinese else {"name_en": name}
        drafts[kind, name] = UnitDraft(key=key, kind=kind, parent=parent, **names)
        return key

    def _known(self, name: str, kind: str) -> int | None:
        """A unit of this kind by its name or, exactly, its key."""
        found = self._found.get((kind, name))
        if found is None and self._kinds.get(name) == kind:
            found = self._ids[name]
        return found


def _cut(name: str) -> str:
    return name[:LONGEST]
