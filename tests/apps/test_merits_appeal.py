"""After the decision: appealed in time, settled by another person, over on its day, and told of once."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from leitai.apps.ledger.models import Event
from leitai.apps.ledger.queries import data
from leitai.apps.merits import actions, queries
from leitai.apps.merits.models import Proposal
from leitai.apps.people import actions as people
from leitai.apps.people import queries as people_queries
from tests.factories import BY, DAY, HOUR, NOW, Town, refused

LEADER, INSPECTOR = "account:leader-town", "account:inspector-town"


def decided(town: Town, merit: str = "blame", *, upheld: bool = True, official: Any = None) -> Proposal:
    """A file decided by the leader: a burden on the day after its reply, an honour after its notice."""
    honour = merit == "flag"
    row = actions.propose(
        place=town.place,
        unit=town.units["water"],
        merit=merit,
        target="head",
        rule="rule 8",
        reason="It was late",
        evidence="event:1/x",
        links=["case:1"],
        official=official,
        at=NOW,
        by="drive",
        now=NOW,
    )
    if not honour:
        actions.reply(proposal=row, text="The line was down", by="account:clerk-town", now=NOW + HOUR)
    now = NOW + 4 * DAY if honour else NOW + DAY
    return actions.decide(proposal=row, upheld=upheld, decision="On the records", by=LEADER, now=now)


def appealed(town: Town, **more: Any) -> Proposal:
    row = decided(town, **more)
    return actions.appeal(
        proposal=row,
        text="The records are of another unit",
        by="account:clerk-town",
        now=row.decided_at + HOUR,
    )


def settle(row: Proposal, upheld: bool, by: str = INSPECTOR, now: datetime | None = None) -> Proposal:
    return actions.settle(
        proposal=row, upheld=upheld, decision="They are not", by=by, now=now or row.decided_at + DAY
    )


def test_an_appeal_is_made_in_its_time_and_not_after(town: Town) -> None:
    row = decided(town)
    assert row.appeal_by.astimezone(town.place.zone).strftime("%Y-%m-%d %H:%M") == "2024-04-18 17:30"
    with refused("too-late"):
        actions.appeal(proposal=row, text="It was not us", by="account:clerk-town", now=row.appeal_by + HOUR)
    with refused("says-nothing"):
        actions.appeal(proposal=row, text="收到", by="account:clerk-town", now=row.appeal_by)
    found = actions.appeal(proposal=row, text="It was not us", by="account:clerk-town", now=row.appeal_by)
    assert (found.state, found.appeal) == ("appealed", "It was not us")
    assert "It was not us" not in "".join(Event.objects.values_list("data", flat=True))


def test_who_is_cleared_or_gets_no_time_for_it_has_no_appeal(town: Town) -> None:
    for row in (decided(town, upheld=False), decided(town, "warning")):
        with refused("no-appeal"):
            actions.appeal(proposal=row, text="It was not us", by="account:clerk-town", now=row.decided_at)


def test_another_than_who_decided_settles_it(town: Town) -> None:
    row = appealed(town)
    with refused("decider"):
        settle(row, False, by=LEADER)
    with refused("wrong-body"):
        settle(row, False, by="account:office-town")
    done = settle(row, False)
    assert (done.state, done.appeal_upheld, done.settled_by) == ("settled", False, INSPECTOR)
    with refused("wrong-state"):
        settle(row, True)


@pytest.mark.parametrize(
    ("merit", "upheld", "appeal", "holds"),
    [("blame", True, False, True), ("blame", True, True, False), ("flag", False, True, True),
     ("flag", False, False, False)],
)  # fmt: skip
def test_what_holds_after_an_appeal(town: Town, merit: str, upheld: bool, appeal: bool, holds: bool) -> None:
    row = appealed(town, merit=merit, upheld=upheld)
    assert queries.in_force(town.place, row.decided_at).filter(pk=row.pk).exists() == upheld
    done = settle(row, appeal)
    assert queries.in_force(town.place, done.settled_at).filter(pk=row.pk).exists() == holds
    event = Event.objects.get(kind="merit.settled")
    assert data(event)["merit.upheld"] == holds
    assert (done.expires_at is not None) == (holds and merit == "blame")


def test_it_is_told_once_that_it_is_over_as_of_when_it_was(town: Town) -> None:
    row = decided(town)
    later = row.expires_at + 3 * DAY
    town.drive(row.expires_at - HOUR)
    assert not Event.objects.filter(kind="merit.expired").exists()
    town.drive(later)
    town.drive(later + DAY)
    (event,) = Event.objects.filter(kind="merit.expired")
    assert (event.at, event.noted_at, event.subject) == (row.expires_at, later, f"merit:{row.pk}")
    assert queries.in_force(town.place, later).count() == 0


def test_what_was_undone_is_never_over(town: Town) -> None:
    expires = decided(town).expires_at
    Proposal.objects.all().delete()
    settle(appealed(town), True)
    actions.withdraw(
        proposal=decided(town), why="It rests on a slip of the pen", by=INSPECTOR, now=NOW + 2 * DAY
    )
    assert not actions.tell_over(place=town.place, by="drive", now=expires + 400 * DAY)


def test_only_the_body_takes_back_what_was_decided(town: Town) -> None:
    row = decided(town)
    for by, code in (("drive", "decided-by-people"), ("account:clerk-town", "wrong-body")):
        with refused(code):
            actions.withdraw(proposal=row, why="It rests on a slip of the pen", by=by, now=NOW + 2 * DAY)
    with refused("field-missing"):
        actions.withdraw(proposal=row, why=" ", by=INSPECTOR, now=NOW + 2 * DAY)
    actions.withdraw(proposal=row, why="It rests on a slip of the pen", by=INSPECTOR, now=NOW + 2 * DAY)
    with refused("wrong-state"):
        actions.withdraw(proposal=row, why="It rests on a slip of the pen", by=INSPECTOR, now=NOW + 2 * DAY)


# --- objections -----------------------------------------------------------------------------------


def test_objections_are_for_honours_while_their_notice_runs(town: Town) -> None:
    def object_to(
        row: Proposal, text: str = "The figures were bought", now: datetime = NOW + HOUR
    ) -> Proposal:
        return actions.object_to(proposal=row, text=text, by="anyone", now=now)

    def proposed(merit: str) -> Proposal:
        return actions.propose(
            place=town.place, unit=town.units["water"], merit=merit, target="unit", rule="r", reason="w",
            evidence="event:1/x", links=["case:1"], at=NOW, by="drive", now=NOW,
        )  # fmt: skip

    honour, warning = proposed("flag"), proposed("warning")
    assert queries.announced(town.place, NOW) == [honour]
    assert object_to(object_to(honour), "And the photographs").reply.endswith("\n\nAnd the photographs")
    with refused("says-nothing"):
        object_to(honour, "收到")
    with refused("too-long"):
        object_to(honour, "bought " * 300)
    with refused("notice-over"):
        object_to(honour, now=honour.reply_by + HOUR)
    with refused("no-honour"):
        object_to(warning)
    with refused("honour-no-reply"):
        actions.reply(proposal=honour, text="We did well", by="account:clerk-town", now=NOW)
    assert queries.announced(town.place, honour.reply_by + HOUR) == []


def test_a_flood_of_objections_fills_nothing(town: Town) -> None:
    row = decided(town, "flag", upheld=False)
    Proposal.objects.filter(pk=row.pk).update(reply="x" * 19_000)
    fresh = actions.propose(
        place=town.place, unit=town.units["water"], merit="flag", target="unit", rule="r", reason="w",
        evidence="event:1/x", links=["case:1"], at=NOW, by="drive", now=NOW,
    )  # fmt: skip
    Proposal.objects.filter(pk=fresh.pk).update(reply="x" * 19_000)
    with refused("too-much"):
        actions.object_to(proposal=fresh, text="They were bought. " * 90, by="anyone", now=NOW)


# --- promotion ------------------------------------------------------------------------------------


def test_priority_is_for_officials_whose_honours_hold(town: Town) -> None:
    def line(key: str, unit: str) -> people.OfficialDraft:
        return people.OfficialDraft(key, unit, "head", date(2023, 1, 1), name=f"Name of {key}")

    drafts = [line("a", "water"), line("b", "roads"), line("c", "tax")]
    people.put_officials(place=town.place, drafts=drafts, by=BY, now=NOW)
    a, b, c = (people_queries.official(town.place, key) for key in "abc")
    for official in (b, a, b):
        decided(town, "flag", official=official)
    decided(town, "flag", official=c, upheld=False)
    decided(town, "blame", official=c)
    rows = queries.promoting(town.place, NOW + 5 * DAY)
    assert [(one.official.key, len(one.honours), one.tenure.unit.key) for one in rows] == [
        ("b", 2, "roads"),
        ("a", 1, "water"),
    ]
    assert len(queries.record_of(c)) == 2, "the record has all, also what was not upheld"
