"""One cell of somebody's table: text, an instant, a number. Tables come as text, or with types of their own.

Times without an offset are wall times of the map's zone. A wall time that happened twice (clocks put back) is
the first of the two; one that never was (clocks put forward) is read with the offset that held before, so
02:30 of such a night is the instant that the clocks called 03:30 (PEP 495, fold 0).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, tzinfo
from decimal import Decimal, InvalidOperation

from leitai.rules.kernel import N_, Finding

MOST = Decimal(10) ** 18  # a reading's column holds 18 digits before the point and 6 after it
PLACES = Decimal("0.000001")
_YEAR_FIRST = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?"
    r"(?:[ T]*(\d{1,2})[:：时点](?:(\d{1,2})分?)?(?:[:：]?(\d{1,2})秒?)?)?"
)


class Wrong(Exception):
    """What is wrong with a cell; becomes the reason of a rejected row."""

    def __init__(self, code: str, message: str, **values: object) -> None:
        super().__init__(message)
        self.finding = Finding(code, message, values=values)


def text(cell: object) -> str:
    """A cell as text: blanks at the ends off, a whole number without a point, nothing as ""."""
    if isinstance(cell, str):
        return cell.strip().replace("\0", "")
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else "" if cell != cell else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    if isinstance(cell, bytes):
        return cell.decode("utf-8", "replace").strip().replace("\0", "")
    return str(cell).strip()


def instant(cell: object, zone: tzinfo, form: str | None = None, fold: int = 0) -> datetime | None:
    """The UTC instant a cell tells, None for an empty one. A bare date is its first moment in the zone.

    `form` is strptime's pattern where times are not written year first. Raises Wrong.
    """
    found = _wall(cell, form)
    if found is None:
        return None
    try:
        if found.tzinfo is None:
            found = found.replace(tzinfo=zone, fold=fold)
        return found.astimezone(UTC)
    except (OverflowError, ValueError):
        raise _no_time(form) from None


def _wall(cell: object, form: str | None) -> datetime | None:
    if isinstance(cell, datetime):
        return cell
    if isinstance(cell, date):
        return datetime.combine(cell, time())
    said = text(cell)
    if not said:
        return None
    try:
        if form is not None:
            return datetime.strptime(said, form)  # noqa: DTZ007  # the zone is put on by `instant`
        return datetime.fromisoformat(said)
    except ValueError:
        pass
    found = _YEAR_FIRST.fullmatch(said) if form is None else None
    if found is None:
        raise _no_time(form)
    try:
        return datetime(*(int(part or 0) for part in found.groups()))  # type: ignore[arg-type]  # noqa: DTZ001
    except ValueError:
        raise _no_time(form) from None


def _no_time(form: str | None) -> Wrong:
    if form is not None:
        return Wrong(
            "bad-time", N_("this is not a time as the map says times are written: %(form)s"), form=form
        )
    return Wrong("bad-time", N_("this is not a time; right is 2022-01-31 16:50, or say `times` in the map"))


def day(cell: object, form: str | None = None) -> date | None:
    """The date a cell tells, None for an empty one. Raises Wrong."""
    found = _wall(cell, form)
    return None if found is None else found.date()


def number(cell: object) -> Decimal | None:
    """The number of a cell, rounded to six places; None for an empty one. Thousands may be marked.

    Raises Wrong.
    """
    said = text(cell).replace(",", "").replace("，", "")
    if not said:
        return None
    try:
        found = Decimal(said)
        if not found.is_finite() or abs(found) >= MOST:
            raise InvalidOperation
        exponent = found.as_tuple().exponent
        return found.quantize(PLACES) if isinstance(exponent, int) and exponent < -6 else found
    except InvalidOperation:
        if said.endswith(("%", "％")):
            raise Wrong("bad-number", N_("write a share as a number, 0.85 and not 85%%")) from None
        raise Wrong("bad-number", N_("this is not a number")) from None


def once(read: Callable[[str], str]) -> Callable[[str], str]:
    """The same answer for the same text without asking twice; for words of which a table holds few."""
    known: dict[str, str] = {}

    def answer(said: str) -> str:
        found = known.get(said)
        if found is None:
            found = read(said)
            if len(known) < 1000:
                known[said] = found
        return found

    return answer
