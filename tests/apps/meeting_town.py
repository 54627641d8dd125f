"""A small town whose monthly review reads the works table and has people speak, for tests of meetings.

`NOW` is ten in the morning of Wednesday 10 April; the review is at half past two, the next one on Friday 10 May.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from tests.factories import BY, HOUR, NOW, Town, build, text

REVIEW = (
    "  review: {name: {zh: 一月一晒绩, en: Review}, every: month, day: 10, "
    'at: "14:30", on: office, reads: [works]}'
)
OWN = """  review:
    name: {zh: 一月一晒绩, en: Review}
    every: month
    day: 10
    at: "14:30"
    on: office
    opens: 1 workday
    comes: {kind: bureau}
    reads: [works]
    agenda: [commitments, standings, changes, best, statements, cases, projects, inspections, words]
    speaking: {best: 1, worst: 1, first: best, minutes: 8}
    decides: {zh: 谁、到哪天、做到什么程度, en: "Who, until which day, how far"}
"""
MARCH = {"water": 9, "roads": 7, "tax": 3, "north": 8, "south": 6, "harbour": 2}
MAY = datetime.fromisoformat("2024-05-10T06:30:00+00:00")


def rules(key: str = "town") -> str:
    """The rule-book's text."""
    found = text(key)
    assert REVIEW in found
    return found.replace(REVIEW, OWN.rstrip("\n"))


def meeting_town(key: str = "town") -> Town:
    """The town with its meetings planned and the works table of March published."""
    from leitai.apps.occasions import actions

    town = build(key, regime=rules(key))
    town.reports("2024-03", MARCH)
    town.table("works", "2024-03")
    actions.plan(place=town.place, by="drive", now=NOW)
    return town


def review(town: Town, month: str = "2024-04") -> Any:
    """The review of a month, as it stands."""
    from leitai.apps.occasions.models import Occasion

    return Occasion.objects.select_related("place").get(place=town.place, key="review", nominal=month)


def begun(town: Town, month: str = "2024-04") -> Any:
    """The review of a month once the drive has told that it is due."""
    town.drive(review(town, month).at)
    return review(town, month)


def promised(town: Town, row: Any, unit: str = "roads", **more: Any) -> Any:
    """A promise of a unit at a meeting, tested by the figure of April unless something else is said."""
    from leitai.apps.occasions import actions

    figure = {"measure": "funds", "period": "2024-04", "sense": "ge", "target": Decimal(9)}
    said: dict[str, Any] = {"text": "Nine million more", "due": date(2024, 5, 9), **figure}
    said |= {"now": row.at + HOUR, "by": BY, **more}
    return actions.promise(occasion=row, unit=town.units[unit], **said)
