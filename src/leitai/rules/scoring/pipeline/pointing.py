"""From values to points, each by its method, within the units compared with each other.

Pages: docs/methods/goalposts.md, z-score.md, percentile.md, distance.md, efficacy.md, and those of the table
of arenas (minmax.md, rank.md, bands.md, pass.md, given.md). The numbers a method compares with (ends, mean,
best) come from a `Frame`: given by the spec from a base period, or found in the values and noted, so that a
later period may use them again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import numpy as np

from leitai.rules.kernel import N_, Where
from leitai.rules.regime.bands import parse_bands

from .counting import beaten, better_than
from .faults import fault
from .numbers import Array, Numbers, significant
from .spec import HUNDRED, Better, Points

ZERO, ONE = Decimal(0), Decimal(1)
NOWHERE = Where()


@dataclass
class Frame:
    """The numbers of one measure in one group: kept ones stand, others are found; `noted` are those of decimals."""

    kept: Mapping[str, Decimal]
    noted: dict[str, Decimal] = field(default_factory=dict)

    def number(self, name: str, kind: Numbers, find: Callable[[], Array]) -> Any:
        """A number by name: a constant where it is kept, else what `find` gives, shape (…, 1)."""
        if name in self.kept:
            self.noted[name] = self.kept[name]
            return kind.of(self.kept[name])
        found = find()
        if not kind.exact:
            return found
        number = significant(found.item())
        self.noted[name] = number
        return number


@dataclass(frozen=True, slots=True)
class Column:
    """The values of the units compared, shape (…, units), with what a method may ask beside them.

    `target` are the units' own targets, `aim` the value of the reference unit, shape (…, 1); `against` the
    values that places are counted among, where these are not the values themselves; `label` and `where` say
    in a fault which measure this is and where it is stated.
    """

    values: Array
    target: Array | None = None
    aim: Any = None
    against: Array | None = None
    label: str = ""
    where: Where = NOWHERE


def points(method: Points, better: Better, column: Column, frame: Frame, kind: Numbers) -> Array:
    """The points of each value, shape (…, units). Raises ScoreError where the method has nothing to go by."""
    find = _METHODS[method.by]
    return find(method, better == "more", column, frame, kind)


def ends(method: Points) -> tuple[Decimal | None, Decimal | None]:
    """Floor and cap: 0 and 100 where the method has a scale of its own, else none unless stated."""
    low, high = method.floor, method.cap
    if method.by in ("goalposts", "min-max", "rank", "percentile", "pass", "target"):
        low = ZERO if low is None else low
        high = HUNDRED if high is None else high
    return low, high


def lowest(method: Points) -> Decimal | None:
    """The points of a missing value under the policy "floor"; None where the method has no lowest."""
    if method.bands is not None:
        return min(method.bands.values())
    return ends(method)[0]


def _kept_between(values: Array, method: Points, kind: Numbers) -> Array:
    low, high = ends(method)
    if low is not None:
        values = np.maximum(values, kind.of(low))
    return values if high is None else np.minimum(values, kind.of(high))


def _alike(method: Points, column: Column, kind: Numbers, width: Any) -> Array | None:
    """Where values have no width: the points stated for it, or a fault; None where they have one.

    Of many draws only those without width are marked.
    """
    flat = np.asarray(width == 0)
    if not flat.any():
        return None
    if method.equal is None:
        message = N_(
            "all values of “%(measure)s” are alike%(group)s, so “%(by)s” cannot tell them apart; take the"
            " measure out, fix its ends, or state the points of all with “equal”"
        )
        name, _, group = column.label.partition("\n")
        value = f" ({column.values.flat[0]})" if kind.exact else ""
        raise fault(
            "all-alike",
            message,
            column.where,
            measure=name,
            by=method.by,
            group=(f" in {group}" if group else "") + value,
        )
    return flat


def _divided(above: Array, width: Any, flat: Array | None, instead: Any) -> Array:
    """above / width, and `instead` where the width is 0."""
    if flat is None:
        return np.asarray(above / width)
    safe = np.where(flat, 1, width)
    return np.where(flat, instead, above / safe)


def _scaled(method: Points, share: Array, kind: Numbers) -> Array:
    low, high = ends(method)
    assert low is not None and high is not None
    return np.asarray(kind.of(low) + share * kind.of(high - low))


def _goalposts(method: Points, more: bool, column: Column, _frame: Frame, kind: Numbers) -> Array:
    assert method.low is not None and method.high is not None
    low, high = kind.of(method.low), kind.of(method.high)
    values = column.values
    if method.clip or method.log:
        values = np.maximum(values, low)
    if method.clip:
        values = np.minimum(values, high)
    if method.log:
        low, high = kind.ln(kind.array([method.low])), kind.ln(kind.array([method.high]))
        values = kind.ln(values)
    return _scaled(method, ((values - low) if more else (high - values)) / (high - low), kind)


def _min_max(method: Points, more: bool, column: Column, frame: Frame, kind: Numbers) -> Array:
    values = column.values
    low = frame.number("low", kind, lambda: values.min(axis=-1, keepdims=True))
    high = frame.number("high", kind, lambda: values.max(axis=-1, keepdims=True))
    flat = _alike(method, column, kind, high - low)
    found = _scaled(
        method, _divided(values - low if more else high - values, high - low, flat, kind.of(ZERO)), kind
    )
    if flat is not None:
        found = np.where(flat, kind.of(method.equal or ZERO), found)
    return _kept_between(found, method, kind) if method.clip else found


def _z_score(method: Points, more: bool, column: Column, frame: Frame, kind: Numbers) -> Array:
    values = column.values
    count = values.shape[-1]
    mean = frame.number("mean", kind, lambda: values.sum(axis=-1, keepdims=True) / count)

    def deviation() -> Array:
        # The sample's, over n - 1; of one value there is none.
        squares = ((values - mean) ** 2).sum(axis=-1, keepdims=True) / max(count - 1, 1)
        return np.asarray(np.sqrt(squares))

    sd = frame.number("sd", kind, deviation)
    flat = _alike(method, column, kind, sd)
    steps = _divided(values - mean if more else mean - values, sd, flat, kind.of(ZERO))
    found = np.asarray(kind.of(method.centre) + steps * kind.of(method.spread))
    return found if flat is None else np.where(flat, kind.of(method.equal or ZERO), found)


def _rank(method: Points, more: bool, column: Column, _frame: Frame, kind: Numbers) -> Array:
    values = column.values if more else -column.values
    against = None if column.against is None else (column.against if more else -column.against)
    ahead, level = better_than(values, against)
    if method.ties == "worse":
        ahead = ahead + level
    elif method.ties == "average":
        ahead = ahead + (level / 2 if not kind.exact else level * Decimal("0.5"))
    # By what is left behind, not by what is ahead: so the last has the floor, to the last digit.
    behind = values.shape[-1] - 1 - ahead
    others = kind.of(Decimal(max(values.shape[-1] - 1, 1)))
    share = behind * kind.of(ONE) / others if values.shape[-1] > 1 else behind * kind.of(ZERO) + kind.of(ONE)
    return _scaled(method, share, kind)


def _percentile(method: Points, more: bool, column: Column, _frame: Frame, kind: Numbers) -> Array:
    values = column.values if more else -column.values
    against = None if column.against is None else (column.against if more else -column.against)
    return _scaled(method, beaten(values, kind, against), kind)


def _distance(method: Points, more: bool, column: Column, frame: Frame, kind: Numbers) -> Array:
    """Best, reference, target: 100 × (1 − how far behind / what that is a share of)."""
    values = column.values

    def extreme(top: bool) -> Array:
        found = values.max(axis=-1, keepdims=True) if top == more else values.min(axis=-1, keepdims=True)
        return np.asarray(found)

    if method.by == "target":
        aim = kind.of(method.target) if isinstance(method.target, Decimal) else column.target
    else:
        aim = frame.number("aim", kind, lambda: column.aim if method.by == "reference" else extreme(True))
    behind = (aim - values) if more else (values - aim)
    if method.over == "range":
        worst = frame.number("worst", kind, lambda: extreme(False))
        width = abs(aim - worst)
        flat = _alike(method, column, kind, width)
        found = _scale_100(_divided(behind, width, flat, kind.of(ZERO)), kind)
        if flat is not None:
            found = np.where(flat, kind.of(method.equal or ZERO), found)
        return _kept_between(found, method, kind)
    assert aim is not None
    none = np.asarray(aim <= 0)
    if none.any() and method.by != "target":
        message = N_(
            "“%(measure)s” cannot be taken as a share of %(aim)s, which is not above 0; use “over: range” for it"
        )
        shown = f"{float(np.asarray(aim)[none].flat[0]) if none.ndim else float(aim):g}"
        raise fault("no-share", message, column.where, measure=column.label.partition("\n")[0], aim=shown)
    found = _scale_100(_divided(behind, aim, none if none.any() else None, kind.of(ZERO)), kind)
    if none.any():
        # A target of 0 or less has no share: it is met or not, as in the table of arenas.
        missed = kind.of(ends(method)[0] or ZERO)
        found = np.where(none, np.where(behind <= 0, kind.of(HUNDRED), missed), found)
    return _kept_between(found, method, kind)


def _scale_100(behind: Array, kind: Numbers) -> Array:
    return np.asarray(kind.of(HUNDRED) * (kind.of(ONE) - behind))


def _bands(method: Points, _more: bool, column: Column, _frame: Frame, kind: Numbers) -> Array:
    *bands, last = parse_bands(method.bands or {})
    found = np.full(column.values.shape, kind.of(last.points), dtype=object if kind.exact else np.float64)
    for band in reversed(bands):
        assert band.limit is not None
        limit, values = kind.of(band.limit), column.values
        if band.sign == "<":
            holds = values < limit
        elif band.sign == "<=":
            holds = values <= limit
        else:
            holds = values > limit if band.sign == ">" else values >= limit
        found = np.where(holds, kind.of(band.points), found)
    return found


def _efficacy(method: Points, _more: bool, column: Column, _frame: Frame, kind: Numbers) -> Array:
    assert method.bad is not None and method.good is not None
    share = (column.values - kind.of(method.bad)) / kind.of(method.good - method.bad)
    return _kept_between(kind.of(method.base) + share * kind.of(method.span), method, kind)


def _pass(method: Points, more: bool, column: Column, _frame: Frame, kind: Numbers) -> Array:
    aim = kind.of(method.target) if isinstance(method.target, Decimal) else column.target
    met = column.values >= aim if more else column.values <= aim
    low, high = ends(method)
    assert low is not None and high is not None
    return np.asarray(np.where(met, kind.of(high), kind.of(low)))


def _given(method: Points, more: bool, column: Column, _frame: Frame, kind: Numbers) -> Array:
    return _kept_between(column.values if more else -column.values, method, kind)


_METHODS: dict[str, Callable[[Points, bool, Column, Frame, Numbers], Array]] = {
    "goalposts": _goalposts,
    "min-max": _min_max,
    "z-score": _z_score,
    "rank": _rank,
    "percentile": _percentile,
    "best": _distance,
    "reference": _distance,
    "target": _distance,
    "bands": _bands,
    "efficacy": _efficacy,
    "pass": _pass,
    "given": _given,
}
