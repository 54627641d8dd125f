"""Where to look next: the number of verdicts that tells does tell, and a round goes where a name is nearest."""

from __future__ import annotations

from math import isinf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leitai.rules.scoring import fit_prior, plan, verdicts_to_tell
from leitai.rules.scoring.looking import line_of

HITS, N = [30, 24, 12, 2, 20, 10, 8, 5], [100, 300, 300, 9, 1000, 500, 800, 100]


def test_so_many_lie_above_the_line() -> None:
    prior = fit_prior(HITS, N)
    for k in (1, 3, 6):
        assert sum(line_of(HITS, N, k, prior).chances) == pytest.approx(k, abs=1e-3)
    with pytest.raises(ValueError):
        line_of(HITS, N, 8, prior)


def test_with_that_many_more_of_the_same_a_unit_is_told() -> None:
    prior = fit_prior(HITS, N)
    needed = verdicts_to_tell(HITS, N, 2, prior)
    line = line_of(HITS, N, 2, prior)
    assert needed[0] == 0
    (unit,) = [one for one in range(8) if needed[one] > 1000]
    size = prior.a + prior.b + N[unit]
    rate = (prior.a + HITS[unit]) / size
    more = int(needed[unit])
    error = (rate * (1 - rate) / (size + more + 1)) ** 0.5
    assert abs(rate - line.rate) / error == pytest.approx(1.644854, rel=1e-3)
    # Few verdicts fewer would not do.
    assert abs(rate - line.rate) / (rate * (1 - rate) / (size + more - 99)) ** 0.5 < 1.644854
    assert not any(isinf(one) for one in needed)


@given(
    st.lists(st.tuples(st.integers(0, 60), st.integers(1, 60)), min_size=3, max_size=9),
    st.integers(0, 400),
    st.integers(1, 4),
)
def test_a_plan_spends_its_verdicts(units: list[tuple[int, int]], verdicts: int, most: int) -> None:
    hits, n = [min(one) for one in units], [one[1] for one in units]
    found = plan(hits, n, 2, verdicts, fit_prior(hits, n), most=most)
    assert sum(found) == verdicts
    assert min(found) >= 0


def test_a_plan_leaves_out_who_is_told() -> None:
    found = plan(HITS, N, 2, 300, fit_prior(HITS, N), most=2)
    assert found[0] == 0
    assert found[1] > 0
    assert found[3] > 0
    assert found[2] == found[4] == found[5] == found[6] == 0
