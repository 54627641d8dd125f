"""A rule-book that changes leaves what was begun under the old one to end by it."""

from __future__ import annotations

import pytest

from leitai.apps.casework import queries
from leitai.apps.regimes.actions import load
from tests.factories import BY, NOW, Town, build, text


@pytest.fixture
def town(db: None) -> Town:
    """The small place."""
    return build("town")


def test_a_case_is_brought_to_its_end_though_its_kind_left_the_rule_book(town: Town) -> None:
    case = town.case("question")
    book = text(town.place.key)
    start = book.index("  question:")
    later = book[:start] + book[start:].replace("  question:", "  query:", 1)
    later = later.replace('case.kind == "question"', 'case.kind == "query"')
    load(place=town.place, text=later, by=BY, now=NOW)
    town.place.refresh_from_db()
    assert [view.case for view in queries.of_unit(case.unit, NOW)] == [case]
    form = {"owner": "Zhang Ming of the tax window", "next_step": "look up the file", "time": "today at five"}
    moved = town.move(case, "reply", "unit", **form)
    assert moved.state == "replied"
    assert queries.timeline(moved)[-1].label.en == "Reply"
