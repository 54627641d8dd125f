"""What is usual: how much honest units differ, and what a unit's own past and its peers lead one to expect.

Two comparisons carry the screens. Against peers: a unit's total beside what the other units' would give.
Against its own past: the last days beside the days before, read together with how everybody's last days
were, so that a rainy week or a holiday accuses no one.

How much units, or days, differ is estimated from squared deviations (pseudo-likelihood: Davidian and Carroll,
Variance Function Estimation, JASA 82, 1987), and is taken two standard errors higher: from few peers one
learns little, and then only the glaring stands out. A unit is judged by the others: what stands out is no
peer, and the rest is judged again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from .tails import Counts, Floats, count_tail, log_count, log_share, share_tail

Mask = NDArray[np.bool_]

Judgement = tuple[Floats, Floats, Floats]  # chances, expected numbers, variances; one entry per unit

FEWEST = 8  # peers; with fewer nothing is said
_UPPER = 2.0  # standard errors by which every estimated variation is raised
WIDEST = 100.0
_COMMON = 10  # stretches of its own past that tell as much of a row's unsteadiness as everybody's do
_STRETCHES = 2  # stretches of the past, at least, to judge a stretch by


@dataclass(frozen=True, slots=True, eq=False)
class Past:
    """Each row's last days beside its own past: one entry per row; p is 1 where it is above the line."""

    seen: Counts
    expected: Floats
    p: Floats


def spread_of(count: Floats, mean: Floats, fitted: int = 0) -> float:
    """How much true rates differ (variance over squared mean) about the means given; at its upper end.

    `fitted` of the means' own numbers were fitted to the counts. Cells of mean 0 are left out.
    """
    use = mean > 0
    count, mean = count[use], mean[use]
    return _variation((count - mean) ** 2, mean, mean, fitted, WIDEST)


def share_of(hits: Floats, n: Floats) -> tuple[float, float]:
    """The usual share, and how alike the hits of one unit are (intra-class correlation, at its upper end).

    hits ≤ n, n > 0, one entry per unit. Half a hit and half a miss are added, so that the share is never 0 or 1.
    """
    share, alike = 0.5, 0.05
    for _ in range(6):
        weight = 1 / (1 + (n - 1) * alike)
        share = float(((weight * hits).sum() + 0.5) / ((weight * n).sum() + 1))
        alike = _variation((hits - n * share) ** 2, n * share * (1 - share), n - 1, 1, 0.99)
    return share, alike


def _variation(square: Floats, plain: Floats, grows: Floats, fitted: int, highest: float) -> float:
    """The v for which variances are plain · (1 + v · grows), as the squared deviations tell; at its upper end.

    Each cell weighs by what it tells of v; a cell that expects little tells little, for its square jumps.
    """
    sure = 1 / (2 + 1 / plain)
    fair = 1 - fitted / len(plain) if len(plain) > fitted else 1.0

    def excess(v: float) -> float:
        more = 1 + v * grows
        return float((grows / more * sure * (square / plain / more - fair)).sum())

    v = _crosses(excess, highest)
    told = float(((grows / (1 + v * grows)) ** 2 * sure).sum())
    return min(highest, v + _UPPER / sqrt(told)) if told > 0 else highest


def shares_beside_peers(hits: Counts, n: Counts, line: float, *, above: bool = True) -> tuple[Floats, Floats]:
    """For each unit the chance of so many hits among its n (or so few), and the hits to be expected.

    Only chances of at most `line` are given, the rest are 1.
    """

    def judged(peers: Mask) -> Judgement:
        share, alike = share_of(hits[peers].astype(float), n[peers].astype(float))
        expected = share * n.astype(float)
        worth = _beyond(hits, expected, above) & (log_share(hits, n, share, alike) <= np.log(line))
        p = np.ones(len(n))
        for unit in np.flatnonzero(worth):
            p[unit] = share_tail(int(hits[unit]), int(n[unit]), share, alike, above=above, close=line)
        return p, expected, expected * (1 - share) * (1 + (n - 1) * alike)

    return outliers(judged, hits, n > 0, line, above=above)


def counts_beside_peers(
    count: Counts, over: Floats, line: float, *, above: bool = True
) -> tuple[Floats, Floats]:
    """The same for counts over something (scans over services): chances and expected counts."""

    def judged(peers: Mask) -> Judgement:
        rate = float((count[peers].sum() + 0.5) / over[peers].sum())
        # each unit weighs by what it can tell, not by its size: else the largest would be the rule
        for _ in range(4):
            spread = spread_of(count[peers].astype(float), rate * over[peers], 1)
            weight = 1 / (1 + spread * rate * over[peers])
            rate = float(((weight * count[peers]).sum() + 0.5) / (weight * over[peers]).sum())
        expected = rate * over
        p = _count_chances(count, expected, np.full(len(count), spread), over > 0, line, above)
        return p, expected, expected + spread * expected**2

    return outliers(judged, count, over > 0, line, above=above)


def beside_past(counts: Counts, over: Floats | None, days: int, line: float, *, above: bool) -> Past | None:
    """The last `days` columns of every row beside its past; None where the past, or the rows, are too few.

    counts (rows, days) and what they are counted over, of the same shape; without it, over what the place
    as a whole did that day. The past is cut into stretches as long as the one judged, so that bad weeks
    among good ones are part of what is usual.
    """
    rows, columns = counts.shape
    stretches = (columns - days) // days
    if stretches < _STRETCHES:
        return None
    start = columns - days - stretches * days
    shape = (rows, stretches + 1, days)
    count = counts[:, start:].reshape(shape).sum(axis=2)
    base = np.ones(shape[:2]) if over is None else over[:, start:].reshape(shape).sum(axis=2)
    keep = (count.sum(axis=1) > 0) if over is None else (base[:, :-1].sum(axis=1) > 0)
    if keep.sum() < FEWEST:
        return None
    then, now = count[:, :-1].astype(float), count[:, -1]
    past = base[:, :-1] * _worth(then, base[:, :-1])
    # Each row's own rate, drawn to the common one as far as the row is unsure of it.
    total, exposure = then.sum(axis=1), past.sum(axis=1)
    common = float((total.sum() + 0.5) / exposure.sum())
    steady = 1 / spread_of(total[keep], common * exposure[keep], 1)
    # Who has seen nothing yet knows little: a rise is judged as though the past had had one more.
    known = steady + total + (1 if above else 0)
    own = known / (steady / common + exposure)
    usual = own[:, None] * past
    within = spread_of(then[keep].ravel(), usual[keep].ravel(), int(keep.sum()))
    # A row that has always been unsteady is judged by its own unsteadiness, as far as its past tells of it.
    moment, square = ((then - usual) ** 2 - usual).sum(axis=1), (usual**2).sum(axis=1)
    unsteady = np.divide(moment, square, out=np.zeros(rows), where=square > 0)
    unsteady = (stretches * unsteady + _COMMON * within) / (stretches + _COMMON)
    # How everybody else's last days were, and how sure that is.
    plain = own * base[:, -1]
    others, did = plain.sum() - plain + 0.5, now.sum() - now + 0.5
    expected = plain * did / others
    unsure = 1 / known + 1 / did + within * (plain**2).sum() / others**2
    spread = np.clip(unsteady, within, WIDEST) * (1 + 1 / stretches) + unsure
    p = _count_chances(now, expected, spread, keep & (expected > 0), line, above)
    return Past(now, expected, p)


def _worth(then: Floats, past: Floats) -> Floats:
    """What the place as a whole did in each stretch of the past, beside what its rows' own rates give."""
    worth = np.ones(past.shape[1])
    for _ in range(3):
        exposure = (past * worth).sum(axis=1)
        rate = np.divide(then.sum(axis=1), exposure, out=np.zeros(len(then)), where=exposure > 0)
        usual = (rate[:, None] * past).sum(axis=0)
        worth = np.divide(then.sum(axis=0), usual, out=np.ones(past.shape[1]), where=usual > 0)
    return worth


def _count_chances(
    count: Counts, expected: Floats, spread: Floats, of: Mask, line: float, above: bool
) -> Floats:
    # the chance of so many or more is at least that of just so many: most rows need no closer look
    worth = of & _beyond(count, expected, above)
    worth[worth] = log_count(count[worth], expected[worth], spread[worth]) <= np.log(line)
    p = np.ones(len(count))
    for row in np.flatnonzero(worth):
        mean, width = float(expected[row]), float(spread[row])
        p[row] = count_tail(int(count[row]), mean, width, above=above, close=line)
    return p


def _beyond(count: Counts, expected: Floats, above: bool) -> Mask:
    return np.asarray(count > expected if above else count < expected)


def outliers(
    judged: Callable[[Mask], Judgement], count: Counts, of: Mask, line: float, *, above: bool
) -> tuple[Floats, Floats]:
    """Chances of at most `line`, and what was expected, by the peers that do not themselves stand out.

    `judged` judges all units by some of them. Whoever stands out is no peer; when nobody does any more, the
    one furthest off is judged without itself, for among few peers one can hide behind its own size.
    """
    out = np.zeros(len(of), dtype=bool)
    p, expected = np.ones(len(of)), np.zeros(len(of))
    while (of & ~out).sum() > FEWEST:
        p, expected, variance = judged(of & ~out)
        fresh = of & ~out & (p <= line)
        if not fresh.any():
            away = (count - expected) / np.sqrt(np.maximum(variance, 1e-12)) * (1 if above else -1)
            furthest = np.arange(len(of)) == np.argmax(np.where(of & ~out, away, -np.inf))
            alone, expected, _ = judged(of & ~out & ~furthest)
            fresh = furthest & (alone <= line)
            if not fresh.any():
                break
            p = np.where(fresh, alone, p)
        out |= fresh
    return np.where(out, p, 1.0), expected


def _crosses(excess: Callable[[float], float], highest: float) -> float:
    """Where a function of 0 … highest that begins above 0 falls below it; an end where it does not."""
    if excess(0.0) <= 0:
        return 0.0
    if excess(highest) > 0:
        return highest
    low, high = 1e-9, highest
    for _ in range(40):
        middle = sqrt(low * high)
        low, high = (middle, high) if excess(middle) > 0 else (low, middle)
    return high
