"""How many closed cases must be looked at again, and what it says of all the others.

What is reported as done is not always done. Looking at every closed case again is too dear; looking at those that
somebody picks says nothing. So some are drawn by chance, just as many as are needed to find a stated share of false
closings with a stated confidence, and whatever is found, the share in all of them is bounded. A unit closes few cases
of a kind in a month, so the count is exact: drawn without putting back, the false ones among those drawn follow the
hypergeometric law. Worked tables: docs/methods/rechecks.md.

>>> sample_size(20, 0.1, 0.9), sample_size(1000, 0.1, 0.9)
(14, 22)
>>> upper_bound(1000, 22, 0, 0.9)
0.098
"""

from __future__ import annotations

import hashlib
from fractions import Fraction
from math import ceil, comb


def sample_size(closed: int, bound: float, confidence: float) -> int:
    """The fewest to be drawn of `closed` cases so that, where none of them is false, the share of false ones in all
    is below `bound` at this confidence; 0 where none was closed.

    As a promise: where the share is `bound` or more, at least one false one is found with this probability.
    Raises ValueError for a bound or a confidence that is not between 0 and 1, and for fewer than no cases.
    """
    _check(closed, bound, confidence)
    if not closed:
        return 0
    false = ceil(_exact(bound) * closed)
    high = 1
    while _is_doubtful(closed, false, high, 0, confidence) and high < closed:
        high = min(2 * high, closed)
    low = high // 2
    while low < high:
        drawn = (low + high) // 2
        if _is_doubtful(closed, false, drawn, 0, confidence):
            low = drawn + 1
        else:
            high = drawn
    return low


def upper_bound(closed: int, checked: int, false: int, confidence: float) -> float:
    """The greatest share of false closings, in all of `closed`, that is still to be reckoned with.

    `checked` of them were drawn and decided, of which `false` were not over. More than that share would have shown
    more false ones with a probability of `confidence` or above: the exact one-sided bound of Clopper and Pearson
    (1934), for draws from a finite number. 0 where nothing was closed; 1 where nothing was checked.
    Raises ValueError where it cannot be so many.
    """
    _check(closed, 0.5, confidence)
    if not 0 <= false <= checked <= closed:
        raise ValueError(f"{false} false of {checked} checked of {closed} closed cannot be")
    if not closed:
        return 0.0
    low, high = false, closed - (checked - false)  # as many are known to be false, and as many not to be
    while low < high:
        many = (low + high + 1) // 2
        if _is_doubtful(closed, many, checked, false, confidence):
            low = many
        else:
            high = many - 1
    return low / closed


def draw_seed(place: str, period: str, link: str, secret: str) -> bytes:
    """The seed of a period's draws: place, period, a link of the ledger's chain, and the house's secret of the period.

    `link` is that of the first event noted after the period was over: whoever draws cannot wait for one that suits
    them. It hangs on every event before it, so nobody who closes a case knows whether it will be looked at again; and
    whoever makes that event cannot try one after another, as they do not know the secret before the draw.
    """
    return hashlib.sha256(f"leitai recheck 2\n{place}\n{period}\n{link}\n{secret}\n".encode()).digest()


def _is_doubtful(closed: int, false: int, drawn: int, found: int, confidence: float) -> bool:
    """Whether so few are found among those drawn more often than the confidence leaves, were `false` of all false."""
    few = sum(
        comb(false, hits) * comb(closed - false, drawn - hits) for hits in range(min(found, drawn, false) + 1)
    )
    return few > (1 - _exact(confidence)) * comb(closed, drawn)


def _exact(share: float) -> Fraction:
    """A share as it was written: 0.1 is one tenth."""
    return Fraction(str(share))


def _check(closed: int, bound: float, confidence: float) -> None:
    if closed < 0:
        raise ValueError(f"{closed} cases cannot be closed")
    if not (0 < bound < 1 and 0 < confidence < 1):
        raise ValueError("bound and confidence lie between 0 and 1")
