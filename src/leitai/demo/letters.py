"""Sample letters of responsibility: the targets that a year's figures were seeded with, signed by both sides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import translation

from leitai.apps.measures import actions as measures
from leitai.apps.measures import queries
from leitai.apps.measures.models import Side
from leitai.apps.people import queries as people
from leitai.rules.kernel import Period, Text

from .script import DemoError, LettersScript

TITLE = Text(zh="{year}年度责任书（{unit}，样例）", en="Letter of responsibility for {year} ({unit}, sample)")
SIDES = ((Side.UNIT, "sample-unit"), (Side.OFFICE, "sample-office"))


def put_letters(place: Any, script: LettersScript, records: Sequence[Any], now: datetime) -> int:
    """Sign a letter with each unit of the script, in the first days of the year, once; how many. Raises DemoError.

    A part of the year for which nothing was seeded is asked for as much as the part before it.
    """
    year = Period.parse(script.year)
    if queries.letters(place).exists():
        return 0
    at = min(now, year.bounds(place.zone)[0] + timedelta(days=5, hours=10))
    drafts = []
    for key in script.units:
        unit = people.unit(place, key)
        if unit is None:
            raise DemoError(f"{place.key}: there is no unit {key} for a letter")
        terms = [term for measure in script.measures for term in _terms(records, unit, measure, year)]
        if not terms:
            raise DemoError(f"{place.key}: {key} was seeded with no target of {', '.join(script.measures)}")
        drafts.append((unit, terms))
    for unit, terms in drafts:
        with translation.override(place.language):
            title = TITLE.show(place.language).format(year=year.first.year, unit=unit.name)
        row = measures.draft_letter(
            unit=unit, period=year, title=title, document=title, terms=terms, by="sample-office", now=at
        )
        for side, by in SIDES:
            measures.confirm_letter(letter=row, side=side, digest=row.digest, by=by, now=at)
    return len(script.units)


def _terms(records: Sequence[Any], unit: Any, measure: str, year: Period) -> list[measures.TermDraft]:
    told = {one.period: one.target for one in records if one.unit_id == unit.pk and one.measure == measure}
    kinds = {Period.parse(period).kind for period in told}
    last: Decimal | None = None
    found = []
    for part in year.within(kinds.pop()) if kinds else ():
        last = told.get(part.key) or last
        if last is not None and last > 0:
            found.append(measures.TermDraft(measure, part.key, last))
    return found
