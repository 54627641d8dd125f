"""Responsibility letters: drafted by the office, read and confirmed by both sides, and what is no longer as signed."""

from __future__ import annotations

from decimal import InvalidOperation
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from leitai.apps.ledger.errors import Refused, refuse
from leitai.apps.people import queries as people
from leitai.apps.people.access import Visit, page
from leitai.apps.regimes import queries as regimes
from leitai.rules.kernel import N_, Period, PeriodError
from leitai.rules.regime.model import Regime
from leitai.ui.path_chart import Mark, path_chart

from . import actions, letter_word, queries
from .actions import TermDraft
from .models import Letter, Side

A_PAGE = 40
MOST_LINES = 400
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
WHY = {
    "few": gettext_lazy("Too few parts of the year are known to foresee its end."),
    "gap": gettext_lazy("A part of the year is missing between others; its end is not foreseen."),
    "rate": gettext_lazy("A rate is not foreseen."),
    "over": gettext_lazy("The year is over."),
    "parts": gettext_lazy("It is measured too seldom to foresee the year's end."),
}


@require_safe
@page("case.see")
def letters(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The letters that the viewer may see, those that wait for a side marked."""
    rows = queries.letters(visit.place)
    if not visit.viewer.may("reading.verify") and not visit.viewer.may("ledger.see"):
        below = people.descendants(visit.place)
        mine = {pk for unit in visit.viewer.units for pk in below[unit.pk]}
        rows = rows.filter(unit_id__in=mine)
    found = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "visit": visit,
        "page": found,
        "rows": found.object_list,
        "altered": queries.altered(visit.place) if visit.viewer.may("ledger.see") else {},
    }
    return render(request, "measures/letters.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page("reading.verify")
def new(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The office drafts a letter: one target a line, or a letter in place of one that is in force."""
    refusal = ""
    old = _old(visit, request.POST.get("replaces", "") or request.GET.get("replaces", ""))
    if request.method == "POST":
        try:
            row = _draft(visit, request.POST, old)
        except Refused as told:
            refusal = str(told)
        else:
            messages.success(request, _("Drafted. It counts when the unit and the office have confirmed it."))
            return redirect("measures:letter", visit.place.key, row.pk)
    typed: dict[str, Any] = dict(request.POST.items())
    if old is not None and not typed:
        lines = [f"{one} {period} {queries.plain(target)}" for one, period, target in queries.terms_of(old)]
        typed = {"unit": old.unit.key, "period": old.period, "title": old.title, "terms": "\n".join(lines)}
    regime = _regime(visit)
    context = {
        "visit": visit,
        "old": old,
        "typed": typed,
        "units": people.units(visit.place).filter(active=True)[:2000],
        "measures": [(key, spec) for key, spec in regime.measures.items() if spec.points.by == "target"],
        "year": visit.now.astimezone(visit.place.zone).year,
        "refusal": refusal,
    }
    return render(request, "measures/letter_new.html", context, status=409 if refusal else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@page("case.see")
def letter(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """A letter's text; posting confirms it for the viewer's side."""
    row = _mine(visit, number)
    side, refusal = _side(visit, row), ""
    if request.method == "POST":
        if not side:
            raise PermissionDenied(_("Your post does not allow this step."))
        try:
            actions.confirm_letter(
                letter=row,
                side=side,
                digest=request.POST.get("digest", ""),
                by=visit.viewer.name,
                now=visit.now,
            )
        except Refused as told:
            refusal = str(told)
        else:
            messages.success(request, _("Confirmed."))
            return redirect("measures:letter", visit.place.key, row.pk)
    altered = row.pk in queries.altered(visit.place)
    context = {
        "visit": visit,
        "row": row,
        "terms": _terms(visit, row),
        "altered": altered,
        # What was changed past the house is not measured against.
        "progress": [] if altered or not row.signed else _progress(visit, row),
        "after": row.replacements.order_by("id"),
        "side": side,
        "waits": (side == Side.UNIT and not row.unit_at) or (side == Side.OFFICE and not row.office_at),
        "refusal": refusal,
    }
    return render(request, "measures/letter.html", context, status=409 if refusal else 200)


@require_safe
@page("case.see")
def paper(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """A letter as a document to be printed on A4."""
    row = _mine(visit, number)
    context = {
        "visit": visit,
        "row": row,
        "terms": _terms(visit, row),
        "parties": letter_word.parties(row),
        "sides": letter_word.sides(row),
        "altered": row.pk in queries.altered(visit.place),
    }
    return render(request, "measures/letter_paper.html", context)


@require_safe
@page("case.see")
def word(_request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """The same as a Word document."""
    row = _mine(visit, number)
    data = letter_word.write(row, _terms(visit, row), altered=row.pk in queries.altered(visit.place))
    answer = HttpResponse(data, content_type=DOCX)
    answer["Content-Disposition"] = content_disposition_header(True, f"{row.title}.docx")
    return answer


def _mine(visit: Visit, number: int) -> Letter:
    row = queries.letter(visit.place, number)
    if row is None:
        raise Http404(_("There is no such letter."))
    visit.viewer.check("case.see", row.unit)
    return row


def _terms(visit: Visit, row: Letter) -> list[tuple[str, Any, str, Any]]:
    known = _regime(visit).measures
    return [(one, known.get(one), period, target) for one, period, target in queries.terms_of(row)]


def _progress(visit: Visit, row: Letter) -> list[dict[str, Any]]:
    """Each measure's year with its picture and what to say of it."""
    today = visit.now.astimezone(visit.place.zone).date()
    told = []
    for one in queries.progress(row, _regime(visit), today):
        marks = [Mark(_short(step.period), _number(step.so_far), _number(step.path)) for step in one.steps]
        end = (one.forecast.low, one.forecast.end, one.forecast.high) if one.forecast else None
        name = one.spec.name.show(get_language() or "zh-hans")
        told.append(
            {
                "one": one,
                "declared": any(step.path is not None for step in one.steps[:-1]),
                "chart": path_chart(
                    marks, end, name, _("What was asked for by each part's end, and what came")
                ),
                "why": str(WHY[one.why]) if one.why else "",
                "level": round(100 * one.forecast.level) if one.forecast else None,
            }
        )
    return told


def _short(period: Period) -> str:
    return str(period.first.month) if period.kind == "month" else period.key.rpartition("-")[2]


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _side(visit: Visit, row: Letter) -> str:
    if visit.viewer.may("reading.verify"):
        return Side.OFFICE
    return Side.UNIT if visit.viewer.may("reading.report", row.unit) else ""


def _old(visit: Visit, number: str) -> Letter | None:
    return queries.letter(visit.place, int(number)) if number.isdecimal() and len(number) < 19 else None


def _draft(visit: Visit, posted: QueryDict, old: Letter | None) -> Letter:
    unit = people.unit(visit.place, posted.get("unit", ""))
    if unit is None:
        raise refuse("unknown-unit", N_("Choose the unit the letter is with."))
    try:
        period = Period.parse(posted.get("period", ""))
    except PeriodError:
        raise refuse(
            "no-period", N_("“%(text)s” is not a period."), text=posted.get("period", "")[:20]
        ) from None
    return actions.draft_letter(
        unit=unit,
        period=period,
        title=posted.get("title", ""),
        document=posted.get("document", ""),
        terms=[_term(number, line) for number, line in _lines(posted.get("terms", ""))],
        replaces=old,
        by=visit.viewer.name,
        now=visit.now,
    )


def _lines(text: str) -> list[tuple[int, str]]:
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if len(lines) > MOST_LINES:
        raise refuse("too-many", N_("A letter has at most %(most)s targets."), most=MOST_LINES)
    return lines


def _term(number: int, line: str) -> TermDraft:
    parts = line.replace("\t", " ").split()
    try:
        if len(parts) != 3:
            raise InvalidOperation
        return TermDraft(parts[0], Period.parse(parts[1]).key, queries.decimal(parts[2]))
    except (InvalidOperation, PeriodError):
        raise refuse(
            "bad-line",
            N_("Line %(number)s is not “measure period target”: %(text)s"),
            number=number,
            text=line.strip()[:60],
        ) from None


def _regime(visit: Visit) -> Regime:
    return regimes.regime_on(visit.place, visit.now.astimezone(visit.place.zone).date())
