"""An honest month of a place, made up: what the screens must be silent about.

It is rougher than the screens assume, so that their promise is tested and not presupposed. Variation between
units and days is lognormal where a screen may reckon with gamma; bad days come in rows; units close at
weekends, halls share one network, carriers' gateways serve half the town on one day and few on the next,
families and couriers use one device again, verdicts come in clumps, ticket holders leave before their turn,
the invited grumble more than those at the counter, stock phrases abound, and callers differ.

Chance is an argument: a generator of numpy, whose draws are reproducible from its seed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta, timezone

import numpy as np

from .fits import Mask
from .inputs import Ballots, Channels, Daily, Decisions, Row, Texts, Tickets
from .tails import Counts, Floats

Chance = np.random.Generator  # noqa: TID251 - the type of an argument; nothing is drawn from nowhere

FIRST = date(2026, 3, 2)  # a Monday
ZONE = timezone(timedelta(hours=8))
_MIDNIGHT = int((FIRST - date(1970, 1, 1)).days) * 86400 - 8 * 3600
_WEEK = np.array([1.1, 1.0, 1.0, 1.0, 1.05, 0.5, 0.4])
_GATEWAYS = 40
LETTERS = "".join(map(chr, range(0x4E00, 0x4E00 + 400)))


@dataclass(frozen=True, slots=True, eq=False)
class Month:
    """Everything that the screens are given about one place in one window; every unit has one point."""

    scans: Daily
    refused: Daily
    records: Daily
    tickets: Tickets
    ballots: Ballots
    channels: Channels
    texts: Texts
    calls: Decisions
    appeals: Decisions

    @property
    def units(self) -> tuple[str, ...]:
        """The units' names, by their positions."""
        return self.ballots.units

    @property
    def scans_over_records(self) -> Daily:
        """Scans over the uploaded records, which is all that an office sees of the services."""
        return Daily(self.scans.first, self.scans.rows, self.scans.counts, self.records.counts.astype(float))


def clean(chance: Chance, units: int = 200, days: int = 30) -> Month:
    """An honest month of so many units (at least 2) and days."""
    names = tuple(f"u{number}" for number in range(1, units + 1))
    rows: tuple[Row, ...] = tuple((name, number) for number, name in enumerate(names, 1))
    services = _services(chance, units, days)
    share = _logistic(-2.4 + 0.6 * chance.normal(size=(units, 1)) + 0.2 * chance.normal(size=(units, days)))
    mood = np.exp(0.1 * chance.normal(size=days))
    scans = chance.binomial(services, np.minimum(share * mood, 1.0))
    leaflets = 0.02 * np.exp(chance.normal(size=(units, 1)) + 0.5 * chance.normal(size=(units, days)))
    refused = chance.poisson(leaflets * scans)
    bad_odds = -2.9 + 0.6 * chance.normal(size=units)
    ballots = _ballots(chance, names, scans, bad_odds)
    over = services.astype(float)
    return Month(
        Daily(FIRST, rows, scans, over),
        Daily(FIRST, rows, refused, (scans + refused).astype(float)),
        Daily(FIRST, rows, services),
        _tickets(chance, rows, services),
        ballots,
        _channels(chance, ballots, services, bad_odds, days),
        _texts(chance, ballots, days),
        *_decisions(chance, ballots, days),
    )


def _logistic(x: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-x)))


def _services(chance: Chance, units: int, days: int) -> Counts:
    """Services served, (units, days): sizes lognormal, days that drag on, weekends, closed counters."""
    size = np.exp(3.2 + 1.0 * chance.normal(size=(units, 1)))
    mood = np.zeros((units, days))
    for day in range(days):
        before = mood[:, day - 1] if day else np.zeros(units)
        mood[:, day] = 0.5 * before + 0.2 * chance.normal(size=units)
    week = np.resize(_WEEK, days) * np.exp(0.15 * chance.normal(size=days))
    shut = (chance.random((units, 1)) < 0.6) & (np.resize(_WEEK, days) < 0.9)
    return chance.poisson(np.where(shut, 0.0, size * week * np.exp(mood)))


def _tickets(chance: Chance, rows: tuple[Row, ...], services: Counts) -> Tickets:
    """Numbered tickets; some holders leave, more of them on bad days, and their numbers stay without record."""
    units, days = services.shape
    leave = _logistic(-3.2 + 0.5 * chance.normal(size=(units, 1)) + 0.4 * chance.normal(size=(units, days)))
    issued = services + chance.binomial(services, leave)
    cell = np.repeat(np.arange(units * days), issued.ravel())
    start = np.repeat(np.cumsum(issued.ravel()) - issued.ravel(), issued.ravel())
    serial = np.arange(len(cell)) - start + 1
    # of each day's numbers, those with the smallest lots are without record
    order = np.lexsort((chance.random(len(cell)), cell))
    gone = np.zeros(len(cell), dtype=bool)
    gone[order] = serial <= np.repeat((issued - services).ravel(), issued.ravel())
    cell, serial = cell[~gone], serial[~gone]
    return Tickets(FIRST, days, rows, cell // days, cell % days, serial)


def _ballots(chance: Chance, names: tuple[str, ...], scans: Counts, bad_odds: Floats) -> Ballots:
    units, days = len(names), scans.shape[1]
    cell = np.repeat(np.arange(units * days), scans.ravel())
    unit, day = cell // days, cell % days
    count = len(cell)
    follows = np.zeros(count, dtype=bool)
    follows[1:] = cell[1:] == cell[:-1]
    # two humps of the day, each unit a little earlier or later, and clumps
    morning = chance.random(count) < 0.55
    early = chance.normal(0.0, 0.4, units)
    hour = np.where(morning, 10.0, 15.2) + early[unit] + chance.normal(size=count)
    second = (np.clip(hour, 7.5, 18.5) * 3600).astype(np.int64)
    clumped = np.flatnonzero(follows & (chance.random(count) < 0.15))
    second[clumped] = second[clumped - 1] + chance.integers(0, 300, len(clumped))
    # halls of neighbouring units; half of them have a network of their own
    hall = np.cumsum(chance.random(units) < 0.15, dtype=np.int64)
    device, network = _devices(chance, unit, day, hall, follows)
    bad = chance.random(count) < _logistic(bad_odds)[unit]
    return Ballots(names, unit, _MIDNIGHT + day * 86400 + second, bad, device, network, ZONE)


def _devices(chance: Chance, unit: Counts, day: Counts, hall: Counts, follows: Mask) -> tuple[Counts, Counts]:
    count, days = len(unit), int(day.max(initial=0)) + 1
    halls = int(hall.max(initial=0)) + 1
    # networks: a hall's own, a carrier's gateway, a home's
    uses = np.where(chance.random(halls) < 0.5, _logistic(0.8 * chance.normal(size=halls)), 0.0)[hall[unit]]
    fame = np.exp(1.5 * chance.normal(size=(1, _GATEWAYS)) + 0.4 * chance.normal(size=(days, _GATEWAYS)))
    until = np.cumsum(fame / fame.sum(axis=1, keepdims=True), axis=1)
    gateway = (chance.random(count)[:, None] > until[day]).sum(axis=1)
    home = np.arange(count) + halls + _GATEWAYS
    kind = chance.random(count)
    network = np.where(kind < uses, hall[unit], np.where(kind < 0.75, halls + gateway, home))
    # devices: mostly one's own; a family's again at the same unit; a courier's at another unit of the hall
    device = np.arange(count)
    eager = 0.05 * np.exp(0.5 * chance.normal(size=int(unit.max(initial=0)) + 1))
    for again in np.flatnonzero(follows & (chance.random(count) < eager[unit])).tolist():
        device[again], network[again] = device[again - 1], network[again - 1]
    together = np.lexsort((chance.random(count), day, hall[unit]))
    same = (hall[unit[together]][1:] == hall[unit[together]][:-1]) & (np.diff(day[together]) == 0)
    for place in np.flatnonzero(same & (chance.random(count - 1) < 0.04)).tolist() if count else []:
        device[together[place + 1]] = device[together[place]]
    return device, network


def _channels(chance: Chance, ballots: Ballots, services: Counts, odds: Floats, days: int) -> Channels:
    """Three such months by the standing code, and those who answered an invitation meanwhile."""
    units = len(ballots.units)
    standing = 3 * np.bincount(ballots.unit, minlength=units)
    standing_bad = chance.binomial(standing, _logistic(odds))
    answers = _logistic(-3.5 + 0.4 * chance.normal(size=units))
    invited = chance.binomial(3 * services.sum(axis=1), answers)
    grumble = odds + 0.35 + 0.35 * chance.standard_t(8, size=units)
    invited_bad = chance.binomial(invited, _logistic(grumble))
    return Channels(
        FIRST + timedelta(days=days - 1), ballots.units, standing_bad, standing, invited_bad, invited
    )


def _texts(chance: Chance, ballots: Ballots, days: int) -> Texts:
    """Words with one ballot in twelve: stock phrases with small changes, a unit's own phrases, one's own words."""
    unit = ballots.unit[chance.random(len(ballots.unit)) < 0.08]
    fame = 1 / np.arange(1, len(LETTERS) + 1) ** 0.7
    until = np.cumsum(fame / fame.sum())

    def letters(many: int) -> str:
        return "".join(LETTERS[at] for at in np.searchsorted(until, chance.random(many) * until[-1]).tolist())

    stock = [letters(int(many)) for many in chance.integers(8, 30, 120)]
    own = [letters(int(many)) for many in chance.integers(12, 30, 2 * len(ballots.units))]
    said = []
    for one, kind, pick, length in zip(
        unit.tolist(),
        chance.random(len(unit)).tolist(),
        chance.random(len(unit)).tolist(),
        chance.integers(4, 50, len(unit)).tolist(),
        strict=True,
    ):
        if kind < 0.4:
            text = stock[int(len(stock) * pick**2.5)]
        elif kind < 0.45:
            text = own[2 * one + int(2 * pick)]
        else:
            text = letters(length)
        said.append(text[: len(text) - 2] if pick * 1000 % 1 < 0.3 else text)
    return Texts(FIRST + timedelta(days=days - 1), ballots.units, unit, tuple(said))


def _decisions(chance: Chance, ballots: Ballots, days: int) -> tuple[Decisions, Decisions]:
    """Bad verdicts of three such months decided by callers drawn by lot, and the appeals among them."""
    last, units = FIRST + timedelta(days=days - 1), len(ballots.units)
    unit = np.repeat(ballots.unit[ballots.bad], 3)
    callers = tuple(f"c{number}" for number in range(1, max(12, units // 20) + 1))
    caller = chance.integers(0, len(callers), len(unit))
    lean = -1.6 + 0.45 * chance.normal(size=units)[unit] + 0.35 * chance.normal(size=len(callers))[caller]
    aside = chance.random(len(unit)) < _logistic(lean)
    appealed = np.flatnonzero(~aside & (chance.random(len(unit)) < 0.15))
    reviewers = tuple(f"r{number}" for number in range(1, 13))
    reviewer = chance.integers(0, len(reviewers), len(appealed))
    lean = (
        -1.0
        + 0.4 * chance.normal(size=units)[unit[appealed]]
        + 0.3 * chance.normal(size=len(reviewers))[reviewer]
    )
    over = chance.random(len(appealed)) < _logistic(lean)
    return (
        Decisions(last, ballots.units, callers, unit, caller, aside),
        Decisions(last, ballots.units, reviewers, unit[appealed], reviewer, over),
    )
