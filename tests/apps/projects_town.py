"""The town with projects: three stages with evidence, a library, causes of delay, a winter; and one project in it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from tests.factories import BY, NOW, Town, build, text

PARAGRAPH = """
projects:
  on: office
  yellow: 1
  red: 30
  winter: ["11-01", "03-31"]
  stages:
    talks: {name: {zh: 洽谈, en: Talks}}
    signed: {name: {zh: 签约, en: Signed}, needs: {contract: {zh: 合同, en: Contract}}, usual: 60 days}
    building: {name: {zh: 在建, en: Building}, needs: {permit: {zh: 许可证, en: Permit}}}
    producing: {name: {zh: 投产, en: Producing}, needs: {accepted: {zh: 验收, en: Acceptance}}}
  kinds: {investment: {zh: 招商引资, en: Won from outside}}
  levels: {county: {zh: 县级, en: County}}
  libraries: {big: {name: {zh: 大项目, en: Big ones}, level: county, expect: 2}}
  causes:
    unit: {name: {zh: 责任单位, en: The unit}}
    stop: {name: {zh: 批准停工, en: Approved stop}, excused: true}
  source: rule 20

merits:
"""


def rules(key: str = "town") -> str:
    """The rule-book's text."""
    return text(key).replace("\nmerits:\n", PARAGRAPH, 1)


def town(key: str = "town") -> Town:
    """The place, at ten in the morning of Wednesday 10 April 2024."""
    return build(key, regime=rules(key))


def project(place: Town, code: str = "P-1", **more: Any) -> Any:
    """A project of the water bureau in talks."""
    from leitai.apps.projects import actions
    from leitai.apps.projects.drafts import Draft

    now = more.pop("now", NOW)
    values = {
        "name": f"Works {code}",
        "kind": "investment",
        "level": "county",
        "unit": place.units["water"],
        "enterprise": place.firm,
        "longitude": 118.5,
        "latitude": 36.5,
    }
    draft = Draft(
        code=code,
        values=values | more.pop("values", {}),
        sums=more.pop("sums", {"planned": Decimal(150_000_000)}),
        libraries=more.pop("libraries", ("big",)),
        helpers=more.pop("helpers", ()),
    )
    return actions.add(place=place.place, draft=draft, source="contract", by=BY, now=now, **more)


def planned(row: Any, key: str = "start", on: date = date(2024, 4, 20), **more: Any) -> Any:
    """A milestone of a project."""
    from leitai.apps.projects import actions

    draft = {"key": key, "name": more.pop("name", key.title()), "plan": on} | more
    actions.plan(project=row, milestones=[draft], by=BY, now=NOW)
    return row.milestones.get(key=key)
