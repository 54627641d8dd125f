"""A3: service records hidden or uploaded selectively, so that the unhappy are never asked.

A queue numbers its tickets one by one, so a record left out leaves a gap. Honest gaps there are too: people
leave before their turn. So the missing are compared with the other units' share of missing, and with the
unit's own past. Who leaves out the end of the day, or keeps no tickets, leaves no gap: so the records of the
last week are compared with the weeks before, and with the scans that as many services would bring.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from leitai.rules.kernel import N_

from .days import WEEK, Look, past_leads
from .fits import shares_beside_peers
from .inputs import Daily, Tickets
from .leads import Evidence, Lead, line_of, ordered, score_of
from .tails import Counts

_GAPS = N_(
    "Numbers missing among %(issued)s tickets: %(seen)s, where about %(expected)s are usual elsewhere. Records "
    "may have been left out; visitors who leave before their turn make gaps too."
)
_MORE_GAPS = Look(
    "hidden",
    "hidden-more-gaps",
    N_(
        "Numbers missing among the last %(days)s days' %(over)s tickets: %(seen)s, where its own past would "
        "give about %(expected)s. Records may have been left out; a broken queue makes gaps too."
    ),
    above=True,
)
_FEWER = Look(
    "hidden",
    "hidden-fewer-records",
    N_(
        "Service records of the last %(days)s days: %(seen)s, where its own past and the others' would give "
        "about %(expected)s. Records may have been left out; a closed counter does this too."
    ),
    above=False,
    spans=WEEK,
)
_UNSERVED = Look(
    "hidden",
    "hidden-scans-without-records",
    N_(
        "Scans in the last %(days)s days: %(seen)s, while %(over)s service records would bring about "
        "%(expected)s. Records may have been left out; a drive for more verdicts does this too."
    ),
    above=True,
)
_LOOKS = 4
_SLIP = 10_000  # numbers that can be missing in a day; more is one number mistyped


def hidden(
    tickets: Tickets | None, records: Daily | None, scans: Daily | None, alarm: float = 0.05
) -> tuple[Lead, ...]:
    """Rows whose records have gaps, or are fewer than their past or their scans lead one to expect.

    `records` are counts of uploaded service records, over nothing; `scans.over` are the same records. What a
    place does not have is None and is not looked at. Raises ValueError for scans over nothing.
    """
    if scans is not None and scans.over is None:
        raise ValueError("scans can be too many only beside the service records")
    found: list[Lead] = []
    if tickets is not None:
        found += _gaps(tickets, alarm)
    if records is not None:
        found += past_leads(_FEWER, replace(records, over=None), alarm / _LOOKS)
    if scans is not None:
        found += past_leads(_UNSERVED, scans, alarm / _LOOKS)
    return ordered(found)


def _gaps(tickets: Tickets, alarm: float) -> list[Lead]:
    missing, issued = missing_numbers(tickets)
    line = line_of(alarm, _LOOKS, len(tickets.rows))
    total, of = missing.sum(axis=1), issued.sum(axis=1)
    p, expected = shares_beside_peers(total, of, line)
    daily = Daily(tickets.first, tickets.rows, missing, issued.astype(float))
    found = [
        Lead(
            "hidden",
            "hidden-gaps",
            *tickets.rows[row],
            daily.last,
            float(p[row]),
            score_of(float(p[row]), line),
            _GAPS,
            {
                "seen": int(total[row]),
                "issued": int(of[row]),
                "expected": round(float(expected[row]), 1),
            },
            (
                Evidence.of("daily-counts", missing[row]),
                Evidence.of("daily-over", issued[row]),
                Evidence.of("missing-numbers", _last_missing(tickets, int(row))),
            ),
        )
        for row in np.flatnonzero(p <= line)
    ]
    return found + past_leads(_MORE_GAPS, daily, alarm / _LOOKS)


def missing_numbers(tickets: Tickets) -> tuple[Counts, Counts]:
    """Per row and day, (rows, days): numbers missing between the day's first and last, and the numbers there.

    The first and the last are there by definition, so a day with up to two tickets has nothing to miss.
    """
    shape = (len(tickets.rows), tickets.days)
    cells = len(tickets.rows) * tickets.days
    key = np.sort((tickets.row * tickets.days + tickets.day) << 32 | tickets.serial)
    held = key[np.diff(key, prepend=-1) > 0]  # a number uploaded twice fills one gap, not two
    cell, serial = held >> 32, held & 0xFFFFFFFF
    first = np.flatnonzero(np.diff(cell, prepend=-1))
    count = np.diff(first, append=len(cell))
    issued, missing = np.zeros(cells, dtype=np.int64), np.zeros(cells, dtype=np.int64)
    issued[cell[first]] = np.clip(serial[first + count - 1] - serial[first] + 1, count, count + _SLIP)
    missing[cell[first]] = issued[cell[first]] - count
    return missing.reshape(shape), issued.reshape(shape)


def _last_missing(tickets: Tickets, row: int) -> Counts:
    """The numbers missing on the last day on which any of the row is missing."""
    mine = tickets.row == row
    for day in range(tickets.days - 1, -1, -1):
        held = np.unique(tickets.serial[mine & (tickets.day == day)])
        if held.size:
            gone = np.setdiff1d(np.arange(held[0], min(held[-1], held[0] + _SLIP)), held)
            if gone.size:
                return gone
    return np.zeros(0, dtype=np.int64)
