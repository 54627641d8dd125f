"""What follows for a meeting: who speaks is asked when it opens, promises are tested and its pack kept when it is due.

A promise about a figure that is corrected or disputed after its test is tested again.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from leitai.apps.ledger.models import Event
from leitai.apps.occasions import actions, queries
from leitai.apps.people import queries as people

BY = "drive"


def opened(place: Any, event: Event, now: datetime) -> bool:
    """Those who speak by the order of speaking are asked what they will say."""
    row = queries.occasion(place, int(event.subject.partition(":")[2]))
    return row is not None and bool(actions.ask_statements(occasion=row, by=BY, now=now))


def due(place: Any, event: Event, now: datetime) -> bool:
    """The promises of the meetings before are tested, and what this one reads is kept.

    One that has no opening asks those who speak now. Of one that was held before it was told there is nothing to keep.
    """
    row = queries.occasion(place, int(event.subject.partition(":")[2]))
    if row is None or row.state != "due":
        return False
    actions.ask_statements(occasion=row, by=BY, now=now)
    actions.test_commitments(occasion=row, by=BY, now=now)
    return bool(actions.make_pack(occasion=row, by=BY, now=now))


def figure_changed(place: Any, event: Event, now: datetime) -> bool:
    """What was promised about a figure is tested again where it was tested before."""
    facts = json.loads(event.data)
    measure, period = facts["reading.measure"], facts["reading.period"]
    if not queries.is_tested(place, facts["unit.key"], measure):
        return False  # nearly always: many figures are reported for each that was promised
    unit = people.unit(place, facts["unit.key"])
    if unit is None:
        return False
    return bool(actions.test_again(unit=unit, measure=measure, period=period, by=BY, now=now))
