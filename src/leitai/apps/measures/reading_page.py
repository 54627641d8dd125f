"""One reading: what it rests on, what it replaced, who disputes it, and the steps that somebody may take."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from leitai.apps.ledger.errors import Refused, refuse
from leitai.apps.people.access import Visit, page
from leitai.apps.regimes import queries as regimes
from leitai.rules.kernel import N_, Period

from . import actions, queries
from .actions.evidence import MOST_BYTES
from .models import Dispute, Reading, Side
from .pages import number_of

ENDINGS = {"application/pdf": ".pdf", "image/jpeg": ".jpg"}


def reading_for(visit: Visit, number: int) -> Reading:
    """A reading that the viewer may see."""
    row = queries.reading(visit.place, number)
    if row is None:
        raise Http404(_("There is no such reading."))
    visit.viewer.check("case.see", row.unit)
    return row


def side_of(visit: Visit, reading: Reading) -> str:
    """For which side the viewer speaks about a reading; "" for neither."""
    if visit.viewer.may("reading.verify"):
        return Side.OFFICE
    return Side.UNIT if visit.viewer.may("reading.report", reading.unit) else ""


@require_http_methods(["GET", "HEAD", "POST"])
@page("case.see")
def one(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """The reading; posting adds evidence, disputes it, answers a dispute or corrects it."""
    row = reading_for(visit, number)
    side, refusal = side_of(visit, row), ""
    if request.method == "POST":
        if not side:
            raise PermissionDenied(_("Your post does not allow this step."))
        try:
            told, row = _post(request, visit, row, side)
        except Refused as why:
            refusal = str(why)
        else:
            messages.success(request, told)
            return redirect("measures:reading", visit.place.key, row.pk)
    line = queries.line(row)
    spec = regimes.regime_on(visit.place, Period.parse(row.period).last).measures.get(row.measure)
    found = queries.disputes(line)
    held = queries.evidence(line)
    waits = next((one for one in found if one.answered_at is None and one.reading_id == row.pk), None)
    context = {
        "visit": visit,
        "row": row,
        "spec": spec,
        "term": queries.standing_term(row.unit, row.measure, row.period),
        "line": line,
        "last": line[-1],
        "evidence": [piece for one in line for piece in held.get(one.pk, [])],
        "disputes": found,
        "waits": waits,
        "may_answer": waits is not None and waits.side != side and bool(side),
        "may_correct": side == Side.UNIT and line[-1].pk == row.pk and row.value is not None,
        "side": side,
        "refusal": refusal,
        "typed": request.POST,
        "most": MOST_BYTES >> 20,
    }
    return render(request, "measures/reading.html", context, status=409 if refusal else 200)


def _post(request: HttpRequest, visit: Visit, row: Reading, side: str) -> tuple[str, Reading]:
    """Does what was asked; says what was done and which reading to show."""
    by, now, posted = visit.viewer.name, visit.now, request.POST
    step = posted.get("do", "")
    if step == "evidence":
        file = request.FILES.get("file")
        if file is not None and (file.size or 0) > MOST_BYTES:
            raise refuse("too-big", N_("The file is larger than %(most)s MB."), most=MOST_BYTES >> 20)
        content = file.read() if file is not None else b""
        name = posted.get("name", "").strip() or (file.name if file is not None else "") or ""
        actions.add_evidence(
            reading=row, name=name, content=content, link=posted.get("link", ""), by=by, now=now
        )
        return _("Added."), row
    if step == "dispute":
        actions.dispute(reading=row, side=side, reason=posted.get("reason", ""), by=by, now=now)
        return _("Disputed; the other side is to answer."), row
    if step == "answer":
        waits = _waiting(visit, posted.get("dispute", ""), row)
        if waits.side == side:
            raise PermissionDenied(_("The other side answers."))
        if posted.get("upheld") not in ("1", "0"):
            raise refuse("no-answer", N_("Say whether the figure is wrong."))
        actions.answer_dispute(
            dispute=waits, upheld=posted["upheld"] == "1", answer=posted.get("answer", ""), by=by, now=now
        )
        return _("Answered."), row
    if step == "correct" and side == Side.UNIT:
        value = number_of(posted.get("value", ""))
        after = actions.correct(reading=row, value=value, why=posted.get("why", ""), by=by, now=now)
        return _("Corrected; the earlier figure stays in the ledger."), after
    raise Http404(_("There is no such step."))


def _waiting(visit: Visit, number: str, row: Reading) -> Dispute:
    found = queries.dispute_of(visit.place, int(number)) if number.isdecimal() and len(number) < 19 else None
    if found is None or found.reading_id != row.pk:
        raise Http404(_("There is no such dispute."))
    return found


@require_safe
@page("case.see")
def piece(_request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """A paper or photo that a reading rests on, to be saved: nothing of it is run in the browser."""
    found: Any = queries.piece(visit.place, number)
    if found is None or not found.content:
        raise Http404(_("There is no such file."))
    visit.viewer.check("case.see", found.reading.unit)
    answer = HttpResponse(bytes(found.content), content_type=found.media)
    ending = ENDINGS.get(found.media, ".xlsx" if "spreadsheet" in found.media else ".docx")
    name = found.name if found.name.lower().endswith(ending) else found.name + ending
    answer["Content-Disposition"] = content_disposition_header(found.media != "image/jpeg", name)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, max-age=86400, immutable"
    return answer
