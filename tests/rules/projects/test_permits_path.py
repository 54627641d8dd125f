"""The critical path: equal to trying every path, whatever order permits come in; what-ifs, slack and gain."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leitai.rules.projects.paths import Plan, Step, WhatIf, gain, plan, slack
from leitai.rules.projects.permits import asked, lacking, ready, reopened
from leitai.rules.worktime import due, office, parse_within

NOW = datetime(2024, 4, 10, 2, tzinfo=UTC)
DAY = timedelta(days=1)
OFFICE = office("office", "Asia/Shanghai", ["08:30-12:00", "13:30-17:30"])


def days(at: datetime, within: str) -> datetime:
    return at + int(within.split()[0]) * DAY


def workdays(at: datetime, within: str) -> datetime:
    return due(at, parse_within(within), OFFICE).instant


# The example of docs/methods/critical-path.md.
WORKED = {
    "land": Step((), "10 days"),
    "planning": Step(("land",), "15 days"),
    "energy": Step((), "20 days"),
    "construction": Step(("planning", "energy"), "7 days"),
}
START = ("construction",)


def test_the_worked_example() -> None:
    found = plan(WORKED, START, NOW, days)
    assert (found.at - NOW).days == 32
    assert found.path == ("land", "planning", "construction")
    assert slack(WORKED, START, NOW, days, "energy") == 5
    assert [slack(WORKED, START, NOW, days, key) for key in found.path] == [0, 0, 0]
    assert gain(WORKED, START, NOW, days, "land") == 5 * DAY  # from then on energy decides
    assert gain(WORKED, START, NOW, days, "planning") == 5 * DAY
    assert gain(WORKED, START, NOW, days, "energy") == timedelta(0)
    assert gain(WORKED, START, NOW, days, "construction") == 7 * DAY


def test_the_page_of_the_method_says_the_same() -> None:
    page = Path(__file__).parents[3] / "docs/methods/critical-path.md"
    found = plan(WORKED, START, NOW, days)
    told = {}
    for line in page.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if cells[0] in WORKED:
            told[cells[0]] = cells[1:]
    assert told == {
        key: [
            ", ".join(step.needs) or "–",
            step.within.split()[0],
            str((found.finish[key] - NOW).days),
            str(slack(WORKED, START, NOW, days, key)),
            str(gain(WORKED, START, NOW, days, key).days),
        ]
        for key, step in WORKED.items()
    }


def test_what_if_moves_the_start_and_the_path() -> None:
    by = WhatIf(by={"land": NOW + 3 * DAY})
    assert (plan(WORKED, START, NOW, days, by).at - NOW).days == 27
    assert plan(WORKED, START, NOW, days, by).path == ("energy", "construction")
    takes = WhatIf(takes={"energy": "40 days"})
    assert (plan(WORKED, START, NOW, days, takes).at - NOW).days == 47
    # Nothing is granted before what it needs, whatever is asked.
    assert plan(WORKED, START, NOW, days, WhatIf(by={"construction": NOW})).at == NOW + 25 * DAY


def test_what_is_granted_is_over_and_what_is_late_may_come_at_any_moment() -> None:
    steps = WORKED | {
        "land": replace(WORKED["land"], granted=NOW - 5 * DAY),
        "planning": replace(WORKED["planning"], begun=NOW - 5 * DAY, due=NOW - DAY),
        "energy": replace(WORKED["energy"], granted=NOW - DAY),
    }
    found = plan(steps, START, NOW, days)
    assert found.finish["planning"] == NOW
    assert found.path == ("planning", "construction") and found.at == NOW + 7 * DAY
    steps = {key: replace(step, granted=NOW - DAY) for key, step in steps.items()}
    assert plan(steps, START, NOW, days) == Plan(NOW, dict.fromkeys(steps, NOW - DAY), ())


def test_permits_that_wait_for_each_other_have_no_plan() -> None:
    with pytest.raises(ValueError, match="wait for each other"):
        plan({"a": Step(("b",)), "b": Step(("a",))}, ("a",), NOW, days)


@st.composite
def steps(draw: st.DrawFn) -> dict[str, Step]:
    """Graphs without circles, some permits granted with all that they need, some begun."""
    keys = draw(st.permutations("abcdefg"[: draw(st.integers(1, 7))]))
    found: dict[str, Step] = {}
    for number, key in enumerate(keys):
        names = (
            tuple(draw(st.lists(st.sampled_from(keys[:number]), unique=True, max_size=3))) if number else ()
        )
        step = Step(names, f"{draw(st.integers(1, 30))} workdays")
        if all(found[name].granted is not None for name in names):
            state = draw(st.sampled_from(("no", "no", "granted", "begun")))
            if state == "granted":
                step = replace(step, granted=NOW - draw(st.integers(0, 40)) * DAY)
            elif state == "begun":
                step = replace(step, begun=NOW - draw(st.integers(0, 40)) * DAY)
        found[key] = step
    return found


def ways(found: Mapping[str, Step], key: str) -> Iterator[tuple[str, ...]]:
    """Every path of permits not granted that ends with this one."""
    before = [name for name in found[key].needs if found[name].granted is None]
    if not before or found[key].begun is not None:
        yield (key,)
    for name in before:
        for way in ways(found, name):
            yield (*way, key)


def length(found: Mapping[str, Step], way: tuple[str, ...]) -> datetime:
    """When a path is through, one permit after the other from now."""
    at = NOW
    for key in way:
        begun = found[key].begun
        at = max(NOW, workdays(begun if begun is not None else at, found[key].within))
    return at


@given(steps(), st.data())
def test_the_critical_path_is_the_longest_of_all_paths(found: dict[str, Step], data: st.DataObject) -> None:
    start = tuple(data.draw(st.lists(st.sampled_from(sorted(found)), unique=True, min_size=1)))
    left = [key for key in start if found[key].granted is None]
    got = plan(found, start, NOW, workdays)
    tried = [way for key in left for way in ways(found, key)]
    assert got.at == max([NOW, *(length(found, way) for way in tried)])
    if left:
        assert got.path in tried and length(found, got.path) == got.at
    else:
        assert got.path == ()


@given(steps(), st.randoms())
def test_the_order_of_input_changes_nothing(found: dict[str, Step], chance: object) -> None:
    keys = list(found)
    chance.shuffle(keys)  # type: ignore[attr-defined]
    turned = {key: replace(found[key], needs=tuple(reversed(found[key].needs))) for key in keys}
    assert plan(turned, keys, NOW, workdays) == plan(found, sorted(found), NOW, workdays)


@given(steps(), st.data())
def test_slack_is_what_a_permit_may_come_later_and_not_a_day_more(
    found: dict[str, Step], data: st.DataObject
) -> None:
    left = [key for key, step in sorted(found.items()) if step.granted is None]
    if not left:
        return
    key = data.draw(st.sampled_from(left))
    got = plan(found, tuple(found), NOW, workdays)
    spare = slack(found, tuple(found), NOW, workdays, key)

    def late(more: int) -> datetime:
        what = WhatIf(by={key: got.finish[key] + more * DAY})
        return plan(found, tuple(found), NOW, workdays, what).at

    assert late(spare) <= got.at < late(spare + 1)
    assert gain(found, tuple(found), NOW, workdays, key) >= timedelta(0)


def test_what_may_begin_and_what_a_withdrawal_opens_again() -> None:
    needs = {key: step.needs for key, step in WORKED.items()}
    assert ready(needs, ()) == ("energy", "land")
    assert ready(needs, {"land"}) == ("energy", "planning")
    assert reopened(needs, {"land", "planning", "construction", "energy"}, "land") == (
        "planning",
        "construction",
    )
    assert reopened(needs, {"land", "energy"}, "land") == ()


def test_a_paper_is_asked_for_once_over_all_permits() -> None:
    asks = {"land": ("licence", "contract"), "planning": ("contract", "plan")}
    assert [(one.key, one.permits, one.held) for one in asked(asks, {"licence"})] == [
        ("contract", ("land", "planning"), False),
        ("plan", ("planning",), False),
        ("licence", ("land",), True),
    ]
    assert lacking(("plan", "contract", "plan"), {"contract"}) == ("plan",)
