"""A letter's year under way: the path that its targets declare, what has come, and where the year will end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from leitai.rules.kernel import PERIOD_KINDS, Period
from leitai.rules.regime.model import MeasureSpec, Regime
from leitai.rules.scoring.forecast import LEAST, Forecast, added_up, last_stands

from ..models import Letter
from .cells import Sources, cells
from .responsibility import plain, terms_of


@dataclass(frozen=True, slots=True)
class Step:
    """A part of the year: its own figure, what has come up to its end, and what the path asks for by then."""

    period: Period
    value: Decimal | None
    so_far: Decimal | None
    path: Decimal | None


@dataclass(frozen=True)
class Progress:
    """A measure of a letter: the target of the whole, the year's parts, and the forecast or `why` there is none.

    `why`: "few" parts known yet, "gap" in them, "rate", "over", or "parts" where the year has none.
    """

    measure: str
    spec: MeasureSpec
    target: Decimal | None
    steps: tuple[Step, ...]
    forecast: Forecast | None
    why: str

    @property
    def last(self) -> Step | None:
        """The last part of which a figure is known."""
        return next((one for one in reversed(self.steps) if one.so_far is not None), None)

    @property
    def standing(self) -> tuple[Step, Decimal] | None:
        """The last part with a figure and a path, and how far it is past the path, on the better side above zero."""
        for one in reversed(self.steps):
            if one.so_far is not None and one.path is not None:
                past = one.so_far - one.path
                return one, Decimal(plain(past if self.spec.better == "more" else 0 - past))
        return None

    @property
    def reaches(self) -> str:
        """Whether the forecast lies past the target ("yes"), short of it ("no") or on both sides of it ("open")."""
        if self.forecast is None or self.target is None:
            return ""
        low, high, target = self.forecast.low, self.forecast.high, float(self.target)
        if self.spec.better != "more":
            low, high, target = -high, -low, -target
        return "yes" if low >= target else "no" if high < target else "open"


def progress(letter: Letter, regime: Regime, today: date) -> list[Progress]:
    """Each measure of a letter over its period, as known today. Raises Refused where the letter was altered."""
    whole = Period.parse(letter.period)
    sources = Sources(letter.place)
    terms = terms_of(letter)
    found = []
    for measure in dict.fromkeys(measure for measure, _period, _target in terms):
        spec = regime.measures.get(measure)
        if spec is None:
            continue
        stated = {Period.parse(period): target for name, period, target in terms if name == measure}
        found.append(_one(sources, regime, measure, spec, whole, stated, letter.unit, today))
    return found


def _one(
    sources: Sources,
    regime: Regime,
    measure: str,
    spec: MeasureSpec,
    whole: Period,
    stated: dict[Period, Decimal],
    unit: Any,
    today: date,
) -> Progress:
    parts = whole.within(spec.every) if spec.every != whole.kind else (whole,)
    values, rates = [], False
    for part in parts:
        cell = cells(sources, regime, measure, part, [unit])[unit.key] if part.first <= today else None
        # A part that is not over has figures that will still grow.
        known = cell is not None and cell.value is not None and part.last < today
        values.append(cell.value if known and cell is not None else None)
        rates = rates or (
            cell is not None and cell.value is not None and cell.n is not None and cell.se is not None
        )
    adds = spec.sum and not rates
    path = _path(stated, adds)
    steps, so_far = [], Decimal(0)
    for part, value in zip(parts, values, strict=True):
        if value is not None:
            so_far = so_far + value if adds else value
        steps.append(Step(part, value, so_far if value is not None else None, path.get(part.last)))
    target = stated.get(whole, path.get(whole.last))
    forecast, why = _forecast(sources, regime, measure, parts, values, unit, adds=adds, rates=rates)
    return Progress(measure, spec, target, tuple(steps), forecast, why)


def _path(stated: dict[Period, Decimal], adds: bool) -> dict[date, Decimal]:
    """What is asked for by the end of each period that a target is stated for; sums from the year's beginning."""
    if not adds:
        return {period.last: target for period, target in sorted(stated.items())}
    begin = min(period.first for period in stated)
    found: dict[date, Decimal] = {}
    ends: dict[date, Decimal] = {}
    for period, target in sorted(
        stated.items(), key=lambda one: (one[0].last, PERIOD_KINDS.index(one[0].kind))
    ):
        before = Decimal(0) if period.first == begin else ends.get(period.first)
        if before is not None:
            found[period.last] = before + target
            ends[period.next().first] = before + target
    return found


def _forecast(
    sources: Sources,
    regime: Regime,
    measure: str,
    parts: Sequence[Period],
    values: Sequence[Decimal | None],
    unit: Any,
    *,
    adds: bool,
    rates: bool,
) -> tuple[Forecast | None, str]:
    """The year's end, or why nothing is said of it."""
    known = [float(value) for value in values if value is not None]
    n = len(known)
    if len(parts) < LEAST + 1:
        return None, "parts"
    if rates:
        return None, "rate"
    if n == len(parts):
        return None, "over"
    if any(value is None for value in values[:n]):
        return None, "gap"
    if not adds:
        found = last_stands(known, len(parts) - n)
        return found, "" if found else "few"
    before = _last_year(sources, regime, measure, parts, unit)
    if before is None:
        found = added_up(known, None, [1.0] * (len(parts) - n))
    else:
        found = added_up(known, before[:n], before[n:])
    return found, "" if found else "few"


def _last_year(
    sources: Sources, regime: Regime, measure: str, parts: Sequence[Period], unit: Any
) -> list[float] | None:
    """The same parts of the year before, where each of them is known and above zero."""
    found = []
    for part in parts:
        if part.kind == "week":
            return None
        before = Period.containing(part.kind, part.first.replace(year=part.first.year - 1))
        value = cells(sources, regime, measure, before, [unit])[unit.key].value
        if value is None or value <= 0:
            return None
        found.append(float(value))
    return found
