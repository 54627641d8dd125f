"""What `leitai rank` reads: one CSV file, one line for each unit; every fault is said with its line and column."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

MISSING = {"", "na", "n/a", "nan", "null", "none", "-", "—"}
NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3})?", re.ASCII)
MOST, CASES = 1e30, 1e12
MORE = "leave such units out with --missing drop, or fill it in"


class RankError(Exception):
    """The file or the question cannot be answered; the text says where and what next."""


@dataclass(frozen=True, slots=True)
class Units:
    """The units in the order of the file: ids, values as written and read, errors, counts and sizes ([]: not asked)."""

    ids: list[str]
    texts: list[str]
    values: list[float]
    ses: list[float]
    counts: list[int]
    ns: list[int]
    dropped: list[str]


@dataclass(slots=True)
class Asked:
    """The columns that were asked for, by what they hold; empty where not."""

    value: str = ""
    se: str = ""
    n: str = ""
    count: str = ""
    id: str = ""

    def numbers(self) -> dict[str, str]:
        """What is to be read as numbers: what it is, and its column."""
        named = {"value": self.value, "se": self.se, "n": self.n, "count": self.count}
        return {what: column for what, column in named.items() if column}


@dataclass(slots=True)
class _Sheet:
    path: Path
    header: list[str]
    rows: list[tuple[int, list[str]]]
    at: dict[str, int] = field(default_factory=dict)


def read_units(path: Path, asked: Asked, *, drop: bool) -> Units:
    """The units of a file. Raises RankError."""
    sheet = _sheet(path)
    for column in [*asked.numbers().values(), asked.id]:
        if column and column not in sheet.at:
            hint = "" if len(sheet.header) > 1 else "; save it with commas between the columns"
            raise RankError(
                f"{path}:1: there is no column {column!r}; its columns are {', '.join(sheet.header)}{hint}"
            )
    name = asked.id or _id_column(sheet, set(asked.numbers().values()))
    units, seen = Units([], [], [], [], [], [], []), {}
    for line, cells in sheet.rows:
        key = cells[sheet.at[name]].strip()
        if not key:
            raise RankError(f"{path}:{line}: column {name!r} is empty: every line needs the id of its unit")
        if key in seen:
            raise RankError(
                f"{path}:{line}: {key!r} is there twice, first in line {seen[key]}: keep one, or name the "
                "column that tells them apart with --id"
            )
        seen[key] = line
        found, lacking = _numbers(sheet, cells, asked, f"{path}:{line}", key)
        if lacking:
            if not drop:
                raise RankError(f"{lacking}; {MORE}")
            units.dropped.append(key)
            continue
        units.ids.append(key)
        units.texts.append(cells[sheet.at[asked.value]].strip() if asked.value else "")
        for what, into in (("value", units.values), ("se", units.ses)):
            if what in found:
                into.append(found[what])
        for what, whole in (("count", units.counts), ("n", units.ns)):
            if what in found:
                whole.append(int(found[what]))
    return units


def _numbers(
    sheet: _Sheet, cells: list[str], asked: Asked, where: str, key: str
) -> tuple[dict[str, float], str]:
    """The numbers of one line by what they are, and the sentence on the first one lacking ("": none)."""
    found: dict[str, float] = {}
    lacking = ""
    for what, column in asked.numbers().items():
        text = cells[sheet.at[column]].strip()
        if text.lower() in MISSING:
            lacking = lacking or f"{where}: column {column!r} of {key!r} has no value ({text or 'empty'})"
        else:
            found[what] = _number(text, what, f"{where}: column {column!r} of {key!r}")
    if not lacking and found.get("n") == 0:
        lacking = f"{where}: column {asked.n!r} of {key!r} is 0: of no cases there is no rate"
    if "n" in found and "count" in found and found["count"] > found["n"]:
        raise RankError(
            f"{where}: column {asked.count!r} of {key!r} is {found['count']:g}, more than the {found['n']:g} "
            f"of column {asked.n!r}: are the two columns the wrong way round?"
        )
    return found, lacking


def _sheet(path: Path) -> _Sheet:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise RankError(f"{path}: cannot be read: {error.strerror or error}; check the path") from None
    except UnicodeDecodeError as error:
        raise RankError(f"{path}: byte {error.start} is not UTF-8: save the file as CSV UTF-8") from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[tuple[int, list[str]]] = []
    try:
        header = [one.strip() for one in next(reader, [])]
        for cells in reader:
            if not any(one.strip() for one in cells):
                continue
            if len(cells) != len(header):
                raise RankError(
                    f"{path}:{reader.line_num}: {len(cells)} cells, but the first line names {len(header)} columns; "
                    "put quotes around cells with commas"
                )
            rows.append((reader.line_num, cells))
    except csv.Error as error:
        raise RankError(f"{path}:{reader.line_num}: no CSV: {error}; save the file as CSV anew") from None
    if not header:
        raise RankError(f"{path}: is empty: the first line names the columns, each other line is a unit")
    twice = next((one for one in header if header.count(one) > 1), None)
    if twice is not None:
        raise RankError(f"{path}:1: two columns are called {twice!r}: rename one")
    return _Sheet(path, header, rows, {column: place for place, column in enumerate(header)})


def _id_column(sheet: _Sheet, taken: set[str]) -> str:
    """The first column with a text in it that is no number."""
    for column in sheet.header:
        texts = (cells[sheet.at[column]].strip() for _, cells in sheet.rows)
        if column not in taken and any(not _reads(text) for text in texts if text.lower() not in MISSING):
            return column
    raise RankError(f"{sheet.path}: no column has names of units: say which one is the id with --id COLUMN")


def _reads(text: str) -> bool:
    return bool(NUMBER.fullmatch(text)) or text.lower().lstrip("+-") in ("inf", "infinity")


def _number(text: str, what: str, where: str) -> float:
    if not _reads(text):
        raise RankError(
            f"{where} is {text!r}, which is no number: write it as 1234.5, without units or commas"
        )
    found = float(text)
    if not math.isfinite(found):
        raise RankError(f"{where} is {text}: an infinite number has no place in a ranking; correct it")
    if abs(found) > MOST or 0 < abs(found) < 1 / MOST:
        raise RankError(f"{where} is {text}, larger or finer than any measure; correct it")
    if what != "value" and found < 0:
        raise RankError(f"{where} is {text}: it cannot be below 0; correct it")
    if what in ("n", "count") and found > CASES:
        raise RankError(f"{where} is {text}, more cases than can be; correct it")
    if what in ("n", "count") and found % 1:
        raise RankError(f"{where} is {text}: cases are counted in whole numbers; correct it")
    return found


def all_equal(values: Sequence[float]) -> bool:
    """Whether there is nothing to rank by."""
    return len(set(values)) == 1
