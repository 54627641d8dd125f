"""The special functions that exact intervals and rank sets need, from scipy, which is loaded when first called.

Loading takes longer than most commands run, so nothing here is imported at the top.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]
Chance: TypeAlias = np.random.Generator  # noqa: TID251 - the type of an argument; nothing is drawn from nowhere


def normal_cdf(z: ArrayLike) -> Floats:
    """The chance that a standard normal number is at most z."""
    from scipy.special import ndtr

    found: Floats = ndtr(z)
    return found


def beta_cdf(a: ArrayLike, b: ArrayLike, x: ArrayLike) -> Floats:
    """The chance that a beta(a, b) number is at most x; a and b above 0."""
    from scipy.special import betainc

    found: Floats = betainc(a, b, x)
    return found


def beta_quantile(a: ArrayLike, b: ArrayLike, share: ArrayLike) -> Floats:
    """The x below which a beta(a, b) number lies with this chance; a and b above 0."""
    from scipy.special import betaincinv

    found: Floats = betaincinv(a, b, share)
    return found


def log_beta(a: ArrayLike, b: ArrayLike) -> Floats:
    """The logarithm of the beta function."""
    from scipy.special import betaln

    found: Floats = betaln(a, b)
    return found


def binomial_cdf(hits: ArrayLike, n: ArrayLike, share: ArrayLike) -> Floats:
    """The chance of at most so many hits in n; 0 below none."""
    from scipy.special import bdtr

    whole = np.asarray(hits)
    found: Floats = np.where(whole < 0, 0.0, bdtr(np.maximum(whole, 0), n, share))
    return found
