"""A lead: something a person should look at. It accuses no one and changes nothing by itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from math import log10

SHOWN = 1000  # numbers that one piece of evidence carries at most


@dataclass(frozen=True, slots=True)
class Evidence:
    """Numbers to look at: `kind` says what they are.

    "ballots", "decisions", "texts": positions in the arrays that the screen was given.
    "missing-numbers": ticket numbers. "daily-counts", "daily-over": one number a day, the last one the lead's.
    """

    kind: str
    numbers: tuple[int, ...]

    @classmethod
    def of(cls, kind: str, numbers: Iterable[int]) -> Evidence:
        """Evidence of plain numbers, the first SHOWN of them."""
        return cls(kind, tuple(int(number) for number in numbers)[:SHOWN])


@dataclass(frozen=True, slots=True)
class Lead:
    """What was seen, what was expected, and why it is only a lead.

    `screen` is the family whose false alarms are measured together, `code` the look that found it. `unit` is
    "" where no single unit is meant. `day` is the last day looked at. `p` is the chance of this much in one
    honest look; `score` how many powers of ten that lies below the line that keeps the screen's promise.
    `message` is an English sentence with %(name)s places, marked for translation; `values` fill them.
    """

    screen: str
    code: str
    unit: str
    point: int | None
    day: date
    p: float
    score: float
    message: str
    values: Mapping[str, object] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()

    @property
    def text(self) -> str:
        """The message in English with its values filled in."""
        return self.message % dict(self.values)


def line_of(alarm: float, looks: int, comparisons: int) -> float:
    """The chance below which one of so many comparisons, in one of so many looks, counts (Bonferroni).

    Then the chance that an honest place shows any lead at all in a run of the screen is at most `alarm`.
    Raises ValueError unless 0 < alarm < 1.
    """
    if not 0 < alarm < 1:
        raise ValueError(f"an alarm rate lies between 0 and 1, not {alarm}")
    return alarm / looks / max(comparisons, 1)


def score_of(p: float, line: float) -> float:
    """Powers of ten from the line down to p, at most 300."""
    return round(log10(line / max(p, line * 1e-300)), 2)


def ordered(leads: Iterable[Lead]) -> tuple[Lead, ...]:
    """The leads, the most unlikely first."""
    return tuple(sorted(leads, key=lambda lead: (-lead.score, lead.p, lead.code, lead.unit, lead.point or 0)))
