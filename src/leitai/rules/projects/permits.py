"""How the permits of a start go: which may begin, which papers are lacking, what a withdrawal opens again.

A paper is asked for once, whatever number of permits rest on it. A permit that is withdrawn takes with it all that
rested on it: what was built on a ground that is gone must be looked at again.

>>> reopened({"land": (), "plan": ("land",), "fire": ()}, {"land", "plan", "fire"}, "land")
('plan',)
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from leitai.rules.flows.permits import Needs, behind, order, without

__all__ = ["Asked", "asked", "lacking", "needs_of", "ready", "reopened"]


@dataclass(frozen=True, slots=True)
class Asked:
    """A paper with the permits that rest on it, in the rule-book's order, and whether it is there."""

    key: str
    permits: tuple[str, ...]
    held: bool


def needs_of(needs: Needs, dropped: Collection[str]) -> dict[str, tuple[str, ...]]:
    """The graph of one start: that of the rule-book without the permits that it does not need."""
    return without(needs, dropped)


def ready(needs: Needs, granted: Collection[str]) -> tuple[str, ...]:
    """The permits that may begin: not granted, all they need granted; each after what it needs, then by name."""
    return tuple(key for key in order(needs) if key not in granted and set(needs[key]) <= set(granted))


def reopened(needs: Needs, begun: Collection[str], key: str) -> tuple[str, ...]:
    """What must wait again when a permit is withdrawn: all that rests on it and was granted or begun, in order."""
    resting = set(behind(needs, key))
    return tuple(one for one in order(needs) if one in resting and one in begun)


def lacking(asks: Collection[str], held: Collection[str]) -> tuple[str, ...]:
    """The papers that are still to be handed in, in the rule-book's order."""
    return tuple(one for one in dict.fromkeys(asks) if one not in held)


def asked(asks: Mapping[str, Collection[str]], held: Collection[str]) -> tuple[Asked, ...]:
    """Every paper that permits ask for, once, what is lacking first; `asks` has the papers of each permit."""
    found: dict[str, list[str]] = {}
    for permit, papers in asks.items():
        for paper in dict.fromkeys(papers):
            found.setdefault(paper, []).append(permit)
    rows = [Asked(paper, tuple(permits), paper in held) for paper, permits in found.items()]
    return tuple(sorted(rows, key=lambda one: one.held))
