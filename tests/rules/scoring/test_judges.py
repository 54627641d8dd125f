"""Judges and order taken out of marks: exact where the truth is additive, fair in simulation, else it is said."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leitai.rules.scoring.judges import Mark, fit, place_in_route, routes, sheets_needed, student
from leitai.rules.scoring.judges_made import Setting, bias, made


def additive(
    sites: int = 6, judges: int = 8, groups: int = 2, step: float = -0.5, whim: float = 0.0
) -> list[Mark]:
    """Marks of sites worth 70, 72, … by judges who take off 0, 1, …; every judge misses one site."""
    chance, marks = np.random.default_rng(3), []
    for judge, (start, backwards) in enumerate(routes(judges, sites, groups)):
        for turn in range(1, sites + 1):
            if judge % sites + 1 == turn:
                continue
            place = place_in_route(turn, sites, start, backwards)
            points = 70 + 2 * turn - judge + step * place + whim * float(chance.standard_normal())
            marks.append(Mark(judge, turn, place, points))
    return marks


@given(st.integers(3, 500), st.decimals("0.01", "1", places=2))
def test_a_result_needs_a_share_of_the_sheets_three_at_least_and_never_more_than_there_are(
    judges: int, least: Decimal
) -> None:
    needed = sheets_needed(judges, least)
    assert 3 <= needed <= judges
    assert needed >= judges * least and (needed == 3 or needed - 1 < judges * least)


@given(st.integers(1, 40), st.integers(1, 40), st.booleans())
def test_a_route_passes_every_site_once(sites: int, start: int, backwards: bool) -> None:
    places = [place_in_route(turn, sites, start, backwards) for turn in range(1, sites + 1)]
    assert sorted(places) == list(range(1, sites + 1))
    assert places[(start - 1) % sites] == 1


def test_of_two_groups_one_goes_backwards_and_more_begin_elsewhere() -> None:
    assert routes(3, 12, 1) == ((1, False),) * 3
    assert routes(4, 12, 2) == ((1, False), (12, True)) * 2
    assert routes(4, 12, 4) == ((1, False), (12, True), (7, False), (6, True))


def test_what_is_additive_is_found_again() -> None:
    found = fit(additive(whim=1e-4))
    assert found is not None and found.order is not None
    gaps = np.diff(found.values)
    assert np.allclose(gaps, 2, atol=1e-3)
    assert found.order == pytest.approx(-0.5, abs=1e-3)
    assert np.allclose(np.diff(found.severity), 1, atol=1e-2)
    assert max(abs(gap - 2) for gap in np.diff(found.raw)) > 0.2, "raw means are wrong by who missed what"


@given(st.integers(0, 2**32 - 1))
def test_the_order_of_the_marks_decides_nothing(seed: int) -> None:
    marks = additive(whim=1)
    shuffled = random.Random(seed).sample(marks, len(marks))
    assert fit(shuffled) == fit(marks)


def test_a_judge_harsher_by_far_moves_nobody() -> None:
    marks = additive(whim=1)
    harsh = [replace(one, points=one.points - 30 * (one.judge == 2)) for one in marks]
    before, after = fit(marks), fit(harsh)
    assert before is not None and after is not None
    shift = np.array(after.values) - np.array(before.values)
    assert np.ptp(shift) < 0.3, "a plain mean would move by 30 / 7 where judge 2 was and not at all elsewhere"


def test_where_all_go_the_same_way_order_is_not_told() -> None:
    found = fit(additive(groups=1, whim=1))
    assert found is not None and found.order is None and found.order_se is None


def test_errors_of_pairs_are_never_understated() -> None:
    """The error of each difference, found by brute force from the model's own matrix, is covered by the two."""
    marks = made(np.random.default_rng(5), Setting(missed=0.4)).marks
    found = fit(marks)
    assert found is not None
    ratio = (found.judge_spread / found.spread) ** 2
    sites = {site: at for at, site in enumerate(found.sites)}
    middle = np.mean([one.place for one in marks])
    fixed = np.zeros((len(marks), len(sites) + 1))
    for row, one in enumerate(marks):
        fixed[row, sites[one.site]] = 1
        fixed[row, -1] = one.place - middle
    same = np.array([[a.judge == b.judge for b in marks] for a in marks], dtype=float)
    error = (
        np.linalg.inv(fixed.T @ np.linalg.inv(np.eye(len(marks)) + ratio * same) @ fixed) * found.spread**2
    )
    for a in range(len(sites)):
        for b in range(a):
            true = error[a, a] + error[b, b] - 2 * error[a, b]
            two = found.ses[a] ** 2 + found.ses[b] ** 2
            assert true * (1 - 1e-6) <= two <= true * 1.5


def test_too_few_marks_say_nothing_and_two_marks_of_one_are_a_fault() -> None:
    assert fit([]) is None
    assert fit([Mark(1, 1, 1, 5.0), Mark(1, 2, 2, 6.0)]) is None
    with pytest.raises(ValueError, match="one mark"):
        fit([Mark(1, 1, 1, 5.0), Mark(1, 1, 1, 6.0)])


def test_few_judges_make_wide_intervals() -> None:
    few, many = fit(additive(judges=3, whim=1)), fit(additive(judges=24, whim=1))
    assert few is not None and many is not None
    wide = [student(one.freedom, 0.95) * np.mean(one.ses) for one in (few, many)]
    assert wide[0] > 2.5 * wide[1]
    assert student(3, 0.95) == pytest.approx(3.182, abs=1e-3)


def test_leads_name_the_judge_who_does_not_fit_and_nobody_else() -> None:
    marks = additive(sites=10, judges=20, whim=1)
    assert fit(marks).leads == ()  # type: ignore[union-attr]
    favour = [replace(one, points=one.points + 9 * (one.judge == 4 and one.site == 2)) for one in marks]
    assert [(one.judge, one.kind, one.site) for one in fit(favour).leads if one.kind == "mark"] == [
        (4, "mark", 2)
    ]  # type: ignore[union-attr]
    wild = [replace(one, points=one.points + (4 if one.site % 2 else -4) * (one.judge == 4)) for one in marks]
    assert {(one.judge, one.kind) for one in fit(wild).leads} >= {(4, "erratic")}  # type: ignore[union-attr]
    assert {one.judge for one in fit(wild).leads} == {4}  # type: ignore[union-attr]
    flat = [replace(one, points=80.0) if one.judge == 4 else one for one in marks]
    assert (4, "flat") in {(one.judge, one.kind) for one in fit(flat).leads}  # type: ignore[union-attr]


def test_in_simulation_judges_and_order_are_gone() -> None:
    found = bias(np.random.default_rng(1), Setting(), 40)
    assert abs(found.order[0]) > 0.3 and abs(found.order[1]) < 0.1
    assert found.severity[0] < -0.7 and abs(found.severity[1]) < 0.2
    assert found.error[1] < 0.8 * found.error[0]
    assert found.held >= 0.95


def test_in_simulation_one_group_keeps_the_order_in() -> None:
    found = bias(np.random.default_rng(1), Setting(groups=1), 20)
    assert found.order[1] == pytest.approx(found.order[0], abs=0.1)
    assert abs(found.severity[1]) < 0.4
