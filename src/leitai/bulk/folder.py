"""A place from its folder: rule-book, units, a verdict point at each unit that has a code."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from leitai.apps.ballots import actions as ballots
from leitai.apps.ledger.errors import tell
from leitai.apps.people import actions as people_actions
from leitai.apps.people import queries as people
from leitai.apps.regimes import actions as regimes
from leitai.rules.kernel import Severity
from leitai.rules.regime.check import check_text
from leitai.rules.regime.units import read_units


class PlaceError(Exception):
    """A folder that no place can be made of; its text lists every fault with file, line and column."""


def put_place(
    folder: Path, *, by: str, clock: datetime, sample: bool = False, today: datetime | None = None
) -> Any:
    """Make a place from a folder, or bring its units and rule-books up to date. Nothing is doubled.

    `clock` is what the clock says; `today` the instant a demonstration lives at (default: the clock's).
    Raises PlaceError with every fault of the folder.
    """
    text, units, regime = _read(folder)
    row = next((one for one in people.places() if one.key == regime.place.key), None)
    if row is None:
        row = people_actions.add_place(
            key=regime.place.key,
            name_zh=regime.place.name.zh,
            name_en=regime.place.name.en,
            timezone=regime.place.timezone,
            language=regime.place.language,
            sample=sample,
            lag=clock - today if today else timedelta(0),
            by=by,
            now=today or clock,
        )
    now = row.now(clock)
    drafts = [
        people_actions.UnitDraft(
            key=unit.key,
            name_zh=unit.name.zh,
            name_en=unit.name.en,
            parent=unit.parent,
            kind=unit.kind,
            tags=tuple(sorted(unit.tags)),
        )
        for unit in units.values()
    ]
    if drafts:
        people_actions.put_units(place=row, drafts=drafts, by=by, now=now)
    for one in text:
        regimes.load(place=row, text=one, units=units or None, by=by, now=now)
    coded = [unit for unit in people.units(row) if not units or "coded" in unit.tags or not _tagged(units)]
    if coded:
        ballots.add_points(place=row, units=coded, by=by, now=now)
    return row


def _tagged(units: Any) -> bool:
    """Whether the list says which units have a code; where it does not, all have."""
    return any("coded" in unit.tags for unit in units.values())


def _read(folder: Path) -> tuple[list[str], Any, Any]:
    """The rule-books' texts (the oldest first), the units, and the newest rule-book."""
    file = folder / "regime.yaml"
    if not file.is_file():
        raise PlaceError(f"{folder}: there is no regime.yaml in this folder")
    units: Any = {}
    faults = []
    if (folder / "units.csv").is_file():
        units, found = read_units(
            (folder / "units.csv").read_text(encoding="utf-8-sig"), file=str(folder / "units.csv")
        )
        faults += found
    texts, newest = [], None
    for path in [*sorted(folder.glob("regime-*.yaml")), file]:
        text = path.read_text(encoding="utf-8-sig")
        checked = check_text(text, file=str(path), units=units or None)
        faults += checked.findings
        texts.append(text)
        newest = checked.regime or newest
    errors = [one for one in faults if one.severity is Severity.ERROR]
    if errors or newest is None:
        raise PlaceError("\n".join(f"{one.where}: {tell(one)}" for one in errors))
    return texts, units, newest
