"""That no figure makes finding faults a target: nobody who inspects is asked for so many findings, nor paid by them.

`faults.py` knows no key for a quota. The same comes in by another door where a measure counts the cases that
inspections and patrols open, and more of them is worth more:

    cases.opened of findings, better: more           found: faults are looked for until there are enough
    cases.opened of findings, bands {">=10": 100, …} found
    cases.solved_rate of findings, better: more      right: what counts is that they are put right
"""

from __future__ import annotations

from itertools import pairwise

from leitai.rules.kernel import N_

from ..bands import BandError, parse_bands
from ..deeds import DoError, parse_do
from ..model import MeasureSpec, Points, Regime
from .desk import Desk

# Facts that grow by one with each case that is opened. A rate of them does not.
COUNTS = ("cases.opened", "cases.overdue")


def check_quotas(desk: Desk) -> None:
    """That more findings are worth more nowhere: in no measure's points, and as no goal of a campaign."""
    kinds = found(desk.regime)
    counted = {
        key: kind
        for key, measure in desk.regime.measures.items()
        if (kind := _counts(measure, kinds)) is not None
    }
    for key, kind in counted.items():
        at = _rewards(desk.regime.measures[key])
        if at is not None:
            message = N_(
                "“%(key)s” counts what inspections and patrols find (%(kind)s), and more is worth more: finding faults "
                "becomes a target. Measure how they are put right, by cases.solved_rate or cases.on_time_rate"
            )
            desk.error("quota-of-findings", message, "measures", key, *at, key=key, kind=kind)
    for name, campaign in desk.regime.campaigns.items():
        for key, goal in campaign.goals.items():
            if goal.measure in counted and goal.target is not None and goal.sense == "at least":
                message = N_(
                    "“%(goal)s” asks for at least so many findings (%(kind)s): finding faults becomes a target. "
                    "Hold the goal against how they are put right, by cases.solved_rate or cases.on_time_rate"
                )
                kind = counted[goal.measure]
                path = ("campaigns", name, "goals", key, "target")
                desk.error("quota-of-findings", message, *path, goal=key, kind=kind)


def found(regime: Regime) -> tuple[str, ...]:
    """The kinds of case that inspections and patrols open: by name, by a rule on a finding, by the patrols' door."""
    named = {one.case for one in regime.inspections.values()}
    for rule in regime.rules:
        if rule.on == "inspection.found":
            try:
                deed = parse_do(rule.do)
            except DoError:
                continue  # told by the check of rules
            named |= {deed.argument} if deed.verb == "open case" else set()
    return tuple(key for key, case in regime.cases.items() if key in named or "patrol" in (case.doors or ()))


def _counts(measure: MeasureSpec, kinds: tuple[str, ...]) -> str | None:
    """Which of some kinds a measure counts the cases of; None where it counts none. Without a kind it counts all."""
    if measure.from_ not in COUNTS or not kinds:
        return None
    kind = measure.of.get("kind")
    return kinds[0] if kind is None else kind if kind in kinds else None


def _rewards(measure: MeasureSpec) -> tuple[str, ...] | None:
    """Where a measure makes a higher value worth more; None where it does not."""
    points = measure.points
    if points.by == "given":
        return ("points", "by")
    if points.by == "bands":
        return ("points", "bands") if _rises(points) else None
    return ("better",) if measure.better == "more" else None


def _rises(points: Points) -> bool:
    """Whether some higher value lies in a band worth more than that of a lower one."""
    try:
        bands = parse_bands(points.bands)
    except BandError:
        return False  # told by the check of measures
    worth = [band.points for band in (bands if bands[0].sign[0] != ">" else reversed(bands))]
    return any(later > before for before, later in pairwise(worth))
