"""What a reviewer decides of a bad verdict: a proposal, an appeal, an objection, each once, by a second person."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from leitai.apps.ballots import actions, queries
from leitai.apps.ballots.models import Ballot, Review
from leitai.apps.ledger.models import Event
from leitai.apps.ledger.queries import data
from leitai.rules.ledger import digest
from tests.factories import BY, DAY, HOUR, NOW, Town, at_once, build, refused

from .test_verification import PHONE, TRUE, WRONG, appointed, caller, drawn, finish, name, whole

VERSION = "Our records show nobody at the window that day"


def decide(town: Town, ballot: Ballot, role: str, *, granted: bool = True, **more: Any) -> Ballot:
    review = Review.objects.get(ballot=ballot, granted__isnull=True)
    form = {"reason": WRONG, "rule": "rule 7", "now": NOW} | more
    return actions.decide(review=review, granted=granted, by=name(town, role), **form)


# The reviewer


def doubted(town: Town) -> Ballot:
    return finish(drawn(town), "mistaken", WRONG)


def test_a_proposal_granted_sets_aside_and_stays_visible(town: Town) -> None:
    ballot = decide(town, doubted(town), "leader")
    assert (ballot.standing, ballot.reason) == ("set_aside", WRONG)
    review = Review.objects.get()
    assert (review.granted, review.rule, review.decided_by) == (True, "rule 7", name(town, "leader"))
    assert queries.rate(town.units["tax-window"], NOW.date(), NOW.date()).aside == 1
    whole(town)
    with refused("decided-already"):
        actions.decide(review=review, granted=False, reason=TRUE, rule="rule 7", by=BY, now=NOW)


def test_a_proposal_refused_finds_it_true(town: Town) -> None:
    ballot = decide(town, doubted(town), "leader", granted=False, reason=TRUE)
    assert (ballot.standing, ballot.reason, town.kinds()[-1]) == ("upheld", TRUE, "ballot.upheld")
    whole(town)


def test_a_decision_needs_a_reason_and_the_rule(town: Town) -> None:
    ballot = doubted(town)
    for form, code in (
        ({"reason": ""}, "no-reason"),
        ({"rule": " "}, "no-rule"),
        ({"rule": "无"}, "says-nothing"),
    ):
        with refused(code):
            decide(town, ballot, "leader", **form)


def test_the_caller_and_the_unit_decide_nothing(town: Town) -> None:
    ballot = doubted(town)
    role = caller(ballot).removeprefix("account:").removesuffix("-town")
    with refused("own-call"):
        decide(town, ballot, role)
    appointed(town, "leader-town", "clerk", "tax")
    with refused("own-unit"):
        decide(town, ballot, "leader")
    assert decide(town, ballot, "inspector").standing == "set_aside"


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_at_once_one_is_heard() -> None:
    from leitai.apps.ledger.errors import Refused

    town = build()
    ballot = doubted(town)

    def attempt(role: str, granted: bool) -> str:
        try:
            return decide(town, ballot, role, granted=granted).standing
        except (Refused, Review.DoesNotExist):
            return "refused"

    found = at_once(lambda: attempt("leader", True), lambda: attempt("inspector", False))
    assert found.count("refused") == 1
    ballot.refresh_from_db()
    assert ballot.standing in found
    whole(town)


# The unit's appeal


def appeal(town: Town, ballot: Ballot, text: str = VERSION, at: datetime = NOW) -> Review:
    return actions.appeal(ballot=ballot, text=text, by=name(town, "clerk"), now=at)


def test_an_appeal_granted_sets_aside_and_both_versions_are_kept(town: Town) -> None:
    ballot = finish(drawn(town, phone=PHONE))
    appeal(town, ballot)
    assert (queries.stage(ballot), Ballot.objects.get().standing) == ("appealed", "upheld")
    ballot = decide(town, ballot, "leader")
    assert ballot.standing == "set_aside"
    assert queries.words(ballot)[1] == "It was shut"
    assert [one.text for one in queries.reviews_of(ballot)] == [VERSION]
    assert VERSION not in Event.objects.get(kind="ballot.appealed").data
    whole(town)


def test_an_appeal_refused_leaves_it_and_there_is_no_second(town: Town) -> None:
    ballot = finish(drawn(town))
    appeal(town, ballot)
    ballot = decide(town, ballot, "leader", granted=False)
    assert (ballot.standing, ballot.reason, town.kinds()[-1]) == ("upheld", TRUE, "ballot.appeal_refused")
    with refused("asked-already"):
        appeal(town, ballot)


def test_an_appeal_has_its_days(town: Town) -> None:
    ballot = finish(drawn(town))
    last = queries.window(ballot, "appeal")
    assert (last.first, last.days) == (NOW.date(), 10)
    assert queries.check_appeal(ballot, last.end) is not None
    with refused("too-late"):
        appeal(town, ballot, at=last.end)
    with refused("no-reason"):
        appeal(town, ballot, "", at=last.end - HOUR)
    assert appeal(town, ballot, at=last.end - HOUR).ask == "appeal"


def test_a_verdict_whose_giver_was_not_reached_can_be_appealed(town: Town) -> None:
    ballot = finish(drawn(town), "unreachable", "")
    appeal(town, ballot)
    assert decide(town, ballot, "leader").standing == "set_aside"
    whole(town)


@pytest.mark.parametrize("stage", ["calling", "doubted", "set-aside", "answered"])
def test_nothing_else_can_be_appealed(town: Town, stage: str) -> None:
    ballot = drawn(town)
    if stage in ("doubted", "set-aside"):
        finish(ballot, "mistaken", WRONG)
    if stage == "set-aside":
        decide(town, ballot, "leader")
    if stage == "answered":
        actions.answer(ballot=finish(ballot), text="Two people at noon now", by=BY, now=NOW)
    assert queries.stage(Ballot.objects.get()) == stage
    with refused("wrong-stage"):
        appeal(town, ballot)


# The citizen's objection


def objection(ballot: Ballot, at: datetime = NOW, text: str = "It was your window, number 3") -> Review:
    return actions.object_to(ballot=ballot, text=text, by="anyone", now=at)


def test_an_objection_granted_brings_a_set_aside_verdict_back(town: Town) -> None:
    ballot = decide(town, doubted(town), "leader")
    objection(ballot)
    assert Ballot.objects.get().standing == "set_aside", "until it is decided"
    with refused("own-decision"):
        decide(town, ballot, "leader", reason=TRUE)
    ballot = decide(town, ballot, "inspector", reason=TRUE)
    assert (ballot.standing, ballot.reason, town.kinds()[-1]) == ("upheld", TRUE, "ballot.reinstated")
    whole(town)
    with refused("asked-already"):
        objection(ballot)


def test_a_unit_may_appeal_once_against_a_verdict_brought_back(town: Town) -> None:
    ballot = decide(town, doubted(town), "leader")
    objection(ballot)
    decide(town, ballot, "inspector", reason=TRUE, now=NOW + 9 * DAY)
    appeal(town, ballot, at=NOW + 19 * DAY)
    with refused("own-decision"):
        decide(town, ballot, "inspector")


def test_an_objection_refused_leaves_it_set_aside(town: Town) -> None:
    ballot = decide(town, doubted(town), "leader")
    objection(ballot)
    ballot = decide(town, ballot, "inspector", granted=False)
    assert (ballot.standing, town.kinds()[-1]) == ("set_aside", "ballot.objection_refused")


def test_an_objection_to_an_answer_makes_it_an_open_matter_again(town: Town) -> None:
    ballot = finish(drawn(town))
    with refused("wrong-stage"):
        objection(ballot)
    actions.answer(ballot=ballot, text="Two people at noon now", by=BY, now=NOW + DAY)
    window = queries.window(ballot, "objection")
    with refused("too-late"):
        objection(ballot, at=window.end)
    objection(ballot, at=NOW + 11 * DAY)
    ballot = decide(town, ballot, "leader", reason="It was shut again on the 15th")
    assert (ballot.standing, ballot.answer) == ("upheld", "")
    assert actions.answer(ballot=ballot, text="A third person", by=BY, now=NOW + 12 * DAY).answer
    whole(town)


def test_a_short_text_cannot_be_guessed_from_the_ledger(town: Town) -> None:
    """Whoever reads the ledger could hash what units and citizens are likely to say."""
    texts = ["Shut at noon", "Mended, sorry"]
    for _ in range(2):
        ballot = finish(drawn(town))
        appeal(town, ballot, texts[0])
        decide(town, ballot, "leader", granted=False)
        actions.answer(ballot=ballot, text=texts[1], by=BY, now=NOW)
        objection(ballot, text=texts[0])
    told = Event.objects.filter(kind__in=["ballot.appealed", "ballot.objected", "ballot.answered"])
    kept = [data(one).get("words") or data(one)["answer"] for one in told]
    assert len(set(kept)) == len(kept) == 6, "the same text is not seen to be the same"
    assert not set(kept) & {digest(text.encode()) for text in texts}


def test_an_answer_gives_way_to_an_appeal_that_is_granted_later(town: Town) -> None:
    ballot = finish(drawn(town))
    appeal(town, ballot)
    actions.answer(ballot=ballot, text="Two people at noon now", by=BY, now=NOW)
    ballot = decide(town, ballot, "leader")
    assert (ballot.standing, ballot.answer) == ("set_aside", "")


# What is public


def test_the_share_set_aside_and_the_findings_overturned_are_public(town: Town, vale: Town) -> None:
    kept, aside, back = drawn(town), drawn(town), drawn(town)
    appeal(town, finish(kept))
    decide(town, kept, "leader", granted=False)
    for ballot in (aside, back):
        finish(ballot, "mistaken", WRONG)
        decide(town, ballot, "leader")
    objection(back)
    decide(town, back, "inspector", reason=TRUE)
    day = NOW.date()
    found = queries.set_aside_shares(town.place, day, day)
    assert (found.aside.hits, found.aside.n, found.aside.few) == (1, 3, False)
    assert found.aside.low < found.aside.share < found.aside.high
    assert (found.overturned.hits, found.overturned.n) == (1, 2)
    assert queries.set_aside_shares(town.place, day, day, town.units["tax-window"]) == found
    nothing = queries.set_aside_shares(town.place, day, day, town.units["water"])
    assert (nothing.aside.n, nothing.aside.share, nothing.aside.few) == (0, None, True)
    assert queries.set_aside_shares(vale.place, day, day).aside.n == 0
    assert queries.set_aside_shares(town.place, day - DAY, day - DAY).overturned.n == 0
