"""The abuses, played on an honest month: each takes one unit and gives the month as it would then be.

Each has one strength, said in `says`, at which the power of the screens is measured.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from leitai.rules.kernel import N_

from .fits import Mask
from .inputs import Ballots, Decisions, Texts
from .simulate import LETTERS, Chance, Month
from .tails import Counts

_EPOCH = date(1970, 1, 1)
_HOUR = 3600

Play = Callable[[Month, Chance, int], Month]


@dataclass(frozen=True, slots=True)
class Abuse:
    """One way of bending verdicts: which of A1 … A5 it is, the screen that must find it, what is done."""

    key: str
    kind: str
    screen: str
    says: str
    play: Play


def cover(month: Month, _chance: Chance, unit: int, days: int = 7) -> Month:
    """No scans at the unit in the last `days` days."""
    counts = month.scans.counts.copy()
    counts[unit, -days:] = 0
    return replace(month, scans=replace(month.scans, counts=counts))


def dead(month: Month, chance: Chance, unit: int) -> Month:
    """No scans at the unit at all."""
    return cover(month, chance, unit, month.scans.counts.shape[1])


def doctor(month: Month, chance: Chance, unit: int, share: float = 0.6, days: int = 7) -> Month:
    """A false code: of the last days' scans such a share is refused."""
    scans, counts = month.scans.counts.copy(), month.refused.counts.copy()
    failed = chance.binomial(scans[unit, -days:], share)
    scans[unit, -days:] -= failed
    counts[unit, -days:] += failed
    return replace(
        month,
        scans=replace(month.scans, counts=scans),
        refused=replace(month.refused, counts=counts),
    )


def one_device(month: Month, chance: Chance, unit: int, many: int = 12) -> Month:
    """One device gives the unit so many good verdicts over the last day."""
    return _vote(month, chance, np.full(many, unit), one_device=True, begin=9, hours=8)


def ring(month: Month, chance: Chance, unit: int, many: int = 8) -> Month:
    """One device finds so many units good within the last day."""
    others = (unit + 17 * np.arange(many)) % len(month.units)
    return _vote(month, chance, others, one_device=True, begin=9, hours=8)


def at_once(month: Month, chance: Chance, unit: int, many: int = 25) -> Month:
    """So many good verdicts within ten minutes, each from a device and a network of its own."""
    return _vote(month, chance, np.full(many, unit), begin=11, hours=1 / 6)


def one_network(month: Month, chance: Chance, unit: int, many: int = 60) -> Month:
    """So many good verdicts over the last day from one network that was not seen before."""
    return _vote(month, chance, np.full(many, unit), one_network=True, begin=8, hours=10)


def leave_out(month: Month, chance: Chance, unit: int, share: float = 0.4, days: int = 30) -> Month:
    """Such a share of the last days' records is never uploaded: their ticket numbers are missing."""
    tickets = month.tickets
    mine = (tickets.row == unit) & (tickets.day >= tickets.days - days)
    return _keep_tickets(month, ~(mine & (chance.random(len(mine)) < share)))


def leave_out_lately(month: Month, chance: Chance, unit: int) -> Month:
    """The same in the last week only."""
    return leave_out(month, chance, unit, days=7)


def leave_out_the_end(month: Month, _chance: Chance, unit: int, share: float = 0.7, days: int = 7) -> Month:
    """The end of each of the last days is never uploaded: no number is missing in between."""
    tickets = month.tickets
    most = np.zeros((len(tickets.rows), tickets.days), dtype=np.int64)
    np.maximum.at(most, (tickets.row, tickets.day), tickets.serial)
    mine = (tickets.row == unit) & (tickets.day >= tickets.days - days)
    return _keep_tickets(month, ~(mine & (tickets.serial > (1 - share) * most[tickets.row, tickets.day])))


def coach(month: Month, chance: Chance, unit: int, home: float = 0.3, counter: float = 0.02) -> Month:
    """Of the invited such a share is dissatisfied, of those at the counter hardly any dares to say so."""
    given = month.channels
    standing_bad, invited_bad = given.standing_bad.copy(), given.invited_bad.copy()
    standing_bad[unit] = chance.binomial(int(given.standing[unit]), counter)
    invited_bad[unit] = chance.binomial(int(given.invited[unit]), home)
    return replace(month, channels=replace(given, standing_bad=standing_bad, invited_bad=invited_bad))


def dictate(month: Month, chance: Chance, unit: int, many: int = 15) -> Month:
    """So many texts with the same thirty letters, one of them changed each time."""
    line = chance.integers(0, len(LETTERS), 30)
    said = []
    for _ in range(many):
        own = line.copy()
        own[chance.integers(0, 30)] = chance.integers(0, len(LETTERS))
        said.append("".join(LETTERS[letter] for letter in own.tolist()))
    old = month.texts
    units = np.concatenate([old.unit, np.full(many, unit)])
    return replace(month, texts=Texts(old.last, old.units, units, (*old.text, *said)))


def talk_away(month: Month, chance: Chance, unit: int, share: float = 0.85) -> Month:
    """Such a share of the unit's bad verdicts is set aside, whoever calls back."""
    return replace(month, calls=_turn(month.calls, chance, month.calls.unit == unit, share))


def bend_a_caller(month: Month, chance: Chance, unit: int, share: float = 0.7) -> Month:
    """One caller sets aside such a share of all that come to him."""
    caller = unit % len(month.calls.deciders)
    return replace(month, calls=_turn(month.calls, chance, month.calls.decider == caller, share))


def overturn(month: Month, chance: Chance, unit: int, share: float = 0.9) -> Month:
    """One reviewer overturns such a share of the verdicts that are appealed to him."""
    reviewer = unit % len(month.appeals.deciders)
    return replace(month, appeals=_turn(month.appeals, chance, month.appeals.decider == reviewer, share))


def _turn(given: Decisions, chance: Chance, of: Mask, share: float) -> Decisions:
    return replace(given, against=np.where(of, chance.random(len(of)) < share, given.against))


def _keep_tickets(month: Month, kept: Mask) -> Month:
    old = month.tickets
    tickets = replace(old, row=old.row[kept], day=old.day[kept], serial=old.serial[kept])
    cell = tickets.row * tickets.days + tickets.day
    counts = np.bincount(cell, minlength=len(tickets.rows) * tickets.days).reshape(-1, tickets.days)
    return replace(month, tickets=tickets, records=replace(month.records, counts=counts))


def _vote(
    month: Month,
    chance: Chance,
    units: Counts,
    *,
    begin: float,
    hours: float,
    one_device: bool = False,
    one_network: bool = False,
) -> Month:
    """Good verdicts of the last day on each of `units`; devices and networks are new ones."""
    old, many = month.ballots, len(units)
    offset = old.zone.utcoffset(None)
    midnight = (month.scans.last - _EPOCH).days * 24 * _HOUR - int(offset.total_seconds() if offset else 0)
    at = midnight + ((begin + hours * chance.random(many)) * _HOUR).astype(np.int64)
    device = int(old.device.max(initial=0)) + 1 + np.arange(many) * (not one_device)
    network = int(old.network.max(initial=0)) + 1 + np.arange(many) * (not one_network)
    ballots = Ballots(
        old.units,
        np.concatenate([old.unit, units]),
        np.concatenate([old.at, at]),
        np.concatenate([old.bad, np.zeros(many, dtype=bool)]),
        np.concatenate([old.device, device]),
        np.concatenate([old.network, network]),
        old.zone,
    )
    return replace(month, ballots=ballots)


ABUSES = (
    Abuse("cover", "A1", "silent", N_("code covered for a week"), cover),
    Abuse("dead", "A1", "silent", N_("code dead all month"), dead),
    Abuse("doctor", "A1", "refused", N_("false code for a week, 60 of 100 scans refused"), doctor),
    Abuse("one-device", "A2", "bursts", N_("12 good verdicts from one device in a day"), one_device),
    Abuse("ring", "A2", "bursts", N_("one device finds 8 units good in a day"), ring),
    Abuse("at-once", "A2", "bursts", N_("25 good verdicts in ten minutes, all devices different"), at_once),
    Abuse(
        "one-network", "A2", "bursts", N_("60 good verdicts in a day from an office's network"), one_network
    ),
    Abuse("leave-out", "A3", "hidden", N_("40 of 100 records left out all month"), leave_out),
    Abuse("leave-out-lately", "A3", "hidden", N_("40 of 100 records left out for a week"), leave_out_lately),
    Abuse(
        "leave-out-the-end", "A3", "hidden", N_("70 of 100 at each day's end, for a week"), leave_out_the_end
    ),
    Abuse("coach", "A4", "channels", N_("30 of 100 dissatisfied at home, 2 at the counter"), coach),
    Abuse("dictate", "A4", "words", N_("15 texts dictated, one letter changed in each"), dictate),
    Abuse("talk-away", "A5", "talked-away", N_("85 of 100 bad verdicts of a unit set aside"), talk_away),
    Abuse("bend-a-caller", "A5", "talked-away", N_("one caller sets aside 70 of 100"), bend_a_caller),
    Abuse("overturn", "A5", "talked-away", N_("one reviewer overturns 90 of 100"), overturn),
)
