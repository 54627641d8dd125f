"""The frame of every tile: as of when, from where, who is late, and whether it may be shown in full colour.

A wall is believed because it hangs there. So a tile that does not know says so: it turns grey where what it shows has
not come when it should (`stale`, worked out here), and where the screen has not heard from the house for longer than
`fresh` (worked out on the screen, which knows that it was cut off). A grey tile keeps its figures, with their time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from leitai.apps.regimes import queries as regimes

from . import meetings, problems, projects, standings, verdicts
from .said import Said

FRESH = 180  # seconds for which a tile stands without being fetched again; a screen fetches it after a third of that
NAMED = 3  # of those who are late so many are named


@dataclass(frozen=True)
class Tile:
    """A tile of the wall. `as_of`: a day or an instant; `late`: who owes something, in words; `stale`: why, or ""."""

    key: str
    title: str | Promise
    as_of: date | datetime | None
    source: str | Promise
    late: str
    stale: str
    body: Mapping[str, Any] = field(default_factory=dict)
    fresh: int = FRESH

    @property
    def template(self) -> str:
        """What draws its body."""
        return f"web/wall_{self.key}.html"


_MADE: dict[str, tuple[str | Promise, Callable[[Any, datetime], Said]]] = {
    "map": (gettext_lazy("Projects"), projects.said),
    "cases": (gettext_lazy("Overdue"), problems.said),
    "arenas": (gettext_lazy("Arenas"), standings.said),
    "tonight": (gettext_lazy("Today and next"), meetings.occasions_said),
    "verdicts": (gettext_lazy("Verdicts of the day"), verdicts.said),
    "promises": (gettext_lazy("Promises due"), meetings.promises_said),
}
KEYS = tuple(_MADE)


def tile(key: str, place: Any, now: datetime) -> Tile:
    """A tile of a place at its present. Raises KeyError."""
    title, make = _MADE[key]
    try:
        said = make(place, now)
    except regimes.NoRegime:
        said = Said(None, _("the rule-book"), stale=_("there is no rule-book in force"))
    return Tile(key, title, said.as_of, said.source, names(said.late), said.stale, said.body)


def tiles(place: Any, now: datetime) -> list[Tile]:
    """All tiles, in the order in which a screen turns through them."""
    return [tile(key, place, now) for key in KEYS]


def names(late: Iterable[str]) -> str:
    """Who is late, in words: the first few by name, the others by number; "" for nobody."""
    known = list(dict.fromkeys(late))
    shown = _(", ").join(known[:NAMED])
    more = len(known) - NAMED
    if more > 0:
        return ngettext("%(shown)s and %(n)s more", "%(shown)s and %(n)s more", more) % {
            "shown": shown,
            "n": more,
        }
    return shown
