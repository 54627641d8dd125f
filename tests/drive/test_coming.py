"""When the drive has something to do next: nothing that falls due is jumped over, of this place and no other."""

from __future__ import annotations

from datetime import timedelta

import pytest

from leitai.apps.occasions import actions as occasions
from leitai.apps.occasions.models import Occasion
from leitai.drive.coming import next_due
from tests.factories import BY, NOW, build

pytestmark = pytest.mark.django_db


def test_the_clock_of_a_case_is_next_until_it_ran() -> None:
    town = build("town")
    assert next_due(town.place, NOW) is None
    case = town.case("question")
    due = [row.next_at for row in case.clocks.filter(next_at__isnull=False)]
    assert due and next_due(town.place, NOW) == min(due)
    assert next_due(town.place, max(due)) is None


def test_a_planned_occasion_is_next_and_no_other_places() -> None:
    town, other = build("town"), build("other")
    occasions.plan(place=town.place, by=BY, now=NOW)
    first = Occasion.objects.filter(place=town.place).order_by("at").first()
    assert first is not None
    found = next_due(town.place, NOW)
    assert found is not None and NOW < found <= first.at
    assert next_due(other.place, NOW) is None
    assert next_due(town.place, first.at + timedelta(days=4000)) is None
