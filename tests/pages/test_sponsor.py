"""A leader's own page: what needs them at the top, late first; a stuck permit, a promise of their units, a problem."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from leitai.apps.chains import actions as chains
from leitai.apps.occasions import actions as occasions
from leitai.apps.occasions.models import Commitment
from tests.apps import chains_town, projects_town, start_town
from tests.apps.meeting_town import MARCH, OWN, REVIEW, begun, promised
from tests.factories import BY, NOW, Town, build

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(db: None) -> Town:
    """A town that has meetings, projects, starts and chains; the firm's sponsor is its leader, its liaison water."""
    book = start_town.rules().replace(REVIEW, OWN.rstrip("\n"))
    for more in (projects_town.PARAGRAPH, chains_town.PARAGRAPH):
        book = book.replace("\nmerits:\n", more, 1)
    town = build(regime=book)
    town.reports("2024-03", MARCH)
    occasions.plan(place=town.place, by="drive", now=NOW)
    return town


@pytest.fixture
def look(place: Town) -> Callable[[str], str]:
    """The page as someone of a role reads it."""

    def read(role: str) -> str:
        client = Client(headers={"accept-language": "en"})
        client.force_login(place.posts[role].account)
        answer = client.get(f"/{place.place.key}/sponsor")
        assert answer.status_code == 200
        return unescape(answer.content.decode()).split("<main")[1]

    return read


def first(text: str) -> str:
    """What stands under “Needs me first”; empty where nothing does."""
    return text.split('id="needs"')[1].split("</section>")[0] if 'id="needs"' in text else ""


def test_problems_permits_and_promises_that_are_late_come_first(
    place: Town, look: Callable[[str], str]
) -> None:
    place.case("question", title="No water on the site", enterprise=place.firm)
    start_town.opened(place, *start_town.PAPERS)
    promised(place, begun(place), unit="water", text="Pipes laid to the plant")
    needs = first(look("leader"))
    for words in ("No water on the site", "Land permit", "Energy review", "Pipes laid to the plant"):
        assert needs.count(words) == 1
    assert "Roads Bureau" in needs, "who holds the permit"
    assert "4 matters need me. 4 of them are late." in look("leader")


def test_what_is_another_s_needs_nobody_else(place: Town, look: Callable[[str], str]) -> None:
    start_town.opened(place, *start_town.PAPERS, enterprise=None)
    promised(place, begun(place), unit="tax", text="The bridge is open")
    assert first(look("leader")) == "" and "The bridge is open" not in look("leader")
    assert "No enterprise and no project" in look("office")


def test_a_start_that_waits_for_papers_is_no_late_one(place: Town, look: Callable[[str], str]) -> None:
    start_town.opened(place, at=timezone.now())
    text = look("leader")
    assert "waits for papers" in text and "1 of 1 starts" in text
    assert "needs me." in text and "late" not in text.split("lead")[1].split("</p>")[0]


@pytest.mark.parametrize(("days", "top", "late"), [(-1, True, True), (0, True, False), (8, False, False)])
def test_a_promise_is_late_once_its_day_is_over_and_comes_up_a_week_before(
    place: Town, look: Callable[[str], str], days: int, top: bool, late: bool
) -> None:
    row = promised(place, begun(place), unit="water", text="Pipes laid")
    today = place.place.now(timezone.now()).astimezone(place.place.zone).date()
    Commitment.objects.filter(pk=row.pk).update(due=today + timedelta(days=days))
    text = look("leader")
    assert ("Pipes laid" in first(text)) is top and "Pipes laid" in text
    assert ('"light red"' in first(text) or "late</span>" in first(text)) is late


def test_what_was_shown_waits_for_the_office_and_not_for_the_leader(
    place: Town, look: Callable[[str], str]
) -> None:
    row = promised(
        place, begun(place), unit="water", text="Pipes laid", measure="", period="", sense="", target=None
    )
    assert "Pipes laid" in first(look("leader"))
    occasions.show(commitment=row, evidence="Photo of the pipes", by="account:water", now=NOW)
    assert first(look("leader")) == "" and "Pipes laid" in look("leader")


def test_a_chief_finds_the_gaps_of_the_own_chains(place: Town, look: Callable[[str], str]) -> None:
    chains.put_chain(place=place.place, chain="metal", data=chains_town.data(), by=BY, now=NOW)
    chains_town.gap(place, due=str(date(2024, 6, 30)))
    assert "One maker of tyres" in first(look("leader"))
