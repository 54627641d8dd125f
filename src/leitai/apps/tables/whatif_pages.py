"""The office asks what a change of the rules would do, before it is announced: a page, and the same as Excel.

The question is in the address, so that it can be sent to a colleague; only the text of a draft, which no address can
hold, is sent as a form. Nothing is written and nobody is told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from leitai.apps.ledger.errors import Refused, tell
from leitai.apps.people.access import Visit, page
from leitai.apps.regimes import queries as regimes
from leitai.rules.kernel import Text
from leitai.rules.regime.book import RegimeError
from leitai.ui import words

from . import books, whatif

LONGEST = 1_000_000  # characters of a draft
FAULTS = 12  # faults of a draft that are told at once


def _asked(request: HttpRequest, visit: Visit) -> tuple[whatif.Question | None, str, list[str]]:
    """The question, the draft it is about ("" for none), and what is wrong with them."""
    draft = request.POST.get("draft", "")
    upload = request.FILES.get("file")
    if upload is not None and upload.size <= LONGEST:
        draft = upload.read().decode("utf-8", "replace")
    try:
        if request.method == "POST":
            if not draft.strip() or len(draft) > LONGEST:
                return None, draft, [_("Put in the text of a rule-book, or choose its file.")]
            return whatif.drafted(visit.place, draft, request.POST.dict()), draft, []
        question = whatif.asked(visit.place, request.GET.dict())
        return question, "", [str(fault) for fault in question.faults]
    except Refused as refused:
        return None, draft, [str(refused)]
    except RegimeError as fault:
        return None, draft, [tell(one) for one in fault.findings[:FAULTS]]
    except regimes.NoRegime:
        return None, draft, [_("This place has no rule-book yet.")]


@require_http_methods(["GET", "HEAD", "POST"])
@page("table.freeze")
def whatif_page(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The form, and the answer where something is asked."""
    question, draft, faults = _asked(request, visit)
    found = None
    if question is not None and question.is_asked:
        try:
            found = whatif.answer(visit.place, question)
        except Refused as refused:
            faults = [str(refused)]
    given = request.POST if request.method == "POST" else request.GET
    told = whatif.periods(visit.place)
    arena = question.arena if question else given.get("arena", "")
    context = {
        "visit": visit,
        "question": question or _plain(visit, given),
        "draft": draft,
        "faults": faults,
        "answer": found,
        "arenas": _names(visit, told),
        "periods": told.get(arena) or next(iter(told.values()), []),
        "books": regimes.versions(visit.place),
        "today": visit.now.astimezone(visit.place.zone).date(),
        "given": given,
        "least": whatif.LEAST,
        "most": whatif.MOST,
        "filter": request.GET.urlencode(),
    }
    return render(request, "tables/whatif.html", context)


def _plain(visit: Visit, given: Mapping[str, str]) -> whatif.Question | None:
    """The question without what was wrong in it, so that the form can be shown again."""
    try:
        return whatif.asked(visit.place, {key: given[key] for key in ("arena",) if key in given})
    except (Refused, regimes.NoRegime):
        return None


def _names(visit: Visit, told: Mapping[str, Sequence[Any]]) -> dict[str, Text]:
    """The arenas that can be asked about, as the rules in force at their newest table call them."""
    found = {}
    for key, periods in told.items():
        arenas = regimes.regime_on(visit.place, periods[-1].last).arenas
        found[key] = arenas[key].name if key in arenas else Text(en=key)
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@page("table.freeze")
def whatif_sheet(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The answer as Excel: the units, every line, what the rules would do."""
    question, _draft, _faults = _asked(request, visit)
    try:
        found = whatif.answer(visit.place, question) if question is not None and not question.faults else None
    except Refused:
        found = None
    if found is None or question is None:
        return whatif_page(request, visit.place.key)
    about = [
        (_("Place"), visit.place.name),
        (_("Arena"), question.arena),
        (_("Periods"), f"{words.period(question.first.key)} – {words.period(question.last.key)}"),
        (_("Rule-book"), str(question.book)),
        *((_show(one.name), f"{one.weight} → {one.asked}", one.way) for one in question.weighed),
    ]
    content = books.book(_sheets(found), about)
    return books.answer(content, f"{visit.place.key}-what-if")


def _show(text: Text | None) -> str:
    return text.show(get_language() or "zh-hans") if text is not None else ""


def _sheets(found: whatif.Answer) -> list[tuple[str, Sequence[str], books.Rows]]:
    units = [
        [
            one.unit.name if one.unit else one.sum.unit,
            one.gain.places,
            one.sum.gained,
            one.sum.lost,
            one.beyond,
            one.sum.named,
            one.sum.cleared,
        ]
        for one in (*found.gain.every, *found.even.every, *found.lose.every)
    ]
    lines, deeds = [], []
    for told in found.tables:
        name, period = _show(told.view.name), words.period(told.view.period.key)
        for line in (*told.beyond, *told.noise):
            row: list[Any] = [period, name, _show(line.group), line.unit.name if line.unit else ""]
            for one in (line.old, line.new):
                row += [one.rank, one.rank_low, one.rank_high, one.score] if one else [None] * 4
            row += [line.gain.places if line.gain else None, _("within noise") if line.noise else ""]
            lines.append(
                [*row, _("named worst") if line.named else _("named no more") if line.cleared else ""]
            )
        for unit, deed in told.deeds:
            deeds.append([period, name, unit.name if unit else "", _(deed.what), deed.do, deed.source])
    both = [_("%(what)s, as published"), _("%(what)s, as asked")]
    ranks = [one % {"what": what} for one in both for what in (_("Rank"), _("Best"), _("Worst"), _("Score"))]
    head = [_("Period"), _("Arena"), _("Group"), _("Unit"), *ranks, _("Gained"), _("Noise"), _("Named")]
    return [
        (
            _("Units"),
            [
                _("Unit"),
                _("Net places"),
                _("Gained"),
                _("Lost"),
                _("Tables beyond noise"),
                _("Newly named"),
                _("Named no more"),
            ],
            units,
        ),
        (_("Lines"), head, lines),
        (
            _("What the rules would do"),
            [_("Period"), _("Arena"), _("Unit"), _("Which"), _("What"), _("Source")],
            deeds,
        ),
    ]
