"""A1: a code that is covered, dead, or hung over with a false one.

Whoever covers the code gets no bad verdicts, and no verdicts. So scans are compared with the services that
were given meanwhile: in the whole window with what the other units' shares of scanning give, and in the last
day, three days and week with the row's own past. Whoever hangs up a false code sends scans to a stranger or
makes them fail: refused scans are counted too.
"""

from __future__ import annotations

import numpy as np

from leitai.rules.kernel import N_

from .days import Look, past_leads
from .fits import counts_beside_peers
from .inputs import Daily
from .leads import Evidence, Lead, line_of, ordered, score_of

_NEVER = N_(
    "Scans: %(seen)s, where the other units' shares of %(over)s services would give about %(expected)s. A "
    "covered or dead code does this; visitors who seldom scan do it too. Go and look."
)
_FELL = Look(
    "silent",
    "silent-fell",
    N_(
        "Scans in the last %(days)s days: %(seen)s, where its own past and %(over)s services would give about "
        "%(expected)s. A covered or dead code does this; so may a new way of serving. Go and look."
    ),
    above=False,
)
_REFUSED = Look(
    "refused",
    "refused-rose",
    N_(
        "Refused scans (unknown, retired or altered codes) in the last %(days)s days: %(seen)s of %(over)s, where "
        "about %(expected)s are usual. A false code may hang there; old leaflets do this too."
    ),
    above=True,
    least=3,
)


def silent(scans: Daily, alarm: float = 0.05) -> tuple[Lead, ...]:
    """Rows with far fewer scans than their services lead one to expect; `scans.over` are services served.

    Raises ValueError without services: what was closed is not silent.
    """
    if scans.over is None:
        raise ValueError("scans can be too few only beside the services served")
    line = line_of(alarm, 2, len(scans.rows))
    total, served = scans.counts.sum(axis=1), scans.over.sum(axis=1)
    p, expected = counts_beside_peers(total, served, line, above=False)
    never = [
        Lead(
            "silent",
            "silent-never",
            *scans.rows[row],
            scans.last,
            float(p[row]),
            score_of(float(p[row]), line),
            _NEVER,
            {
                "seen": int(total[row]),
                "over": round(float(served[row])),
                "expected": round(float(expected[row]), 1),
            },
            (
                Evidence.of("daily-counts", scans.counts[row]),
                Evidence.of("daily-over", np.rint(scans.over[row])),
            ),
        )
        for row in np.flatnonzero(p <= line)
    ]
    return ordered([*never, *past_leads(_FELL, scans, alarm / 2)])


def refused(refusals: Daily, alarm: float = 0.05) -> tuple[Lead, ...]:
    """Rows at which far more scans are refused (unknown, retired or altered codes) than is usual there.

    `refusals.over` are all scans, the refused ones among them. Raises ValueError without them.
    """
    if refusals.over is None:
        raise ValueError("refused scans can be too many only beside all scans")
    return ordered(past_leads(_REFUSED, refusals, line_of(alarm, 1, 1)))
