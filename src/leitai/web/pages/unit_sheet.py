"""A unit's page as Excel: what is told there, a sheet for each part; where too few were asked, no share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from leitai.apps.casework.decent import decent
from leitai.apps.people.access import Visit, public_page
from leitai.apps.tables import books
from leitai.rules.kernel import Text
from leitai.ui import words

from .units import told, unit_of


@require_safe
@public_page
def sheet(_request: HttpRequest, visit: Visit, key: str) -> HttpResponse:
    """The workbook."""
    row = unit_of(visit, key)
    found = told(visit, row)
    sheets = [
        (
            _("Where it stands"),
            [_("Arena"), _("Period"), _("Rank"), _("Best"), _("Worst"), _("of"), _("Score")],
            list(_standings(found)),
        ),
        (
            _("Verdicts"),
            [
                _("What"),
                _("Verdicts"),
                _("Bad"),
                _("Found true"),
                _("Set aside"),
                _("Share"),
                _("Low"),
                _("High"),
            ],
            list(_verdicts(found)),
        ),
        (
            _("Open promises"),
            [_("Promise"), _("Kind"), _("State"), _("Due")],
            list(_promises(visit, found)),
        ),
        (
            _("Consequences"),
            [_("Consequence"), _("Decision"), _("The unit's reply"), _("Decided"), _("until")],
            list(_consequences(visit, found)),
        ),
    ]
    about = [
        (_("Place"), visit.place.name),
        (_("Unit"), row.name),
        (_("As of"), words.instant(visit.now, visit.place.zone)),
    ]
    about += [
        (_show(one["view"].name), words.period(one["now"].table.period), one["now"].table.digest)
        for one in found["arenas"]
    ]
    return books.answer(books.book(sheets, about), f"{visit.place.key}-{row.key}")


def _show(text: Text | str) -> str:
    return text.show(get_language() or "zh-hans") if isinstance(text, Text) else text


def _standings(found: Mapping[str, Any]) -> Iterator[list[Any]]:
    for arena in found["arenas"]:
        for one in arena["history"]:
            period = words.period(one.table.period)
            yield [
                _show(arena["view"].name),
                period,
                one.rank,
                one.rank_low,
                one.rank_high,
                one.of,
                one.score,
            ]


def _verdicts(found: Mapping[str, Any]) -> Iterator[list[Any]]:
    """The year, its months, ways and points."""
    year = found["year"]
    if year is None:
        return
    lines = [(_("12 months"), year), *((one["month"], one["tally"]) for one in found["months"])]
    for name, tally in (*lines, *found["ways"], *found["at_points"]):
        shares = [None] * 3 if tally.few else [tally.share, tally.low, tally.high]
        yield [_show(name), tally.n, tally.bad, tally.upheld, tally.aside, *shares]


def _promises(visit: Visit, found: Mapping[str, Any]) -> Iterator[list[Any]]:
    for one in found["cases"]:
        due = words.instant(one.clock.due_at, visit.place.zone) if one.clock and one.clock.due_at else None
        yield [decent(one.case.title), _show(one.kind), _show(one.state), due]


def _consequences(visit: Visit, found: Mapping[str, Any]) -> Iterator[list[Any]]:
    zone = visit.place.zone
    for row, name in found["merits"]:
        days = [words.instant(at, zone, "day") if at else None for at in (row.decided_at, row.expires_at)]
        yield [_show(name), row.decision, row.reply, *days]
