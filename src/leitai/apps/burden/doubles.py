"""Whether a new ask doubles what is asked or held already; the grass roots are asked for a figure once.

Three ways to ask twice are caught: the same figure of the same period; a measure of the rule-book that these units
report, or that the house works out by itself; and the same matter under other words. Words are alike when so many of
their runs of letters are the same, as closings of cases are compared; short titles by their pairs of letters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.utils.translation import get_language

from leitai.apps.ledger.errors import refuse
from leitai.apps.measures import queries as measures
from leitai.apps.regimes import queries as regimes
from leitai.rules.casework.likeness import LINES, share, text_print
from leitai.rules.kernel import N_
from leitai.rules.regime.model import Regime

from .models import Ask

PAIRS = (
    0.6  # of the pairs of letters of two short titles, Dice's share from which on they are the same matter
)
_LETTERS = re.compile(r"[\W_\d]+")


def figure_of(title: str) -> str:
    """A key for what a title asks: the same for titles that differ only in case, width, spaces and marks."""
    return f"ask-{sha256(_plain(title).encode()).hexdigest()[:16]}"


def alike(first: str, second: str) -> bool:
    """Whether two titles ask for the same matter in about the same words; numbers in them make no difference."""
    one, other = _plain(first), _plain(second)
    if not one or not other:
        return first.strip() == second.strip()
    if one == other:
        return True
    prints = text_print(first), text_print(second)
    if prints[0] is not None and prints[1] is not None:
        return share("text", prints[0].data, prints[1].data) >= LINES["text"]
    mine, theirs = _pairs(one), _pairs(other)
    return 2 * len(mine & theirs) >= PAIRS * (len(mine) + len(theirs)) > 0


def check_double(
    place: Any, figure: str, period: str, title: str, units: Sequence[Any], now: datetime
) -> None:
    """Raises Refused, with what it doubles as `subject`, for what is asked or held already."""
    standing = list(Ask.objects.filter(place=place, withdrawn_at__isnull=True).order_by("pk"))
    for row in standing:
        if row.figure == figure and row.period == period:
            raise _asked("asked-already", row)
    regime = regimes.regime_on(place, now.astimezone(place.zone).date())
    _check_measures(place, regime, figure, title, units)
    for row in standing:
        if (not period or not row.period or period == row.period) and alike(title, row.title):
            raise _asked("asked-alike", row)


def _asked(code: str, row: Ask) -> Exception:
    return refuse(
        code,
        N_("This is asked already, as number %(number)s: “%(title)s”. Use what is answered there."),
        number=row.pk,
        title=row.title,
        subject=f"ask:{row.pk}",
    )


def _check_measures(place: Any, regime: Regime, figure: str, title: str, units: Sequence[Any]) -> None:
    language = get_language() or "zh-hans"
    asked = measures.asked_units(place, regime)
    wanted = {unit.pk for unit in units}
    for key, spec in regime.measures.items():
        if figure != key and not any(alike(title, name) for name in (spec.name.zh, spec.name.en) if name):
            continue
        said = {"name": spec.name.show(language), "subject": f"measure:{key}"}
        if spec.from_ != "reported":
            raise refuse(
                "worked-out",
                N_("The house works this out by itself, as “%(name)s”; no unit need be asked."),
                **said,
            )
        both = wanted & {unit.pk for unit in asked.get(key, ())}
        if both:
            raise refuse(
                "in-rule-book",
                N_(
                    "The rule-book has these units report this already, as “%(name)s” (%(n)s of those asked)."
                ),
                n=len(both),
                **said,
            )


def _plain(text: str) -> str:
    return _LETTERS.sub("", unicodedata.normalize("NFKC", text).casefold())


def _pairs(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)} or {text}
