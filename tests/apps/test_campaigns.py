"""Campaigns: evidence by one and accepted by another, figures from what is reported, lights as of now."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.utils import translation
from openpyxl import load_workbook

from leitai.apps.campaigns import actions, queries
from leitai.apps.campaigns.models import Proof
from leitai.apps.campaigns.sheet import workbook
from tests.factories import NOW, Town, refused

from .campaigns_town import town

pytestmark = pytest.mark.django_db
CLERK, OFFICE = "account:clerk-town", "account:office-town"


@pytest.fixture
def place(db: None) -> Town:
    return town()


def offer(place: Town, goal: str = "open", by: str = CLERK, **more: str) -> Any:
    said = {"text": "Accepted on 2 April", "ref": "File 7"} | more
    return actions.offer(place=place.place, campaign="roads", goal=goal, **said, by=by, now=NOW)


def lights(place: Town) -> dict[str, str]:
    return {goal.key: goal.light.colour for one in queries.campaigns(place.place, NOW) for goal in one.goals}


def test_evidence_counts_when_another_has_accepted_it(place: Town) -> None:
    assert lights(place)["open"] == "none"
    proof = offer(place)
    assert lights(place)["open"] == "yellow"
    with refused("same-account"):
        actions.answer(proof=proof, accepted=True, by=CLERK, now=NOW)
    actions.answer(proof=proof, accepted=True, by=OFFICE, now=NOW)
    assert lights(place)["open"] == "done"
    assert [kind for kind in place.kinds() if kind.startswith("campaign.")] == [
        "campaign.shown",
        "campaign.answered",
    ]


def test_what_was_accepted_and_proves_wrong_is_refused_and_shown_anew(place: Town) -> None:
    proof = offer(place)
    actions.answer(proof=proof, accepted=True, by=OFFICE, now=NOW)
    with refused("shown-already"):
        offer(place, text="Another")
    with refused("no-reason"):
        actions.answer(proof=proof, accepted=False, by=OFFICE, now=NOW)
    actions.answer(proof=proof, accepted=False, reply="no seal", by=OFFICE, now=NOW)
    assert lights(place)["open"] == "yellow"
    with refused("answered"):
        actions.answer(proof=proof, accepted=True, by=OFFICE, now=NOW)
    offer(place, text="With the seal")
    assert Proof.objects.count() == 2 and len(queries.proofs(place.place, "roads")) == 2


def test_the_same_evidence_twice_is_one(place: Town) -> None:
    offer(place)
    assert not offer(place) and Proof.objects.count() == 1


def test_figures_are_read_and_never_typed_in(place: Town) -> None:
    with refused("by-figure"):
        offer(place, "paid")
    with refused("no-goal"):
        offer(place, "dreamt")
    with refused("no-evidence"):
        offer(place, ref=" ")
    place.reports("2024-02", {"water": 8, "tax": 3})
    place.reports("2024-03", {"water": 13})
    paid = next(one for one in queries.campaigns(place.place, NOW, "roads")[0].goals if one.key == "paid")
    assert (paid.value, paid.as_of, paid.light.colour) == (21, "2024-03", "done")
    assert lights(place)["spent"] == "green"
    place.reports("2024-03", {"tax": 3})
    assert lights(place)["spent"] == "red"


def test_counts_by_light_and_the_worst_first(place: Town) -> None:
    (roads, floor) = queries.campaigns(place.place, NOW)
    assert roads.counts == [("none", 2)] and (roads.done, roads.worst, floor.worst) == (0, "none", "none")


def test_the_workbook_has_a_line_for_each_goal(place: Town) -> None:
    offer(place, text="=1+1")
    with translation.override("en"):
        made = workbook(place.place, queries.campaigns(place.place, NOW), NOW)
    sheet = load_workbook(BytesIO(made)).active
    assert sheet is not None
    assert [row[2].value for row in sheet.iter_rows(min_row=3)] == ["Open", "Paid", "Not more"]
    assert (sheet["I3"].value, sheet["I3"].data_type) == ("=1+1", "s")


def test_a_place_without_campaigns_has_none(vale: Town) -> None:
    assert queries.campaigns(vale.place, NOW) == []
