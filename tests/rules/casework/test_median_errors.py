"""How sure a median is: the error shrinks with the square root of n and knows nothing of the shape."""

import numpy as np

from leitai.rules.casework import median_errors, median_hours


def _cases(n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    opened = np.zeros(n, np.int64)
    return opened, (np.random.default_rng(seed).exponential(36_000, n)).astype(np.int64) + 1


def test_error_matches_what_repetition_shows() -> None:
    n, runs = 400, 300
    medians, errors = [], []
    for seed in range(runs):
        opened, closed = _cases(n, seed)
        medians.append(median_hours(opened, closed, 0, 10**9)[0][0])
        errors.append(median_errors(opened, closed, 0, 10**9)[0])
    assert abs(np.mean(errors) / np.std(medians) - 1) < 0.15


def test_fewer_than_four_have_no_error() -> None:
    opened, closed = _cases(3, 1)
    assert np.isnan(median_errors(opened, closed, 0, 10**9)[0])
