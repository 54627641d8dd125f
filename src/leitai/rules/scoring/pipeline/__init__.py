"""An index from a spec file and a CSV file: `leitai score` without the command.

    parsed = read_spec(text)
    data, findings = read_data(csv_text, parsed.spec)
    result = compute(parsed.spec, data)

No database, no regime, no clock; chance is handed in.
"""

from .climbs import Climb, climbs
from .data import Data, read_data
from .draws import Chance, Chances, Sureness, Uncertain, sureness
from .faults import ScoreError
from .gaps import Gap, gap, neighbours
from .reading import Parsed, read_spec
from .report import files, report, sure_files
from .sobol import Indices, indices
from .spec import Spec
from .table import Result, Row, compute, shares

__all__ = [
    "Chance",
    "Chances",
    "Climb",
    "Data",
    "Gap",
    "Indices",
    "Parsed",
    "Result",
    "Row",
    "ScoreError",
    "Spec",
    "Sureness",
    "Uncertain",
    "climbs",
    "compute",
    "files",
    "gap",
    "indices",
    "neighbours",
    "read_data",
    "read_spec",
    "report",
    "shares",
    "sure_files",
    "sureness",
]
