"""Days behind the plan: each given to one cause, so that the account adds up; the light; when it can turn."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from leitai.rules.projects import WINTER, Mark, Stop, foreseen, light_of, slippage, standing
from leitai.rules.regime.ventures import ProjectsSpec

D = date(2022, 9, 1)


def spec(**more: Any) -> ProjectsSpec:
    """Yellow from a day, red from thirty; a stop that was approved is excused, the enterprise's own is not."""
    said = {
        "stages": {"signed": {"name": "签约"}, "building": {"name": "在建"}, "producing": {"name": "投产"}},
        "causes": {
            "enterprise": {"name": "企业"},
            "stop": {"name": "停工", "excused": True},
            "permit": {"name": "许可"},
        },
        "winter": ("11-01", "03-31"),
        "on": "office",
    }
    return ProjectsSpec.model_validate(said | more)


def days(n: int) -> timedelta:
    return timedelta(days=n)


def mark(plan: date = D, **more: Any) -> Mark:
    return Mark("m", plan, more.pop("set_on", date(2022, 1, 1)), **more)


def test_what_is_not_late_has_no_account() -> None:
    for one in (mark(), mark(fact=D - days(3))):
        found = slippage(one, [], spec(), D)
        assert (found.days, found.excused, dict(found.by), found.unexplained) == (0, 0, {}, 0)


def test_days_are_given_to_causes_and_the_rest_is_unexplained() -> None:
    stops = [Stop("stop", D - days(40), D - days(31)), Stop("permit", D + days(1), D + days(5))]
    found = slippage(mark(), stops, spec(), D + days(20))
    assert found.days == 20 and dict(found.by) == {"stop": 10, "permit": 5} and found.unexplained == 5
    assert found.excused == 10 and found.counted == 10


def test_a_day_claimed_for_two_causes_counts_once_and_for_the_excused_one() -> None:
    stops = [Stop("enterprise", D + days(1), D + days(10)), Stop("stop", D + days(6), D + days(10))]
    found = slippage(mark(), stops, spec(), D + days(10))
    assert dict(found.by) == {"stop": 5, "enterprise": 5} and found.excused == 5


def test_a_stop_before_the_plan_was_set_explains_nothing() -> None:
    stop = Stop("stop", date(2021, 12, 1), date(2022, 1, 1))
    assert slippage(mark(), [stop], spec(), D + days(9)).excused == 0


def test_winter_counts_for_what_is_built_outdoors_and_only_after_the_plan() -> None:
    plan = date(2022, 10, 30)
    indoors, outdoors = mark(plan), mark(plan, outdoors=True)
    today = date(2023, 4, 2)
    assert slippage(indoors, [], spec(), today).counted == 154
    found = slippage(outdoors, [], spec(), today)
    assert dict(found.by) == {WINTER: 151} and found.counted == 3  # 31 October, 1 and 2 April
    # A plan in February knew of the winter; a stop in it was no loss either.
    in_winter = mark(date(2022, 2, 10), outdoors=True)
    assert slippage(in_winter, [], spec(), date(2022, 2, 20)).counted == 0
    stop = Stop("stop", date(2022, 1, 10), date(2022, 2, 1))
    assert slippage(mark(date(2022, 5, 1), outdoors=True), [stop], spec(), date(2022, 5, 11)).counted == 10
    assert slippage(outdoors, [], spec(winter=None), today).counted == 154


def test_a_winter_within_a_year_is_read_too() -> None:
    found = slippage(
        mark(date(2022, 6, 30), outdoors=True), [], spec(winter=("07-01", "07-10")), date(2022, 7, 15)
    )
    assert found.counted == 5


def test_lights_turn_at_the_rule_books_days() -> None:
    one = mark()
    said = [light_of(slippage(one, [], spec(), D + days(n)), spec()) for n in (0, 1, 29, 30)]
    assert said == ["green", "yellow", "yellow", "red"]


def test_what_is_only_foreseen_is_yellow_at_most() -> None:
    told = mark(forecast=D + days(200))
    assert standing([told], [], spec(), D - days(9), over=False).light == "yellow"
    assert foreseen(told, [], spec(), D).counted == 200
    assert standing([mark()], [], spec(), D - days(9), over=False).light == "green"


def test_a_project_is_as_its_worst_open_milestone() -> None:
    marks = [Mark("a", D, D, fact=D + days(99)), Mark("b", D, D - days(9)), Mark("c", D + days(50), D)]
    found = standing(marks, [], spec(), D + days(30), over=False)
    assert found.light == "red" and found.worst is not None and found.worst.key == "b"
    assert found.next is not None and found.next.key == "b"
    assert found.turns_on == D + days(31)
    assert standing(marks[::-1], [], spec(), D + days(30), over=False) == found


def test_without_an_open_milestone_nothing_can_be_said_unless_all_is_over() -> None:
    reached = [mark(fact=D)]
    assert standing(reached, [], spec(), D, over=True).light == "done"
    assert standing(reached, [], spec(), D, over=False).light == "none"
    assert standing([], [], spec(), D, over=False).turns_on is None


DAYS = st.dates(date(2021, 1, 1), date(2024, 12, 31))
STOPS = st.lists(
    st.tuples(st.sampled_from(["stop", "permit", "enterprise", "gone"]), DAYS, st.integers(0, 120)).map(
        lambda said: Stop(said[0], said[1], said[1] + days(said[2]))
    ),
    max_size=5,
)
MARKS = st.builds(Mark, st.just("m"), DAYS, DAYS, st.none() | DAYS, st.none() | DAYS, st.booleans())


@given(MARKS, STOPS, DAYS)
def test_the_account_always_adds_up(one: Mark, stops: list[Stop], today: date) -> None:
    found = slippage(one, stops, spec(), today)
    assert found.days == max(0, ((one.fact or today) - one.plan).days)
    assert sum(found.by.values()) + found.unexplained == found.days
    assert 0 <= found.excused <= found.days and found.unexplained >= 0
    assert all(count > 0 for count in found.by.values())


@given(MARKS, STOPS, DAYS)
def test_it_equals_a_count_day_by_day(one: Mark, stops: list[Stop], today: date) -> None:
    end = one.fact or today
    total = max(0, (end - one.plan).days)

    def cold(day: date) -> bool:
        return one.outdoors and (day.month in (11, 12, 1, 2, 3))

    excused, day = 0, date(2020, 1, 1)
    while total and day <= end:
        stood = any(s.cause == "stop" and s.first <= day <= s.last and day > one.set_on for s in stops)
        excused += (day > one.plan) if cold(day) else stood
        day += days(1)
    assert slippage(one, stops, spec(), today).excused == min(total, excused)


@given(MARKS, STOPS, DAYS, st.randoms())
def test_the_order_in_which_stops_are_told_changes_nothing(
    one: Mark, stops: list[Stop], today: date, chance: Any
) -> None:
    shuffled = stops[:]
    chance.shuffle(shuffled)
    assert slippage(one, shuffled, spec(), today) == slippage(one, stops, spec(), today)


@given(st.lists(MARKS, min_size=1, max_size=4), STOPS, DAYS)
def test_a_light_stays_as_it_is_until_the_day_it_is_said_to_turn(
    marks: list[Mark], stops: list[Stop], today: date
) -> None:
    found = standing(marks, stops, spec(), today, over=False)
    if found.turns_on is None:
        return
    assert found.turns_on > today
    for n in range(1, min(40, (found.turns_on - today).days)):
        later = standing(marks, stops, spec(), today + days(n), over=False)
        assert later.light == found.light and (later.worst is None) == (found.worst is None)
