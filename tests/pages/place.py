"""A small place with everything its work pages need: two units, one person per role, cases, verdicts, a file.

Its rule-book is written out here, so that a test of a page can be read without opening another file.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

RULES = """
leitai: 1
place: {key: shan, name: {zh: 山县, en: Mountain County}, timezone: Asia/Shanghai}
regime: {title: {zh: 规则, en: Rules}, in_force: 2020-01-01, source: test}
calendars:
  always:
    holidays: none
    windows: ["00:00-24:00"]
    saturday: ["00:00-24:00"]
    sunday: ["00:00-24:00"]
kinds:
  department: {zh: 部门, en: County department}
groups:
  all-units: {name: {zh: 各单位, en: All units}, units: {all: true}}
ballots:
  grades: two
  reasons: {slow: {zh: 久拖不办, en: Dragged out}}
measures:
  funds:
    name: {zh: 到位资金, en: Funds arrived}
    better: more
    from: reported
    points: {by: target}
    source: "rule 1: funds are reported monthly"
arenas:
  works: {name: {zh: 擂台, en: Works}, every: month, groups: [all-units], weigh: {funds: 100}}
cases:
  question:
    name: {zh: 企业问题, en: Question}
    flow: question
    clocks:
      reply: {until: replied, within: 10 minutes, on: always, warn: 5 minutes}
  finding:
    name: {zh: 巡查问题, en: Finding}
    flow: problem
    clocks:
      settle: {name: {zh: 整改, en: Settle}, from: dispatched, until: answered, within: 3 days, on: always}
merits:
  blame:
    name: {zh: 问责, en: Accountability}
    tone: accountability
    number: article 7
    reply: 5 days
    appeal: 5 days
    on: always
    decides: {zh: 纪委, en: Commission}
"""
ROLES = ("office", "patrol", "leader", "inspector", "administrator")
BY = "account:setup"


@dataclass(frozen=True)
class Shan:
    """The place and what a test reaches for in it. `now` is when the rows were made."""

    place: Any
    north: Any
    south: Any
    point: Any
    code: str
    firm: Any
    now: datetime

    secret = "the-firm's-own-link"

    def question(self, title: str, *, minutes_ago: float = 0, unit: Any = None) -> Any:
        """A question of the firm, opened so long ago."""
        from leitai.apps.casework import actions

        at = self.now - timedelta(minutes=minutes_ago)
        return actions.open_case(
            place=self.place,
            kind="question",
            unit=unit or self.north,
            title=title,
            enterprise=self.firm,
            at=at,
            by="enterprise:firm",
            now=at,
        )

    def finding(self, title: str, unit: Any = None) -> Any:
        """A patrol's finding, dispatched where a unit is given."""
        from leitai.apps.casework import actions

        case = actions.open_case(
            place=self.place, kind="finding", unit=None, title=title, by=BY, now=self.now
        )
        if unit is None:
            return case
        form = {"unit": unit.key}
        return actions.move_case(case=case, move="dispatch", role="office", form=form, by=BY, now=self.now)

    def verdict(
        self, grade: str = "dissatisfied", once: str = "once-0123456789abcdef", unit: Any = None
    ) -> Any:
        """A verdict at the place's point, or on a unit without one."""
        from leitai.apps.ballots import actions

        point = self.point if unit is None else None
        unit = unit or self.point.unit
        return actions.cast(unit=unit, grade=grade, once=once, point=point, by="anyone", now=self.now)

    def file(self, unit: Any = None, reason: str = "reply clock broken") -> Any:
        """A file of accountability, awaiting the unit's reply."""
        from leitai.apps.merits import actions

        return actions.propose(
            place=self.place,
            unit=unit or self.north,
            merit="blame",
            target="head",
            rule="rule 7",
            reason=reason,
            evidence="event:1/late",
            links=["event:1"],
            at=self.now,
            by="drive",
            now=self.now,
        )

    def reading(self, unit: Any, period: Any, value: str) -> Any:
        """A figure a unit reported."""
        from leitai.apps.measures import actions

        return actions.report(
            unit=unit,
            measure="funds",
            period=period,
            value=Decimal(value),
            target=Decimal(10),
            by=BY,
            now=self.now,
        )


def found() -> Shan:
    """Make it, at the clock's present; each role signs in by its own name, clerks as "north" and "south"."""
    from leitai.apps.ballots import actions as ballots
    from leitai.apps.ballots import queries
    from leitai.apps.people import actions as people
    from leitai.apps.people.queries import unit
    from leitai.apps.regimes import actions as regimes

    now = datetime.now(UTC).replace(microsecond=0)
    place = people.add_place(
        key="shan", name_zh="山县", name_en="Mountain County", timezone="Asia/Shanghai", by=BY, now=now
    )
    people.put_units(
        place=place,
        drafts=[
            people.UnitDraft("north", "北局", "North Bureau", kind="department"),
            people.UnitDraft("south", "南局", "South Bureau", kind="department"),
        ],
        by=BY,
        now=now,
    )
    regimes.load(place=place, text=RULES, by=BY, now=now)
    north, south = unit(place, "north"), unit(place, "south")
    for name in ("north", "south"):
        people.appoint(
            place=place,
            username=name,
            role="clerk",
            unit=unit(place, name),
            password="pass the long way",
            by=BY,
            now=now,
        )
    for role in ROLES:
        people.appoint(place=place, username=role, role=role, password="pass the long way", by=BY, now=now)
    firm = people.add_enterprise(
        place=place,
        key="firm",
        name_zh="企业",
        name_en="Firm",
        secret=Shan.secret,
        liaison=north,
        by=BY,
        now=now,
    )
    point = ballots.add_points(place=place, units=[north], by=BY, now=now)[0]
    return Shan(place, north, south, point, queries.code_of(point), firm, now)
