"""How often the screens cry wolf in an honest place, and how often they see each abuse: measured, not promised.

Each run makes an honest month, screens it, and then plays every abuse once, each on one unit of at least
middling size. A run with any lead is a false alarm of that screen. Shares come with Wilson's interval (1927).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import sqrt

import numpy as np

from .bursts import bursts
from .channels import channels
from .hidden import hidden
from .leads import Lead
from .silent import refused, silent
from .simulate import Chance, Month, clean
from .spoil import ABUSES, Abuse
from .talked_away import talked_away
from .words import words

SCREENS: Mapping[str, Callable[[Month, float], tuple[Lead, ...]]] = {
    "silent": lambda month, alarm: silent(month.scans, alarm),
    "refused": lambda month, alarm: refused(month.refused, alarm),
    "bursts": lambda month, alarm: bursts(month.ballots, alarm=alarm),
    "hidden": lambda month, alarm: hidden(month.tickets, month.records, month.scans_over_records, alarm),
    "channels": lambda month, alarm: channels(month.channels, alarm),
    "words": lambda month, alarm: words(month.texts, alarm),
    "talked-away": lambda month, alarm: talked_away(month.calls, month.appeals, alarm),
}
_Z = 1.959964


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many, with the interval in which the true share lies with 95 % confidence."""

    hits: int
    of: int

    @property
    def share(self) -> float:
        """The share; 0 of nothing."""
        return self.hits / self.of if self.of else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's interval; all of 0 … 1 where nothing was counted."""
        if not self.of:
            return 0.0, 1.0
        centre, half = self.share + _Z**2 / (2 * self.of), self.share * (1 - self.share) / self.of
        half = _Z * sqrt(half + _Z**2 / (4 * self.of**2))
        scale = 1 + _Z**2 / self.of
        return max(0.0, (centre - half) / scale), min(1.0, (centre + half) / scale)


@dataclass(frozen=True, slots=True)
class Calibration:
    """What was measured so far: per screen the runs with a false lead, and the units falsely named; per abuse
    the plays that were reported.
    """

    units: int
    days: int
    alarm: float
    runs: Mapping[str, Share]
    named: Mapping[str, Share]
    found: Mapping[str, Share]


def calibrate(
    chances: Iterable[Chance],
    units: int = 200,
    days: int = 30,
    alarm: float = 0.05,
    abuses: Iterable[Abuse] = ABUSES,
) -> Iterator[Calibration]:
    """Yields what is known after each run; one run for each generator of chance given.

    `numpy.random.default_rng(seed).spawn(runs)` gives generators that make it repeatable. Without abuses only
    false alarms are counted, in a fifth of the time.
    """
    abuses = tuple(abuses)
    runs: Counter[str] = Counter()
    named: Counter[str] = Counter()
    found: Counter[str] = Counter()
    for done, chance in enumerate(chances, 1):
        month = clean(chance, units, days)
        silence = {name: screen(month, alarm) for name, screen in SCREENS.items()}
        for name, leads in silence.items():
            runs[name] += bool(leads)
            named[name] += len({lead.unit for lead in leads})
        for abuse in abuses:
            found[abuse.key] += reported(abuse, month, chance, silence[abuse.screen], alarm)
        yield Calibration(
            units,
            days,
            alarm,
            {name: Share(runs[name], done) for name in SCREENS},
            {name: Share(named[name], done * units) for name in SCREENS},
            {abuse.key: Share(found[abuse.key], done) for abuse in abuses},
        )


def reported(abuse: Abuse, month: Month, chance: Chance, before: tuple[Lead, ...], alarm: float) -> bool:
    """Whether the abuse, played on one unit of at least middling size, gives a lead that was not there before."""
    size = month.scans.counts.sum(axis=1)
    unit = int(chance.choice(np.flatnonzero(size >= np.median(size))))
    known = {(lead.code, lead.unit, str(lead.values.get("decider"))) for lead in before}
    leads = SCREENS[abuse.screen](abuse.play(month, chance, unit), alarm)
    return any((lead.code, lead.unit, str(lead.values.get("decider"))) not in known for lead in leads)
