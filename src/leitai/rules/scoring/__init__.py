"""From measured values to a table one can answer for: points, weights, scores, ranks, and how sure.

`compute(spec, inputs)` is the whole of it; the stages it is made of stand alone for other uses. Arithmetic
is decimal, with declared rounding, so that the same inputs give the same bytes on every machine.
"""

from .exact import ROUNDINGS, Rounding, dec, round_to
from .exactsets import multinomial_sets, rate_sets
from .explain import Explanation, Gap, Line, Part, explain
from .funnels import exact_limits, funnel, funnel_of_rates, roughness
from .intervals import RankSets, bands, clopper_pearson, rank_intervals, rate_se, wilson
from .looking import plan, verdicts_to_tell
from .naming import (
    Named,
    name_worst,
    name_worst_both,
    surely_best,
    surely_worst,
    surely_worst_both,
)
from .points import (
    METHODS,
    Band,
    Bands,
    Given,
    Method,
    MinMax,
    PassFail,
    RankPoints,
    Target,
    points,
)
from .ranks import ranks
from .ranksets import marginal_sets, simultaneous_sets, tau_best, tau_worst
from .result import Contribution, Row, TableResult, Told, cells_of
from .shrinkage import fit_prior, shrunk
from .spec import Cell, Measure, Naming, TableInputs, TableSpec, UnitInputs
from .sure import named_last_time
from .table import compute
from .weights import check_weights, shares

__all__ = [
    "METHODS",
    "ROUNDINGS",
    "Band",
    "Bands",
    "Cell",
    "Contribution",
    "Explanation",
    "Gap",
    "Given",
    "Line",
    "Measure",
    "Method",
    "MinMax",
    "Named",
    "Naming",
    "Part",
    "PassFail",
    "RankPoints",
    "RankSets",
    "Rounding",
    "Row",
    "TableInputs",
    "TableResult",
    "TableSpec",
    "Target",
    "Told",
    "UnitInputs",
    "bands",
    "cells_of",
    "check_weights",
    "clopper_pearson",
    "compute",
    "dec",
    "exact_limits",
    "explain",
    "fit_prior",
    "funnel",
    "funnel_of_rates",
    "marginal_sets",
    "multinomial_sets",
    "name_worst",
    "name_worst_both",
    "named_last_time",
    "plan",
    "points",
    "rank_intervals",
    "ranks",
    "rate_se",
    "rate_sets",
    "roughness",
    "round_to",
    "shares",
    "shrunk",
    "simultaneous_sets",
    "surely_best",
    "surely_worst",
    "surely_worst_both",
    "tau_best",
    "tau_worst",
    "verdicts_to_tell",
    "wilson",
]
