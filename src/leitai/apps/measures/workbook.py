"""The workbook that a unit fills in: what it is asked for a period, and nothing else can be typed into.

It names its edition, place, period and what the measures meant when it was made. When it comes back each cell is read
by itself; what cannot be taken is told with the cell's address. One sheet may be of several units.
"""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from io import BytesIO
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.worksheet.datavalidation import DataValidation

from leitai.apps.ledger.errors import refuse
from leitai.rules.kernel import N_, Finding, Period
from leitai.rules.ledger import canonical, digest
from leitai.rules.regime.model import Regime
from leitai.ui import words

from . import queries
from .incoming import Line

FORMAT = "leitai-readings/1"
MOST_BYTES, MOST_UNPACKED, MOST_ROWS = 2 << 20, 32 << 20, 20_000
FIRST = 4  # the row of the first figure
VALUE, NUMERATOR, DENOMINATOR = "G", "H", "I"
OPEN = PatternFill("solid", fgColor="FFF7D6")


def template(place: Any, units: Sequence[Any], regime: Regime, period: Period, now: datetime) -> bytes:
    """The workbook's bytes for units and a period; figures that are held stand in it and cannot be changed.

    Raises Refused where nothing is asked of these units for the period.
    """
    wanted = {unit.pk for unit in units}
    lines = [one for one in queries.asks(place, regime, period, now) if one.unit.pk in wanted]
    if not lines:
        raise refuse("nothing-asked", N_("Nothing is asked of this unit for %(period)s."), period=period.key)
    book = Workbook()
    sheet: Any = book.active
    sheet.title = _("Figures")
    sheet["A1"] = _clean(f"{place.name} · {words.period(period.key)}")
    sheet["A1"].font = Font(bold=True, size=14)
    sheet["A2"] = _("Fill in the yellow cells. A figure that is held is corrected on the page of readings.")
    head = [
        _("Unit key"), _("Unit"), _("Measure key"), _("Measure"), _("In"), _("Target"),
        _("Value"), _("Numerator"), _("Denominator"), _("State"),
    ]  # fmt: skip
    for column, text in enumerate(head, 1):
        cell = sheet.cell(FIRST - 1, column, text)
        cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True)
    language = get_language() or "zh-hans"
    aims = queries.standing_aims(place, period.key)
    states = {"missing": _("missing"), "late": _("late"), "reported": _("reported"),
              "verified": _("verified"), "disputed": _("disputed")}  # fmt: skip
    for at, one in enumerate(lines, FIRST):
        own = one.reading.target if one.reading else one.spec.points.target
        aim = aims.get((one.unit.pk, one.key), own)
        texts = (one.unit.key, one.unit.name, one.key, one.spec.name.show(language),
                 one.spec.unit.show(language) if one.spec.unit else "")  # fmt: skip
        for column, text in enumerate(texts, 1):
            sheet.cell(at, column, _clean(text))
        sheet.cell(at, 6, _number(aim))
        sheet.cell(at, 10, states[one.state])
        if one.reading is not None and one.reading.source:
            continue  # another system brought it, perhaps in parts: nothing of it is to be typed or sent back
        if one.reading is not None:
            sheet[f"{VALUE}{at}"] = _number(one.reading.value)
            sheet[f"{NUMERATOR}{at}"] = _number(one.reading.numerator)
            sheet[f"{DENOMINATOR}{at}"] = _number(one.reading.denominator)
            continue
        sheet[f"{VALUE}{at}"].fill = OPEN
        sheet[f"{VALUE}{at}"].protection = Protection(locked=False)
    for column, width in zip("ABCDEFGHIJ", (16, 24, 18, 30, 12, 12, 14, 12, 12, 12), strict=True):
        sheet.column_dimensions[column].width = width
    sheet.freeze_panes = f"C{FIRST}"
    sheet.protection.sheet = True
    numbers = DataValidation(type="decimal", operator="between", formula1="-1E+17", formula2="1E+17")
    numbers.error, numbers.errorTitle = _("Only a number can stand here."), _("Figures")
    sheet.add_data_validation(numbers)
    numbers.add(f"{VALUE}{FIRST}:{VALUE}{FIRST + len(lines) - 1}")
    about = book.create_sheet("leitai")
    about.sheet_state = "hidden"
    about.protection.sheet = True
    for row in (
        ("format", FORMAT),
        ("place", place.key),
        ("period", period.key),
        ("meaning", meaning(regime, [one.key for one in lines])),
        ("measures", ",".join(sorted({one.key for one in lines}))),
        ("made", now.isoformat()),
    ):
        about.append(row)
    out = BytesIO()
    write = book.save  # a workbook's, not a row's
    write(out)
    return out.getvalue()


def meaning(regime: Regime, measures: Sequence[str]) -> str:
    """A digest of what measures mean, so that a figure is not taken for another thing after the rule-book changed."""
    known = {key: regime.measures[key] for key in sorted(set(measures)) if key in regime.measures}
    return digest(
        canonical(
            {
                key: [str(spec.name), str(spec.unit), str(spec.formula), spec.every, spec.from_]
                for key, spec in known.items()
            }
        )
    )


def filled(place: Any, data: bytes, regime_of: Any) -> tuple[list[Line], list[tuple[str, Finding]], Period]:
    """The figures of a workbook that came back, the cells that hold no number, and the period it is for.

    `regime_of(period)` gives the rule-book of that period. Raises Refused for what is no such workbook, one of another
    place or edition, and one made before the measures came to mean something else.
    """
    sheets = _opened(data)
    about = {str(row[0]): str(row[1]) for row in sheets["leitai"].iter_rows(max_col=2, values_only=True)}
    if about.get("format") != FORMAT:
        raise refuse(
            "other-edition", N_("This workbook is of an edition that is not read here; download it anew.")
        )
    if about.get("place") != place.key:
        raise refuse("other-place", N_("This workbook is of another place."))
    period = Period.parse(about["period"])
    if about.get("meaning") != meaning(regime_of(period), about.get("measures", "").split(",")):
        raise refuse(
            "other-meaning", N_("The rule-book's measures changed since this was made; download it anew.")
        )
    lines: list[Line] = []
    faults: list[tuple[str, Finding]] = []
    seen: dict[tuple[str, str], str] = {}
    sheet = next(one for name, one in sheets.items() if name != "leitai")
    for at, row in enumerate(
        sheet.iter_rows(min_row=FIRST, max_col=9, max_row=MOST_ROWS, values_only=True), FIRST
    ):
        cells = [*row, *[None] * (9 - len(row))]
        unit, measure = str(cells[0] or "").strip(), str(cells[2] or "").strip()
        typed = {VALUE: cells[6], NUMERATOR: cells[7], DENOMINATOR: cells[8]}
        if all(one is None or str(one).strip() == "" for one in typed.values()):
            continue
        where = f"{VALUE}{at}"
        if (unit, measure) in seen:
            message = N_("the same figure stands in %(other)s")
            faults.append((where, Finding("twice", message, values={"other": seen[unit, measure]})))
            continue
        seen[unit, measure] = where
        numbers = {}
        for column, content in typed.items():
            number = _read(content)
            if isinstance(number, Finding):
                faults.append((f"{column}{at}", number))
                break
            numbers[column] = number
        else:
            rate = numbers[VALUE] is None
            lines.append(
                Line(where if not rate else f"{NUMERATOR}{at}", unit, measure, period.key, *numbers.values())
            )
    return lines, faults, period


def _opened(data: bytes) -> dict[str, Any]:
    """The sheets of a workbook by name. Raises Refused for what is none of ours."""
    fault = refuse(
        "not-our-workbook", N_("This is not a workbook that was downloaded here, or it is damaged.")
    )
    if len(data) > MOST_BYTES:
        raise refuse("too-big", N_("The file is larger than %(most)s MB."), most=MOST_BYTES >> 20)
    try:
        with zipfile.ZipFile(BytesIO(data)) as parts:
            if sum(one.file_size for one in parts.infolist()) > MOST_UNPACKED:
                raise fault
        book = load_workbook(BytesIO(data), read_only=True, data_only=True)
        sheets = {sheet.title: sheet for sheet in book.worksheets}
        if "leitai" not in sheets or len(sheets) < 2:
            raise fault
        for sheet in sheets.values():
            sheet.reset_dimensions()  # what a file says of its size is not to be relied on
    except Exception as error:  # the reader raises whatever a damaged file leads it into
        if error is fault:
            raise
        raise fault from None
    return sheets


def _read(content: object) -> Decimal | Finding | None:
    """The number in a cell; None where it is empty."""
    if content is None or (isinstance(content, str) and not content.strip()):
        return None
    bad = Finding("not-a-number", N_("“%(text)s” is not a number."), values={"text": str(content)[:40]})
    if isinstance(content, bool) or not isinstance(content, int | float | str):
        return bad
    try:
        # A spreadsheet keeps binary fractions; fifteen digits are what it shows and what somebody typed.
        found = queries.decimal(content if isinstance(content, str) else f"{content:.15g}")
    except InvalidOperation:
        return bad
    return found if found.is_finite() else bad


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _clean(text: str) -> str:
    """A text that a spreadsheet neither chokes on nor takes for a formula."""
    text = ILLEGAL_CHARACTERS_RE.sub(" ", text)
    return "'" + text if text[:1] in ("=", "+", "-", "@") else text
