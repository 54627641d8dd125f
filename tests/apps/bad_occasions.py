"""Rows of occasions, preparations, statements and commitments that the database must refuse."""

from __future__ import annotations

from typing import Any

from leitai.apps.occasions.models import Commitment, Minute, Occasion, Preparation, Statement
from tests.apps.bad import again, bad
from tests.factories import BY, DAY, NOW, Town


def occasion(town: Town, **more: Any) -> Occasion:
    values = {"place": town.place, "key": "dispatch", "nominal": "2024-W20", "at": NOW}
    return Occasion.objects.create(**values | more)


def preparation(town: Town, **more: Any) -> Preparation:
    values = {"occasion": occasion(town), "key": "report", "unit": town.units["water"], "due": NOW}
    return Preparation.objects.create(**values | more)


def statement(town: Town, **more: Any) -> Statement:
    values = {
        "occasion": more.pop("occasion", None) or occasion(town),
        "unit": town.units["water"],
        "kind": "statement",
        "turn": 1,
        "why": "last of its group",
        "asked_at": NOW,
        "due": NOW + DAY,
    }
    return Statement.objects.create(**values | more)


def commitment(town: Town, **more: Any) -> Commitment:
    values = {
        "place": town.place,
        "occasion": occasion(town),
        "unit": town.units["water"],
        "text": "The leak is closed",
        "kind": "evidence",
        "due": NOW.date(),
        "made_at": NOW,
        "made_by": BY,
    }
    return Commitment.objects.create(**values | more)


def two_of_one_turn(town: Town) -> Any:
    row = statement(town)
    return statement(town, occasion=row.occasion, unit=town.units["tax"])


bad(Occasion, "occasion_cancelled_with_reason")(lambda t: occasion(t, state="cancelled", cancelled_at=NOW))
bad(Occasion, "occasion_shifted_with_reason")(lambda t: occasion(t, shifted_by=BY, planned_at=NOW))
bad(Preparation, "preparation_once")(lambda t: again(preparation(t)))
bad(Preparation, "preparation_of_office_once")(lambda t: again(preparation(t, unit=None)))
bad(Preparation, "preparation_done_whole")(lambda t: preparation(t, done_at=NOW, done_by=BY))
bad(Preparation, "preparation_missed_after_due")(lambda t: preparation(t, rung=1, missed_at=NOW - DAY))
bad(Minute, "minute_says_something")(
    lambda t: Minute.objects.create(occasion=occasion(t), part="cases", text="", by=BY, at=NOW)
)
bad(Statement, "statement_once")(lambda t: again(statement(t), turn=2))
bad(Statement, "statement_turn_once")(two_of_one_turn)
bad(Statement, "statement_kind_known")(lambda t: statement(t, kind="speech"))
bad(Statement, "statement_given_whole")(lambda t: statement(t, given_at=NOW, given_by=BY))
bad(Commitment, "commitment_can_be_tested")(lambda t: commitment(t, kind="measure", measure="funds"))
bad(Commitment, "commitment_tested_with_reason")(lambda t: commitment(t, verdict="kept", tested_at=NOW))
bad(Commitment, "commitment_accepted_by_another")(
    lambda t: commitment(t, evidence="a photo", evidence_by=BY, accepted=True, accepted_by=BY)
)
