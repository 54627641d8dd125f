"""Why a unit stands where it stands, in numbers that add up.

The distance to the unit above and to the one below is split by measure, in fractions, so that the parts and
the rounding of the published scores sum exactly to the published gap; for reading they are rounded so that
they still do. The lines are templates with values, for the shell to translate and to put names for keys.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor

from leitai.rules.kernel import N_

from .exact import ZERO, dec
from .intervals import told_apart
from .result import Contribution, Row, TableResult


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence of an explanation: an English template marked for translation, and its values."""

    message: str
    values: Mapping[str, object]

    @property
    def text(self) -> str:
        """The sentence in English, with keys for names."""
        return self.message % dict(self.values)


@dataclass(frozen=True, slots=True)
class Part:
    """What one measure accounts for in a gap, exactly and as shown; "" is the rounding of scores."""

    measure: str
    exact: Fraction
    shown: Decimal


@dataclass(frozen=True, slots=True)
class Gap:
    """The distance to a neighbour, never negative: the better one's published score less the other's."""

    other: str
    rank: int
    gap: Decimal
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """The account of one row; `above` and `below` are absent at the ends and for units without a rank."""

    row: Row
    count: int
    above: Gap | None
    below: Gap | None
    alike: tuple[str, ...]
    lines: tuple[Line, ...]


def explain(result: TableResult, unit: str) -> Explanation:
    """The account of a unit's row. Raises KeyError for a unit that the table does not have."""
    row = result.row(unit)
    field = result.field_of(row)
    above = below = None
    alike: tuple[str, ...] = ()
    if row.score is not None and row.se is not None:
        score, places = row.score, result.spec.decimals + 2
        better = [one for one in field if one.score is not None and one.score > score]
        worse = [one for one in field if one.score is not None and one.score < score]
        above = _gap(better[-1], row, better[-1], places) if better else None
        below = _gap(row, worse[0], worse[0], places) if worse else None
        z, at, se = result.z_of(row), float(score), float(row.se)
        alike = tuple(
            one.unit
            for one in field
            if one.unit != unit and not told_apart(at, se, float(one.score or ZERO), float(one.se or ZERO), z)
        )
    lines = (
        *_standing(row, len(field)),
        *(_contributed(one) for one in row.contributions if one.points is not None),
        *_absent(row),
        *_sureness(row, alike, result),
        *_distance(N_("%(gap)s points behind %(other)s, rank %(rank)s"), above),
        *_distance(N_("%(gap)s points ahead of %(other)s, rank %(rank)s"), below),
    )
    return Explanation(row, len(field), above, below, alike, lines)


def _gap(better: Row, worse: Row, other: Row, places: int) -> Gap:
    """The better row's score less the worse one's, split by measure."""
    gap, parts = split(better, worse, places)
    return Gap(other.unit, other.rank or 0, gap, parts)


def split(one: Row, other: Row, places: int) -> tuple[Decimal, tuple[Part, ...]]:
    """A row's published score less another's, and what each measure accounts for, shown to so many decimals.

    The rows are of two units, or of one unit in two tables; the parts sum to the difference exactly.
    """
    ours, theirs = _exact(one), _exact(other)
    published = (one.score or ZERO) - (other.score or ZERO)
    parts = {key: ours.get(key, Fraction(0)) - theirs.get(key, Fraction(0)) for key in ours | theirs}
    parts[""] = Fraction(published) - sum(parts.values(), Fraction(0))
    shown = apportion(list(parts.values()), places)
    return published, tuple(
        Part(key, exact, at) for (key, exact), at in zip(parts.items(), shown, strict=True)
    )


def _exact(row: Row) -> dict[str, Fraction]:
    """What each counted measure brought the unit, as fractions that sum to its score before rounding."""
    weighed = [one for one in row.contributions if one.points is not None]
    total = sum((Fraction(one.weight) for one in weighed), Fraction(0))
    return {one.measure: Fraction(one.points or ZERO) * Fraction(one.weight) / total for one in weighed}


def apportion(parts: Sequence[Fraction], places: int) -> list[Decimal]:
    """The parts to so many decimals, so that they sum to what the exact ones sum to (largest remainder)."""
    scaled = [part * 10**places for part in parts]
    whole = [floor(part) for part in scaled]
    left = int(sum(scaled, Fraction(0))) - sum(whole)
    largest = sorted(range(len(parts)), key=lambda index: (whole[index] - scaled[index], index))
    for index in largest[:left]:
        whole[index] += 1
    return [Decimal(one).scaleb(-places) for one in whole]


def _standing(row: Row, count: int) -> tuple[Line, ...]:
    values: dict[str, object] = {"unit": row.unit, "group": row.group, "count": count}
    if row.rank is not None:
        message = N_("%(unit)s scores %(score)s and stands at rank %(rank)s of %(count)s")
        return (Line(message, values | {"score": row.score, "rank": row.rank}),)
    messages = {
        "few": N_("%(unit)s is not ranked: there are too few observations to judge it by"),
        "missing": N_("%(unit)s is not ranked: too much of the weight has no value"),
        "failed": N_("%(unit)s is not ranked: a value that may not be missing is missing"),
    }
    return (Line(messages[row.reason], values),)


def _contributed(one: Contribution) -> Line:
    values: dict[str, object] = {
        "measure": one.measure,
        "raw": one.raw,
        "points": dec(one.points or ZERO),
        "weight": one.weight,
        "weighted": None if one.weighted is None else dec(one.weighted),
    }
    if one.raw is None:
        message = N_(
            "%(measure)s: no value, so the lowest points, %(points)s; at weight %(weight)s: %(weighted)s"
        )
        return Line(message, values)
    message = N_("%(measure)s: %(raw)s makes %(points)s points; at weight %(weight)s that is %(weighted)s")
    return Line(message, values)


def _absent(row: Row) -> tuple[Line, ...]:
    found = []
    for one in row.contributions:
        values: dict[str, object] = {"measure": one.measure, "raw": one.raw}
        if one.state == "few":
            found.append(Line(N_("%(measure)s is not counted: too few observations"), values))
        elif one.state == "missing" and one.points is None:
            found.append(Line(N_("%(measure)s is not counted: it has no value that can be scored"), values))
        elif one.state == "late" and one.points is None:
            found.append(Line(N_("%(measure)s is not counted: its value is late"), values))
        elif one.state == "late" and one.raw is not None:
            found.append(Line(N_("%(measure)s came late"), values))
        elif one.state == "disputed":
            found.append(Line(N_("%(measure)s is disputed: the value may change"), values))
    return tuple(found)


def _sureness(row: Row, alike: tuple[str, ...], result: TableResult) -> tuple[Line, ...]:
    if row.rank is None:
        return ()
    confidence = dec(result.spec.confidence * 100)
    values: dict[str, object] = {"low": row.rank_low, "high": row.rank_high, "confidence": confidence}
    if row.rank_low == row.rank_high:
        found = [Line(N_("its rank is certain, at %(confidence)s %% confidence"), values)]
    else:
        message = N_("its rank may truly be %(low)s to %(high)s, at %(confidence)s %% confidence")
        found = [Line(message, values)]
    if alike:
        message = N_("it cannot be told apart from %(number)s others: %(units)s")
        found.append(Line(message, {"number": len(alike), "units": ", ".join(alike)}))
    if row.named_worst:
        found.append(Line(N_("it is named among the worst %(k)s"), {"k": result.spec.naming.of_worst}))
    if row.named_best:
        found.append(Line(N_("it is named among the best %(k)s"), {"k": result.spec.naming.of_best}))
    return tuple(found)


def _distance(message: str, gap: Gap | None) -> tuple[Line, ...]:
    if gap is None:
        return ()
    found = [Line(message, {"gap": gap.gap, "other": gap.other, "rank": gap.rank})]
    for part in sorted(gap.parts, key=lambda part: -abs(part.shown)):
        if part.shown:
            template = (
                N_("of this from %(measure)s: %(amount)s")
                if part.measure
                else N_("of this from rounding: %(amount)s")
            )
            found.append(Line(template, {"measure": part.measure, "amount": part.shown}))
    return tuple(found)
