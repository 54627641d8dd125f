"""The town with projects and the start of a plant as one matter: four permits, a commitment, papers for all of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.factories import BY, NOW, Town, build, text

CASE = """
  start-permit:
    name: {zh: 开工许可, en: Permit of a start}
    flow: permit
    doors: []
    clocks:
      grant: {name: {zh: 办结, en: Grant}, until: answered, within: given, on: office, warn: 1 workday}
    pauses: {appraisal: {name: {zh: 鉴定, en: Appraisal}, most: 60 days}}
"""
FLOW = """flows:
  permit:
    name: {zh: 一道许可, en: One permit}
    start: working
    milestones: [opened, answered, closed]
    states:
      working: {name: {zh: 审批中, en: being decided on}, held: unit}
      answered: {name: {zh: 待登记, en: to be entered}, held: office}
      closed: {name: {zh: 已办结, en: over}}
      set-aside: {name: {zh: 重办, en: begun anew}}
    moves:
      answer:
        name: {zh: 批准, en: Grant}
        from: [working]
        to: answered
        by: [unit]
        event: case.answered
        milestone: answered
        needs: [done]
      return:
        name: {zh: 退回, en: Return}
        from: [answered]
        to: working
        by: [office]
        event: case.returned
        needs: [reason]
        undoes: answered
      close:
        name: {zh: 办结, en: Close}
        from: [answered]
        to: closed
        by: [office]
        event: case.closed
        milestone: closed
        needs: [evidence]
      set-aside:
        name: {zh: 终止, en: End}
        from: [working, answered]
        to: set-aside
        by: [office]
        event: case.closed
        milestone: closed
        needs: [reason]

"""
STARTS = """
starts:
  plant:
    name: {zh: 建厂开工一件事, en: Start of a plant}
    case: start-permit
    on: office
    start: [construction]
    papers:
      licence: {zh: 营业执照, en: Licence}
      contract: {zh: 土地合同, en: Land contract}
      drawings: {zh: 施工图, en: Drawings}
      energy: {zh: 节能报告, en: Energy report}
    permits:
      land: {name: {zh: 用地许可, en: Land permit}, unit: roads, within: 5 workdays, asks: [licence, contract]}
      planning:
        name: {zh: 规划许可, en: Planning permit}
        unit: roads
        within: 8 workdays
        needs: [land]
        asks: [contract, drawings]
        promise: 10 workdays
      energy: {name: {zh: 节能审查, en: Energy review}, unit: tax, within: 10 workdays, asks: [energy]}
      construction:
        name: {zh: 施工许可, en: Construction permit}
        unit: water
        within: 3 workdays
        needs: [planning, energy]

merits:
"""
PAPERS = ("licence", "contract", "drawings", "energy")


def rules(key: str = "town") -> str:
    """The rule-book's text."""
    book = text(key).replace("\nmerits:\n", STARTS, 1)
    return book.replace("\ncases:\n", "\n" + FLOW + "cases:" + CASE, 1)


def town(key: str = "town") -> Town:
    """The place, at ten in the morning of the factories' Wednesday."""
    return build(key, regime=rules(key))


def opened(place: Town, *papers: str, **more: Any) -> Any:
    """A start of the firm's plant, with these papers handed in; the drive has followed."""
    from leitai.apps.permits import actions

    at: datetime = more.pop("at", NOW)
    given = {"key": "plant", "title": "A plant", "enterprise": place.firm, "by": BY, "now": at}
    start = actions.open_start(place=place.place, **given | more)
    for paper in papers:
        give(start, paper, at)
    place.drive(at)
    return start


def give(start: Any, paper: str, at: datetime = NOW) -> Any:
    """A paper handed in by the firm."""
    from leitai.apps.permits import actions

    return actions.give_paper(start=start, key=paper, by="enterprise:firm", now=at)


def permit(start: Any, key: str) -> Any:
    """A permit of a start as it is now."""
    return start.permits.select_related("unit", "start__place").get(key=key)


def grant(place: Town, start: Any, *keys: str, at: datetime = NOW) -> None:
    """Permits granted one after the other by their units; the drive has followed each."""
    from leitai.apps.permits import actions

    for key in keys:
        actions.grant(permit=permit(start, key), number=f"No. {key}", by=f"account:{key}", now=at)
        place.drive(at)


def states(start: Any) -> dict[str, str]:
    """The state of every permit."""
    return dict(start.permits.values_list("key", "state"))


def cases(start: Any, key: str) -> list[Any]:
    """The cases about a permit, the oldest first."""
    from leitai.apps.casework.models import Case

    return list(Case.objects.filter(about=f"permit:{permit(start, key).pk}").order_by("pk"))
