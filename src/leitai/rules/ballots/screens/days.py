"""The last days beside the past, as leads: one for each row and look, over the window that tells most."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from .fits import Past, beside_past
from .inputs import Daily
from .leads import Evidence, Lead, score_of

DAY_SPANS = (1, 3, 7)
WEEK = (7,)  # where nothing says which days a row was open, only whole weeks compare
_DRAWN = 28  # days of evidence


@dataclass(frozen=True, slots=True)
class Look:
    """One way of looking at daily counts: what it is called, what it says, which side is suspect."""

    screen: str
    code: str
    message: str
    above: bool
    spans: tuple[int, ...] = DAY_SPANS
    least: int = 0  # fewer than this make no lead


def past_leads(look: Look, daily: Daily, line: float) -> list[Lead]:
    """The rows whose last days fall out of their own past and of everybody's last days.

    `line` is for the whole look; it is shared out among rows and spans here.
    """
    cut = line / max(len(daily.rows) * len(look.spans), 1)
    looks = {days: past for days in look.spans if (past := _past(look, daily, days, cut)) is not None}
    found = []
    for row in np.flatnonzero(np.any([past.p <= cut for past in looks.values()], axis=0) if looks else []):
        days = min(looks, key=lambda days, row=row: (looks[days].p[row], days))  # type: ignore[misc]
        past = looks[days]
        if int(past.seen[row]) >= look.least:
            found.append(_lead(look, daily, int(row), days, past, cut))
    return found


def _past(look: Look, daily: Daily, days: int, cut: float) -> Past | None:
    return beside_past(daily.counts, daily.over, days, cut, above=look.above)


def _lead(look: Look, daily: Daily, row: int, days: int, past: Past, cut: float) -> Lead:
    unit, point = daily.rows[row]
    p = float(past.p[row])
    values: Mapping[str, object] = {
        "days": days,
        "seen": int(past.seen[row]),
        "expected": round(float(past.expected[row]), 1),
        "over": 0 if daily.over is None else round(float(daily.over[row, -days:].sum())),
    }
    evidence = [Evidence.of("daily-counts", daily.counts[row, -_DRAWN:])]
    if daily.over is not None:
        evidence.append(Evidence.of("daily-over", np.rint(daily.over[row, -_DRAWN:])))
    score = score_of(p, cut)
    return Lead(
        look.screen, look.code, unit, point, daily.last, p, score, look.message, values, tuple(evidence)
    )
