"""The count of a unit's verdicts: by grade, with what was set aside and why, through one channel.

What is set aside stays in the tally: a share that shrinks because ballots were set aside must show it.
Nothing is judged on a handful: `too_few` says so before any rate is compared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from .grades import Scale


@dataclass(frozen=True, slots=True)
class Tally:
    """Ballots counted by grade key, and set aside by reason; sorted, without zeros, not to be changed."""

    channel: str
    counts: Mapping[str, int] = field(default_factory=dict)
    set_aside: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("counts", "set_aside"):
            given: Mapping[str, int] = getattr(self, name)
            if any(number < 0 for number in given.values()):
                raise ValueError(f"a tally counts from 0: {dict(given)}")
            kept = {key: number for key, number in sorted(given.items()) if number}
            object.__setattr__(self, name, kept)

    @property
    def counted(self) -> int:
        """How many ballots count."""
        return sum(self.counts.values())

    @property
    def aside(self) -> int:
        """How many ballots were set aside."""
        return sum(self.set_aside.values())


@dataclass(frozen=True, slots=True)
class Rate:
    """The share of bad verdicts among those counted, with its interval; share is None where none counts."""

    bad: int
    counted: int
    share: float | None
    low: float
    high: float


def count(channel: str, ballots: Iterable[tuple[str, str | None]]) -> Tally:
    """The tally of ballots, each a grade key and the reason for setting it aside (None: it counts)."""
    found = Counter(ballots)
    counts: Counter[str] = Counter()
    aside: Counter[str] = Counter()
    for (grade, reason), number in found.items():
        if reason is None:
            counts[grade] += number
        else:
            aside[reason] += number
    return Tally(channel, counts, aside)


def rate(tally: Tally, scale: Scale, interval: Callable[[int, int], tuple[float, float]]) -> Rate:
    """The rate of bad verdicts; `interval(bad, counted)` gives its limits, such as `scoring.wilson`.

    The interval is an argument because counting and judging are rooms side by side. Raises KeyError where
    the tally holds a grade that the scale does not have.
    """
    bad = sum(number for key, number in tally.counts.items() if scale.grade(key).bad)
    low, high = interval(bad, tally.counted)
    return Rate(bad, tally.counted, bad / tally.counted if tally.counted else None, low, high)


def too_few(n: int, minimum: int) -> bool:
    """Whether n ballots are too few to judge by, where the rule-book asks for `minimum`."""
    return n < minimum
