"""What people type into boxes of projects: days, sums with their unit, numbers. A fault is a refusal that says so."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from leitai.apps.ledger.errors import refuse
from leitai.rules.kernel import N_
from leitai.rules.projects import SUMS
from leitai.ui import typed

SCALES = {"yuan": Decimal(1), "wan": Decimal(10**4), "million": Decimal(10**6), "yi": Decimal(10**8)}


def plain(text: Any, most: int = 100) -> str:
    """What was typed, nothing where nothing was, without what no database keeps."""
    return typed.plain(str(text or ""), most)


def day_of(text: Any) -> date:
    """A day. Raises Refused."""
    try:
        return date.fromisoformat(plain(text, 10))
    except ValueError:
        raise refuse("no-day", N_("Say which day, as 2022-09-27.")) from None


def number_of(text: Any) -> int:
    """A row's number, 0 for what is none."""
    typed = plain(text, 12)
    return int(typed) if typed.isascii() and typed.isdigit() else 0


def sums_of(posted: Any) -> dict[str, Decimal]:
    """The sums that were typed, in yuan by the unit that was chosen. Raises Refused."""
    scale = SCALES.get(posted.get("scale", ""), Decimal(1))
    found = {}
    for what in SUMS:
        typed = plain(posted.get(what), 30).replace(",", "").replace("，", "")
        if not typed:
            continue
        try:
            value = Decimal(typed)
        except InvalidOperation:
            value = Decimal("NaN")
        if not value.is_finite():
            raise refuse("bad-amount", N_("%(value)s is no amount that can be."), value=typed)
        found[what] = value * scale
    return found
