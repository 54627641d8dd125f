"""The tile of arenas: who is surely ahead and who is surely behind, each with the range of its rank.

Nobody is shown only because they are last: at the bottom stand those whose whole range lies in the lower half of their
group, at the top those whose whole range lies in the upper half. Where there are none, the tile says that.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from leitai.apps.tables import lists
from leitai.apps.tables import queries as tables
from leitai.rules.kernel import Text
from leitai.ui import words

from .said import Said

BLOCKS = 4
TOP, BOTTOM = 3, 2
GRACE = timedelta(days=20)  # after its end, by when a period's table is expected


@dataclass(frozen=True)
class Block:
    """A group of an arena's newest table: lines surely in the upper and in the lower half, of how many."""

    table: Any
    name: Text
    group: Text
    of: int
    top: tuple[Any, ...]
    bottom: tuple[Any, ...]


def said(place: Any, now: datetime) -> Said:
    """The newest published table of each arena, its largest group."""
    today = now.astimezone(place.zone).date()
    latest = tables.latest(place)
    sizes = lists.sizes([one.table for one in latest])
    blocks = [block for one in latest if (block := _block(one, sizes[one.table.pk])) is not None][:BLOCKS]
    shown = {block.table.pk for block in blocks}
    overdue = [one for one in latest if one.table.pk in shown and _overdue(one.period, today)]
    language = get_language() or "zh-hans"
    late = tuple(f"{one.name.show(language)} {words.period(one.period.next().key)}" for one in overdue)
    every = bool(blocks) and len(overdue) == len(blocks)
    stale = _("the next period's tables have not been published") if every else ""
    published = [one.table.published_at for one in latest if one.table.pk in shown]
    return Said(max(published, default=None), _("published tables"), late, stale, {"blocks": blocks})


def _overdue(period: Any, today: date) -> bool:
    return today > period.next().last + GRACE


def _block(view: tables.TableView, sizes: dict[str, lists.Size]) -> Block | None:
    """The largest ranked group of a table; None where nobody is ranked."""
    size = max(sizes.values(), key=lambda one: one.ranked, default=None)
    if size is None or not size.ranked:
        return None
    ranked = tables.standings(view.table, size.group).filter(rank__isnull=False)
    half = F("of") / 2
    top = ranked.filter(rank_high__lte=half).order_by("rank", "unit__key")[:TOP]
    bottom = ranked.filter(rank_low__gt=F("of") - half).order_by("-rank", "unit__key")[:BOTTOM]
    group = view.groups.get(size.group, Text(en=size.group))
    return Block(view.table, view.name, group, size.ranked, tuple(top), tuple(reversed(bottom)))
