"""A2: staff rate their own office, or each other's: bursts from one device, over one network, within minutes.

Families share a telephone, a courier has many errands, a hall's network serves all its visitors, a queue
that moves makes people vote together. How often that happens is taken from the ballots themselves; what goes
far beyond is a lead. It carries the positions of the ballots it means, so that exactly these can be set aside.
"""

from __future__ import annotations

import numpy as np

from leitai.rules.kernel import N_

from .at_once import quarters
from .inputs import Ballots
from .leads import Lead, line_of, ordered
from .networks import networks
from .together import DAY, Seen, dense, groups, too_large

_LOOKS = 4
_FEWEST = 4  # verdicts of one device, or units it judges, below which nothing is said

_DEVICE = N_(
    "Verdicts from one device on %(day)s: %(seen)s, where nearly every device gives one. Somebody may have "
    "voted for others; a family's telephone does this too. Ask before setting these aside."
)
_RING = N_(
    "One device judged %(seen)s units on %(day)s and found every one good, where nearly every device judges "
    "one. Staff rating each other do this; so does a courier with many errands."
)


def bursts(ballots: Ballots, recent: int = 1, alarm: float = 0.05) -> tuple[Lead, ...]:
    """Leads about the last `recent` days on which ballots came; the days before say what is usual.

    Each of those days is a run of its own: over n days up to n times `alarm`.
    """
    if not ballots.at.size:
        return ()
    wall = ballots.wall()
    last = int(wall.max()) // DAY
    found: list[Lead] = []
    for today in range(last - recent + 1, last + 1):
        seen = Seen.up_to(ballots, wall, today)
        if (seen.day == today).any():
            found += _devices(seen, alarm)
            found += quarters(seen, line_of(alarm, _LOOKS, 1))
            found += networks(seen, line_of(alarm, _LOOKS, 1))
    return ordered(found)


def _devices(seen: Seen, alarm: float) -> list[Lead]:
    """One device with many verdicts on one unit in a day, or with good ones on many units."""
    known = np.flatnonzero(seen.device >= 0)
    if not known.size:
        return []
    device, unit, day = dense(seen.device[known]), seen.unit[known], seen.day[known] - seen.day.min()
    today = int(seen.today - seen.day.min())
    found = []
    visits = groups(device, day, unit)
    judged = day[visits.one] == today
    line = line_of(alarm, _LOOKS, int(judged.sum()))
    for group, p in too_large(visits.size, judged, np.ones_like(judged), _FEWEST, line).items():
        mine = known[visits.which == group]
        name = seen.units[int(seen.unit[mine[0]])]
        found.append(seen.lead("bursts-device", name, p, line, _DEVICE, {"seen": len(mine)}, mine))
    days = groups(device[visits.one], day[visits.one])
    judged = day[visits.one][days.one] == today
    line = line_of(alarm, _LOOKS, int(judged.sum()))
    for group, p in too_large(days.size, judged, np.ones_like(judged), _FEWEST, line).items():
        one = visits.one[days.one[group]]
        mine = known[(device == device[one]) & (day == today)]
        if not seen.bad[mine].any():
            values = {"seen": int(days.size[group])}
            found.append(seen.lead("bursts-ring", "", p, line, _RING, values, mine))
    return found
