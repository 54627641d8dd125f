"""Who speaks at a meeting, in which order, and how sure it is that they are the best or the last.

The rule-book says how many (`best`, `worst`) and whose turn comes first. With `certain` only those speak whom the
table's own naming rule names, so that nobody is called up by noise; else it goes by rank, and it is said where
somebody who is not called cannot be told from one who is. Places in groups of different size are compared as shares:
the first of 25 comes before the first of 3, the last of 25 is further back than the last of 3.

    ranks 1, 2, 3 of 3 with intervals 1-2, 1-2, 3-3; one of the best, one of the last, best first
    1  rank 1: its experience   (cannot be told from rank 2, who is not called)
    2  rank 3: its statement
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from leitai.rules.kernel import N_, Finding
from leitai.rules.regime.gatherings import SpeakingSpec

Kind = Literal["experience", "statement"]


@dataclass(frozen=True, slots=True)
class Placed:
    """A unit's line in the table that decides; `low` and `high` are the best and the worst rank it may have."""

    unit: str
    group: str
    rank: int
    low: int
    high: int
    of: int
    best: bool = False
    worst: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """One who speaks: `number` from 1, and why. `alike` are those not called who cannot be told from them."""

    number: int
    unit: str
    kind: Kind
    why: tuple[Finding, ...]
    alike: tuple[str, ...] = ()


def turns(spec: SpeakingSpec, lines: Sequence[Placed]) -> tuple[Turn, ...]:
    """The order of speaking by a table's ranked lines, in any order. A unit speaks once, as one of the best if both.

    Nobody where nobody is named; fewer than asked for where fewer are.
    """
    best = _chosen([one for one in lines if one.best or not spec.certain], spec.best, best=True)
    heard = {one.unit for one in best}
    last = [one for one in lines if one.unit not in heard and (one.worst or not spec.certain)]
    worst = _chosen(last, spec.worst, best=False)
    heard |= {one.unit for one in worst}
    others = [one for one in lines if one.unit not in heard]
    sides: list[tuple[Kind, list[Placed]]] = [("experience", best), ("statement", worst)]
    if spec.first == "worst":
        sides.reverse()
    called = [(kind, one) for kind, side in sides for one in side]
    return tuple(
        _turn(number, kind, one, _alike(one, _eligible(spec, kind, others)))
        for number, (kind, one) in enumerate(called, 1)
    )


def _chosen(lines: Sequence[Placed], most: int, *, best: bool) -> list[Placed]:
    """The first so many units, each once, from the top or from the end; equals in the order of their keys."""

    def order(one: Placed) -> tuple[Fraction, str, str]:
        share = _share(one.rank, one.of)
        return (share if best else -share, one.group, one.unit)

    found: dict[str, Placed] = {}
    for one in sorted(lines, key=order):
        found.setdefault(one.unit, one)
    return list(found.values())[:most]


def _eligible(spec: SpeakingSpec, kind: Kind, others: Sequence[Placed]) -> list[Placed]:
    """Those who are not called but might have been."""
    if not spec.certain:
        return list(others)
    return [one for one in others if (one.best if kind == "experience" else one.worst)]


def _alike(one: Placed, others: Sequence[Placed]) -> tuple[str, ...]:
    """Those among them whose interval touches this one's; between groups as shares of their size."""
    low, high = _share(one.low, one.of), _share(one.high, one.of)
    touching = (
        other.unit
        for other in others
        if _share(other.low, other.of) <= high and _share(other.high, other.of) >= low
    )
    return tuple(sorted(set(touching)))


def _share(rank: int, of: int) -> Fraction:
    """Where a rank lies in its group, from 0 (the top) to 1."""
    return Fraction(2 * rank - 1, 2 * max(of, 1))


def _turn(number: int, kind: Kind, one: Placed, alike: tuple[str, ...]) -> Turn:
    values: dict[str, object] = {"rank": one.rank, "of": one.of, "low": one.low, "high": one.high}
    if kind == "experience" and one.best:
        message = N_("named among the best: rank %(rank)s of %(of)s (%(low)s–%(high)s)")
    elif kind == "statement" and one.worst:
        message = N_("named among the last: rank %(rank)s of %(of)s (%(low)s–%(high)s)")
    else:
        message = N_("rank %(rank)s of %(of)s (%(low)s–%(high)s)")
    why = [Finding("rank", message, values=values)]
    if alike:
        message = N_("others not called who cannot be told from it: %(alike)s")
        why.append(Finding("alike", message, values={"alike": len(alike)}))
    return Turn(number, one.unit, kind, tuple(why), alike)
