"""Writing screens: one is hung up, one is taken down. What a screen shows is read, never written."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from leitai.apps.ledger.actions import UNCHANGED, action, record
from leitai.apps.ledger.errors import refuse
from leitai.rules.kernel import N_

from .screens import ENDED, OPENED, screens

LONGEST, MOST = 60, 50


@action(OPENED)
def open_screen(*, place: Any, key: str, name: str, by: str, now: datetime) -> str:
    """Give a screen an address of its own; `key`, by chance, names it from now on.

    Refusals: `screen-no-name`, `screen-too-many`.
    """
    name = name.strip()[:LONGEST]
    if not name:
        raise refuse("screen-no-name", N_("Say where the screen hangs."))
    if sum(one.ended is None for one in screens(place)) >= MOST:
        raise refuse("screen-too-many", N_("There are %(most)s screens; take one down first."), most=MOST)
    record(place=place, kind=OPENED, by=by, now=now, subject=f"screen:{key}", data={"name": name})
    return key


@action(ENDED)
def end_screen(*, place: Any, key: str, by: str, now: datetime) -> Any:
    """End a screen's address for good. Refusals: `screen-unknown`."""
    found = next((one for one in screens(place) if one.key == key), None)
    if found is None:
        raise refuse("screen-unknown", N_("There is no such screen."))
    if found.ended is not None:
        return UNCHANGED
    record(place=place, kind=ENDED, by=by, now=now, subject=f"screen:{key}", data={"name": found.name})
    return found
