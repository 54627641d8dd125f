"""What follows from one event in several rooms: each thing once and by itself, whatever became of the others."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from leitai.apps.inspections.models import Round
from leitai.apps.ledger.models import Event
from leitai.apps.ledger.queries import data
from leitai.apps.merits.models import Proposal
from leitai.apps.occasions import actions as occasions
from leitai.apps.occasions import queries as meetings
from leitai.apps.occasions.models import Occasion
from leitai.apps.regimes.actions import load
from leitai.drive.house import FOLLOWS
from leitai.drive.models import Firing
from tests.apps import contest_town as contest
from tests.apps import rounds_town
from tests.factories import BY, DAY, HOUR, NOW, Town, build, text

pytestmark = pytest.mark.django_db

CALLED = '  - {on: contest.elected, do: propose flag for unit, source: "rule 21: and a flag"}\n'


def talk(place: Town) -> Occasion:
    """The talk that a round of inspection is opened for, in June."""
    return Occasion.objects.get(place=place.place, key="inspection-talk", nominal="2024-H1")


def planned() -> Town:
    place = rounds_town.town()
    occasions.plan(place=place.place, by=BY, now=NOW + 30 * DAY)
    return place


def fired(place: Town, kind: str, subject: str) -> set[str]:
    rows = Firing.objects.filter(event__place=place.place, event__kind=kind, event__subject=subject)
    return set(rows.values_list("rule", flat=True))


def test_a_round_that_cannot_be_opened_keeps_no_meeting_from_its_pack() -> None:
    place = planned()
    row = talk(place)
    later = text("town").replace("in_force: 2024-01-01", "in_force: 2024-06-28")
    load(place=place.place, text=later, by=BY, now=NOW)  # while the worker is away
    away = datetime(2024, 6, 29, tzinfo=UTC)
    assert row.at < away
    place.drive(away)
    assert not Round.objects.exists()
    assert meetings.kept(talk(place)) is not None, "the meeting has what it reads"
    failed = [data(one) for one in Event.objects.filter(kind="rule.failed")]
    assert {one["rule"] for one in failed} == {"house:rounds"}
    assert all(one["why"].startswith("Refused") for one in failed)
    assert fired(place, "occasion.due", f"occasion:{row.pk}") == {"house:meeting", "house:contests"}
    before = Event.objects.count()
    place.drive(away + DAY)
    assert Event.objects.filter(kind="rule.failed").count() == len(failed) and Event.objects.count() >= before


def test_what_can_be_done_of_it_is_done_once() -> None:
    place = planned()
    row = talk(place)
    place.drive(row.at)
    place.drive(row.at + HOUR)
    assert Round.objects.count() == 1 and not Event.objects.filter(kind="rule.failed").exists()
    assert fired(place, "occasion.due", f"occasion:{row.pk}") == {
        "house:meeting",
        "house:contests",
        "house:rounds",
    }


def test_what_is_alone_is_kept_as_it_always_was() -> None:
    for kind, deeds in FOLLOWS.items():
        names = set(deeds)
        assert names == {"house"} or (len(names) > 1 and all(one.startswith("house:") for one in names)), kind
        assert max(map(len, names)) <= 64


def test_an_honour_that_the_house_and_a_rule_both_bring_is_announced_once() -> None:
    book = text("town").replace("\nmerits:\n", contest.CONTESTS, 1) + CALLED
    place = build("town", regime=book)
    row, (water,) = contest.at_vote(place, "water")
    from leitai.apps.contests import actions

    for juror in contest.jurors(place):
        contest.cast(row, juror, water)
    actions.close(contest=row, by="drive", now=row.vote_until)
    place.drive(row.vote_until + HOUR)
    assert Event.objects.filter(kind="contest.elected").count() == 1
    made = Proposal.objects.get(merit="flag")
    assert f"nomination:{water.pk}" in made.links
    assert not Event.objects.filter(kind="rule.failed").exists()
