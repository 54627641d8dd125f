"""What stands beside the figures of a line: its band of likes, places gained, and who is named with what guarantee.

Worked out from the edition's result, which is kept parsed by its digest (`lists.py`), and from one query for the lines
that a page shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from leitai.rules.kernel import Text
from leitai.rules.scoring import Row
from leitai.rules.scoring.spec import NamedBy

from . import heat, lists
from .models import Standing, Table
from .queries import TableView
from .stakes import Stake


@dataclass(frozen=True)
class Band:
    """Neighbours that cannot be told from the first of them: how many, and the ranks they are printed with."""

    number: int
    size: int
    best: int
    worst: int


@dataclass(frozen=True)
class Gain:
    """Places gained since the period before, negative where lost; `noise` where the two intervals touch.

    `was` is (best, rank, worst) then.
    """

    places: int
    noise: bool
    was: tuple[int, int, int]

    @property
    def lost(self) -> int:
        """Places lost; negative where gained."""
        return -self.places


@dataclass(frozen=True)
class Line:
    """A line as the page shows it; `group` and `band` where one begins with this line.

    `ruled` says that the line can be told from the first of the band above it; `open` are its open values by name.
    """

    row: Standing
    group: Text | None
    band: Band | None
    ruled: bool
    gain: Gain | None
    open: tuple[tuple[Text, Stake], ...]


def bands(row: Table) -> Mapping[tuple[str, str], Band]:
    """The band of every ranked unit, by group and the unit's key."""
    return _bands(row.digest, row)


@lru_cache(maxsize=16)
def _bands(_digest: str, row: Table) -> Mapping[tuple[str, str], Band]:
    known = lists.sketch(row)
    everyone = known.spec.within == "all"
    homes = {
        key: ("" if everyone else key[0], one["band"])
        for key, one in known.rows.items()
        if one["rank"] is not None and one["band"] is not None
    }
    ranks: dict[tuple[str, int], list[int]] = {}
    for key, home in homes.items():
        ranks.setdefault(home, []).append(known.rows[key]["rank"])
    made = {home: Band(home[1], len(held), min(held), max(held)) for home, held in ranks.items()}
    return {key: made[home] for key, home in homes.items()}


def gains(earlier: Table | None, standings: Iterable[Standing]) -> dict[int, Gain]:
    """For lines of a table, by the unit's number, the places gained since an earlier table of the same arena."""
    if earlier is None:
        return {}
    now = {one.unit_id: one for one in standings if one.rank is not None}
    kept = Standing.objects.filter(table=earlier, unit_id__in=now, rank__isnull=False)
    found = {}
    for unit, group, low, rank, high in kept.values_list("unit_id", "group", "rank_low", "rank", "rank_high"):
        one = now[unit]
        if one.group == group and one.rank and one.rank_low and one.rank_high:
            noise = one.rank_low <= high and one.rank_high >= low
            found[unit] = Gain(rank - one.rank, noise, (low, rank, high))
    return found


def lines(
    row: Table, view: TableView, standings: Sequence[Standing], earlier: Table | None, whole: bool
) -> list[Line]:
    """The lines of a page, with a heading where a group begins; where the page is `whole` also where a band does.

    Among units that a search picked out, neighbours on the page are no neighbours in the table, so no band is told.
    """
    known, moved = bands(row), gains(earlier, standings)
    made: list[Line] = []
    before: Standing | None = None
    last: Band | None = None
    for one in standings:
        band = known.get((one.group, one.unit.key))
        new_group = before is None or before.group != one.group
        starts = whole and (new_group or band != last)
        made.append(
            Line(
                one,
                view.groups.get(one.group) if new_group else None,
                band if starts and band is not None and band.size > 1 else None,
                starts and not new_group,
                moved.get(one.unit_id),
                open_values(row, view, heat.row_of(row, one.group, one.unit.key)),
            )
        )
        before, last = one, band
    return made


def open_values(row: Table, view: TableView, line: Row) -> tuple[tuple[Text, Stake], ...]:
    """The open values of a unit by name, with the ranks that each may still bring."""
    found = heat.stakes_of(row, line)
    names = {one.key: one.name for one in heat.columns(row, view)} if found else {}
    return tuple((names[key], stake) for key, stake in found.items())


@dataclass(frozen=True)
class Named:
    """Whom a table names in a group, of how many it may; `certain` where only those it can answer for.

    `by` says what it answers by: rank sets, or the counts behind a rate; each named is truly among the last, or the
    first, `among`.
    """

    group: Text
    best: bool
    take: int
    among: int
    certain: bool
    by: NamedBy
    confidence: Decimal
    rows: tuple[Standing, ...]

    @property
    def free(self) -> int:
        """How many places on the list stay empty."""
        return max(self.take - len(self.rows), 0)


def named(row: Table, groups: Mapping[str, Text], group: str = "") -> list[Named]:
    """The lists of names of a table, of one group or all; an empty list too, where one was to be made."""
    known = lists.sketch(row)
    spec = known.spec
    naming, rows = spec.naming, lists.named(row)
    found = []
    for key, name in groups.items():
        if group and key != group:
            continue
        for best, take, among, certain in (
            (True, naming.best, naming.of_best, naming.best_certain),
            (False, naming.worst, naming.of_worst, naming.worst_certain),
        ):
            if take:
                here = [
                    one for one in rows if one.group == key and (one.named_best if best else one.named_worst)
                ]
                by = known.named_by(key)
                found.append(Named(name, best, take, among, certain, by, spec.confidence * 100, tuple(here)))
    return found


def neighbours(one: Standing, each: int = 2) -> list[Standing]:
    """The line itself between the nearest ones above and below it in its group, best first; none if unranked."""
    if one.rank is None:
        return []
    group = Standing.objects.filter(table_id=one.table_id, group=one.group).select_related("unit")
    above = list(group.filter(rank__lt=one.rank).order_by("-rank", "-unit__key")[:each])
    beside = list(group.filter(rank=one.rank).exclude(pk=one.pk).order_by("unit__key")[:each])
    below = list(group.filter(rank__gt=one.rank).order_by("rank", "unit__key")[: max(each - len(beside), 1)])
    return [*reversed(above), one, *beside, *below]
