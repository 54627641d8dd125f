"""A meeting: who speaks is asked, its pack is kept when it is due, minutes are taken, and it is held."""

from __future__ import annotations

import json
from typing import Any

import pytest

from leitai.apps.ledger.actions import UNCHANGED
from leitai.apps.ledger.models import Event
from leitai.apps.ledger.queries import data
from leitai.apps.occasions import actions, queries
from leitai.apps.occasions.models import Minute, Pack, Statement
from tests.factories import BY, DAY, HOUR, MINUTE, NOW, Town, refused

from .meeting_town import MARCH, begun, meeting_town, promised, review


@pytest.fixture
def town(db: None) -> Town:
    """The town whose review has people speak."""
    return meeting_town()


def part(pack: Pack | None, name: str) -> dict[str, Any]:
    """A part of what was kept."""
    assert pack is not None
    return next(one for one in queries.content(pack)["parts"] if one["part"] == name)


def test_who_speaks_is_asked_when_the_meeting_opens_and_once(town: Town) -> None:
    town.drive(NOW)
    row = review(town)
    asked = queries.statements_of(row)
    assert [(one.turn, one.unit.key, one.kind) for one in asked] == [
        (1, "water", "experience"),
        (2, "tax", "statement"),
    ]
    assert "others not called who cannot be told from it: 1" in asked[1].why, "harbour is as far back"
    assert asked[0].why.startswith("Works Mar 2024: named among the best: rank 1 of 3 (1–1); ")
    assert asked[0].due == row.at
    assert actions.ask_statements(occasion=row, by="drive", now=NOW + HOUR) is UNCHANGED
    told = Event.objects.filter(kind="statement.asked", subject=f"occasion:{row.pk}")
    assert [data(one)["unit.key"] for one in told.order_by("id")] == ["water", "tax"]


def test_nobody_is_asked_without_a_table(db: None) -> None:
    from leitai.apps.occasions.actions import plan

    from .meeting_town import build, rules

    town = build("town", regime=rules())
    plan(place=town.place, by="drive", now=NOW)
    row = begun(town)
    assert not Statement.objects.exists()
    assert [one["part"] for one in queries.content(queries.kept(row))["parts"]] == ["commitments", "words"]


def test_a_statement_is_handed_in_anew_until_the_meeting_begins(town: Town) -> None:
    town.drive(NOW)
    row = queries.statements_of(review(town))[1]

    def give(text: str, now: Any) -> Statement:
        return actions.give_statement(statement=row, text=text, by=BY, now=now)

    with refused("no-text"):
        give("  ", NOW)
    give("We were slow", NOW + HOUR)
    assert give("We were slow and will be faster", NOW + 2 * HOUR).text == "We were slow and will be faster"
    with refused("given-already"):
        give("Otherwise", row.occasion.at)
    late = queries.statements_of(review(town))[0]
    actions.give_statement(statement=late, text="How we did it", by=BY, now=late.due + MINUTE)
    assert data(Event.objects.filter(kind="statement.given").latest("id"))["late"] is True


def test_the_pack_is_kept_when_the_meeting_falls_due_and_never_changes(town: Town) -> None:
    town.drive(NOW)
    live = queries.read(review(town), NOW, None)
    assert queries.kept(review(town)) is None
    row = begun(town)
    kept = queries.kept(row)
    assert kept is not None and queries.holds(kept)
    assert [one["part"] for one in live["parts"]] == [one["part"] for one in queries.content(kept)["parts"]]
    later = row.at + 25 * DAY
    town.reports("2024-04", dict.fromkeys(MARCH, 10), at=later)
    town.table("works", "2024-04", at=later)
    assert queries.content(queries.kept(row)) == queries.content(kept)  # type: ignore[arg-type]
    assert actions.make_pack(occasion=row, by="drive", now=later) is UNCHANGED
    assert data(Event.objects.get(kind="pack.made"))["digest"] == kept.digest


def test_a_pack_that_was_altered_no_longer_holds(town: Town) -> None:
    pack = queries.kept(begun(town))
    assert pack is not None
    pack.content = pack.content.replace("water", "wader")
    assert not queries.holds(pack)


def test_every_line_of_the_pack_names_what_it_rests_on(town: Town) -> None:
    case = town.case("finding", None)
    town.move(case, "dispatch", "office", unit="tax")
    elsewhere = town.case("finding", None)
    town.move(elsewhere, "dispatch", "office", unit="north")
    row = review(town)
    pack = queries.read(row, NOW + 10 * DAY, None)
    by_part = {one["part"]: one for one in pack["parts"]}
    table = town_table(town)
    assert [one["table"] for one in by_part["standings"]["tables"]] == [table.pk]
    bureaus = next(one for one in by_part["standings"]["tables"][0]["groups"] if one["key"] == "bureaus")
    assert [(one["unit"]["key"], one["low"], one["rank"], one["high"]) for one in bureaus["lines"]] == [
        ("water", 1, 1, 1),
        ("roads", 2, 2, 2),
        ("tax", 3, 3, 3),
    ]
    assert [one["case"] for one in by_part["cases"]["items"]] == [case.ref], "only of the units that come"
    assert "changes" not in by_part, "there is no table of the month before"


def town_table(town: Town) -> Any:
    from leitai.apps.tables.models import Table

    return Table.objects.get(place=town.place, arena="works", period="2024-03")


def test_what_followed_is_told_at_the_next_meeting(town: Town) -> None:
    town.drive(NOW)
    first = queries.statements_of(review(town))[1]
    actions.give_statement(statement=first, text="We will be faster", by=BY, now=NOW)
    row = begun(town)
    actions.hold(occasion=row, note="Done", nothing=True, by=BY, now=row.at + HOUR)
    april = {**MARCH, "tax": 8}
    town.reports("2024-04", april, at=row.at + 25 * DAY)
    town.table("works", "2024-04", at=row.at + 25 * DAY)
    followed = part(queries.kept(begun(town, "2024-05")), "statements")["followed"]
    moved = {one["unit"]["key"]: one for one in followed}
    assert (moved["tax"]["gained"], moved["tax"]["noise"], moved["tax"]["said"]) == (1, False, True)
    assert (moved["water"]["gained"], moved["water"]["noise"], moved["water"]["said"]) == (0, True, False)


def test_minutes_are_of_a_part_and_the_last_note_stands(town: Town) -> None:
    row = begun(town)

    def note(text: str, part: str = "cases", now: Any = None) -> Minute:
        return actions.note(occasion=row, part=part, text=text, by=BY, now=now or row.at + HOUR)

    note("First")
    note("Second", now=row.at + HOUR + MINUTE)
    assert [one.text for one in queries.minutes_of(row)["cases"]] == ["Second", "First"]
    with refused("no-part"):
        note("Third", "dinner")
    with refused("no-minutes"):
        note(" ")
    actions.hold(occasion=row, nothing=True, by=BY, now=row.at + 2 * HOUR)
    with refused("held-already"):
        note("Afterwards", now=row.at + 3 * HOUR)


def test_it_is_held_only_with_minutes_and_with_a_word_on_promises(town: Town) -> None:
    row = begun(town)

    def hold(**more: Any) -> Any:
        return actions.hold(occasion=row, by=BY, now=row.at + HOUR, **more)

    with refused("no-minutes"):
        hold(nothing=True)
    with refused("no-commitments"):
        hold(note="We met")
    promised(town, row)
    held = hold(note="We met")
    assert (held.state, held.note) == ("held", "We met")
    assert data(Event.objects.get(kind="occasion.held"))["commitments"] == 1
    with refused("held-already"):
        hold(note="Again")


def test_one_that_was_held_before_the_drive_told_of_it_has_no_pack(town: Town) -> None:
    row = review(town)
    actions.tell_due(place=town.place, by="drive", now=row.at)
    actions.hold(occasion=row, note="We met", nothing=True, by=BY, now=row.at + MINUTE)
    town.drive(row.at + HOUR)
    assert queries.kept(row) is None


def test_a_cancelled_meeting_takes_no_minutes_and_makes_no_pack(town: Town) -> None:
    row = review(town)
    actions.cancel(occasion=row, reason="A flood", by=BY, now=NOW)
    town.drive(row.at + HOUR)
    with refused("cancelled-already"):
        actions.note(occasion=row, part="words", text="x", by=BY, now=row.at)
    assert not Pack.objects.exists() and not Statement.objects.filter(asked_at__gte=row.at).exists()


def test_inspections_are_read_from_the_ledger(town: Town) -> None:
    from django.db import transaction

    from leitai.apps.ledger.actions import record

    said = {
        "inspection.key": "half-year",
        "inspection.item": "door",
        "unit.key": "tax",
        "unit.kind": "bureau",
    }
    with transaction.atomic():
        record(place=town.place, kind="inspection.found", by=BY, now=NOW, subject="finding:1", data=said)
    found = part(queries.kept(begun(town)), "inspections")["items"]
    assert [(one["unit"]["key"], one["item"]["en"]) for one in found] == [("tax", "door")]


def test_a_pack_is_plain_json_without_a_word_of_a_case(town: Town) -> None:
    town.move(town.case("finding", None, title="Mr Li fell ill"), "dispatch", "office", unit="tax")
    pack = json.dumps(queries.read(review(town), NOW + 10 * DAY, None), ensure_ascii=False)
    assert "Mr Li" not in pack
