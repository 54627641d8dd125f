"""Rows of contests that the database must refuse."""

from __future__ import annotations

from typing import Any

from leitai.apps.contests.models import (
    Challenge,
    Contest,
    Exhibit,
    Juror,
    Nomination,
    SecretBallot,
)
from leitai.apps.people.models import Official
from leitai.apps.people.seals import seal
from tests.apps.bad import again, bad, changed
from tests.factories import HOUR, NOW, Town


def contest(town: Town) -> Contest:
    return Contest.objects.create(
        place=town.place,
        key="doers",
        period="2024",
        title="Doers",
        seats=1,
        opened_at=NOW,
        opened_by="drive",
        nominations_until=NOW + HOUR,
        notice_until=NOW + 2 * HOUR,
        vote_until=NOW + 3 * HOUR,
    )


def nomination(town: Town, official: Any = None) -> Nomination:
    return Nomination.objects.create(
        contest=contest(town), unit=town.units["water"], official=official, why="much", by="a", at=NOW
    )


def official(town: Town) -> Official:
    return Official.objects.create(place=town.place, key="li", sealed=seal({"name": "Li"}))


def challenge(town: Town) -> Challenge:
    return Challenge.objects.create(nomination=nomination(town), text="no", by="anyone", at=NOW)


def juror(town: Town) -> Juror:
    return Juror.objects.create(contest=contest(town), account=town.posts["leader"].account)


def ballot(town: Town) -> SecretBallot:
    return SecretBallot.objects.create(id="1", contest=contest(town), choices=[], slip="s")


bad(Contest, "contest_once")(lambda t: again(contest(t)))
bad(Contest, "contest_stages_in_order")(lambda t: changed(contest(t), notice_until=NOW))
bad(Contest, "contest_closed_after_vote")(lambda t: changed(contest(t), closed_at=NOW, result="{}"))
bad(Nomination, "nomination_unit_once")(lambda t: again(nomination(t)))
bad(Nomination, "nomination_official_once")(
    lambda t: again(nomination(t, official(t)), unit=t.units["roads"])
)
bad(Nomination, "nomination_left_out_with_reason")(lambda t: changed(nomination(t), passed=False))
bad(Nomination, "nomination_elected_by_votes")(lambda t: changed(nomination(t), elected=True))
bad(Exhibit, "exhibit_says_what")(
    lambda t: Exhibit.objects.create(nomination=nomination(t), subject="case:1", text="")
)
bad(Challenge, "challenge_answered_whole")(lambda t: changed(challenge(t), answered_at=NOW))
bad(Juror, "juror_once")(lambda t: again(juror(t)))
bad(SecretBallot, "secret_ballot_slip_once")(lambda t: again(ballot(t), id="2"))
