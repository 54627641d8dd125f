"""Investment promotion: how far leads came and how long each step took, and leads of two units that are one firm's.

Likeness is Dice's coefficient over pairs of letters (Dice, Ecology 26, 1945), of names without what all firms share.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from statistics import median

STEPS = ("found", "visited", "talks", "signed", "landed")
LOST = "lost"
ALIKE = 0.8
COMMON = 40  # a pair of letters that so many names hold tells nothing of any of them
_SHARED = re.compile(
    "股份有限公司|有限责任公司|有限公司|责任公司|集团|股份|公司|控股"
    r"|\b(?:co|ltd|inc|llc|plc|corp|corporation|company|limited|group|holdings?)\b\.?"
)
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】")
_DIGITS = re.compile(r"\d+")
_OTHER = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Road:
    """A lead: who follows it, its firm's name, and the days of its steps."""

    key: int
    unit: str
    firm: str
    steps: Mapping[str, date]


@dataclass(frozen=True, slots=True)
class Rung:
    """A step of the funnel: how many came to it, are at it still, were lost at it; days from the step before it."""

    step: str
    came: int
    still: int
    lost: int
    days: float | None
    timed: int


@dataclass(frozen=True, slots=True)
class Pair:
    """Two leads whose firms' names are alike by so much, 0 to 1."""

    first: int
    second: int
    share: float


def plain(name: str, drop: Iterable[str] = ()) -> str:
    """A firm's name without its legal form, brackets, spaces, width and case; `drop`: names of places left out too."""
    text = unicodedata.normalize("NFKC", name).casefold()
    text = _SHARED.sub("", _BRACKETS.sub("", text))
    for word in sorted(drop, key=len, reverse=True):
        text = text.replace(word.casefold(), "") if word else text
    return _OTHER.sub("", text) or _OTHER.sub("", unicodedata.normalize("NFKC", name).casefold())


def alike(first: str, second: str) -> float:
    """How alike two plain names are, 0 to 1. Names with different numbers are those of different firms."""
    if first == second:
        return 1.0
    if _DIGITS.findall(first) != _DIGITS.findall(second):
        return 0.0
    one, other = _pairs(first), _pairs(second)
    held = sum(one.values()) + sum(other.values())
    return 2 * sum((one & other).values()) / held if held else 0.0


def _pairs(text: str) -> Counter[str]:
    return Counter(text[n : n + 2] for n in range(len(text) - 1))


def twins(roads: Iterable[Road], drop: Iterable[str] = (), least: float = ALIKE) -> tuple[Pair, ...]:
    """The pairs of leads of different units whose firms may be one, the most alike first.

    Only names that share a telling pair of letters are compared, so that a thousand leads take well under a second.
    """
    rows = {one.key: one for one in roads}
    names = {key: plain(one.firm, drop) for key, one in rows.items()}
    holding: dict[str, list[int]] = defaultdict(list)
    for key, name in names.items():
        for pair in _pairs(name) or [name]:
            holding[pair].append(key)
        holding[f"={name}"].append(key)
    seen: set[tuple[int, int]] = set()
    for pair, keys in holding.items():
        if len(keys) <= COMMON or pair.startswith("="):
            seen.update((min(pair), max(pair)) for pair in combinations(keys, 2))
    found = [
        Pair(first, second, alike(names[first], names[second]))
        for first, second in seen
        if rows[first].unit != rows[second].unit
    ]
    kept = [pair for pair in found if pair.share >= least]
    return tuple(sorted(kept, key=lambda pair: (-pair.share, pair.first, pair.second)))


def funnel(roads: Sequence[Road]) -> tuple[Rung, ...]:
    """How far leads came. One that came to a step came to those before it; times only where both days are known."""
    rungs = []
    for index, step in enumerate(STEPS):
        came = [road for road in roads if _reached(road) >= index]
        at = [road for road in came if _reached(road) == index]
        lost = sum(LOST in road.steps for road in at)
        before = STEPS[index - 1] if index else None
        spans = [
            (road.steps[step] - road.steps[before]).days
            for road in came
            if before is not None and step in road.steps and before in road.steps
        ]
        rungs.append(
            Rung(step, len(came), len(at) - lost, lost, float(median(spans)) if spans else None, len(spans))
        )
    return tuple(rungs)


def _reached(road: Road) -> int:
    """The furthest step a lead came to."""
    return max((index for index, step in enumerate(STEPS) if step in road.steps), default=0)
