"""A5: bad verdicts talked away: set aside, withdrawn or "mistaken" far more often than elsewhere.

National rules forbid a unit to verify its own bad verdicts; so a caller decides who is no part of it. Whom a
unit reaches all the same is seen in the share that goes against the citizen: by unit, by who decides, and by
the two together (one caller may serve one unit only). The same is asked of appeals that were overturned.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from leitai.rules.kernel import N_

from .fits import Mask, shares_beside_peers
from .inputs import Decisions
from .leads import Evidence, Lead, line_of, ordered, score_of

_LOOKS = 6


@dataclass(frozen=True, slots=True)
class _Messages:
    """What is said of a unit, of one who decides, of the two together."""

    code: str
    unit: str
    decider: str
    both: str


_CALLS = _Messages(
    "talked-away",
    N_(
        "Bad verdicts decided: %(of)s; set aside, withdrawn or called mistaken: %(seen)s, where about "
        "%(expected)s are usual. Citizens may have been talked round; some units do draw mistaken verdicts."
    ),
    N_(
        "Bad verdicts decided by %(decider)s: %(of)s; set aside, withdrawn or called mistaken: %(seen)s, where "
        "about %(expected)s are usual. Listen to some of the calls; some callers do get the harder cases."
    ),
    N_(
        "Bad verdicts of this unit decided by %(decider)s: %(of)s; set aside, withdrawn or called mistaken: "
        "%(seen)s, where about %(expected)s are usual. Let someone else call some of them again."
    ),
)
_APPEALS = _Messages(
    "overturned",
    N_(
        "Appeals of this unit decided: %(of)s; verdicts overturned: %(seen)s, where about %(expected)s are "
        "usual. A reviewer may be too near the unit; it may also choose its appeals well."
    ),
    N_(
        "Appeals decided by %(decider)s: %(of)s; verdicts overturned: %(seen)s, where about %(expected)s are "
        "usual. Let another reviewer read some; some reviewers do get the clearer cases."
    ),
    N_(
        "Appeals of this unit decided by %(decider)s: %(of)s; verdicts overturned: %(seen)s, where about "
        "%(expected)s are usual. Let another reviewer read some of them."
    ),
)


def talked_away(calls: Decisions, appeals: Decisions | None = None, alarm: float = 0.05) -> tuple[Lead, ...]:
    """Units, callers and pairs of both whose decisions go against the citizen far more often than usual.

    `calls`: decided bad verdicts. `appeals`: appealed verdicts, against being overturned. A pair is told only
    where neither of the two stands out alone.
    """
    found = _leads(calls, _CALLS, alarm)
    if appeals is not None:
        found += _leads(appeals, _APPEALS, alarm)
    return ordered(found)


def _leads(given: Decisions, says: _Messages, alarm: float) -> list[Lead]:
    pair = given.unit * len(given.deciders) + given.decider
    found: list[Lead] = []
    known = np.zeros(len(pair), dtype=bool)
    for code, message, group in (
        ("unit", says.unit, given.unit),
        ("decider", says.decider, given.decider),
        ("both", says.both, pair),
    ):
        names, which = np.unique(group, return_inverse=True)
        of = np.bincount(which, minlength=len(names))
        against = np.bincount(which[given.against], minlength=len(names))
        line = line_of(alarm, _LOOKS, len(names))
        p, expected = shares_beside_peers(against, of, line)
        for one in np.flatnonzero(p <= line).tolist():
            mine = which == one
            if code == "both" and known[mine].any():
                continue
            values = {
                "seen": int(against[one]),
                "of": int(of[one]),
                "expected": round(float(expected[one]), 1),
            }
            found.append(_lead(given, f"{says.code}-{code}", message, mine, float(p[one]), line, values))
        known |= np.isin(which, np.flatnonzero(p <= line))
    return found


def _lead(
    given: Decisions, code: str, message: str, mine: Mask, p: float, line: float, values: Mapping[str, object]
) -> Lead:
    first = int(np.argmax(mine))
    if not code.endswith("-unit"):
        values = {**values, "decider": given.deciders[int(given.decider[first])]}
    unit = "" if code.endswith("-decider") else given.units[int(given.unit[first])]
    evidence = (Evidence.of("decisions", np.flatnonzero(mine & given.against)),)
    return Lead("talked-away", code, unit, None, given.last, p, score_of(p, line), message, values, evidence)
