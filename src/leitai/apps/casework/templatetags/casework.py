"""What the templates of cases need beyond the common tags."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import template
from django.utils.translation import gettext as _

from leitai.rules.casework import GIVEN
from leitai.rules.worktime import parse_within
from leitai.ui import words

from ..decent import decent as without_persons

register = template.Library()


@register.simple_tag
def filled(typed: Mapping[str, str] | None, name: str, tried: str | None, move: str) -> str:
    """What was typed into a box of a form that was refused; nothing in the other forms of the page."""
    return typed.get(name, "") if typed and tried == move else ""


@register.filter
def decent(text: str) -> str:
    """A text for a public page: without telephone and identity numbers and mail addresses."""
    return without_persons(text)


@register.simple_tag
def box_id(prefix: int, move: str, name: str) -> str:
    """The id of a box, told apart from the same box of another case or move on the page."""
    return f"b{prefix}-{move}-{name}"


@register.filter
def called(by: str, names: Mapping[str, str]) -> str:
    """What to call who wrote in the ledger: a name, an enterprise's key, or the house itself."""
    if by in names:
        return names[by]
    kind, _colon, rest = by.partition(":")
    house = {
        "drive": _("by the rule-book"),
        "anyone": _("a citizen"),
        "import": _("import"),
        "sample": _("sample data"),
    }
    return house.get(kind, rest or by)


@register.simple_tag
def by_day(case: Any, visit: Any) -> bool:
    """Whether instants of a case are shown to a viewer by their day only: they would tell a unit who gave a verdict.

    So for whoever neither calls nor reviews, or is posted at the unit that the verdict is on.
    """
    viewer = visit.viewer
    outside = viewer.may("ballot.call") or viewer.may("ballot.review")
    return case.about.startswith("ballot:") and (not outside or case.unit in viewer.units)


@register.filter
def tells_time(row: Any) -> bool:
    """Whether a clock's due instant tells when the verdict or the call-back was; the end of a workday does not."""
    return row.within == GIVEN or parse_within(row.within).unit != "workdays"


@register.simple_tag
def day(at: datetime, visit: Any) -> str:
    """The day of an instant in the place, and nothing of its time."""
    return words.instant(at, visit.place.zone, "day")


@register.simple_tag
def late_or_kept(row: Any, now: datetime) -> str:
    """How a clock ended, or stands, in a word."""
    if row.void_at is not None:
        return _("no longer running")
    if row.breached_at is not None:
        return _("kept late") if row.met_at is not None else _("missed, still open")
    if row.met_at is not None:
        return _("kept")
    return _("running") if now <= row.due_at else _("missed, still open")
