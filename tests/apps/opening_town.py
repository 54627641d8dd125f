"""The small town with occasions that open, that units come to, and for which things must be ready."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from leitai.apps.occasions import actions
from leitai.apps.occasions.models import Occasion
from leitai.drive.engine import run_until_idle
from tests.factories import NOW, Town, build, text

CADENCE = """
cadence:
  dispatch:
    name: {zh: 一周一调度, en: Dispatch}
    every: week
    day: monday
    at: "09:00"
    on: office
    minutes: 45
    comes: {kind: bureau}
    opens: 2 workdays
    ready:
      report: {name: {zh: 汇报, en: Report}, by: 1 workday, of: comers}
      room: {name: {zh: 会场, en: Room}, by: 1 workday}
  review:
    name: {zh: 一月一晒绩, en: Review}
    every: month
    day: 10
    at: "14:30"
    on: office
    opens: 5 workdays
    reads: [works]
    ready:
      plan: {name: {zh: 整改方案, en: Plan}, by: 2 workdays, of: worst}
      story: {name: {zh: 经验材料, en: Story}, by: 2 workdays, of: best}
      map: {name: {zh: 挂图, en: Map}, by: 2 workdays, of: north}
  statement:
    name: {zh: 表态发言, en: Statement}
    within: 5 workdays
    at: "15:00"
    on: office
    opens: 8 workdays
    ready:
      words: {name: {zh: 发言稿, en: Words}, by: 7 workdays, of: water}
"""


def rules(key: str = "town", cadence: str = CADENCE) -> str:
    """The town's rule-book with another cadence."""
    before, rest = text(key).split("\ncadence:", 1)
    return f"{before}{cadence}\nmerits:{rest.split('merits:', 1)[1]}"


def opening_town(now: datetime = NOW, key: str = "town", cadence: str = CADENCE) -> Town:
    """The town under this rule-book, its occasions planned."""
    found = build(key, now=now, regime=rules(key, cadence))
    actions.plan(place=found.place, by="drive", now=now)
    return found


def drive(town: Town, now: datetime) -> Any:
    """The drive at an instant, until it has nothing left to do."""
    return run_until_idle(town.place, now=now)


def at(town: Town, local: str) -> datetime:
    """A wall time of the town."""
    return datetime.fromisoformat(local).replace(tzinfo=town.place.zone)


def meeting(town: Town, key: str, nominal: str) -> Occasion:
    """An occasion by its key and period."""
    return Occasion.objects.select_related("place").get(place=town.place, key=key, nominal=nominal)


def local(town: Town, instant: datetime) -> str:
    """An instant as the town's clock shows it."""
    return instant.astimezone(town.place.zone).strftime("%m-%d %H:%M")
