"""What a table is computed from once its data are known: who is kept, what is missing, what fills it, limits.

None of this changes from draw to draw. docs/methods/missing.md says in what order it is done.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext

import numpy as np

from leitai.rules.kernel import N_, Finding, Severity
from leitai.rules.regime.source import Positions

from ..exact import EXACT as CONTEXT
from ..exact import ZERO
from .data import ALL, Data
from .faults import ScoreError, fault
from .numbers import EXACT, Array, Mask, Numbers
from .spec import MeasureSpec, Spec
from .treating import applied, limits, needs_positive
from .values import derived, fills, needed

LEAST_DRAWN = "drawn"  # beside the limits of a treatment: the least value that it was given


@dataclass(frozen=True, slots=True)
class Filled:
    """A measure's cells: which units have a value, itself or stood in for, and the values that stand in."""

    own: Mask
    there: Mask
    instead: Array


@dataclass(frozen=True, slots=True)
class Plan:
    """A spec made ready for its data. Arrays are of the kept units, in the order of their keys."""

    spec: Spec
    data: Data
    positions: Positions
    kept: tuple[int, ...]
    dropped: Mapping[int, Finding]
    groups: tuple[tuple[str, Array], ...]
    columns: Mapping[str, Array]
    filled: Mapping[str, Filled]
    limits: Mapping[str, tuple[Mapping[str, Decimal], ...]]
    bonus: Mapping[str, Array]
    notes: tuple[Finding, ...]

    @property
    def places(self) -> tuple[Array, ...]:
        """The places of the units compared with each other."""
        return tuple(inside for _, inside in self.groups)

    def values(self, measure: str, columns: Mapping[str, Array], kind: Numbers) -> Array:
        """The values of a measure, shape (…, units), gaps filled where they are; elsewhere any value."""
        found = derived(self.spec.measures[measure], self.spec.column(measure), columns, kind)
        cells = self.filled[measure]
        if cells.own.all():
            return found
        instead = cells.instead if kind.exact else cells.instead.astype(np.float64)
        return np.where(cells.own, found, instead)

    def treated(self, measure: str, values: Array, kind: Numbers) -> Array:
        """The values after the treatment of outliers; the limits are those of the measured values."""
        for one, found in zip(self.spec.measures[measure].treat, self.limits[measure], strict=True):
            if not kind.exact and (needs_positive(one) or "shift" in found):
                # A drawn value that has no logarithm counts as the least that was measured.
                values = np.maximum(values, float(found[LEAST_DRAWN]))
            values = applied(one, values, found, kind)
        return values


def prepare(spec: Spec, data: Data, positions: Positions) -> Plan:
    """The plan of a spec for data. Raises ScoreError with every fault of one kind, where the data cannot serve."""
    with localcontext(CONTEXT):
        return _prepare(spec, data, positions)


def _prepare(spec: Spec, data: Data, positions: Positions) -> Plan:
    have = {key: _have(spec, measure, key, data) for key, measure in spec.measures.items()}
    dropped = _dropped(spec, data, have)
    kept = tuple(index for index in range(len(data.ids)) if index not in dropped)
    if len(kept) < 2:
        message = N_("%(count)s of %(units)s units have data enough to be scored; at least two must")
        findings = tuple(dropped[index] for index in sorted(dropped))
        raise ScoreError(
            Finding(
                "one-unit", message, positions.value("missing"), {"count": len(kept), "units": len(data.ids)}
            ),
            *findings,
        )
    columns = {
        name: EXACT.array([Decimal(1) if column[n] is None else (column[n] or ZERO) for n in kept])
        for name, column in data.columns.items()
    }
    notes: list[Finding] = []
    filled, found = {}, {}
    groups = tuple(data.groups[n] for n in kept)
    for key, measure in spec.measures.items():
        own = have[key][list(kept)]
        values = derived(measure, spec.column(key), columns, EXACT)
        instead, can = fills(spec.policy(key), values, own, groups)
        if isinstance(measure.points.target, str):
            # Nothing stands in for a target: without it no value can be scored.
            can &= np.array([data.columns[measure.points.target][n] is not None for n in kept])
        there = own | can
        if not own.any():
            message = N_(
                "“%(measure)s” has no value for any unit that is scored; take it out or bring its data"
            )
            raise fault("no-values", message, positions.value("measures", key), measure=key)
        instead[~there] = values[own][0]
        filled[key] = Filled(own, there, instead)
        notes += _gaps(spec, key, data, kept, filled[key])
        found[key] = _limits(spec, key, np.where(own, values, instead), there, data, kept)
    return Plan(
        spec,
        data,
        positions,
        kept,
        dropped,
        _groups(spec, groups),
        columns,
        filled,
        found,
        {key: _bonus(spec, key, data, kept) for key in spec.bonus},
        tuple(notes),
    )


def _have(spec: Spec, measure: MeasureSpec, key: str, data: Data) -> Mask:
    """Which units have all that a measure is made of. A denominator of 0 is a fault."""
    found = np.ones(len(data.ids), dtype=bool)
    for column, divides in needed(measure, spec.column(key)):
        cells = data.columns[column]
        for index, value in enumerate(cells):
            if value is None:
                found[index] = False
            elif divides and value == 0:
                message = N_(
                    "%(unit)s has 0 in column “%(column)s”, which “%(measure)s” divides by; mend it or empty it"
                )
                raise fault(
                    "divided-by-zero",
                    message,
                    data.where(index, column),
                    unit=data.ids[index],
                    column=column,
                    measure=key,
                )
    if isinstance(measure.points.target, str):
        found &= np.array([value is not None for value in data.columns[measure.points.target]])
    return found


def _dropped(spec: Spec, data: Data, have: Mapping[str, Mask]) -> dict[int, Finding]:
    """Units that are left out, each with the reason."""
    found: dict[int, Finding] = {}
    faults = []
    for key, mask in have.items():
        policy = spec.policy(key)
        for index in np.flatnonzero(~mask).tolist():
            where = data.where(index, spec.column(key))
            about = {"unit": data.ids[index], "measure": key}
            if policy == "fail":
                message = N_("%(unit)s has no value of “%(measure)s”, which may not be missing; write it in")
                faults.append(Finding("missing", message, where, about))
            elif policy == "drop":
                message = N_("%(unit)s is left out: it has no value of “%(measure)s”")
                found.setdefault(index, Finding("dropped", message, where, about, Severity.WARNING))
    if faults:
        raise ScoreError(*faults)
    for index, unit in enumerate(data.ids):
        share = Decimal(sum(bool(mask[index]) for mask in have.values())) / len(have)
        if share < spec.coverage and index not in found:
            message = N_("%(unit)s is left out: it has %(share)s of its measures, and %(least)s are asked")
            values: dict[str, object] = {
                "unit": unit,
                "share": round(share, 4).normalize(),
                "least": spec.coverage,
            }
            where = data.where(index, spec.units.id)
            found[index] = Finding("dropped", message, where, values, Severity.WARNING)
    return found


def _gaps(spec: Spec, key: str, data: Data, kept: Sequence[int], cells: Filled) -> list[Finding]:
    messages = {
        True: N_("%(unit)s has no value of “%(measure)s”: the %(policy)s stands in for it"),
        False: N_("%(unit)s has no value of “%(measure)s”: the other weights carry the whole"),
    }
    policy, floor = spec.policy(key), N_("%(unit)s has no value of “%(measure)s”: it gets the lowest points")
    found = []
    for place in np.flatnonzero(~cells.own).tolist():
        message = floor if policy == "floor" else messages[bool(cells.there[place])]
        index = kept[place]
        values = {"unit": data.ids[index], "measure": key, "policy": policy}
        where = data.where(index, spec.column(key))
        found.append(Finding("missing", message, where, values, Severity.WARNING))
    return found


def _limits(
    spec: Spec, key: str, values: Array, there: Mask, data: Data, kept: Sequence[int]
) -> tuple[Mapping[str, Decimal], ...]:
    """The limits of each treatment in turn, found on what the treatment before left."""
    found = []
    frame = spec.frame.get(key, {}).get(ALL, {})
    for one in spec.measures[key].treat:
        known = values[there]
        if needs_positive(one) and (low := np.asarray(values + one.shift <= 0) & there).any():
            place = int(np.flatnonzero(low)[0])
            message = N_(
                "%(unit)s has %(value)s of “%(measure)s”, of which “%(by)s” cannot be taken; state a “shift” that"
                " brings every value above 0, or take another treatment"
            )
            raise fault(
                "not-positive",
                message,
                data.where(kept[place], spec.column(key)),
                unit=data.ids[kept[place]],
                value=values[place],
                measure=key,
                by=one.by,
            )
        found.append({**limits(one, known.tolist(), frame), LEAST_DRAWN: min(known.tolist())})
        values = np.where(there, applied(one, np.where(there, values, known[0]), found[-1], EXACT), values)
    return tuple(found)


def _groups(spec: Spec, groups: Sequence[str]) -> tuple[tuple[str, Array], ...]:
    if spec.within == "all":
        return ((ALL, np.arange(len(groups))),)
    labels = np.array(groups)
    return tuple((str(label), np.flatnonzero(labels == label)) for label in np.unique(labels))


def _bonus(spec: Spec, key: str, data: Data, kept: Sequence[int]) -> Array:
    """What each unit is added or taken, between the ends of this bonus."""
    one = spec.bonus[key]
    values = [data.columns[one.column][n] or ZERO for n in kept]
    return EXACT.array([between(value, one.least, one.most) for value in values])


def between(value: Decimal, least: Decimal | None, most: Decimal | None) -> Decimal:
    """A number kept between two ends, each of which may be absent."""
    if least is not None and value < least:
        return least
    return most if most is not None and value > most else value
