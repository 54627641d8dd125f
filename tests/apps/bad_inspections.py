"""Rows of inspections that the database must refuse."""

from __future__ import annotations

from typing import Any

from leitai.apps.inspections.models import Answer, Finding, Round, Visit
from tests.apps.bad import again, bad, changed
from tests.factories import BY, HOUR, NOW, Town


def held(town: Town) -> Round:
    return Round.objects.create(place=town.place, key="conduct", period="2024-H1", opened_at=NOW)


def visit(town: Town, **more: Any) -> Visit:
    values = {"group": "first", "unit": town.units["water"], "planned": NOW.date()}
    return Visit.objects.create(round=held(town), **values | more)


def finding(town: Town) -> Finding:
    return Finding.objects.create(visit=visit(town), item="window", text="Nobody there", at=NOW, by=BY)


@bad(Answer, "inspection_answer_once")
def _(town: Town) -> Any:
    return again(Answer.objects.create(visit=visit(town), item="window", value="yes", at=NOW, by=BY))


bad(Round, "round_once")(lambda t: again(held(t)))
bad(Round, "round_closed_with_report")(lambda t: changed(held(t), closed_at=NOW))
bad(Visit, "inspection_visit_once")(lambda t: again(visit(t)))
bad(Visit, "inspection_visit_whole")(
    lambda t: changed(visit(t), began_at=NOW, ended_at=NOW - HOUR, by=BY, minutes=10)
)
bad(Finding, "finding_says_what")(lambda t: changed(finding(t), text=""))
bad(Finding, "finding_reply_whole")(lambda t: changed(finding(t), reply="It was lunch", replied_at=NOW))
