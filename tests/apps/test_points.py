"""Points and their codes: made once, found, replaced, taken down; and scans that are refused."""

from __future__ import annotations

from typing import Any

import pytest

from leitai.apps.ballots import actions, queries
from leitai.apps.ballots.actions import PointDraft
from leitai.apps.ballots.actions.strays import CLAIMED_A_DAY, COUNTED_A_DAY
from leitai.apps.ballots.models import Point, Stray
from leitai.apps.ledger.actions import UNCHANGED
from leitai.apps.ledger.models import Event
from leitai.apps.ledger.queries import data
from leitai.rules.ballots import Visit
from tests.factories import BY, DAY, HOUR, NOW, Town, at_once, build, refused


def put(town: Town, *drafts: PointDraft, at: Any = NOW) -> list[Point]:
    return actions.put_points(place=town.place, drafts=drafts, by=BY, now=at)


def hall_of(town: Town, name: str = "大厅") -> Point:
    return put(town, PointDraft(town.units["tax"], "hall", name))[0]


def rotate(*points: Point) -> list[Point]:
    return actions.rotate_points(points=points, by=BY, now=NOW)


def retire(*points: Point) -> list[Point]:
    return actions.retire_points(points=points, by=BY, now=NOW)


def last() -> Event:
    return Event.objects.order_by("-id").first()


# Making points


def test_points_are_made_once_and_come_back_in_the_order_asked_for(town: Town) -> None:
    tax, water = town.units["tax"], town.units["water"]
    hall = hall_of(town)
    drafts = [
        PointDraft(tax, "window", "一号窗口", "Window 1", hall),
        PointDraft(water, "hotline", "热线"),
        PointDraft(tax, "window", "  一号窗口 ", "Counter 1"),
        PointDraft(tax, "online", "一号窗口"),
    ]
    rows = put(town, *drafts)
    assert [row.kind for row in rows] == ["window", "hotline", "window", "online"]
    assert rows[0] == rows[2] and len({row.pk for row in rows}) == 3
    assert (rows[0].name_zh, rows[0].name_en, rows[0].hall) == ("一号窗口", "Window 1", hall)
    event = last()
    assert (event.kind, data(event)) == ("points.added", {"count": 3, "first": rows[0].number})
    before = Event.objects.count()
    assert put(town, *reversed(drafts)) == list(reversed(rows))
    assert Event.objects.count() == before


def test_a_point_that_was_taken_down_is_made_anew_and_only_by_name(town: Town) -> None:
    draft = PointDraft(town.units["tax"], "window", "一号窗口")
    (old,) = put(town, draft)
    retire(old)
    (new,) = put(town, draft)
    assert new.number > old.number
    assert put(town, draft) == [new]


def test_what_was_taken_down_on_purpose_stays_down_when_the_list_is_read_again(town: Town) -> None:
    point = town.points["tax-window"]
    retire(point)
    assert actions.add_points(place=town.place, units=[point.unit], by=BY, now=NOW) is UNCHANGED
    assert point.unit in queries.without_point(town.place)


def test_points_that_make_no_sense_are_refused(town: Town, vale: Town) -> None:
    tax, hall = town.units["tax"], hall_of(town)
    window = put(town, PointDraft(tax, "window", "一"))[0]
    with refused("point-unit"):
        put(town, PointDraft(vale.units["tax"], "window", "二"))
    with refused("point-kind"):
        put(town, PointDraft(tax, "door", "二"))
    with refused("point-no-name"):
        put(town, PointDraft(tax, "window", "  "))
    for draft in (
        PointDraft(tax, "window", "二", hall=window),
        PointDraft(tax, "hall", "二", hall=hall),
        PointDraft(tax, "window", "二", hall=hall_of(vale)),
    ):
        with refused("point-hall"):
            put(town, draft)
    retire(hall)
    with refused("point-hall"):
        put(town, PointDraft(tax, "window", "二", hall=hall))


def test_there_are_so_many_numbers_and_no_more(town: Town) -> None:
    point = town.points["tax-window"]
    Point.objects.filter(pk=point.pk).update(number=(1 << 23) - 2)
    put(town, PointDraft(town.units["tax"], "window", "一"))
    with refused("points-full"):
        put(town, PointDraft(town.units["tax"], "window", "二"))


def test_a_renamed_point_keeps_its_code(town: Town) -> None:
    point = town.points["tax-window"]
    code = queries.code_of(point)

    def rename(zh: str, en: str) -> Any:
        return actions.rename_point(point=point, name_zh=zh, name_en=en, by=BY, now=NOW)

    row = rename(" 综合  窗口", "Any matter")
    assert (row.name_zh, row.name_en, queries.code_of(row)) == ("综合 窗口", "Any matter", code)
    assert last().kind == "point.renamed" and data(last())["to"] == {"zh": "综合 窗口", "en": "Any matter"}
    assert rename("综合 窗口", "Any matter") is UNCHANGED
    with refused("point-no-name"):
        rename("", " ")
    retire(point)
    with refused("point-taken-down"):
        rename("旧", "")


# Replacing and taking down


def test_a_replaced_code_stops_working_and_the_new_one_and_tickets_work(town: Town) -> None:
    point = town.points["tax-window"]
    old = queries.code_of(point)
    (row,) = rotate(point)
    scan = queries.scanned(old)
    assert (scan.point, scan.finding.code) == (point, "code-retired")
    assert queries.scanned(queries.code_of(row)).finding is None
    spot = queries.spots([point.number])[point.number]
    assert queries.in_use(Visit(1, point.number, 1), spot) == spot
    retire(row)
    assert queries.scanned(queries.code_of(row)).finding.code == "code-retired"
    assert queries.in_use(Visit(1, point.number, 1), queries.spots([point.number])[point.number]) != spot


def test_replacing_many_is_one_event_with_their_numbers_as_spans(town: Town) -> None:
    tax = town.units["tax"]
    rows = put(town, *(PointDraft(tax, "window", str(n)) for n in range(5)))
    first = rows[0].number
    rotate(rows[4], rows[1], rows[0])
    assert (last().kind, data(last())) == (
        "points.rotated",
        {"count": 3, "points": [[first, first + 1], [first + 4, first + 4]]},
    )
    found = queries.picked(town.place, queries.PointPick(numbers=[row.number for row in rows]))
    assert [row.generation for row in found] == [2, 2, 1, 1, 2]


def test_codes_are_replaced_only_as_they_were_seen(town: Town, vale: Town) -> None:
    point = town.points["tax-window"]
    seen = Point.objects.get(pk=point.pk)
    rotate(point)
    with refused("points-changed"):
        rotate(seen)
    with refused("points-none"):
        rotate()
    with refused("points-of-two-places"):
        rotate(Point.objects.get(pk=point.pk), vale.points["tax-window"])
    retire(point)
    with refused("point-taken-down"):
        rotate(point)
    with refused("point-taken-down"):
        retire(point)


def test_a_code_can_be_replaced_until_its_generations_run_out(town: Town) -> None:
    point = town.points["tax-window"]
    Point.objects.filter(pk=point.pk).update(generation=254)
    (row,) = rotate(Point.objects.get(pk=point.pk))
    assert queries.scanned(queries.code_of(row)).finding is None
    with refused("point-worn-out"):
        rotate(row)


def test_each_of_many_taken_down_has_its_event(town: Town) -> None:
    points = list(town.points.values())
    retire(*points)
    told = Event.objects.filter(kind="point.retired").values_list("subject", flat=True)
    assert sorted(told) == sorted(f"point:{point.number}" for point in points)
    assert queries.points(town.place) == []


# Scans that are refused


def forged(point: Point) -> str:
    code = queries.code_of(point)
    return code[:-1] + ("0" if code[-1] != "0" else "1")


def stray(text: str, at: Any = NOW) -> Stray:
    return actions.note_stray(scan=queries.scanned(text), by="anyone", now=at)


def test_only_the_first_refused_scan_of_a_day_leaves_an_event(town: Town) -> None:
    point = town.points["tax-window"]
    old = queries.code_of(point)
    rotate(point)
    row = stray(old)
    event = last()
    assert (event.kind, event.subject, event.place) == ("code.refused", f"point:{point.number}", town.place)
    assert data(event) == {"code.oddity": "retired", "unit.key": "tax-window", "unit.kind": "window"}
    before = Event.objects.count()
    assert stray(old, NOW + HOUR).pk == row.pk
    assert stray(old, NOW + 2 * HOUR).count == 3
    assert Event.objects.count() == before
    row.refresh_from_db()
    assert (row.first_at, row.last_at) == (NOW, NOW + 2 * HOUR)
    assert stray(old, NOW + DAY).pk != row.pk
    assert Event.objects.count() == before + 1


def test_the_day_of_a_refused_scan_is_the_places_own(town: Town) -> None:
    # A quarter past midnight in Shanghai is still the day before in UTC.
    late = NOW.replace(hour=16, minute=15)
    assert stray("hello", late).day == NOW.date() + DAY


def test_what_is_odd_about_a_code_is_told_apart(town: Town) -> None:
    point = town.points["tax-window"]
    nowhere = queries.code_of(Point(number=999_999, generation=1, place=point.place, unit=point.unit))
    made_up = forged(Point(number=888_888, generation=1, place=point.place, unit=point.unit))
    rows = [stray(text) for text in (forged(point), nowhere, made_up, "hello")]
    assert [(row.kind, row.number) for row in rows] == [
        ("altered", point.number),
        ("unknown", 999_999),
        ("altered", 0),
        ("unknown", 0),
    ]
    assert {row.place for row in rows} == {town.place}
    told = Event.objects.filter(kind="code.refused").order_by("id").values_list("subject", flat=True)
    assert list(told) == [f"point:{point.number}", "point:999999", "place:town", "place:town"]
    assert queries.strays_at(town.place, NOW.date())[point.number] == {"altered": 1}
    assert queries.strays_at(town.place, NOW.date() + DAY) == {}


def test_a_code_that_claims_no_point_belongs_to_no_place_where_there_are_two(town: Town, vale: Town) -> None:
    before = Event.objects.count()
    row = stray("hello")
    assert (row.place, stray("hello").count) == (None, 2)
    assert Event.objects.count() == before
    assert stray(forged(vale.points["tax-window"])).place == vale.place
    assert Event.objects.count() == before + 1


def test_a_flood_of_made_up_codes_fills_nothing(town: Town) -> None:
    most = CLAIMED_A_DAY
    points = put(town, *(PointDraft(town.units["tax"], "window", str(n)) for n in range(most + 3)))
    before = Event.objects.count()
    texts = [forged(point) for point in points] + [f"no code {n}" for n in range(30)]
    for _ in range(2):
        actions.note_strays(scans=[queries.scanned(text) for text in texts], by="anyone", now=NOW)
    kept = dict(Stray.objects.filter(kind="altered").values_list("number", "count"))
    assert kept == {**{point.number: 2 for point in points[:most]}, 0: 6}
    assert Stray.objects.get(kind="unknown").count == 60
    assert Event.objects.count() - before == Stray.objects.count() == most + 2


def test_counting_ends_where_a_flood_is_known_to_be_one(town: Town) -> None:
    row = stray("hello")
    Stray.objects.filter(pk=row.pk).update(count=COUNTED_A_DAY - 1)
    assert [stray("hello", NOW + n * HOUR).count for n in (1, 2, 3)] == [COUNTED_A_DAY] * 3
    row.refresh_from_db()
    assert (row.count, row.last_at) == (COUNTED_A_DAY, NOW + HOUR)
    assert stray("hello", NOW + DAY).count == 1


def test_a_good_scan_is_no_stray(town: Town) -> None:
    with pytest.raises(ValueError, match="not stray"):
        stray(queries.code_of(town.points["tax-window"]))


@pytest.mark.django_db(transaction=True)
def test_refused_scans_of_the_same_moment_are_all_counted_and_told_once() -> None:
    build()
    at_once(*[lambda: stray("hello")] * 6)
    assert Stray.objects.get().count == 6
    assert Event.objects.filter(kind="code.refused").count() == 1


# Finding points


def test_points_are_found_by_name_unit_hall_kind_state_and_number(town: Town, vale: Town) -> None:
    hall = hall_of(town)
    window, other = put(
        town,
        PointDraft(town.units["tax"], "window", "一号窗口", "Window 1", hall),
        PointDraft(town.units["water"], "hotline", "", "Leaks"),
    )
    ours = town.points["tax-window"]
    retire(other)

    def numbers(**pick: Any) -> set[int]:
        return {row.number for row in queries.picked(town.place, queries.PointPick(**pick))}

    assert numbers(text="window 1") == {window.number}
    assert numbers(unit="tax") == {window.number, hall.number, ours.number}
    assert numbers(unit="tax-window") == {ours.number}
    assert numbers(unit="nobody") == set()
    assert numbers(hall=hall.number) == {hall.number, window.number}
    assert numbers(kind="hotline") == set()
    assert numbers(kind="hotline", state="retired") == numbers(text="leaks", state="") == {other.number}
    assert numbers(numbers=[ours.number, vale.points["tax-window"].number]) == {ours.number}
    assert queries.halls(town.place) == [hall] and queries.halls(vale.place) == []


def test_verdicts_are_counted_by_point_from_a_day_on(town: Town) -> None:
    point = town.points["tax-window"]
    for at in (NOW - 3 * DAY, NOW - DAY, NOW):
        town.verdict(at=at)
    assert queries.verdicts_at(town.place, [point], NOW.date() - DAY) == {point.number: 2}
    assert queries.verdicts_at(town.place, [], NOW.date() - DAY) == {}


def test_units_without_a_code_in_use_are_found_below_a_unit_too(town: Town) -> None:
    keys = {unit.key for unit in queries.without_point(town.place)}
    assert keys == set(town.units) - {point.unit.key for point in town.points.values()}
    assert {unit.key for unit in queries.without_point(town.place, "tax")} == keys & {"tax", "tax-window"}
    assert queries.without_point(town.place, "nobody") == []
