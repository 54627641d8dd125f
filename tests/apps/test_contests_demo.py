"""The demonstration's contest: before its jury at the present, through the real actions, once."""

from __future__ import annotations

from typing import Any

import pytest

from leitai.apps.contests import actions, queries
from leitai.apps.contests.models import Contest
from leitai.demo.contests import put_contest
from leitai.demo.script import ContestScript, DemoError, Script
from tests.apps.contest_town import contest_town
from tests.factories import BY, DAY, NOW, Town, build


def script(*roles: str) -> Script:
    """A demonstration in which these sign in."""
    accounts = [{"login": one, "name": one, "role": one} for one in roles]
    accounts.append({"login": "clerk", "name": "clerk", "role": "clerk", "unit": "water"})
    period = {"first": "2024-01", "last": "2024-03"}
    return Script.model_validate(
        {"leitai": 1, "name": "x", "sample": True, "period": period, "today": NOW, "accounts": accounts}
    )


@pytest.mark.parametrize("of", ["unit", "official"])
def test_a_contest_stands_before_its_jury_with_an_answered_objection_and_two_ballots(
    db: None, of: str
) -> None:
    town = contest_town(of=of)
    spec = ContestScript(key="doers", forward=2)
    assert put_contest(town.place, script("leader"), spec, NOW)
    row = Contest.objects.get()
    assert queries.stage(row, NOW) == "vote" and row.checked_at == row.nominations_until
    forward = queries.nominations(row)
    assert {one.unit.key for one in forward} == {"water", "roads"}, (
        "the demonstration's clerk has one of them"
    )
    assert all((one.official is not None) == (of == "official") for one in forward)
    (said,) = [said for one in forward for said in one.challenges.all()]
    assert said.answer and said.upheld is False
    assert row.secret_ballots.count() == 2 and row.jurors.count() == 3
    leader = town.posts["leader"].account
    assert [one.pk for one in queries.to_vote(town.place, leader, NOW)] == [row.pk]
    slip = actions.vote(contest=row, account=leader, choices=[], by=f"account:{leader.username}", now=NOW)
    assert slip
    assert not put_contest(town.place, script("leader"), spec, NOW)
    again: Any = actions.call(place=town.place, key="doers", period=row.period, at=NOW, by=BY, now=NOW + DAY)
    assert not again, "the drive does not call it a second time for that year"


def test_a_contest_that_the_rule_book_does_not_have_is_told(db: None) -> None:
    town: Town = build("town")
    with pytest.raises(DemoError, match="doers"):
        put_contest(town.place, script("leader"), ContestScript(key="doers"), NOW)
