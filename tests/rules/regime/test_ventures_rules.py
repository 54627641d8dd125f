"""Rules on projects, starts, chains and campaigns: what they may ask is checked against what the rule-book has."""

from __future__ import annotations

import pytest

from leitai.rules.regime.check import check_text
from leitai.rules.regime.vocabulary import EVENTS
from tests.apps import campaigns_town, chains_town, projects_town, start_town


def book(rule: str) -> str:
    """The town with all four paragraphs, and a rule at its end."""
    found = start_town.rules()
    for more in (projects_town.PARAGRAPH, chains_town.PARAGRAPH, campaigns_town.PARAGRAPH):
        found = found.replace("\nmerits:\n", more, 1)
    return f"{found.rstrip()}\n  - {{{rule}, source: test}}\n"


@pytest.mark.parametrize(
    ("asked", "right", "wrong", "code"),
    [
        ("project.light: project.light", "red", "rad", "unknown-light"),
        ("project.light: project.was", "yellow", "yelow", "unknown-stage"),
        ("project.staged: project.stage", "signed", "singed", "unknown-stage"),
        ("project.staged: project.was", "talks", "talk", "unknown-stage"),
        ("project.added: project.kind", "investment", "investing", "unknown-kind"),
        ("project.added: project.level", "county", "country", "unknown-level"),
        ("project.added: project.chain", "metal", "mettle", "unknown-chain"),
        ("project.problem: problem.kind", "question", "quest", "unknown-kind"),
        ("delay.agreed: delay.cause", "stop", "stopp", "unknown-cause"),
        ("permit.granted: permit.key", "land", "lnd", "unknown-permit"),
        ("duty.missed: start.key", "plant", "plnt", "unknown-start"),
        ("gap.opened: chain.key", "metal", "metl", "unknown-chain"),
        ("gap.opened: gap.kind", "fill", "fil", "unknown-gap"),
        ("gap.ended: gap.state", "dropped", "droped", "unknown-state"),
        ("campaign.answered: campaign.key", "roads", "road", "unknown-campaign"),
        ("campaign.shown: campaign.goal", "paid", "payd", "unknown-goal"),
    ],
)
def test_a_word_that_the_rule_book_does_not_have_is_found(
    asked: str, right: str, wrong: str, code: str
) -> None:
    event, name = asked.split(": ")
    said = []
    for word in (right, wrong):
        rule = f'on: {event}, if: {name} == "{word}", do: propose warning for unit'
        said.append([one.code for one in check_text(book(rule)).findings])
    assert code not in said[0] and code in said[1]


def test_a_start_is_of_no_unit_so_that_only_an_occasion_can_follow() -> None:
    wrong = check_text(book("on: start.made, do: propose warning for unit")).findings
    assert "no-unit" in [one.code for one in wrong]
    right = check_text(book("on: start.made, if: start.days > 30, do: call statement")).findings
    assert not [one for one in right if one.code in ("no-unit", "condition-name")]


def test_what_a_goal_or_another_figure_rests_on_counts_for_something() -> None:
    lonely = (
        "\nmeasures:\n  alone: {name: Alone, better: more, from: reported, points: {by: rank}, source: test}"
    )
    rule = "on: start.made, do: call statement"
    text = book(rule).replace("\nmeasures:", lonely, 1)
    unused = "unused-measure"
    assert [one.where.line for one in check_text(text).findings if one.code == unused]
    for old, new in (
        ("measure: funds, target: 20", "measure: alone, target: 20"),
        ("  funds:\n", "  funds:\n    audited_by: alone\n"),
    ):
        assert text.count(old) == 1
        assert not [one for one in check_text(text.replace(old, new)).findings if one.code == unused]


def test_every_fact_is_named_after_what_it_is_of() -> None:
    rooms = {
        "project",
        "delay",
        "milestone",
        "problem",
        "start",
        "permit",
        "duty",
        "gap",
        "chain",
        "campaign",
    }
    for kind, facts in EVENTS.items():
        if kind.partition(".")[0] in rooms:
            assert {name.partition(".")[0] for name in facts} <= rooms | {"unit"}, kind
