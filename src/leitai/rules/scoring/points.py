"""From a measured value to points: the ways a rule-book can say what a figure is worth.

Each method is a value; `scorer` fixes the frame (the group's own values, where the method compares within
the group) and gives the function from value to points. docs/methods has a page and a worked table for each.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal, localcontext
from typing import ClassVar, Literal

from .exact import EXACT, FULL, ZERO, Rounding, dec, round_to

Better = Literal["more", "less"]
Scorer = Callable[[Decimal, Decimal | None, Decimal], Decimal | None]
"""(value, target, own) to points or None where a needed target is absent.

`own` is the unit's reported value: the same as `value`, except where a table asks what a value a standard
error away would have brought in an unchanged group.
"""


@dataclass(frozen=True, slots=True)
class Method(ABC):
    """What all methods share: a short name for files."""

    by: ClassVar[str] = ""

    @property
    @abstractmethod
    def lowest(self) -> Decimal:
        """The points of a missing value where the rule-book says a missing value gets the lowest."""

    @abstractmethod
    def scorer(self, column: Sequence[Decimal], better: Better) -> Scorer:
        """The function from value to points within a group whose counted values are `column`."""

    def to_json(self) -> dict[str, object]:
        """The method as plain JSON; numbers as text."""
        return {"by": self.by} | {one.name: _plain(getattr(self, one.name)) for one in fields(self)}

    @staticmethod
    def from_json(data: Mapping[str, object]) -> Method:
        """The method that `to_json` wrote. Raises KeyError or TypeError for unknown names."""
        given = {key: value for key, value in data.items() if key != "by"}
        method = METHODS[str(data["by"])]
        return method(**{key: _read(value) for key, value in given.items()})


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return [[band.sign, str(band.limit), str(band.points)] for band in value]
    return None if value is None else str(value)


def _read(value: object) -> object:
    if isinstance(value, list | tuple):
        return tuple(Band(sign, dec(limit), dec(points)) for sign, limit, points in value)
    return None if value is None else dec(value)  # type: ignore[arg-type]  # dec refuses what is no number


def _clip(value: Decimal, low: Decimal, high: Decimal) -> Decimal:
    return low if value < low else min(value, high)


@dataclass(frozen=True, slots=True)
class Target(Method):
    """Completion of the unit's target (完成率): value / target × 100, kept between `floor` and `cap` points.

    Where less is better it is (2 − value / target) × 100, so that ten per cent too much costs what ten per
    cent too little would. A target of 0 or below is met (100) or not (floor).
    """

    by: ClassVar[str] = "target"
    floor: Decimal = ZERO
    cap: Decimal = FULL

    @property
    def lowest(self) -> Decimal:
        return self.floor

    def scorer(self, _column: Sequence[Decimal], better: Better) -> Scorer:
        more, floor, cap = better == "more", self.floor, self.cap

        def score(value: Decimal, target: Decimal | None, _own: Decimal) -> Decimal | None:
            if target is None:
                return None
            if target <= 0:
                met = value >= target if more else value <= target
                return _clip(FULL, floor, cap) if met else floor
            share = value / target
            return _clip((share if more else 2 - share) * 100, floor, cap)

        return score


@dataclass(frozen=True, slots=True)
class MinMax(Method):
    """Where the value lies between the group's worst (`floor` points) and best (`cap`), in a line.

    `least` and `most` fix the ends by rule instead (goalposts); values beyond them get the end's points.
    Where all values are alike nobody trails and all get `cap`.
    """

    by: ClassVar[str] = "minmax"
    floor: Decimal = ZERO
    cap: Decimal = FULL
    least: Decimal | None = None
    most: Decimal | None = None

    @property
    def lowest(self) -> Decimal:
        return self.floor

    def scorer(self, column: Sequence[Decimal], better: Better) -> Scorer:
        low = min(column, default=ZERO) if self.least is None else self.least
        high = max(column, default=ZERO) if self.most is None else self.most
        more, floor, cap, width = better == "more", self.floor, self.cap, high - low

        def score(value: Decimal, _target: Decimal | None, _own: Decimal) -> Decimal | None:
            if width <= 0:
                return cap
            way = value - low if more else high - value
            return _clip(floor + (cap - floor) * way / width, floor, cap)

        return score


@dataclass(frozen=True, slots=True)
class RankPoints(Method):
    """Points by place within the group: `cap` for the first, `floor` for the last, equal steps between.

    Equal values share the better place. A group of one gets `cap`.
    """

    by: ClassVar[str] = "rank"
    floor: Decimal = ZERO
    cap: Decimal = FULL

    @property
    def lowest(self) -> Decimal:
        return self.floor

    def scorer(self, column: Sequence[Decimal], better: Better) -> Scorer:
        ordered, count, more = sorted(column), len(column), better == "more"
        step = (self.cap - self.floor) / (count - 1) if count > 1 else ZERO

        def score(value: Decimal, _target: Decimal | None, own: Decimal) -> Decimal | None:
            if more:
                ahead = count - bisect_right(ordered, value) - (own > value)
            else:
                ahead = bisect_left(ordered, value) - (own < value)
            return self.cap - step * ahead

        return score


@dataclass(frozen=True, slots=True)
class Band:
    """One line of a table of bands: values `sign` (<, <=, >, >=) `limit` get `points`."""

    sign: str
    limit: Decimal
    points: Decimal

    def holds(self, value: Decimal) -> bool:
        """Whether the value lies in the band."""
        if self.sign == "<":
            return value < self.limit
        if self.sign == "<=":
            return value <= self.limit
        return value > self.limit if self.sign == ">" else value >= self.limit


@dataclass(frozen=True, slots=True)
class Bands(Method):
    """The points of the first band that holds the value, or `otherwise`."""

    by: ClassVar[str] = "bands"
    bands: tuple[Band, ...] = ()
    otherwise: Decimal = ZERO

    @property
    def lowest(self) -> Decimal:
        return min((band.points for band in self.bands), default=self.otherwise).min(self.otherwise)

    def scorer(self, _column: Sequence[Decimal], _better: Better) -> Scorer:
        def score(value: Decimal, _target: Decimal | None, _own: Decimal) -> Decimal | None:
            return next((band.points for band in self.bands if band.holds(value)), self.otherwise)

        return score


@dataclass(frozen=True, slots=True)
class PassFail(Method):
    """`cap` points where the value reaches `threshold`, or else the unit's own target; or `floor`."""

    by: ClassVar[str] = "pass"
    floor: Decimal = ZERO
    cap: Decimal = FULL
    threshold: Decimal | None = None

    @property
    def lowest(self) -> Decimal:
        return self.floor

    def scorer(self, _column: Sequence[Decimal], better: Better) -> Scorer:
        def score(value: Decimal, target: Decimal | None, _own: Decimal) -> Decimal | None:
            limit = target if self.threshold is None else self.threshold
            if limit is None:
                return None
            return self.cap if (value >= limit if better == "more" else value <= limit) else self.floor

        return score


@dataclass(frozen=True, slots=True)
class Given(Method):
    """The value is points already (a jury's mark, a lower table's score), kept in bounds."""

    by: ClassVar[str] = "given"
    floor: Decimal = ZERO
    cap: Decimal = FULL

    @property
    def lowest(self) -> Decimal:
        return self.floor

    def scorer(self, _column: Sequence[Decimal], _better: Better) -> Scorer:
        return lambda value, _target, _own: _clip(value, self.floor, self.cap)


METHODS: dict[str, type[Method]] = {
    one.by: one for one in (Target, MinMax, RankPoints, Bands, PassFail, Given)
}


def points(
    method: Method,
    better: Better,
    values: Sequence[Decimal | float | None],
    targets: Sequence[Decimal | float | None] | None = None,
    places: int = 6,
    rounding: Rounding = "half-up",
) -> tuple[Decimal | None, ...]:
    """The points of one group's values, to so many decimals; None where a number is missing."""
    with localcontext(EXACT):
        column = [None if value is None else dec(value) for value in values]
        score = method.scorer([value for value in column if value is not None], better)
        found: list[Decimal | None] = []
        for value, target in zip(column, targets or [None] * len(column), strict=True):
            one = None if value is None else score(value, None if target is None else dec(target), value)
            found.append(None if one is None else round_to(one, places, rounding))
        return tuple(found)
