"""Another system's records: which of its columns mean what here, and each row as the house understands it.

A place's records come from hotlines, registers and spreadsheets that know nothing of this house. A map (a
small YAML file) says what the columns mean; a row is then taken whole or rejected with the column, the value
and the reason. How maps are written: docs/how-to/import-records.md.
"""

from .convert import Converter, bind
from .drafts import BallotRow, CaseRow, Context, Draft, ReadingRow, Rejected, ServiceRow, UnitCell, UnitRow
from .model import AnyMap, BallotsMap, CasesMap, ParsedMap, ReadingsMap, ServicesMap, UnitsMap, parse_map
from .slugs import free_key, slug

__all__ = [
    "AnyMap",
    "BallotRow",
    "BallotsMap",
    "CaseRow",
    "CasesMap",
    "Context",
    "Converter",
    "Draft",
    "ParsedMap",
    "ReadingRow",
    "ReadingsMap",
    "Rejected",
    "ServiceRow",
    "ServicesMap",
    "UnitCell",
    "UnitRow",
    "UnitsMap",
    "bind",
    "free_key",
    "parse_map",
    "slug",
]
