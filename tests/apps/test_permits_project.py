"""A start and its project: the enterprise's papers are held for it, and the project is told who holds it up."""

from __future__ import annotations

import pytest

from leitai.apps.permits import actions, queries
from leitai.apps.permits.models import Paper
from leitai.apps.projects.models import Project
from tests.factories import BY, DAY, NOW, Town, build, refused

from .projects_town import PARAGRAPH, project
from .start_town import PAPERS, grant, opened, permit, rules

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def place(db: None) -> Town:
    town = build("town", regime=rules().replace("\nmerits:\n", PARAGRAPH, 1))
    project(town)
    return town


def path() -> tuple[str, str, str]:
    row = Project.objects.get()
    return (row.path_unit.key if row.path_unit else "", row.path_what, row.path_ref)


def test_the_project_is_told_which_permit_holds_it_up_at_which_unit(place: Town) -> None:
    start = opened(place, project="P-1")
    ref = f"start:{start.pk}"
    assert path() == ("roads", "Land permit: papers of the enterprise", ref)
    for paper in PAPERS:
        actions.give_paper(start=start, key=paper, by="enterprise:firm", now=NOW)
    place.drive(NOW)
    assert path() == ("roads", "Land permit", ref)
    grant(place, start, "land", at=NOW + DAY)
    assert path() == ("tax", "Energy review", ref), (
        "ten workdays from the tenth come after eight from the eleventh"
    )
    grant(place, start, "energy", at=NOW + 2 * DAY)
    assert path() == ("roads", "Planning permit", ref)
    grant(place, start, "planning", at=NOW + 2 * DAY)
    assert path() == ("water", "Construction permit", ref)
    grant(place, start, "construction", at=NOW + 3 * DAY)
    assert path() == ("", "", "")
    actions.withdraw(permit=permit(start, "planning"), why="A mistake", by=BY, now=NOW + 4 * DAY)
    place.drive(NOW + 4 * DAY)
    assert path() == ("roads", "Planning permit", ref)
    (line,) = queries.of_project(place.place, "P-1", NOW + 4 * DAY)
    assert (line.start, line.holder) == (start, "Roads Bureau")


def test_papers_of_the_same_project_are_held_already(place: Town) -> None:
    older = opened(place, "licence", "contract", project="P-1")
    assert older.enterprise == place.firm, "the project's own, where none is named"
    actions.return_paper(
        paper=Paper.objects.get(start=older, key="contract"), why="Not signed", by=BY, now=NOW
    )
    newer = opened(place, project="P-1", title="A second hall")
    assert [row.key for row in newer.papers.all()] == ["licence"]
    assert newer.papers.get().taken_from.start == older  # type: ignore[union-attr]
    with refused("paper-there"):
        actions.give_paper(start=newer, key="licence", by=BY, now=NOW)
