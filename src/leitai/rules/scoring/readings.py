"""Screens of figures: where what units report looks bent, and what values that are not there could change.

A figure can be gamed without being false: a zero sent where nothing was counted, a value pushed just over its
target, work done on a deadline's last day, a reported figure that climbs while the one that is audited does not
(Bevan and Hood 2006, "What's measured is what matters"; McCrary 2008 on heaping at a threshold). Each screen compares
with what honest figures would give, and its sign is a lead for a person. The chance that honest figures show any
sign in a run of a screen is meant to be at most `alarm`; what was measured stands in docs/methods/readings-screens.md.

>>> import numpy as np
>>> [sign.unit for sign in zeros(("a", "b"), np.array([[9.0, 11, 10, 8, 12, 10, 0], [1, 0, 2, 0, 1, 0, 0]]))]
['a']
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from math import lgamma, log10

import numpy as np
from numpy.typing import NDArray

from leitai.rules.kernel import N_

from .exact import ZERO
from .result import Row, TableResult

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

ALARM = 0.05
PAST = 6  # values of its own past that a unit needs before a zero, or a trend, can be called odd
NEAR = 0.02  # a share of the threshold: so near to it a value can be pushed
HONEST = 0.55  # of values so near a threshold, honest ones lie above it at most this often
FEW = 8  # fewer values near a threshold, or peers, than this say nothing


@dataclass(frozen=True, slots=True)
class Sign:
    """A lead: what was seen, where, and how often honest figures would show as much (`p`, below `line`).

    `unit` is "" where all units together are meant. `message` is an English sentence with %(name)s places, marked for
    translation; `values` fill them. `evidence`: numbers to look at, the first thousand.
    """

    screen: str
    unit: str
    p: float
    line: float
    message: str
    values: Mapping[str, object] = field(default_factory=dict)
    evidence: tuple[float, ...] = ()

    @property
    def text(self) -> str:
        """The message in English with its values filled in."""
        return self.message % dict(self.values)


@dataclass(frozen=True, slots=True)
class Open:
    """A value that a table does not have, and what it could change: score and rank at its least and its most.

    Everybody else's score is as it stands. `rank_best` and `rank_worst` are None where the unit would have no score
    even then.
    """

    unit: str
    group: str
    measure: str
    state: str
    weight: Decimal
    score_low: Decimal | None
    score_high: Decimal | None
    rank_best: int | None
    rank_worst: int | None


def open_values(result: TableResult) -> tuple[Open, ...]:
    """The values that are missing, few or late in a table, with what each unit's score and rank could become.

    All of a unit's open values are taken at their lowest, then at their highest points together; a late value that
    counts already is open too, for parts of it are still to come.
    """
    ends = {one.key: (one.method.lowest, _highest(one.method)) for one in result.spec.measures}
    found: list[Open] = []
    for row in result.rows:
        absent = [one for one in row.contributions if one.state in ("missing", "few", "late")]
        if not absent:
            continue
        low, high = (_score_with(row, ends, side) for side in (0, 1))
        others = [one.score for one in result.field_of(row) if one.unit != row.unit and one.score is not None]
        best = None if high is None else 1 + sum(one > high for one in others)
        worst = None if low is None else 1 + sum(one > low for one in others)
        found += [
            Open(row.unit, row.group, one.measure, one.state, one.weight, low, high, best, worst)
            for one in absent
        ]
    return tuple(found)


def _highest(method: object) -> Decimal:
    bands = getattr(method, "bands", None)
    if bands is not None:
        return Decimal(max(getattr(method, "otherwise", ZERO), *(band.points for band in bands)))
    return Decimal(getattr(method, "cap", 100))


def _score_with(row: Row, ends: Mapping[str, tuple[Decimal, Decimal]], side: int) -> Decimal | None:
    """The unit's score with every open value at one end; None where it has no weight at all."""
    total = whole = ZERO
    for one in row.contributions:
        unknown = one.state in ("missing", "few", "late")
        points = ends[one.measure][side] if unknown else one.points
        if points is not None:
            total, whole = total + points * one.weight, whole + one.weight
    return round(total / whole, 6) if whole else None


def zeros(units: Sequence[str], values: Floats, alarm: float = ALARM) -> tuple[Sign, ...]:
    """Units whose latest value is 0 though their own past says it could hardly be: likely nothing was counted.

    values: (units, periods), the latest last, NaN where nothing was reported. Given the past's sum S over k periods, an
    even Poisson count is 0 next with chance (k / (k + 1)) ** S; figures that swing more have S divided by
    their variance over their mean, the unit's own or that of all units, whichever is more.
    """
    past, last = values[:, :-1], values[:, -1]
    spreads = np.array([_spread(row[~np.isnan(row)]) for row in past])
    common = float(np.nanmedian(spreads)) if np.isfinite(spreads).any() else np.nan
    tested = [n for n in range(len(units)) if np.isfinite(spreads[n]) and not np.isnan(last[n])]
    line = alarm / max(len(tested), 1)
    found = []
    for n in tested:
        own = past[n][~np.isnan(past[n])]
        k, spread = own.size, max(float(spreads[n]), common)
        # `spread` is in the figure's own unit, so that hundreds of millions and single yuan are judged alike.
        p = float((k / (k + 1)) ** (float(own.sum()) / spread)) if last[n] == 0 else 1.0
        if p < line:
            message = N_(
                "0 was reported; the %(k)s periods before it had %(mean)s on average and never less than "
                "%(least)s. Perhaps nothing was counted yet: then it is missing, not 0."
            )
            values_of = {"k": k, "mean": _short(own.mean()), "least": _short(own.min())}
            found.append(Sign("zero", units[n], p, line, message, values_of, _kept((*own, 0.0))))
    return _ordered(found)


def _spread(own: Floats) -> float:
    """Variance over mean of a unit's past, at least 1 for whole numbers; NaN where it is too short or all 0."""
    if own.size < PAST or own.mean() <= 0 or own.min() < 0:
        return float("nan")
    whole = bool((own == np.round(own)).all())
    return max(float(own.var(ddof=1) / own.mean()), 1.0 if whole else 1e-12)


def heaped(units: Sequence[str], ratios: Sequence[Floats], alarm: float = ALARM) -> tuple[Sign, ...]:
    """Values that crowd just on the good side of their threshold: of all units together, and of single ones.

    ratios: for each unit, its values over their threshold, so that 1 is the threshold and more is better; only those
    whose step is small beside NEAR belong here (`fine`). Near the threshold honest values fall to either side as their
    density does: up to HONEST of them may lie above by nature, more than that is pushed (binomial, one-sided).
    """
    counts = np.array([_sides(one) for one in ratios], dtype=np.int64).reshape(-1, 2)
    own = [n for n in range(len(units)) if counts[n].sum() >= FEW]
    # Half of the promise is for all together, who can show what no unit has values enough to show.
    looks = [("", counts.sum(axis=0), alarm / 2)] if counts.sum() >= FEW else []
    looks += [(units[n], counts[n], alarm / 2 / len(own)) for n in own]
    found = []
    for unit, (above, below), line in looks:
        p = _binomial_above(int(above), int(above + below), HONEST)
        if p < line:
            message = N_(
                "%(above)s values lie within %(near)s %% above their threshold and %(below)s as near below it. "
                "Plans that are made to be met can look so too."
            )
            said = {"above": int(above), "below": int(below), "near": f"{NEAR * 100:g}"}
            rows = ratios if unit == "" else [ratios[units.index(unit)]]
            near = np.concatenate([row[np.abs(row - 1) <= NEAR] for row in rows])
            found.append(Sign("heap", unit, p, line, message, said, _kept(near)))
    return _ordered(found)


def fine(values: Sequence[Decimal], threshold: Decimal) -> bool:
    """Whether figures are written in steps small enough that both sides of a threshold can be reached within NEAR."""
    places = max((-int(one.normalize().as_tuple().exponent) for one in values), default=0)
    return threshold > 0 and float(Decimal(1).scaleb(-max(places, 0))) <= NEAR * float(threshold) / 4


def _sides(ratios: Floats) -> tuple[int, int]:
    near = ratios[np.abs(ratios - 1) <= NEAR]
    return int((near >= 1).sum()), int((near < 1).sum())


def last_days(units: Sequence[str], last: Counts, whole: Counts, alarm: float = ALARM) -> tuple[Sign, ...]:
    """Units that do more of their work on a deadline's last day than their peers do.

    last, whole: by unit, what was done on the last day, and what was done in time. The peers' share, and how much peers
    differ (beta-binomial, its correlation by moments and two standard errors more), are taken without the unit.
    """
    tested = [n for n in range(len(units)) if whole[n] >= FEW]
    if len(tested) <= FEW:
        return ()
    line = alarm / len(tested)
    found = []
    for n in tested:
        peers = np.array([one for one in tested if one != n])
        share, alike = _peers(last[peers], whole[peers])
        p = beta_binomial_above(int(last[n]), int(whole[n]), share, alike)
        if p < line:
            message = N_(
                "%(last)s of %(whole)s were done on the last day before they were due; of the other units' work "
                "%(share)s %% was. A unit whose work comes in by the calendar can look so too."
            )
            said = {"last": int(last[n]), "whole": int(whole[n]), "share": _short(share * 100)}
            found.append(
                Sign("last-day", units[n], p, line, message, said, (float(last[n]), float(whole[n])))
            )
    return _ordered(found)


def _peers(hits: Counts, n: Counts) -> tuple[float, float]:
    """Share of the peers, between its ends, and their intra-class correlation on the careful side."""
    share = float(np.clip((hits.sum() + 0.5) / (n.sum() + 1), 1e-6, 1 - 1e-6))
    squares = float(((hits - n * share) ** 2 / (n * share * (1 - share))).sum())
    spare = float((n - 1).sum())
    alike = max(squares - hits.size + 1, 0.0) / spare
    error = float(np.sqrt(2 * ((1 + (n - 1) * alike) ** 2).sum())) / spare
    return share, float(np.clip(alike + 2 * error, 1e-6, 0.9))


def twins(
    units: Sequence[str], reported: Floats, audited: Floats, better: str = "more", alarm: float = ALARM
) -> tuple[Sign, ...]:
    """Units whose reported figure gets better while the audited one of the same thing does not.

    reported, audited: (units, periods), NaN where there is none; each is taken over its own mean, so that two scales
    can be compared. The trend of their difference is judged by Student's t. Its error is that of the unit or of the
    middle one of all units, whichever is more, and is widened where the differences remember the period before.
    """
    sign = 1.0 if better == "more" else -1.0
    tested: list[tuple[int, _Trend, _Trend, _Trend, Floats]] = []
    for n in range(len(units)):
        both = ~np.isnan(reported[n]) & ~np.isnan(audited[n])
        x, y = reported[n][both], audited[n][both]
        if x.size < PAST or x.mean() <= 0 or y.mean() <= 0:
            continue
        x, y, at = x / x.mean(), y / y.mean(), np.flatnonzero(both).astype(float)
        tested.append(
            (
                n,
                _trend(at, sign * (x - y)),
                _trend(at, sign * x),
                _trend(at, sign * y),
                np.concatenate([x, y]),
            )
        )
    if not tested:
        return ()
    noise = float(np.median([apart.noise for _n, apart, _x, _y, _kept in tested]))
    memory = max(float(np.mean([apart.memory for _n, apart, _x, _y, _kept in tested])), 0.0)
    line = alarm / len(tested)
    found = []
    for n, apart, up, flat, kept in tested:
        p = apart.chance(noise, memory)
        if p < line and up.slope > 0 and flat.chance(0.0, memory) > ALARM:
            message = N_(
                "Over these periods the reported figure got better by %(rise)s %% of its mean; the one that "
                "finds the same by another road did not follow. What the two leave out may differ."
            )
            said = {"rise": _short(up.slope * up.span * 100)}
            found.append(Sign("twin", units[n], p, line, message, said, _kept(kept)))
    return _ordered(found)


@dataclass(frozen=True, slots=True)
class _Trend:
    """A line through values: its slope a period, the noise about it (a variance), and what the noise remembers."""

    slope: float
    span: float
    noise: float
    memory: float
    freedom: int
    spread: float

    def chance(self, noise: float, memory: float) -> float:
        """The one-sided chance of so steep a rise where there is none, with at least this noise and this memory."""
        wider = (1 + min(memory, 0.9)) / (1 - min(memory, 0.9))
        variance = max(self.noise, noise) / self.spread * wider
        if variance <= 1e-24:
            return 0.0 if self.slope > 1e-12 else 1.0
        return _t_above(self.slope / float(np.sqrt(variance)), self.freedom)


def _trend(at: Floats, y: Floats) -> _Trend:
    x = at - at.mean()
    slope = float((x * y).sum() / (x**2).sum())
    rest = y - y.mean() - slope * x
    squares, freedom = float((rest**2).sum()), y.size - 2
    # A fitted line hides some memory: about 3 / n at this length (Kendall's bias, for a trend).
    memory = float((rest[1:] * rest[:-1]).sum() / squares) + 3 / y.size if squares > 1e-18 else 0.0
    return _Trend(slope, float(at[-1] - at[0]), squares / freedom, memory, freedom, float((x**2).sum()))


def _t_above(t: float, freedom: int) -> float:
    from scipy.special import stdtr  # a heavy import, for those who screen

    return float(stdtr(freedom, -t))


def _binomial_above(hits: int, n: int, share: float) -> float:
    """The chance of so many hits or more."""
    from scipy.special import bdtrc

    return float(bdtrc(hits - 1, n, share)) if hits > 0 else 1.0


def beta_binomial_above(hits: int, n: int, share: float, alike: float) -> float:
    """The chance of so many hits or more, the true share beta distributed with this intra-class correlation."""
    scale = 1 / alike - 1
    a, b = share * scale, (1 - share) * scale
    base = lgamma(a + b) - lgamma(a) - lgamma(b) - lgamma(a + b + n) + lgamma(n + 1)
    parts = [
        base + lgamma(a + k) + lgamma(b + n - k) - lgamma(k + 1) - lgamma(n - k + 1)
        for k in range(hits, n + 1)
    ]
    return min(1.0, float(np.exp(np.array(parts)).sum())) if hits > 0 else 1.0


def _short(value: float) -> str:
    """Three digits, as people say a number."""
    digits = 2 - int(np.floor(log10(abs(value)))) if value else 0
    return f"{round(float(value), max(digits, 0)):g}"


def _kept(values: Iterable[float]) -> tuple[float, ...]:
    return tuple(float(one) for one in values)[:1000]


def _ordered(signs: Iterable[Sign]) -> tuple[Sign, ...]:
    """The most unlikely first."""
    return tuple(sorted(signs, key=lambda one: (one.p, one.unit)))
