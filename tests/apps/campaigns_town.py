"""The town with campaigns: a goal by evidence, one by a figure, a bottom line."""

from __future__ import annotations

from tests.factories import Town, build, text

PARAGRAPH = """
campaigns:
  roads:
    name: {zh: 修路, en: Roads}
    goals:
      open: {name: {zh: 通车, en: Open}, owner: water, evidence: {zh: 验收, en: Acceptance}, by: 2024-12-31}
      paid: {name: {zh: 资金, en: Paid}, owner: water, measure: funds, target: 20, by: 2024-12-31}
    source: rule 30
  floor:
    name: {zh: 底线, en: Floor}
    of: bottom-line
    goals:
      spent: {name: {zh: 不超支, en: Not more}, owner: tax, measure: funds, target: 5, sense: at most, by: 2024-12-31}
    source: rule 31

merits:
"""


def rules(key: str = "town") -> str:
    """The rule-book's text."""
    return text(key).replace("\nmerits:\n", PARAGRAPH, 1)


def town(key: str = "town") -> Town:
    """The place on 10 April 2024."""
    return build(key, regime=rules(key))
