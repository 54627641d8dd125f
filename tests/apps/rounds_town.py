"""The town with inspections, meetings that cost time, a ceiling of burden, and a rule on what is found."""

from __future__ import annotations

from typing import Any

from tests.factories import BY, NOW, Town, build, text

PARAGRAPHS = """
inspections:
  conduct:
    name: {zh: 作风督导, en: Inspection of conduct}
    every: half
    groups:
      first: {name: {zh: 第一组, en: Group 1}, area: {kind: bureau}}
      second: {name: {zh: 第二组, en: Group 2}, area: {keys: [north, water]}}
    checklist:
      window: {name: {zh: 窗口在岗, en: The window is staffed}}
      papers: {name: {zh: 迎检材料份数, en: Papers made for the visit}, kind: number}
      words: {name: {zh: 说明, en: In words}, kind: text}
    case: finding
    minutes: 60
    on: office

burden: {ceiling: 300, ask: 20, form: 15}

merits:
"""
OCCASIONS = """
  inspection-talk:
    name: {zh: 半年督导会, en: Talk of the inspection}
    every: half
    day: -10
    at: "09:00"
    on: office
    comes: {kind: bureau}
    minutes: 90
    opens: 20 workdays
    inspection: conduct

merits:
"""
RULE = "  - {on: inspection.found, do: open case finding, source: rule 13}\n"


def rules(key: str = "town", ceiling: int | None = 300) -> str:
    """The rule-book's text."""
    book = text(key).replace("\nmerits:\n", OCCASIONS, 1).replace("\nmerits:\n", PARAGRAPHS, 1) + RULE
    return book.replace("ceiling: 300, ", f"ceiling: {ceiling}, " if ceiling else "")


def town(key: str = "town", ceiling: int | None = 300) -> Town:
    """The place, at ten in the morning of the factories' Wednesday."""
    return build(key, regime=rules(key, ceiling))


def opened(place: Town, **more: Any) -> Any:
    """The round of the present half-year, opened by the office until the end of April."""
    from datetime import date

    from leitai.apps.inspections import actions
    from leitai.rules.kernel import Period

    given = {
        "key": "conduct",
        "period": Period.parse("2024-H1"),
        "until": date(2024, 4, 30),
        "by": BY,
        "now": NOW,
    }
    return actions.open_round(place=place.place, **given | more)


def visit(place: Town, unit: str = "roads") -> Any:
    """The visit to a unit of a round that is opened for it."""
    return opened(place).visits.get(unit=place.units[unit])
