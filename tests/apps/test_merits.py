"""Consequences: proposed by a rule, answered by the one concerned, decided by people, and over when they are over."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from leitai.apps.ledger.models import Event
from leitai.apps.ledger.queries import data
from leitai.apps.merits import actions, queries
from leitai.apps.merits.models import Proposal, ProposalState
from leitai.rules.merits import FLOW
from tests.factories import DAY, HOUR, NOW, Town, refused

SAID = "We were never told of the question"


def propose(town: Town, merit: str = "blame", unit: str = "water", **more: Any) -> Proposal:
    values = {
        "target": "head",
        "rule": "rule 8",
        "reason": "The reply was late",
        "evidence": "event:7/x",
        "links": ["case:7"],
    } | more
    return actions.propose(
        place=town.place, unit=town.units[unit], merit=merit, at=NOW, by="drive", now=NOW, **values
    )


def reply(row: Proposal, text: str = SAID, now: datetime = NOW + HOUR) -> Proposal:
    return actions.reply(proposal=row, text=text, by="account:clerk", now=now)


def decide(
    row: Proposal,
    upheld: bool = True,
    decision: str = "On the records",
    now: datetime = NOW + HOUR,
    by: str = "leader",
) -> Proposal:
    who = f"account:{by}-{row.place.key}"
    return actions.decide(proposal=row, upheld=upheld, decision=decision, by=who, now=now)


def honoured(town: Town, unit: str = "water", now: datetime = NOW + 4 * DAY, **more: Any) -> Proposal:
    """An honour, decided when its public notice is over."""
    return decide(propose(town, "flag", unit, target="unit", **more), now=now)


def test_the_time_to_reply_is_counted_in_its_calendar(town: Town) -> None:
    row = propose(town)
    # Five workdays after Wednesday the 10th: the end of Wednesday the 17th.
    assert row.reply_by.astimezone(town.place.zone).strftime("%Y-%m-%d %H:%M") == "2024-04-17 17:30"
    assert row.tone == "accountability"
    assert propose(town, "warning").reply_by == NOW + 3 * DAY
    assert Event.objects.filter(kind="merit.proposed").first().cause == "event:7/x"


def test_nobody_decides_before_the_one_concerned_was_heard(town: Town) -> None:
    row = propose(town)
    with refused("reply-first"):
        decide(row)
    with refused("reply-first"):
        decide(row, now=row.reply_by)
    reply(row)
    assert decide(row).state == ProposalState.DECIDED


def test_silence_counts_only_when_the_time_is_over(town: Town) -> None:
    row = propose(town)
    decided = decide(row, now=row.reply_by + HOUR)
    assert (decided.upheld, decided.reply) == (True, "")


def test_an_honour_waits_for_the_end_of_its_public_notice_whatever_is_said(town: Town) -> None:
    row = propose(town, "flag", target="unit")
    actions.object_to(proposal=row, text="The figures were bought", by="anyone", now=NOW + HOUR)
    with refused("notice-first"):
        decide(row, now=row.reply_by)
    done = decide(row, now=row.reply_by + HOUR)
    assert (done.upheld, done.reply, done.replied_at) == (True, "The figures were bought", None)


def test_what_is_decided_is_decided(town: Town) -> None:
    row = reply(propose(town))
    with refused("field-missing"):
        decide(row, decision=" ")
    decide(row, upheld=False)
    with refused("wrong-state"):
        decide(row)
    with refused("wrong-state"):
        reply(row)
    row.refresh_from_db()
    assert (row.upheld, row.expires_at, row.decided_by) == (False, None, "account:leader-town")


def test_a_reply_is_kept_as_said_and_more_can_be_said(town: Town) -> None:
    row = propose(town)
    with refused("field-missing"):
        reply(row, "  ")
    reply(row)
    row = reply(row, "And the line was down", NOW + 2 * HOUR)
    assert row.reply == f"{SAID}\n\nAnd the line was down"
    assert SAID not in "".join(Event.objects.values_list("data", flat=True))


def test_a_consequence_ends_by_itself(town: Town) -> None:
    row = decide(reply(propose(town)))
    assert row.expires_at.astimezone(town.place.zone).strftime("%Y-%m-%d %H:%M") == "2025-04-10 00:00"
    assert data(Event.objects.get(kind="merit.decided"))["merit.upheld"] is True
    assert honoured(town).expires_at is None, "one without a term has no end"


def test_the_public_knows_of_units_honoured_or_warned_and_never_of_a_person(town: Town) -> None:
    honour = honoured(town)
    warning = decide(reply(propose(town, "warning", "roads", target="unit")), now=NOW + 5 * DAY)
    decide(reply(propose(town)))  # accountability
    decide(reply(propose(town, "warning", target="head")))  # of a person
    decide(reply(propose(town, "warning", target="unit")), upheld=False)
    propose(town, "flag", target="unit")  # not decided
    later = NOW + 6 * DAY
    assert queries.public(town.place, later) == [warning, honour]
    assert queries.public(town.place, later, town.units["water"]) == [honour]


def test_what_is_over_is_no_longer_shown(town: Town) -> None:
    row = decide(reply(propose(town, "warning", target="unit")))
    Proposal.objects.filter(pk=row.pk).update(expires_at=NOW + 30 * DAY)
    assert queries.public(town.place, NOW + 30 * DAY - HOUR) == [row]
    assert queries.public(town.place, NOW + 30 * DAY) == []


def test_the_rows_go_through_the_states_of_the_flow() -> None:
    assert set(ProposalState) == {state.key for state in FLOW.states}


def test_a_reply_that_says_nothing_opens_no_decision(town: Town) -> None:
    row = propose(town)
    with refused("says-nothing"):
        reply(row, "收到")
    with refused("reply-first"):
        decide(row)


def test_a_clerk_sees_own_files_behind_many_of_others(town: Town) -> None:
    mine = honoured(town)
    for days in range(5, 8):
        honoured(town, "roads", NOW + days * DAY)
    assert list(queries.decided(town.place, town.viewer("clerk"))) == [mine]


def test_a_clerk_sees_the_own_units_files_and_the_office_all(town: Town) -> None:
    mine, other = propose(town), propose(town, unit="roads")
    assert queries.open_for(town.place, town.viewer("clerk")) == [mine]
    assert queries.open_for(town.place, town.viewer("office")) == [mine, other]
    assert queries.open_for(town.place, town.viewer("patrol")) == []
    row = decide(reply(mine))
    assert list(queries.decided(town.place, town.viewer("clerk"))) == [row]
    assert queries.open_for(town.place, town.viewer("office")) == [other]


def test_a_file_names_what_the_book_of_its_day_calls_it(town: Town) -> None:
    assert queries.name(propose(town)).en == "Accountability"


@pytest.mark.parametrize("merit", ["blame", "warning", "flag"])
def test_one_places_files_are_not_in_anothers_queries(town: Town, vale: Town, merit: str) -> None:
    row = propose(town, merit, target="unit")
    assert queries.proposal(vale.place, row.pk) is None
    assert queries.open_for(vale.place, vale.viewer("office")) == []
    if merit != "flag":
        reply(row)
    decide(row, now=NOW + 9 * DAY)
    assert list(queries.decided(vale.place, vale.viewer("office"))) == queries.public(vale.place, NOW) == []
