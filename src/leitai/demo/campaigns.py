"""Sample evidence for goals of campaigns: accepted, refused, waiting, by turns, through the real actions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from leitai.apps.campaigns import actions, queries
from leitai.rules.kernel import Text

BY, OFFICE = "sample", "sample-office"
SHOWN = Text(zh="样例：验收材料已报", en="Sample: papers of acceptance handed in")
WHERE = Text(zh="样例档案 第{n}号", en="Sample file no. {n}")
WRONG = Text(zh="样例：材料缺盖章页", en="Sample: the page with the seal is missing")
LATE = timedelta(days=20)


def put_campaigns(place: Any, now: Callable[[], datetime]) -> int:
    """Evidence for most goals that ask for it, once: by turns left out, waiting, refused; how many goals."""
    language, count = place.language, 0
    for campaign in queries.campaigns(place, now()):
        if queries.proofs(place, campaign.key):
            continue
        for goal in campaign.goals:
            count += 1
            turn = count % 7
            if goal.spec.measure is not None or goal.spec.evidence is None or turn == 0:
                continue
            proof = actions.offer(
                place=place,
                campaign=campaign.key,
                goal=goal.key,
                text=SHOWN.show(language),
                ref=WHERE.show(language).format(n=count),
                by=BY,
                now=now() - LATE,
            )
            if turn == 1:
                continue
            reply = WRONG.show(language) if turn == 2 else ""
            actions.answer(
                proof=proof,
                accepted=turn != 2,
                reply=reply,
                by=OFFICE,
                now=now() - LATE + timedelta(days=turn),
            )
    return count
