"""The data of an index: a CSV text to columns of decimals, or to every fault, each with line and column.

The order of the lines means nothing: units are kept in the order of their keys, so that the same records in
any order give the same bytes.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from leitai.rules.kernel import N_, Finding, Where, nearest
from leitai.rules.regime.source import Positions

from ..exact import dec
from .spec import Spec

_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3})?", re.ASCII)
_NO_NUMBER = {"nan", "inf", "infinity"}
MOST_DIGITS = 30  # before or after the point; what is larger or finer is a slip
ALL = "all"  # the one group of a table without groups


@dataclass(frozen=True, slots=True)
class Data:
    """Units in the order of their keys; columns of decimals, None where missing; where each line stands."""

    ids: tuple[str, ...]
    names: tuple[str, ...]
    groups: tuple[str, ...]
    columns: Mapping[str, tuple[Decimal | None, ...]]
    lines: tuple[int, ...]
    header: tuple[str, ...]
    file: str = ""

    def where(self, unit: int, column: str) -> Where:
        """Where a unit's cell of a column stands: the line, and which field of it."""
        return Where(self.file, self.lines[unit], self.header.index(column) + 1)


def read_data(
    text: str, spec: Spec, file: str = "", positions: Positions | None = None
) -> tuple[Data | None, tuple[Finding, ...]]:
    """The columns that a spec reads, from CSV text with a head line; None where anything is wrong.

    `positions` are those of the spec's text: a column that is not there is told where the spec names it.
    """
    findings: list[Finding] = []
    reader = csv.reader((line + "\n" for line in text.split("\n")), strict=True)
    rows: list[tuple[int, list[str]]] = []
    begun = 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append((begun, row))
            begun = reader.line_num + 1
    except csv.Error as error:
        message = N_("from this line on it cannot be read as CSV (%(why)s); mend its quotes")
        return None, (Finding("csv", message, Where(file, begun, 1), {"why": error}),)
    if not rows:
        message = N_("the file is empty; its first line names the columns")
        return None, (Finding("empty-file", message, Where(file, 1, 1)),)
    header = tuple(cell.strip() for cell in rows[0][1])
    if len(header) == 1 and any(mark in header[0] for mark in ";\t"):
        message = N_("there are no commas between the columns of this line; save the file as CSV with commas")
        return None, (Finding("csv", message, Where(file, rows[0][0], 1)),)
    names = [("units", "id", spec.units.id), ("units", "name", spec.units.name)]
    names += [("units", "group", spec.units.group)]
    wanted: dict[str, tuple[object, ...]] = {name: (*at,) for *at, name in names if name is not None}
    wanted |= {column: at for column, at in spec.numbers().items() if column not in wanted}
    for column, at in wanted.items():
        findings += _column(column, at, header, file, positions)
    if findings:
        return None, tuple(findings)
    lines = [
        (line, [cell.strip() for cell in row])
        for line, row in rows[1:]
        if _whole(line, row, header, file, findings)
    ]
    place = {column: header.index(column) for column in wanted}
    lines.sort(key=lambda one: one[1][place[spec.units.id]])
    _keys(lines, place, spec, file, findings)
    absent = {"", *spec.absent}
    columns = {
        column: tuple(_number(line, row, place, column, spec, file, absent, findings) for line, row in lines)
        for column in spec.numbers()
    }
    if findings:
        return None, tuple(sorted(findings, key=lambda finding: finding.where))
    ids, titles, groups = (
        tuple(row[place[column]] if column else other for _, row in lines)
        for column, other in ((spec.units.id, ""), (spec.units.name, ""), (spec.units.group, ALL))
    )
    return Data(ids, titles, groups, columns, tuple(line for line, _ in lines), header, file), ()


def _column(
    column: str, at: tuple[object, ...], header: Sequence[str], file: str, positions: Positions | None
) -> list[Finding]:
    values = {"column": column, "file": file, "near": nearest(column, header)}
    if header.count(column) > 1:
        message = N_("two columns are called “%(column)s”; rename one of them")
        return [Finding("column-twice", message, Where(file, 1, header.index(column) + 1), values)]
    if column in header:
        return []
    message = (
        N_("%(file)s has no column “%(column)s”; “%(near)s” is near")
        if values["near"]
        else N_("%(file)s has no column “%(column)s”; add it there or mend the name here")
    )
    return [Finding("no-column", message, positions.value(*at) if positions else Where(file, 1), values)]


def _whole(line: int, row: Sequence[str], header: Sequence[str], file: str, findings: list[Finding]) -> bool:
    if len(row) == len(header):
        return True
    message = N_("this line has %(count)s fields and the first has %(wanted)s; a comma or a quote is amiss")
    findings.append(Finding("csv", message, Where(file, line), {"count": len(row), "wanted": len(header)}))
    return False


def _keys(
    lines: Sequence[tuple[int, list[str]]],
    place: Mapping[str, int],
    spec: Spec,
    file: str,
    findings: list[Finding],
) -> None:
    first: dict[str, int] = {}
    field = place[spec.units.id]
    for line, row in sorted(lines):
        unit, where = row[field], Where(file, line, field + 1)
        if not unit:
            message = N_("this line has no key in column “%(column)s”; say which unit it is")
            findings.append(Finding("no-key", message, where, {"column": spec.units.id}))
        elif unit in first:
            message = N_("the unit “%(unit)s” is there twice, first in line %(line)s; keep one of them")
            findings.append(Finding("unit-twice", message, where, {"unit": unit, "line": first[unit]}))
        first.setdefault(unit, line)
        if spec.units.group and not row[place[spec.units.group]]:
            message = N_("the unit “%(unit)s” has no group in column “%(column)s”; write it")
            at = Where(file, line, place[spec.units.group] + 1)
            findings.append(Finding("no-group", message, at, {"unit": unit, "column": spec.units.group}))
    if len(first) < 2 and not findings:
        message = N_("there is %(count)s unit in the data; a table compares at least two, so add the others")
        if not first:
            message = N_("there is no unit in the data; write a line for each below the first")
        findings.append(
            Finding("one-unit", message, Where(file, lines[0][0] if lines else 1, 1), {"count": len(first)})
        )


def _number(
    line: int,
    row: Sequence[str],
    place: Mapping[str, int],
    column: str,
    spec: Spec,
    file: str,
    absent: set[str],
    findings: list[Finding],
) -> Decimal | None:
    text = row[place[column]]
    if text in absent:
        return None
    values = {"value": text[:40], "column": column, "unit": row[place[spec.units.id]]}
    if text.lower().lstrip("+-") in _NO_NUMBER:
        message = N_(
            "%(value)s in column “%(column)s” of %(unit)s is no finite number; leave the cell empty where the"
            " value is missing, or name the mark under “absent” in the spec"
        )
    elif not _NUMBER.fullmatch(text):
        message = N_(
            "“%(value)s” in column “%(column)s” of %(unit)s is no number; write one such as 12.5, or leave the"
            " cell empty where the value is missing"
        )
    else:
        _, digits, exponent = Decimal(text).as_tuple()
        if int(exponent) >= -MOST_DIGITS and len(digits) + int(exponent) <= MOST_DIGITS:
            return dec(text)
        message = N_(
            "%(value)s in column “%(column)s” of %(unit)s is larger or finer than any measure; mend it"
        )
    findings.append(Finding("not-a-number", message, Where(file, line, place[column] + 1), values))
    return None
