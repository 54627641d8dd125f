"""The two lists of a week, and whom to visit because nobody scans there.

Programmes of this kind tell their ten worst every week and visit the units whose codes nobody scans. A list by
number alone names whoever has most visitors, and one by rate names whoever has fewest: two bad verdicts of
three are chance. So there are two lists side by side. One counts bad verdicts that were found true. The other
goes by rate, and names a unit only where so high a rate can hardly be chance, however many units were looked
at: each is held against all other verdicts of the week by Fisher's exact test (1935), and Holm's step-down
(Scandinavian Journal of Statistics 6, 1979, 65-70) keeps the chance that anybody at all is named wrongly below
the level. Rank sets (`scoring.rank_intervals`) would ask more than a week can answer: they compare every pair.

>>> counts = {"hall": Count(90, 40, 12, 0), "desk": Count(3, 2, 2, 0), "bank": Count(900, 45, 30, 0)}
>>> [line.unit for line in apart(counts, minimum=30).lines]
['hall']
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, lgamma
from typing import Generic, NamedTuple, TypeVar

from leitai.rules.kernel import Text

Unit = TypeVar("Unit")

TEN = 10
LEVEL = 0.05
# Verdicts by different ways are never put into one rate: anybody may use the code on the wall, as often as
# they like, while a ticket is given to a visitor once and a draw leaves nobody a choice.
WAYS: dict[str, tuple[str, ...]] = {
    "ticket": ("visit", "matter"),
    "wall": ("standing",),
    "drawn": ("invited",),
}
OTHER = "other"
WAY_NAMES = {
    "ticket": Text(zh="凭票评价", en="By ticket"),
    "wall": Text(zh="扫墙上的码", en="By the code on the wall"),
    "drawn": Text(zh="抽中受邀", en="By random draw"),
    OTHER: Text(zh="其他系统转来", en="From other systems"),
}
_WAY_OF = {channel: way for way, channels in WAYS.items() for channel in channels}

CHANNEL_NAMES = {
    "standing": WAY_NAMES["wall"],
    "visit": Text(zh="一次一评", en="Ticket of a visit"),
    "matter": Text(zh="一事一评", en="Ticket of a matter"),
    "invited": WAY_NAMES["drawn"],
}

FEW = 1 / 3  # of what was to be expected
CHANCE = 0.001  # that so few come where so many are to be expected
ENOUGH = 100  # services of a point's own past from which its share of scanning is taken


def way_of(channel: str) -> str:
    """The way of a channel: a key of WAYS, or OTHER for what other systems call theirs."""
    return _WAY_OF.get(channel, OTHER)


class Count(NamedTuple):
    """Verdicts of a unit: counted, bad among them, found true among the bad; set aside apart."""

    n: int
    bad: int
    upheld: int
    aside: int

    def plus(self, other: Count) -> Count:
        """The two together."""
        return Count(
            self.n + other.n, self.bad + other.bad, self.upheld + other.upheld, self.aside + other.aside
        )


NONE = Count(0, 0, 0, 0)


def total(counts: Iterable[Count]) -> Count:
    """Counts added up, column by column."""
    columns = list(zip(*counts, strict=True))
    return Count(*map(sum, columns)) if columns else NONE


@dataclass(frozen=True, slots=True)
class Line(Generic[Unit]):
    """A unit on a list: its place (ties share the better one), its count, and what all others come to together."""

    unit: Unit
    place: int
    count: Count
    rest: Count


@dataclass(frozen=True, slots=True)
class Listed(Generic[Unit]):
    """A list: its lines, and how many `more` belong on it and are not listed.

    `tied` of them tie across its end, each with the count `tie`, and are left out for that (0 and None: none
    do). `judged` units were looked at, `few` had too few verdicts.
    """

    lines: tuple[Line[Unit], ...]
    more: int
    tied: int
    tie: Count | None
    judged: int
    few: int


def most(counts: Mapping[Unit, Count], take: int = TEN) -> Listed[Unit]:
    """The units with most bad verdicts found true, at most `take`.

    Where some that tie would be listed and others not, none of them is: the alphabet does not choose.
    """
    found = sorted((item for item in counts.items() if item[1].upheld), key=lambda item: -item[1].upheld)
    return _first(found, total(counts.values()), lambda one: one.upheld, take, len(counts), 0)


def apart(counts: Mapping[Unit, Count], minimum: int, take: int = TEN, level: float = LEVEL) -> Listed[Unit]:
    """The units with the highest rate of bad verdicts, of those whose rate is above that of all others together.

    Only units with `minimum` verdicts are looked at. In a week in which all are alike, the chance that the list
    is not empty is at most `level`. At most `take`; ties as in `most`.
    """
    whole = total(counts.values())
    judged = [(unit, one) for unit, one in counts.items() if one.n >= minimum]
    chances = sorted(((_chance(one, whole), at) for at, (_, one) in enumerate(judged)))
    told: list[tuple[Unit, Count]] = []
    for step, (chance, at) in enumerate(chances):
        if chance > level / (len(judged) - step):
            break
        told.append(judged[at])
    told.sort(key=lambda item: -item[1].bad / item[1].n)
    few = sum(0 < one.n < minimum for one in counts.values())
    return _first(told, whole, lambda one: one.bad / one.n, take, len(judged), few)


def _first(
    found: Sequence[tuple[Unit, Count]],
    whole: Count,
    key: Callable[[Count], float],
    take: int,
    judged: int,
    few: int,
) -> Listed[Unit]:
    """The first of a sorted list, without those that tie across its end."""
    values = [key(one) for _, one in found]
    end, tie = min(take, len(found)), None
    if end < len(found) and values[end - 1] == values[end]:
        tie = found[end][1]
        end = values.index(values[end])
    lines = tuple(
        Line(unit, values.index(values[at]) + 1, one, _less(whole, one))
        for at, (unit, one) in enumerate(found[:end])
    )
    tied = values.count(key(tie)) if tie is not None else 0
    return Listed(lines, len(found) - end, tied, tie, judged, few)


def _less(whole: Count, one: Count) -> Count:
    return Count(*(all_ - own for all_, own in zip(whole, one, strict=True)))


def _chance(one: Count, whole: Count) -> float:
    """The chance of as many bad verdicts among the unit's, were all bad ones of the week dealt out at random."""
    if one.bad * whole.n <= whole.bad * one.n:
        return 1.0
    return hypergeometric_tail(one.bad, one.n, whole.bad, whole.n)


def hypergeometric_tail(hits: int, drawn: int, marked: int, whole: int) -> float:
    """The chance of `hits` or more marked ones among `drawn`, of `whole` of which so many are marked.

    >>> round(hypergeometric_tail(3, 4, 4, 8), 6)  # the lady tasting tea: 17 of 70
    0.242857
    """
    if not 0 <= hits <= drawn <= whole or not 0 <= marked <= whole:
        raise ValueError(f"{hits} of {drawn}, drawn from {whole} with {marked} marked, cannot be")
    first, last = max(hits, drawn + marked - whole), min(drawn, marked)
    if first > last:
        return 0.0
    term = exp(_choose(marked, first) + _choose(whole - marked, drawn - first) - _choose(whole, drawn))
    total = 0.0
    for at in range(first, last + 1):
        total += term
        ratio = (marked - at) * (drawn - at) / ((at + 1) * (whole - marked - drawn + at + 1))
        term *= ratio
        if ratio < 1 and term < 1e-17 * total:
            break
    return min(1.0, total)


def _choose(n: int, k: int) -> float:
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)


@dataclass(frozen=True, slots=True)
class Traffic:
    """Scans at a point in the days looked at and in the span before; services there, as far as records tell."""

    scans: int
    before: int
    services: int = 0
    services_before: int = 0


@dataclass(frozen=True, slots=True)
class Silence:
    """A point to visit: its position, and how many scans were to be expected (None: nothing tells)."""

    at: int
    expected: float | None


def silent(points: Sequence[Traffic]) -> tuple[Silence, ...]:
    """The points without a scan, and those with fewer than a third of the scans to be expected of them.

    Expected is, where records tell of services: those times the share of them that scans here, or, where the
    own past has fewer than a hundred services, that scans anywhere; else: the own past, changed as all points
    together changed, so that a holiday makes nobody silent. Too few are told only where chance makes so few
    less than once in a thousand such points (Poisson). Those with most expected come first.
    """
    change = _ratio(sum(one.scans for one in points), sum(one.before for one in points))
    counted = [one for one in points if one.services]
    share = _ratio(sum(one.scans for one in counted), sum(one.services for one in counted))
    found = []
    for at, one in enumerate(points):
        expected = _expected(one, change, share)
        if one.scans == 0 or (expected is not None and _too_few(one.scans, expected)):
            found.append(Silence(at, expected))
    found.sort(key=lambda one: (one.expected is None, -(one.expected or 0.0), one.at))
    return tuple(found)


def _expected(one: Traffic, change: float | None, share: float | None) -> float | None:
    if one.services:
        own = _ratio(one.before, one.services_before) if one.services_before >= ENOUGH else share
        return one.services * own if own is not None else None
    return one.before * change if one.before and change is not None else None


def _too_few(scans: int, expected: float) -> bool:
    return scans < FEW * expected and poisson_tail(scans, expected) < CHANCE


def poisson_tail(count: int, mean: float) -> float:
    """The chance of so many or fewer, where `mean` are expected.

    >>> round(poisson_tail(2, 12.0), 6)
    0.000522
    """
    term = total = exp(-mean)
    for at in range(1, count + 1):
        term *= mean / at
        total += term
    return total


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None
