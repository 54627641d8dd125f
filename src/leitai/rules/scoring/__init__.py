"""From measured values to a table one can answer for: points, weights, scores, ranks, and how sure.

`compute(spec, inputs)` is the whole of it; the stages it is made of stand alone for other uses. Arithmetic
is decimal, with declared rounding, so that the same inputs give the same bytes on every machine.
"""

from .exact import ROUNDINGS, Rounding, dec, round_to
from .explain import Explanation, Gap, Line, Part, explain
from .intervals import RankSets, bands, rank_intervals, rate_se, wilson
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
from .result import Contribution, Row, TableResult, cells_of
from .spec import Cell, Measure, Naming, TableInputs, TableSpec, UnitInputs
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
    "UnitInputs",
    "bands",
    "cells_of",
    "check_weights",
    "compute",
    "dec",
    "explain",
    "points",
    "rank_intervals",
    "ranks",
    "rate_se",
    "round_to",
    "shares",
    "wilson",
]
