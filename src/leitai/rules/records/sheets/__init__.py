"""An office's spreadsheet: its table found, its headings recognised, its sums and days read as they were meant."""

from .amounts import UNITS, Amount, amount, plain, unit_of
from .days import Span, day_in, span, year_in
from .grid import BREAK, Grid, Left, Line, Table, address, find
from .headings import KINDS, PLAN, Column, Recogniser, kind_of
from .reading import Care, Fault, Read, Row, Words, read, shown, uncomputed

__all__ = [
    "BREAK",
    "KINDS",
    "PLAN",
    "UNITS",
    "Amount",
    "Care",
    "Column",
    "Fault",
    "Grid",
    "Left",
    "Line",
    "Read",
    "Recogniser",
    "Row",
    "Span",
    "Table",
    "Words",
    "address",
    "amount",
    "day_in",
    "find",
    "kind_of",
    "plain",
    "read",
    "shown",
    "span",
    "uncomputed",
    "unit_of",
    "year_in",
]
