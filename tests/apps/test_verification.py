"""How a bad verdict is called back: by whom the draw says, never by the unit, and found against by nobody alone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from leitai.apps.ballots import actions, queries, tallies
from leitai.apps.ballots.models import Ballot, CallBack, Review
from leitai.apps.ballots.queries import verification as look
from leitai.apps.ledger.actions import UNCHANGED
from leitai.apps.ledger.models import Event
from leitai.apps.ledger.queries import data
from leitai.apps.people import actions as people
from leitai.rules.ballots.calling import draw, seed_of
from tests.factories import BY, DAY, HOUR, NOW, Town, refused

PHONE = "13900001234"
TRUE = "The window was shut at noon, as the rota shows"
WRONG = "The citizen meant the office next door"


def drawn(town: Town, *, phone: str = "", at: datetime = NOW) -> Ballot:
    """A bad verdict for which the drive drew a caller, with a telephone number if one is given."""
    ballot = town.verdict(at=at)
    if phone:
        actions.add_words(ballot=ballot, words="It was shut", phone=phone, by="anyone", now=at)
    town.drive(at)
    return ballot


def caller(ballot: Ballot) -> str:
    return f"account:{queries.call_of(ballot).caller.username}"


def finish(ballot: Ballot, outcome: str = "upheld", reason: str = TRUE, **more: Any) -> Ballot:
    by = more.pop("by", None) or caller(ballot)
    return actions.finish_call(
        ballot=ballot, outcome=outcome, reason=reason, by=by, now=more.pop("now", NOW), **more
    )


def name(town: Town, role: str) -> str:
    return f"account:{town.posts[role].account.username}"


def whole(town: Town) -> None:
    """The kept counts are those of the verdicts themselves."""
    assert tallies.kept(town.place) == tallies.recounted(town.place)


# Who calls


def test_a_caller_is_drawn_by_the_events_link_and_anyone_can_draw_again(town: Town) -> None:
    ballot = drawn(town)
    call = CallBack.objects.get()
    told = Event.objects.get(kind="ballot.call_drawn")
    link = Event.objects.get(kind="ballot.bad").link
    seed = seed_of(town.place.key, ballot.index, link)
    assert call.seed == data(told)["seed"] == seed.hex()
    assert data(told)["drawn"] == draw(data(told)["marks"], seed)
    assert len(data(told)["marks"]) == len(queries.candidates(ballot)) == 2
    assert call.caller.username not in told.data, "the ledger does not tell the unit who calls"
    assert look.stage(ballot) == "calling"


def test_over_many_verdicts_everybody_who_may_call_is_drawn(town: Town) -> None:
    for _ in range(30):
        town.verdict()
    town.drive()
    names = {call.caller.username for call in CallBack.objects.select_related("caller")}
    assert names == {f"{role}-town" for role in ("office", "patrol")}


def appointed(town: Town, username: str, role: str, unit: str | None) -> None:
    people.appoint(
        place=town.place,
        username=username,
        role=role,
        unit=town.units[unit] if unit else None,
        password="pass the long way",
        by=BY,
        now=NOW,
    )


@pytest.mark.parametrize(
    ("unit", "away"),
    [("tax-window", True), ("tax", True), ("water", False), (None, False)],
)
def test_whoever_is_posted_at_the_unit_or_above_it_is_not_drawn(
    town: Town, unit: str | None, away: bool
) -> None:
    appointed(town, "mei", "patrol", None)
    if unit:
        appointed(town, "mei", "clerk", unit)
    ballot = town.verdict()
    assert ("mei" in queries.candidates(ballot)) is not away
    assert look.near(town.place, ballot.unit, "mei") is away


def test_whoever_is_posted_below_the_unit_is_not_drawn(town: Town) -> None:
    appointed(town, "mei", "patrol", "tax-window")
    assert "mei" not in queries.candidates(town.verdict("tax"))
    assert "mei" in queries.candidates(town.verdict("water"))


def test_whoever_left_or_belongs_elsewhere_is_not_drawn(town: Town, vale: Town) -> None:
    account = town.posts["patrol"].account
    account.is_active = False
    account.save()
    assert queries.candidates(town.verdict()) == ["office-town"]


def test_where_nobody_can_be_drawn_the_office_is_told_and_draws_later(town: Town) -> None:
    for role in ("office", "patrol"):
        appointed(town, f"{role}-town", "clerk", "tax")
    ballot = drawn(town)
    assert town.kinds().count("ballot.call_undrawn") == 1
    assert list(look.undrawn(town.place)) == [ballot] and not CallBack.objects.exists()
    appointed(town, "mei", "patrol", None)
    actions.pass_on(ballot=ballot, reason="Mei joined the patrol team", by="account:boss", now=NOW)
    town.drive()
    assert caller(ballot) == "account:mei"
    assert not look.undrawn(town.place).exists()


def test_a_call_passed_on_goes_to_somebody_else_by_a_new_draw(town: Town) -> None:
    ballot = drawn(town)
    first, seed = caller(ballot), CallBack.objects.get().seed
    with refused("no-reason"):
        actions.pass_on(ballot=ballot, reason=" ", by=BY, now=NOW)
    actions.pass_on(ballot=ballot, reason="On leave until May", by=BY, now=NOW)
    with refused("being-drawn"):
        actions.pass_on(ballot=ballot, reason="On leave until May", by=BY, now=NOW)
    town.drive()
    call = CallBack.objects.get()
    assert caller(ballot) != first and call.seed != seed
    assert [note.text for note in look.passed_on(ballot)] == ["On leave until May"]
    with refused("not-drawn"):
        finish(ballot, by=first)


def test_a_clerk_of_the_unit_passes_no_call_on(town: Town) -> None:
    ballot = drawn(town)
    appointed(town, "mei", "clerk", "tax")
    with refused("own-unit"):
        actions.pass_on(ballot=ballot, reason="She is our friend", by="account:mei", now=NOW)


# The call


def test_only_the_drawn_caller_says_what_was_found(town: Town) -> None:
    ballot = drawn(town)
    for by in {name(town, "office"), name(town, "patrol"), name(town, "clerk"), "anyone"} - {caller(ballot)}:
        with refused("not-drawn"):
            finish(ballot, by=by)
        with refused("not-drawn"):
            actions.try_call(ballot=ballot, nth=1, by=by, now=NOW)


def test_a_verdict_found_true_counts_so_at_once(town: Town) -> None:
    ballot = finish(drawn(town), note="She said it was noon")
    assert (ballot.standing, ballot.reason) == ("upheld", TRUE)
    call = CallBack.objects.get()
    assert (call.outcome, call.done_at) == ("upheld", NOW)
    assert b"noon" not in bytes(call.note)
    assert [note.text for note in look.notes(call)] == ["She said it was noon"]
    assert "noon" not in Event.objects.get(kind="ballot.upheld").data.replace(TRUE, "")
    whole(town)
    with refused("wrong-stage"):
        finish(ballot)


@pytest.mark.parametrize("outcome", ["not-upheld", "mistaken", "malicious", "out-of-remit"])
def test_what_speaks_against_the_citizen_goes_to_a_reviewer_and_counts_until_then(
    town: Town, outcome: str
) -> None:
    ballot = finish(drawn(town), outcome, WRONG)
    assert (ballot.standing, ballot.reason) == ("counted", "")
    review = Review.objects.get()
    assert (review.ask, review.text, review.opened_by) == ("proposal", WRONG, caller(ballot))
    assert town.kinds()[-1] == "ballot.doubted"


def test_a_finding_needs_an_outcome_and_a_reason_that_says_something(town: Town) -> None:
    ballot = drawn(town)
    for outcome, reason, code in (
        ("", TRUE, "unknown-outcome"),
        ("settled", TRUE, "unknown-outcome"),
        ("upheld", "  ", "no-reason"),
        ("mistaken", "情况不属实", "says-nothing"),
    ):
        with refused(code):
            finish(ballot, outcome, reason)


def test_good_verdicts_and_imported_ones_are_nobodys_to_verify(town: Town) -> None:
    good = town.verdict(grade="satisfied")
    record = actions.BallotRecord("1", town.units["tax"].pk, "dissatisfied", NOW)
    actions.import_ballots(place=town.place, source="old", records=[record], by=BY, now=NOW)
    town.drive()
    for ballot in (good, Ballot.objects.get(source="old")):
        assert queries.stage(ballot) is None
        with refused("not-bad"):
            finish(ballot, by="anyone")


def test_not_reached_is_said_after_three_tries_and_the_verdict_counts(town: Town) -> None:
    ballot = drawn(town, phone=PHONE)
    for nth in (1, 2):
        actions.try_call(
            ballot=ballot, nth=nth, note=f"No answer, {nth}", by=caller(ballot), now=NOW + nth * HOUR
        )
    with refused("tries-left"):
        finish(ballot, "unreachable", "")
    with refused("noted-already"):
        actions.try_call(ballot=ballot, nth=2, by=caller(ballot), now=NOW + 2 * HOUR)
    actions.try_call(ballot=ballot, nth=3, by=caller(ballot), now=NOW + 3 * HOUR)
    ballot = finish(ballot, "unreachable", "")
    assert (ballot.standing, queries.stage(ballot)) == ("counted", "unreached")
    assert [note.text for note in look.notes(CallBack.objects.get())] == ["No answer, 1", "No answer, 2"]
    assert not look.open_calls(town.place).exists() and not look.undrawn(town.place).exists()
    whole(town)


def test_where_no_number_was_left_nobody_is_made_to_dial_it_thrice(town: Town) -> None:
    assert finish(drawn(town), "unreachable", "").standing == "counted"


def test_a_call_shows_by_when_the_rule_book_wants_it(town: Town) -> None:
    ballot = drawn(town)
    clock = look.call_clocks([ballot])[ballot.pk]
    assert (clock.key, clock.due) == ("call-back", NOW + DAY)


def test_the_oldest_call_comes_first_and_a_place_sees_its_own(town: Town, vale: Town) -> None:
    second, first = drawn(town), drawn(town, at=NOW - HOUR)
    assert [call.ballot for call in look.open_calls(town.place)] == [first, second]
    assert list(look.open_calls(town.place, "no such unit")) == []
    assert [call.ballot for call in look.open_calls(town.place, "tax")] == [first, second]
    assert not look.open_calls(vale.place).exists()


# What is purged


def test_notes_of_calls_are_purged_with_their_purpose_and_what_was_found_stays(town: Town) -> None:
    ballot = finish(drawn(town), note="She said it was noon")
    other = finish(drawn(town), "mistaken", WRONG, note="He laughed")
    late = NOW + 181 * DAY
    assert actions.purge_notes(place=town.place, by="drive", now=NOW + 179 * DAY) is UNCHANGED
    assert actions.purge_notes(place=town.place, by="drive", now=late) == 1, (
        "a reviewer still looks at the other"
    )
    assert look.notes(queries.call_of(ballot)) == []
    assert [note.text for note in look.notes(queries.call_of(other))] == ["He laughed"]
    assert (queries.call_of(ballot).outcome, ballot.reason) == ("upheld", TRUE)
