"""A promise at a meeting is tested by the place's records before the next one: kept, missed, or cannot tell."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from leitai.apps.ledger.models import Event
from leitai.apps.ledger.queries import data
from leitai.apps.measures import actions as measures
from leitai.apps.measures.models import Reading
from leitai.apps.occasions import actions, queries
from leitai.apps.occasions.models import Commitment
from tests.factories import BY, DAY, HOUR, NOW, Town, refused

from .meeting_town import MAY, begun, meeting_town, promised, review


@pytest.fixture
def town(db: None) -> Town:
    """The town whose review takes promises."""
    return meeting_town()


def outcome(town: Town) -> Commitment:
    """The one promise, after the meeting of May."""
    begun(town, "2024-05")
    return Commitment.objects.get()


def told() -> list[dict[str, Any]]:
    """What the ledger says of every test."""
    return [data(event) for event in Event.objects.filter(kind="commitment.tested").order_by("id")]


@pytest.mark.parametrize(("value", "verdict"), [("9", "kept"), ("8.9", "missed")])
def test_a_figure_decides(town: Town, value: str, verdict: str) -> None:
    promised(town, begun(town))
    town.report("roads", "2024-04", value, at=MAY - 3 * DAY)
    row = outcome(town)
    assert (row.verdict, row.found) == (verdict, Decimal(value))
    assert row.why == f"Found {value}; promised was at least 9."
    (test,) = told()
    assert (test["commitment.verdict"], test["commitment.times"], test["unit.key"]) == (verdict, 1, "roads")
    assert Event.objects.get(kind="commitment.tested").at == MAY


def test_at_most_is_the_other_way(town: Town) -> None:
    promised(town, begun(town), sense="le")
    town.report("roads", "2024-04", 10, at=MAY - 3 * DAY)
    assert outcome(town).verdict == "missed"


def test_a_missing_figure_cannot_tell(town: Town) -> None:
    promised(town, begun(town))
    row = outcome(town)
    assert (row.verdict, row.found, row.why) == ("unknown", None, "The figure is missing.")


def test_a_disputed_figure_cannot_tell(town: Town) -> None:
    promised(town, begun(town))
    reading = town.report("roads", "2024-04", 12, at=MAY - 3 * DAY)
    measures.dispute(reading=reading, side="office", reason="Not arrived", by=BY, now=MAY - 2 * DAY)
    row = outcome(town)
    assert (row.verdict, row.why) == ("unknown", "The figure is disputed: 12.")


def test_a_part_that_is_missing_cannot_tell(town: Town) -> None:
    promised(town, begun(town), period="2024-Q2", due=date(2024, 7, 9))
    town.report("roads", "2024-04", 12, at=MAY - 3 * DAY)
    begun(town, "2024-07")
    row = Commitment.objects.get()
    assert (row.verdict, row.why) == ("unknown", "A part of the figure is missing: 12 so far.")


def test_it_is_not_tested_before_its_day_is_over(town: Town) -> None:
    promised(town, begun(town), due=date(2024, 5, 10))
    begun(town, "2024-05")
    assert Commitment.objects.get().verdict == ""
    begun(town, "2024-06")
    assert Commitment.objects.get().verdict == "unknown"
    begun(town, "2024-07")
    assert len(told()) == 1, "each is tested once"


def test_a_cancelled_meeting_leaves_the_test_to_the_next(town: Town) -> None:
    promised(town, begun(town))
    actions.cancel(occasion=review(town, "2024-05"), reason="A flood", by=BY, now=MAY - DAY)
    town.drive(MAY + HOUR)
    assert Commitment.objects.get().verdict == ""
    begun(town, "2024-06")
    assert Commitment.objects.get().verdict == "unknown"


def test_a_worker_that_was_away_tests_once_and_at_the_meetings_time(town: Town) -> None:
    promised(town, begun(town))
    town.drive(MAY + 3 * DAY)
    town.drive(MAY + 3 * DAY + HOUR)
    assert len(told()) == 1
    event = Event.objects.get(kind="commitment.tested")
    assert (event.at, event.noted_at) == (MAY, MAY + 3 * DAY)
    assert told()[0]["occasion"] == Commitment.objects.get().occasion_id


def test_a_correction_after_the_test_is_a_new_test_and_the_pack_stays(town: Town) -> None:
    promised(town, begun(town))
    reading = town.report("roads", "2024-04", 9, at=MAY - 3 * DAY)
    begun(town, "2024-05")
    pack = queries.content(queries.kept(review(town, "2024-05")))
    measures.correct(reading=reading, value=Decimal(4), why="Typed wrong", by=BY, now=MAY + DAY)
    town.drive(MAY + DAY)
    row = Commitment.objects.get()
    assert (row.verdict, row.found) == ("missed", Decimal(4))
    assert [(one["before"], one["commitment.verdict"]) for one in told()] == [
        ("", "kept"),
        ("kept", "missed"),
    ]
    assert [one.verdict for one in queries.tests(row)] == ["kept", "missed"]
    assert queries.content(queries.kept(review(town, "2024-05"))) == pack
    (again,) = _items(queries.kept(begun(town, "2024-06")))
    assert (again["verdict"], again["corrected"]) == ("missed", True), "the next meeting is told"


def _items(pack: Any) -> list[dict[str, Any]]:
    return next(one["items"] for one in queries.content(pack)["parts"] if one["part"] == "commitments")


def test_reporting_late_does_not_turn_missed_into_cannot_tell(town: Town) -> None:
    promised(town, begun(town), due=date(2024, 6, 9))
    late = town.report("roads", "2024-04", 8, at=MAY + 20 * DAY)
    assert late.late
    begun(town, "2024-06")
    assert Commitment.objects.get().verdict == "missed"


def test_a_figure_that_comes_after_the_test_is_tested(town: Town) -> None:
    promised(town, begun(town))
    begun(town, "2024-05")
    town.report("roads", "2024-04", 9, at=MAY + DAY)
    town.drive(MAY + DAY)
    assert Commitment.objects.get().verdict == "kept"
    assert Reading.objects.filter(period="2024-04").count() == 1


def test_evidence_is_shown_by_the_unit_and_accepted_by_another(town: Town) -> None:
    made = promised(town, begun(town), measure="", text="Mend Mill Lane")
    with refused("not-shown"):
        actions.accept(commitment=made, accepted=True, by="account:office", now=NOW + 2 * DAY)
    actions.show(commitment=made, evidence="Photo 12", by="account:clerk", now=NOW + 2 * DAY)
    with refused("own-evidence"):
        actions.accept(commitment=made, accepted=True, by="account:clerk", now=NOW + 2 * DAY)
    with refused("no-reason"):
        actions.accept(commitment=made, accepted=False, by="account:office", now=NOW + 2 * DAY)
    actions.accept(
        commitment=made, accepted=False, why="No date on it", by="account:office", now=NOW + 2 * DAY
    )
    actions.show(commitment=made, evidence="Photo 13, dated", by="account:clerk", now=NOW + 3 * DAY)
    actions.accept(commitment=made, accepted=True, by="account:office", now=NOW + 3 * DAY)
    assert outcome(town).verdict == "kept"


def test_the_last_instant_of_the_day_is_in_time_also_where_a_meeting_falls_on_it(town: Town) -> None:
    last = MAY.astimezone(town.place.zone)
    made = promised(town, begun(town), measure="", due=last.date())
    begun(town, "2024-05")
    assert Commitment.objects.get().verdict == "", "its day is not over when the meeting of that day begins"
    end = last.replace(hour=23, minute=59, second=59, microsecond=999_999)
    actions.show(commitment=made, evidence="Photo 12", by="account:clerk", now=end)
    actions.accept(commitment=made, accepted=True, by="account:office", now=end)
    begun(town, "2024-06")
    assert Commitment.objects.get().verdict == "kept"


def test_what_nobody_showed_is_missed_and_what_nobody_looked_at_cannot_tell(town: Town) -> None:
    row = begun(town)
    promised(town, row, measure="", unit="tax")
    shown = promised(town, row, measure="")
    actions.show(commitment=shown, evidence="Photo 12", by="account:clerk", now=NOW + 2 * DAY)
    begun(town, "2024-05")
    verdicts = {one.unit.key: one.verdict for one in Commitment.objects.select_related("unit")}
    assert verdicts == {"tax": "missed", "roads": "unknown"}
    with refused("tested-already"):
        actions.show(commitment=shown, evidence="Photo 13", by="account:clerk", now=MAY + DAY)
    actions.accept(commitment=shown, accepted=True, by="account:office", now=MAY + DAY)
    shown.refresh_from_db()
    assert shown.verdict == "kept", "the office was late, not the unit"


def test_what_was_not_kept_is_promised_again_once_and_counted(town: Town) -> None:
    first = promised(town, begun(town))
    row = begun(town, "2024-05")
    first.refresh_from_db()
    with refused("again-of-another"):
        promised(town, row, unit="tax", again=first, period="2024-05", due=date(2024, 6, 9))
    second = promised(town, row, again=first, period="2024-05", due=date(2024, 6, 9))
    assert (second.times, [one.pk for one in queries.chain(second)]) == (2, [second.pk, first.pk])
    with refused("again-already"):
        promised(town, row, again=first, period="2024-05", due=date(2024, 6, 9))
    (item,) = _items(queries.kept(begun(town, "2024-06")))
    assert (item["times"], item["first"], item["verdict"]) == (2, "2024-04-10", "unknown")
    assert told()[-1]["commitment.times"] == 2


def test_what_was_kept_is_not_promised_again(town: Town) -> None:
    first = promised(town, begun(town))
    town.report("roads", "2024-04", 9, at=MAY - DAY)
    row = begun(town, "2024-05")
    first.refresh_from_db()
    with refused("again-not-needed"):
        promised(town, row, again=first, period="2024-05", due=date(2024, 6, 9))


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("no-text", {"text": " "}),
        ("due-past", {"due": date(2024, 4, 10)}),
        ("no-measure", {"measure": "happiness"}),
        ("no-period", {"period": "soon"}),
        ("period-too-short", {"period": "2024-W16"}),
        ("due-in-period", {"due": date(2024, 4, 30)}),
        ("no-target", {"target": None}),
        ("no-target", {"sense": ""}),
        ("too-early", {"now": NOW - 5 * DAY}),
    ],
)
def test_what_could_never_be_tested_is_not_noted(town: Town, code: str, said: dict[str, Any]) -> None:
    row = begun(town)
    with refused(code):
        promised(town, row, **said)


def test_the_units_own_last_figure_is_known(town: Town) -> None:
    last = queries.last_value(town.units["roads"], "funds", date(2024, 4, 10))
    assert last is not None and (last.period.key, last.seen.value) == ("2024-03", Decimal(7))
    assert queries.last_value(town.units["tax-window"], "funds", date(2024, 4, 10)) is None


def test_before_the_meeting_its_page_says_what_a_test_would(town: Town) -> None:
    promised(town, begun(town))
    town.report("roads", "2024-04", 9, at=MAY - 3 * DAY)
    town.drive(MAY - HOUR)
    parts = queries.read(review(town, "2024-05"), MAY - HOUR, None)["parts"]
    (item,) = next(one["items"] for one in parts if one["part"] == "commitments")
    assert (item["verdict"], item["tested"]) == ("kept", None)
    assert Commitment.objects.get().verdict == ""


def test_one_places_promises_are_not_anothers(town: Town) -> None:
    other = meeting_town("vale")
    made = promised(town, begun(town))
    assert queries.commitment(other.place, made.pk) is None
    assert queries.all_commitments(other.place) == []
    begun(other, "2024-05")
    made.refresh_from_db()
    assert made.verdict == ""
