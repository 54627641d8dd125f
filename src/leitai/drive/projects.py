"""What a project is stuck at becomes a case about it; and each project's light is worked out anew once a day."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from leitai.apps.casework import actions as casework
from leitai.apps.ledger.errors import Refused
from leitai.apps.ledger.models import Event
from leitai.apps.people import queries as people
from leitai.apps.projects import actions
from leitai.apps.projects import queries as projects

BY = "drive"


def problem(place: Any, event: Event, now: datetime) -> bool:
    """Open the case that was asked for, about the project; once, however often the event is read."""
    row, said = projects.by_subject(place, event.subject), json.loads(event.data)
    if row is None:
        return False
    try:
        casework.open_case(
            place=place,
            kind=said["problem.kind"],
            unit=row.unit,
            title=said["title"],
            text=said["text"],
            where=row.where,
            enterprise=people.enterprise(place, said["enterprise"]) if said["enterprise"] else None,
            about=event.subject,
            at=event.at,
            cause=f"event:{event.seq}",
            once=f"project-problem-{event.seq}",
            by=event.by,
            now=now,
        )
    except Refused:  # the rule-book has changed since
        return False
    return True


def judge_projects(place: Any, now: datetime) -> object:
    """Work out the lights that can have turned, in batches, until none is left."""
    done = 0
    while batch := actions.judge(place=place, by=BY, now=now):
        done += batch
    return done
