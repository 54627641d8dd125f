"""Points that judges give to sites, with how severe each judge is and the order of visiting taken out.

A mark is taken as site + judge + slope x (place in the judge's own route) + error. Sites and slope are fixed, judges
vary normally about nothing: how much is found by restricted likelihood (Patterson and Thompson, Biometrika 58 (1971),
545-554), and each judge's severity is drawn towards none as far as its few marks say little. Nothing needs every
judge to have seen every site, so a unit's own site is simply left out. Order can be told from site only where
judges take different roads; where all go the same way, it is said and not guessed (`Fit.order` is None).

Errors of differences between sites are split into one error for each (quasi-variances: Firth and de Menezes,
Biometrika 91 (2004), 65-80), enlarged so that no pair's is understated: rank sets want errors of separate units.

    found = fit([Mark(judge=1, site=1, place=1, points=80.0), ...])
    found.values, found.ses  # what a usual judge would give half-way through a route
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import NormalDist

import numpy as np

from .special import Floats, Ints, beta_quantile

_RATIOS = (1e-4, 1e4)  # of the judges' variance to the errors', between which it is sought
_STEPS, _THIRDS = 17, 24
FEWEST_SHEETS = 3  # with fewer, whose severity it was is known to each of the two
_LEAST = 5  # marks below which nothing is said of a judge
_ALARM = 0.05  # the chance that anything at all is pointed at where all judge alike


@dataclass(frozen=True, slots=True)
class Mark:
    """Points of a judge for a site; `place` is where the site came in the judge's own route, from 1."""

    judge: int
    site: int
    place: int
    points: float


@dataclass(frozen=True, slots=True)
class Lead:
    """Somewhere to look: `judge` "erratic", "flat", or with one "mark" at a `site` that the others' do not explain.

    `far` is how far, in standard errors ("mark"), or the mean square of the judge's residuals ("erratic"; usual: 1).
    """

    judge: int
    kind: str
    site: int | None = None
    far: float | None = None


@dataclass(frozen=True, slots=True)
class Fit:
    """What marks on one scale come to. `severity` is what a judge takes off; `order` what each further stop adds."""

    sites: tuple[int, ...]
    values: tuple[float, ...]
    ses: tuple[float, ...]
    raw: tuple[float, ...]
    counts: tuple[int, ...]
    judges: tuple[int, ...]
    severity: tuple[float, ...]
    severity_ses: tuple[float, ...]
    marked: tuple[int, ...]
    order: float | None
    order_se: float | None
    spread: float
    judge_spread: float
    freedom: int
    leads: tuple[Lead, ...]


def routes(judges: int, sites: int, groups: int) -> tuple[tuple[int, bool], ...]:
    """Where each judge begins and whether they go the other way round; `groups` travel apart, taken in turn.

    One group goes as the route is laid; of two the second goes backwards; more begin at sites spread over the route.
    """
    roads = []
    ways = -(-groups // 2)
    for group in range(max(groups, 1)):
        shift = (group // 2) * sites // max(ways, 1)
        roads.append((sites - shift, True) if group % 2 else (1 + shift, False))
    return tuple(roads[judge % len(roads)] for judge in range(judges))


def sheets_needed(judges: int, least: Decimal) -> int:
    """How many sheets a result needs where `least` (a share, above 0 to 1) of so many judges must have handed in.

    >>> sheets_needed(9, Decimal("0.5")), sheets_needed(4, Decimal("0.5"))
    (5, 3)
    """
    return max(FEWEST_SHEETS, math.ceil(judges * least))


def place_in_route(turn: int, sites: int, start: int, backwards: bool) -> int:
    """Where a site comes, from 1, for a judge who begins at turn `start` of a round of so many sites."""
    return ((start - turn) if backwards else (turn - start)) % sites + 1


def student(freedom: int, level: float) -> float:
    """The distance within which a t number with so many degrees of freedom lies with chance `level`."""
    x = float(beta_quantile(freedom / 2, 0.5, 1 - level))
    return float(np.sqrt(freedom * (1 / x - 1)))


def fit(marks: Sequence[Mark]) -> Fit | None:
    """Sites, judges and order from marks on one scale; None where errors cannot be told (too few marks).

    The order of the marks decides nothing. Raises ValueError where a judge marked a site twice.
    """
    rows = sorted(marks, key=lambda one: (one.site, one.judge))
    if len({(one.site, one.judge) for one in rows}) < len(rows):
        raise ValueError("a judge gives a site one mark on a scale")
    if not rows:
        return None
    design = _Design.of(rows)
    freedom = len(rows) - len(design.sites) - len(design.judges) + 1 - int(design.ordered)
    if freedom < 1:
        return None
    ratio = _ratio(design)
    solved = _solve(design, ratio)
    variance = solved.square / (len(rows) - design.columns)
    covariance = solved.inverse * variance
    count = len(design.sites)
    severity, severity_ses = _severity(design, solved, ratio, variance)
    order = float(solved.fixed[count]) if design.ordered else None
    spread = float(np.sqrt(variance))
    return Fit(
        sites=tuple(design.sites.tolist()),
        values=tuple(solved.fixed[:count].tolist()),
        ses=_split(covariance[:count, :count]),
        raw=tuple((np.bincount(design.site, design.points) / design.site_counts).tolist()),
        counts=tuple(design.site_counts.tolist()),
        judges=tuple(design.judges.tolist()),
        severity=tuple(severity.tolist()),
        severity_ses=tuple(severity_ses.tolist()),
        marked=tuple(design.judge_counts.tolist()),
        order=order,
        order_se=float(np.sqrt(covariance[count, count])) if design.ordered else None,
        spread=spread,
        judge_spread=float(np.sqrt(ratio * variance)),
        freedom=freedom,
        leads=_leads(design, solved.fixed, severity, spread),
    )


@dataclass(frozen=True, slots=True)
class _Design:
    """Marks as arrays: whose and where by place in `judges` and `sites`, and the sums that every step needs."""

    sites: Ints
    judges: Ints
    site: Ints
    judge: Ints
    points: Floats
    later: Floats
    ordered: bool
    site_counts: Ints
    judge_counts: Ints
    square: Floats
    sums: Floats
    product: Floats
    points_sums: Floats

    @property
    def columns(self) -> int:
        """How many fixed numbers are sought."""
        return len(self.square)

    @staticmethod
    def of(rows: Sequence[Mark]) -> _Design:
        """From marks in a fixed order."""
        sites, site = np.unique(np.array([one.site for one in rows]), return_inverse=True)
        judges, judge = np.unique(np.array([one.judge for one in rows]), return_inverse=True)
        points = np.array([one.points for one in rows], dtype=np.float64)
        place = np.array([one.place for one in rows], dtype=np.float64)
        later = place - place.mean()
        ordered = _told_from_sites(site, judge, later)
        fixed = np.zeros((len(rows), len(sites) + ordered))
        fixed[np.arange(len(rows)), site] = 1
        if ordered:
            fixed[:, -1] = later
        sums = np.zeros((len(judges), fixed.shape[1]))
        np.add.at(sums, judge, fixed)
        return _Design(
            sites, judges, site, judge, points, later, ordered, np.bincount(site), np.bincount(judge),
            fixed.T @ fixed, sums, fixed.T @ points, np.bincount(judge, points).astype(np.float64),
        )  # fmt: skip


def _told_from_sites(site: Ints, judge: Ints, later: Floats) -> bool:
    """Whether the place in the route is more than a matter of which site and which judge."""
    counts = np.zeros((int(site.max()) + 1, int(judge.max()) + 1))
    np.add.at(counts, (site, judge), 1)
    marked = counts.sum(axis=0)
    # Judges' means are taken off first, then sites are fitted to what is left.
    own = later - (np.bincount(judge, later) / marked)[judge]
    matrix = np.diag(counts.sum(axis=1)) - (counts / marked) @ counts.T
    known = np.linalg.lstsq(matrix, np.bincount(site, own), rcond=None)[0]
    left = own - known[site] + ((known @ counts) / marked)[judge]
    return bool((left * left).mean() > 1e-6)


@dataclass(frozen=True, slots=True)
class _Solved:
    fixed: Floats
    inverse: Floats
    square: float
    likelihood: float


def _solve(design: _Design, ratio: float) -> _Solved:
    """The fixed numbers where judges vary `ratio` times as much as errors; minus twice the restricted likelihood."""
    weight = ratio / (1 + ratio * design.judge_counts)
    matrix = design.square - (design.sums * weight[:, None]).T @ design.sums
    right = design.product - design.sums.T @ (weight * design.points_sums)
    inverse = np.linalg.inv(matrix).astype(np.float64)
    fixed: Floats = inverse @ right
    total = float(design.points @ design.points) - float(weight @ design.points_sums**2)
    # Marks without any error at all would have no likelihood.
    square = max(total - float(fixed @ right), 1e-9 * len(design.points))
    likelihood = (
        (len(design.points) - design.columns) * float(np.log(square))
        + float(np.log1p(ratio * design.judge_counts).sum())
        + float(np.linalg.slogdet(matrix)[1])
    )
    return _Solved(fixed, inverse, square, likelihood)


def _ratio(design: _Design) -> float:
    """How much more judges vary than errors do, by restricted likelihood: a grid, then thirds."""
    low, high = np.log(_RATIOS[0]), np.log(_RATIOS[1])
    grid = np.linspace(low, high, _STEPS)
    seen = [_solve(design, float(np.exp(one))).likelihood for one in grid]
    at = int(np.argmin(seen))
    left, right = grid[max(at - 1, 0)], grid[min(at + 1, _STEPS - 1)]
    for _ in range(_THIRDS):
        near, far = left + (right - left) / 3, right - (right - left) / 3
        lower = (
            _solve(design, float(np.exp(near))).likelihood <= _solve(design, float(np.exp(far))).likelihood
        )
        left, right = (left, far) if lower else (near, right)
    return float(np.exp((left + right) / 2))


def _severity(design: _Design, solved: _Solved, ratio: float, variance: float) -> tuple[Floats, Floats]:
    """What each judge takes off, drawn towards nothing, and how far that may be from what is true."""
    share = ratio / (1 + ratio * design.judge_counts)
    given = share * (design.points_sums - design.sums @ solved.fixed)
    # The error of prediction: what the prior leaves, and what the fixed numbers add.
    left = ratio * (1 - share * design.judge_counts)
    added = np.einsum("jp,pq,jq->j", design.sums, solved.inverse, design.sums) * share**2
    return -given, np.sqrt(variance * (left + added))


def _split(covariance: Floats) -> tuple[float, ...]:
    """One error for each site such that two of them together are that of the difference, or a little more."""
    count = len(covariance)
    own = np.diag(covariance)
    if count == 1:
        return (float(np.sqrt(own[0])),)
    apart = own[:, None] + own[None, :] - 2 * covariance
    if count == 2:
        return (float(np.sqrt(apart[0, 1] / 2)),) * 2
    sums = apart.sum(axis=1)
    found = (sums - sums.sum() / (2 * count - 2)) / (count - 2)
    found = np.maximum(found, 1e-3 * apart[~np.eye(count, dtype=bool)].mean())
    joint = found[:, None] + found[None, :]
    over = (apart / joint)[~np.eye(count, dtype=bool)].max()
    return tuple(np.sqrt(found * max(over, 1.0)).tolist())


def _leads(design: _Design, fixed: Floats, severity: Floats, spread: float) -> tuple[Lead, ...]:
    """Judges who do not fit with the others, in a fixed order. Nothing follows from a lead but a look."""
    expected = fixed[design.site] - severity[design.judge]
    if design.ordered:
        expected = expected + fixed[-1] * design.later
    free = (1 - 1 / np.maximum(design.site_counts, 2))[design.site] * (
        1 - 1 / np.maximum(design.judge_counts, 2)
    )[design.judge]
    standard = (design.points - expected) / (spread * np.sqrt(free))
    found = []
    line = NormalDist().inv_cdf(1 - _ALARM / (2 * len(standard)))
    for place in np.flatnonzero(np.abs(standard) > line):
        judge, site = int(design.judges[design.judge[place]]), int(design.sites[design.site[place]])
        found.append(Lead(judge, "mark", site, float(standard[place])))
    for number, judge in enumerate(design.judges.tolist()):
        own = design.judge == number
        count = int(own.sum())
        if count < _LEAST:
            continue
        mean = float((standard[own] ** 2).sum()) / (count - 1)
        if _chi_z(mean, count - 1) > NormalDist().inv_cdf(1 - _ALARM / len(design.judges)):
            found.append(Lead(judge, "erratic", far=mean))
        if np.ptp(design.points[own]) == 0 and np.ptp(fixed[: len(design.sites)]) > spread:
            found.append(Lead(judge, "flat"))
    return tuple(sorted(found, key=lambda one: (one.judge, one.kind, one.site or 0)))


def _chi_z(mean: float, freedom: int) -> float:
    """How unlikely so large a mean square is, as a normal number (Wilson and Hilferty's cube root)."""
    part = 2 / (9 * freedom)
    return float((np.cbrt(mean) - (1 - part)) / np.sqrt(part))
