"""The light of a campaign's goal: from a figure or from evidence that another accepted, and from the day it is due.

Never a share of something done: a goal is reached or it is not. What the lights mean, first that fits:

- done: the figure meets the target, or evidence was accepted; a bottom line (at most) only when its day is past.
- red: its day is past and it is not reached; or a bottom line is crossed.
- yellow: its day is within a month; or evidence waits to be looked at; or the figure that meets it is disputed.
- green: a bottom line that holds so far.
- none: under way, and its day is far; or nothing is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from leitai.rules.kernel import N_
from leitai.rules.regime.ventures import GoalSpec

Colour = Literal["done", "red", "yellow", "green", "none"]
Shown = Literal["", "offered", "accepted", "refused"]
SOON = 30  # days


@dataclass(frozen=True, slots=True)
class Figure:
    """What is known of a goal's measure: the value, and whether somebody disputes it."""

    value: Decimal
    disputed: bool = False


@dataclass(frozen=True, slots=True)
class GoalLight:
    """A light and the words that say why."""

    colour: Colour
    why: str


def goal_light(goal: GoalSpec, today: date, figure: Figure | None, shown: Shown) -> GoalLight:
    """The light of a goal today; `shown` is what became of its evidence, "" where none was given."""
    past = goal.by is not None and today > goal.by
    if goal.measure is None:
        if shown == "accepted":
            return GoalLight("done", N_("its evidence was accepted"))
        if past:
            return GoalLight("red", N_("its day is past, and no evidence was accepted"))
        if shown == "offered":
            return GoalLight("yellow", N_("its evidence waits to be looked at"))
        if shown == "refused":
            return GoalLight("yellow", N_("its evidence was refused"))
    elif figure is not None:
        met = _meets(goal, figure.value)
        if met and figure.disputed:
            return GoalLight("yellow", N_("the figure that meets it is disputed"))
        if goal.sense == "at most":
            if not met:
                return GoalLight("red", N_("the bottom line is crossed"))
            return (
                GoalLight("done", N_("held to its day")) if past else GoalLight("green", N_("holds so far"))
            )
        if met:
            return GoalLight("done", N_("the figure meets the target"))
        if past:
            return GoalLight("red", N_("its day is past, and the figure is short of the target"))
    elif past:
        return GoalLight("red", N_("its day is past, and no figure is known"))
    if goal.by is not None and (goal.by - today).days <= SOON:
        return GoalLight("yellow", N_("its day is within a month"))
    known = figure is not None if goal.measure else shown != ""
    return GoalLight("none", N_("under way") if known else N_("nothing is known yet"))


def _meets(goal: GoalSpec, value: Decimal) -> bool:
    assert goal.target is not None  # the check of rule-books asks for it
    target = Decimal(str(goal.target))
    return value <= target if goal.sense == "at most" else value >= target
