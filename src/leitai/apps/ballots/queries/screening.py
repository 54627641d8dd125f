"""What the screens are given: the columns of a place's last days, from the rows that are kept of them.

Nothing here says who anybody is: devices and networks are keyed digests, callers are their accounts' names, which
only those see who may decide on leads. Texts are unsealed for the comparison and leave this room only as positions.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np
from django.db.models import Sum

from leitai.rules.ballots import screens

from ..keys import unseal
from ..models import Ask, Ballot, CallBack, Outcome, Point, Review, ServiceRecord, Stray, Tally, Words

DAYS = 30


@dataclass(frozen=True)
class Window:
    """The last days of a place up to one that has ended; `first` and `last` are days of the place."""

    place: Any
    first: date
    last: date

    @classmethod
    def up_to(cls, place: Any, last: date, days: int = DAYS) -> Window:
        """A window of so many days that ends with `last`."""
        return cls(place, last - timedelta(days=days - 1), last)

    @property
    def days(self) -> int:
        """How many days."""
        return (self.last - self.first).days + 1

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        """The instants [start, end) of the window."""
        zone = self.place.zone
        return (
            datetime.combine(self.first, time(0), zone),
            datetime.combine(self.last + timedelta(days=1), time(0), zone),
        )


@dataclass(frozen=True)
class Found:
    """A lead with what it stands on: indexes of verdicts in the log, where it is about verdicts."""

    lead: screens.Lead
    leaves: tuple[int, ...] = ()


def screened(window: Window, alarm: float = 0.05) -> list[Found]:
    """Every screen over a window, each screen's most unlikely lead first. Reads a month, and changes nothing."""
    rows = _rows(window.place)
    found: list[Found] = []
    if rows:
        found += [Found(lead) for lead in _about_counts(window, rows, alarm)]
    ballots, leaves = _ballots(window)
    found += _with(screens.bursts(ballots, alarm=alarm), "ballots", leaves)
    found += [Found(lead) for lead in screens.channels(_channels(window), alarm)]
    texts, written = _texts(window)
    found += _with(screens.words(texts, alarm), "texts", written)
    calls, called = _decisions(window, _called(window))
    appeals, appealed = _decisions(window, _appealed(window))
    for lead in screens.talked_away(calls, appeals, alarm):
        found += _with([lead], "decisions", appealed if lead.code.startswith("overturned") else called)
    return found


def _with(leads: Iterable[screens.Lead], kind: str, leaves: Sequence[int]) -> list[Found]:
    return [
        Found(lead, tuple(leaves[at] for one in lead.evidence if one.kind == kind for at in one.numbers))
        for lead in leads
    ]


def _rows(place: Any) -> tuple[screens.Row, ...]:
    """Each point in use: its unit and number."""
    rows = Point.objects.filter(place=place, retired_at__isnull=True).order_by("number")
    return tuple(rows.values_list("unit__key", "number"))


def _about_counts(window: Window, rows: tuple[screens.Row, ...], alarm: float) -> list[screens.Lead]:
    """Scans beside services, refused scans beside all, records beside their own past and beside scans."""
    place, days = window.place, (window.first, window.last)
    tallies = Tally.objects.filter(place=place, day__range=days, channel="standing", point__gt=0)
    scans = _grid(window, rows, tallies.values_list("point", "day").annotate(many=Sum("n")))
    strays = Stray.objects.filter(place=place, day__range=days)
    refused = _grid(window, rows, strays.values_list("number", "day", "count"))
    services, tickets = _services(window, rows)
    records = _grid(window, rows, services)
    served = records.astype(float)
    found: list[screens.Lead] = []
    # Where no system uploads its services, nobody knows how many scans there should be.
    if records.any():
        found += screens.silent(screens.Daily(window.first, rows, scans, served))
        daily = screens.Daily(window.first, rows, records)
        over = screens.Daily(window.first, rows, scans, served)
        found += screens.hidden(tickets, daily, over, alarm)
    every = (scans + refused).astype(float)
    found += screens.refused(screens.Daily(window.first, rows, refused, every), alarm)
    return found


def _grid(window: Window, rows: tuple[screens.Row, ...], counted: Iterable[tuple[int, date, int]]) -> Any:
    """Counts by point's number and day as an array (rows, days); what lies outside is left out."""
    at = {number: position for position, (_, number) in enumerate(rows)}
    grid = np.zeros((len(rows), window.days), dtype=np.int64)
    for number, day, n in counted:
        if number in at:
            grid[at[number], (day - window.first).days] += n
    return grid


def _services(
    window: Window, rows: tuple[screens.Row, ...]
) -> tuple[list[tuple[int, date, int]], screens.Tickets | None]:
    """Service records by point and day, and their queue numbers; one that names no point is at its unit's first."""
    zone, (start, end) = window.place.zone, window.bounds
    at = {number: position for position, (_, number) in enumerate(rows)}
    first: dict[str, int] = {}
    for unit, number in rows:
        first.setdefault(unit, int(number or 0))
    found: Counter[tuple[int, date]] = Counter()
    numbered: list[tuple[int, int, int]] = []
    records = ServiceRecord.objects.filter(place=window.place, served_at__gte=start, served_at__lt=end)
    for unit, named, when, number in records.values_list(
        "unit__key", "point__number", "served_at", "number"
    ).iterator(10_000):
        point, day = named or first.get(unit, 0), when.astimezone(zone).date()
        found[point, day] += 1
        if number is not None and 0 <= number < 1 << 32 and point in at:
            numbered.append((at[point], (day - window.first).days, number))
    tickets = None
    if numbered:
        columns = np.array(numbered, dtype=np.int64).T
        tickets = screens.Tickets(window.first, window.days, rows, *columns)
    return [(point, day, n) for (point, day), n in found.items()], tickets


def _ballots(window: Window) -> tuple[screens.Ballots, list[int]]:
    """Verdicts that were given here, by whatever way, for tickets can be made up too; and the leaf of each."""
    start, end = window.bounds
    rows = Ballot.objects.filter(
        place=window.place,
        cast_at__gte=start,
        cast_at__lt=end,
        source="",
        index__isnull=False,
    ).exclude(standing="set_aside")
    columns: tuple[list[Any], ...] = ([], [], [], [], [], [])
    for row in rows.values_list("index", "unit__key", "cast_at", "bad", "device", "network").iterator(10_000):
        for column, value in zip(columns, row, strict=True):
            column.append(value)
    leaves, keys, at, bad, device, network = columns
    units, unit = _positions(keys)
    seconds = np.array([int(one.timestamp()) for one in at], dtype=np.int64)
    return (
        screens.Ballots(
            units,
            unit,
            seconds,
            np.array(bad, dtype=bool),
            _codes(device),
            _codes(network),
            window.place.zone,
        ),
        leaves,
    )


def _codes(digests: Sequence[str]) -> Any:
    """Keyed digests as numbers, -1 where there is none."""
    return np.array([int(one, 16) >> 1 if one else -1 for one in digests], dtype=np.int64)


def _positions(keys: Sequence[str]) -> tuple[tuple[str, ...], Any]:
    """The keys there are, and each one's position among them."""
    known = {key: position for position, key in enumerate(sorted(set(keys)))}
    return tuple(known), np.array([known[key] for key in keys], dtype=np.int64)


def _channels(window: Window) -> screens.Channels:
    """What the code on the wall says of each unit beside what those say who were drawn."""
    rows = Tally.objects.filter(
        place=window.place, day__range=(window.first, window.last), channel__in=("standing", "invited")
    ).exclude(standing="set_aside")
    found: dict[str, Counter[tuple[str, bool]]] = defaultdict(Counter)
    for unit, channel, bad, n in rows.values_list("unit__key", "channel", "bad").annotate(many=Sum("n")):
        found[unit][channel, bad] += n
    units = tuple(sorted(found))

    def column(channel: str, *bad: bool) -> Any:
        return np.array([sum(found[unit][channel, one] for one in bad) for unit in units], dtype=np.int64)

    return screens.Channels(
        window.last,
        units,
        column("standing", True),
        column("standing", True, False),
        column("invited", True),
        column("invited", True, False),
    )


def _texts(window: Window) -> tuple[screens.Texts, list[int]]:
    """Words that citizens added, and the leaf of the verdict each belongs to."""
    start, end = window.bounds
    rows = Words.objects.filter(
        ballot__place=window.place,
        ballot__cast_at__gte=start,
        ballot__cast_at__lt=end,
        ballot__index__isnull=False,
    )
    said = [
        (leaf, unit, unseal(sealed)["words"])
        for leaf, unit, sealed in rows.values_list("ballot__index", "ballot__unit__key", "sealed").iterator(
            5000
        )
    ]
    said = [one for one in said if one[2]]
    units, unit = _positions([one[1] for one in said])
    return screens.Texts(window.last, units, unit, tuple(one[2] for one in said)), [one[0] for one in said]


Decided = tuple[int, str, str, bool]  # leaf, unit, who decided, whether against the citizen


def _called(window: Window) -> list[Decided]:
    """Call-backs that came to an end with an answer."""
    start, end = window.bounds
    rows = CallBack.objects.filter(
        ballot__place=window.place, done_at__gte=start, done_at__lt=end, ballot__index__isnull=False
    ).exclude(outcome=Outcome.UNREACHABLE)
    return [
        (leaf, unit, who, outcome != Outcome.UPHELD)
        for leaf, unit, who, outcome in rows.values_list(
            "ballot__index", "ballot__unit__key", "caller__username", "outcome"
        )
    ]


def _appealed(window: Window) -> list[Decided]:
    """Appeals that were decided."""
    start, end = window.bounds
    rows = Review.objects.filter(
        ballot__place=window.place,
        ask=Ask.APPEAL,
        decided_at__gte=start,
        decided_at__lt=end,
        ballot__index__isnull=False,
    )
    columns = rows.values_list("ballot__index", "ballot__unit__key", "decided_by", "granted")
    return [(leaf, unit, who, bool(granted)) for leaf, unit, who, granted in columns]


def _decisions(window: Window, decided: Sequence[Decided]) -> tuple[screens.Decisions, list[int]]:
    units, unit = _positions([one[1] for one in decided])
    deciders, decider = _positions([one[2] for one in decided])
    against = np.array([one[3] for one in decided], dtype=bool)
    return screens.Decisions(window.last, units, deciders, unit, decider, against), [
        one[0] for one in decided
    ]
