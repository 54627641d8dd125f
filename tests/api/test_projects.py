"""Projects over the interface: read by their own, sums noted once, milestones reached with what shows it."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from leitai.apps.projects.models import Amount, Project
from tests.apps.projects_town import planned, project
from tests.apps.projects_town import town as built
from tests.factories import Town

from .conftest import keyed

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(db: None) -> Town:
    """A place with two projects, of two units."""
    found = built()
    planned(project(found))
    project(found, "P-2", values={"unit": found.units["roads"]})
    return found


def today() -> str:
    return datetime.now(UTC).date().isoformat()


def test_projects_are_read_page_by_page(place: Town) -> None:
    system = keyed(place, "platform", "projects:read")
    told = system.get("projects", limit=1).json()
    assert [one["code"] for one in told["projects"]] == ["P-1"] and told["more"]
    told = system.get("projects", after="P-1").json()
    assert [one["code"] for one in told["projects"]] == ["P-2"] and not told["more"]
    one = system.get("projects/P-1").json()
    assert one["planned"] in ("150000000.00", 150000000.0) and one["milestones"][0]["key"] == "start"
    assert system.get("projects/P-9").json()["code"] == "unknown-project"
    assert system.post("projects/P-1/sums", {"on": today(), "source": "bank"}).status_code == 403


def test_a_units_key_sees_and_reports_its_own_alone(place: Town) -> None:
    bureau = keyed(place, "bureau", "projects:read", "projects:report", unit="water")
    assert [one["code"] for one in bureau.get("projects").json()["projects"]] == ["P-1"]
    assert bureau.get("projects/P-2").status_code == 404
    said = {"on": today(), "source": "bank", "arrived": "1000.50"}
    assert bureau.post("projects/P-2/sums", said).status_code == 404
    for _ in range(2):
        assert bureau.post("projects/P-1/sums", said).status_code == 200
    assert Amount.objects.filter(what="arrived").count() == 1
    assert Project.objects.get(code="P-1").arrived == Decimal("1000.50")
    assert bureau.post("projects/P-1/sums", said | {"arrived": -1}).status_code in (400, 422)


def test_a_milestone_is_reached_once_with_words(place: Town) -> None:
    system = keyed(place, "machine", "projects:report")
    said = {"on": today(), "evidence": "Photo 7"}
    assert system.post("projects/P-1/milestones/none", said).status_code == 404
    assert system.post("projects/P-1/milestones/start", {"on": today(), "evidence": ""}).status_code in (
        400,
        422,
    )
    assert system.post("projects/P-1/milestones/start", said).status_code == 200
    assert system.post("projects/P-1/milestones/start", said).status_code == 422
