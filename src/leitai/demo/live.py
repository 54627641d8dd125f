"""What is going on at the instant a demonstration lives at: open cases on running clocks, fresh verdicts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from leitai.apps.ballots import actions as ballots
from leitai.apps.ballots import queries as ballot_rows
from leitai.apps.casework import actions as casework
from leitai.rules import casework as core
from leitai.rules.kernel import Text
from leitai.rules.regime.model import CaseSpec, Regime

from .enterprises import by_turns
from .script import Seeded
from .seeded import answering

BY = "sample"
ASKING = 3  # enterprises with open questions
ANSWER = Text(
    zh="已协调公交公司增设站点，下周一开通", en="The bus company opens a stop at the gate on Monday"
)
SAID = Text(zh="样例", en="sample")
# Minutes before the present at which open cases were opened, by turns: fresh, of today, of this week.
AGES = (4, 55, 190, 26 * 60, 50 * 60, 75 * 60)


def live(
    place: Any, regime: Regime, seeded: Seeded, first: Sequence[Any], now: Callable[[], datetime]
) -> None:
    """Open cases of each kind through the real actions; the units of `first` (the demo's clerks) get the first ones."""
    rng = np.random.default_rng([seeded.seed, 11])
    units = answering(place, regime)
    for kind, count in seeded.open_cases.items():
        spec = regime.cases[kind]
        if spec.flow == "verdict":
            _bad_verdicts(place, count, rng, now())
            continue
        flow = core.flow_of(spec)
        # The first few enterprises ask by turns, so that the one whose link is told has something to look at.
        firms = by_turns(place, seeded.enterprises, kind)[:ASKING]
        for n in range(count):
            unit = (
                first[n % len(first)]
                if first and n < 2 * len(first)
                else units[int(rng.integers(0, len(units)))]
            )
            at = now() - timedelta(minutes=AGES[n % len(AGES)])
            given = now() + timedelta(days=int(rng.integers(0, 6)), hours=3)
            case = casework.open_case(
                place=place,
                kind=kind,
                unit=unit,
                title=f"{spec.name.show(place.language)} {n + 1}",
                complex=n % 3 == 2,
                enterprise=firms[n % len(firms)] if firms else None,
                given_due=given,
                form=_answers(spec, place, at),
                by=BY,
                now=at,
            )
            if flow.state(flow.start).owner == "office" and n % 3:
                casework.move_case(
                    case=case,
                    move="dispatch",
                    role="office",
                    form={"unit": unit.key},
                    by=BY,
                    now=at + timedelta(minutes=2),
                )
            elif firms and n == len(firms) and flow.state(flow.start).owner == "unit":
                # The first one's second question is answered: it confirms, or sends it back.
                form = {"done": ANSWER.show(place.language)}
                casework.move_case(
                    case=case, move="answer", role="unit", form=form, by=BY, now=at + timedelta(minutes=3)
                )


def _answers(spec: CaseSpec, place: Any, at: datetime) -> dict[str, str]:
    """Sample answers to the questions of a kind's form that must be answered."""
    day = at.astimezone(place.zone).date().isoformat()
    return {
        key: next(
            iter(question.options), {"date": day, "number": "2"}.get(question.kind, SAID.show(place.language))
        )
        for key, question in spec.form.items()
        if question.needed
    }


def _bad_verdicts(place: Any, count: int, rng: Any, now: datetime) -> None:
    """Fresh bad verdicts at points on the wall; what follows from them is the rules' affair."""
    points = ballot_rows.points(place)
    bad = next(
        grade for grade in ballot_rows.scale(place, now.astimezone(place.zone).date()).grades if grade.bad
    )
    for n in range(count):
        point = points[int(rng.integers(0, len(points)))]
        ballots.cast(
            unit=point.unit,
            point=point,
            grade=bad.key,
            once=f"sample-{place.key}-{n}",
            by=BY,
            now=now - timedelta(minutes=20 + 7 * n),
        )
