"""The demonstration's letters: signed by both sides with the seeded targets, so that a page shows path and forecast."""

from __future__ import annotations

from decimal import Decimal

import pytest

from leitai.apps.ledger.models import Event
from leitai.apps.measures import queries
from leitai.apps.measures.actions import ReadingRecord, import_readings
from leitai.apps.regimes.queries import regime_on
from leitai.demo.letters import put_letters
from leitai.demo.script import DemoError, LettersScript
from tests.factories import BY, NOW, Town

pytestmark = pytest.mark.django_db
SCRIPT = LettersScript(year="2023", units=("water", "roads"), measures=("funds",))


def records(town: Town, *months: int, unit: str = "water") -> list[ReadingRecord]:
    """Figures of months of 2023, each with its target."""
    return [
        ReadingRecord(
            f"{unit}-{month}", town.units[unit].pk, "funds", f"2023-{month:02}", value=Decimal(9), target=Decimal(month)
        )
        for month in months
    ]  # fmt: skip


def test_a_letter_states_the_seeded_targets_and_asks_for_the_rest_as_before(town: Town) -> None:
    figures = records(town, *range(1, 12)) + records(town, 1, 2, unit="roads")
    import_readings(place=town.place, source="sample", records=figures, by=BY, now=NOW)
    assert put_letters(town.place, SCRIPT, figures, NOW) == 2
    assert put_letters(town.place, SCRIPT, figures, NOW) == 0, "once"
    water, _roads = queries.letters(town.place).order_by("id")
    assert water.signed and water.unit_by != water.office_by
    targets = {period: target for _measure, period, target in queries.terms_of(water)}
    assert len(targets) == 12 and targets["2023-03"] == 3 and targets["2023-12"] == 11
    assert Event.objects.filter(kind="letter.signed").count() == 2
    today = water.office_at.replace(year=2023, month=12, day=30).date()
    (one,) = queries.progress(water, regime_on(town.place, today), today)
    assert one.forecast is not None and one.target == 77 and one.steps[10].so_far == 99


def test_a_letter_of_a_unit_with_no_seeded_target_says_so(town: Town) -> None:
    with pytest.raises(DemoError, match="roads was seeded with no target of funds"):
        put_letters(town.place, SCRIPT, records(town, 1), NOW)
    with pytest.raises(DemoError, match="no unit moon"):
        put_letters(town.place, SCRIPT.model_copy(update={"units": ("moon",)}), [], NOW)
    assert not queries.letters(town.place).exists()
