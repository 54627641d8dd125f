"""Where bulletins are written and approved: begun from what they rest on, edited box by box, approved by two."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from leitai.apps.ballots import queries as ballots
from leitai.apps.inspections import queries as inspections
from leitai.apps.ledger.errors import Refused
from leitai.apps.occasions import queries as occasions
from leitai.apps.people import queries as people
from leitai.apps.people.access import Visit, page
from leitai.apps.tables import queries as tables
from leitai.ui import words

from .. import actions, compose, queries
from ..blocks import FRAME, clean, frame_of, is_number
from ..models import Bulletin

LATELY = timedelta(days=90)


@require_http_methods(["GET", "HEAD", "POST"])
@page("bulletin.draft")
def new(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Begin a bulletin: a notice with a title, or one that rests on what was proven, held or found."""
    if request.method == "POST":
        kind, _colon, about = clean(request.POST.get("about", "")).partition("|")
        ref = clean(request.POST.get("case", ""))
        if ref:
            kind, about = "exposure", f"case:{ref}"
        title = request.POST.get("title", "")
        try:
            row = actions.draft(
                place=visit.place,
                kind=kind or "notice",
                about=about,
                title=title,
                by=visit.viewer.name,
                now=visit.now,
            )
        except Refused as refused:
            return _begin(request, visit, str(refused), 409)
        return redirect("bulletins:edit", visit.place.key, row.pk)
    return _begin(request, visit)


def _begin(request: HttpRequest, visit: Visit, refusal: str = "", status: int = 200) -> HttpResponse:
    place, since = visit.place, visit.now - LATELY
    verdicts = [
        (f"exposure|ballot:{one.pk}", f"{one.unit.name} · {words.instant(one.cast_at, place.zone, 'day')}")
        for one in ballots.upheld(place, since, visit.now)
    ]
    meetings = [
        (
            f"meeting|occasion:{one.pk}",
            f"{_shown(occasions.name(one))} · {words.instant(one.at, place.zone, 'day')}",
        )
        for one in occasions.span(place, since, visit.now)
        if one.state == "held"
    ]
    rounds = [
        (f"inspection|round:{one.pk}", f"{_shown(inspections.name(one))} · {words.period(one.period)}")
        for one in inspections.rounds(place)
        if one.closed_at is not None
    ]
    context = {
        "visit": visit,
        "tables": [one for one in tables.latest(place) if queries.of_table(one.table) is None],
        "verdicts": verdicts,
        "meetings": meetings[::-1],
        "rounds": rounds,
        "typed": request.POST or {"case": request.GET.get("case", "")},
        "refusal": refusal,
    }
    return render(request, "bulletins/new.html", context, status=status)


def _shown(text: Any) -> str:
    return compose.show(text)


@require_POST
@page("bulletin.draft")
def draw(_request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """Draw the bulletin of a published table up, as a draft."""
    table = tables.table(visit.place, number)
    if table is None or table.published_at is None:
        raise Http404(_("There is no such table, or it is not published yet."))
    row = actions.draw(table=table, by=visit.viewer.name, now=visit.now) or queries.of_table(table)
    return redirect("bulletins:one", visit.place.key, row.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@page("bulletin.draft")
def edit(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """A draft as boxes of text. Boxes are added, moved and taken out before anything is kept; `save` keeps it."""
    row = _draft(visit, number)
    if request.method != "POST":
        return _boxes(request, visit, row, row.title, queries.editable(row), frame_of(row.blocks))
    typed, frame, do = _typed(request.POST), _frame(request.POST), request.POST.get("do", "save")
    title = request.POST.get("title", "")
    verb, _colon, place = do.partition(":")
    if verb != "save":
        return _boxes(request, visit, row, title, _moved(typed, verb, place), frame)
    try:
        gone = actions.edit(
            bulletin=row, title=title, blocks=[frame, *typed], by=visit.viewer.name, now=visit.now
        )
    except Refused as refused:
        return _boxes(request, visit, row, title, typed, frame, str(refused), 409)
    if gone:
        said = ngettext(
            "%(n)s figure was reworded and is tied to its edition no more: %(figures)s",
            "%(n)s figures were reworded and are tied to their editions no more: %(figures)s",
            len(gone),
        )
        messages.warning(request, said % {"n": len(gone), "figures": "; ".join(gone)})
    return redirect("bulletins:one", visit.place.key, row.pk)


def _typed(sent: Mapping[str, str]) -> list[dict[str, Any]]:
    """The boxes that a form sent, in its order; of a table and a source only which one it is."""
    found: list[dict[str, Any]] = []
    for n in sorted(
        int(name[2:-5])
        for name in sent
        if name.startswith("b-") and name.endswith("-kind") and is_number(name[2:-5])
    ):
        kind = sent[f"b-{n}-kind"]
        one: dict[str, Any] = {"kind": kind, "text": sent.get(f"b-{n}-text", "")}
        if kind.startswith("heading"):
            level = kind[-1]
            one |= {"kind": "heading", "level": int(level) if level in "1234" else 1}
        elif kind in ("table", "source", "reply"):
            one = {"kind": kind, "at": sent.get(f"b-{n}-at", "")}
        else:
            one["kind"] = "paragraph"
        found.append(one)
    return found


def _frame(sent: Mapping[str, str]) -> dict[str, Any]:
    frame: dict[str, Any] = {"kind": "frame"} | {name: sent.get(name, "") for name in FRAME}
    frame["annexes"] = [one.strip() for one in sent.get("annexes", "").splitlines() if one.strip()][:20]
    frame["named"] = sent.get("named") == "1"
    return frame


def _moved(blocks: list[dict[str, Any]], verb: str, place: str) -> list[dict[str, Any]]:
    """The boxes after one was added below another, moved up, or taken out."""
    at = int(place) if is_number(place) and int(place) < len(blocks) else len(blocks) - 1
    found = list(blocks)
    if verb == "add":
        found.insert(at + 1, {"kind": "paragraph", "text": ""})
    elif verb == "up" and at > 0:
        found[at - 1], found[at] = found[at], found[at - 1]
    elif verb == "remove" and found:
        del found[at]
    return found


def _boxes(
    request: HttpRequest, visit: Visit, row: Bulletin, title: str, blocks: Any, frame: Mapping[str, Any],
    refusal: str = "", status: int = 200,
) -> HttpResponse:  # fmt: skip
    kept = dict(enumerate(row.blocks))
    shown = []
    for one in blocks:
        at = str(one.get("at", ""))
        whole = kept.get(int(at), {}) if one["kind"] in ("table", "source", "reply") and is_number(at) else {}
        shown.append({**whole, **{key: value for key, value in one.items() if value or key not in whole}})
    context = {
        "visit": visit,
        "row": row,
        "title": title,
        "blocks": shown,
        "frame": frame,
        "annexes": "\n".join(frame.get("annexes", ())),
        "citations": row.citations.order_by("pk"),
        "tables": tables.latest(visit.place),
        "refusal": refusal,
    }
    return render(request, "bulletins/edit.html", context, status=status)


@require_POST
@page("bulletin.draft")
def cite(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """Put a unit's line of an edition into a draft, tied to it."""
    row = _draft(visit, number)
    chosen = request.POST.get("table", "")
    table = tables.table(visit.place, int(chosen), drafts=False) if is_number(chosen) else None
    if table is None:
        raise Http404(_("There is no such table, or it is not published yet."))
    unit = people.key_of(visit.place, clean(request.POST.get("unit", "")))
    try:
        said = actions.cite(bulletin=row, table=table, unit=unit, by=visit.viewer.name, now=visit.now)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Put in, tied to its edition: %(figure)s") % {"figure": said})
    return redirect("bulletins:edit", visit.place.key, row.pk)


@require_POST
@page("bulletin.approve")
def approve(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """Approve what was read; the second person's approval issues it."""
    row = _draft(visit, number)
    try:
        row = actions.approve(
            bulletin=row, read=request.POST.get("read", ""), by=visit.viewer.name, now=visit.now
        )
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        issued = row.state == "issued"
        messages.success(
            request,
            _("Issued as %(number)s.") % {"number": row.number}
            if issued
            else _("Approved; a second person is awaited."),
        )
    return redirect("bulletins:one", visit.place.key, row.pk)


@require_POST
@page("bulletin.draft")
def drop(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """Lay a draft aside."""
    row = _draft(visit, number)
    try:
        actions.drop(bulletin=row, why=request.POST.get("why", ""), by=visit.viewer.name, now=visit.now)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("bulletins:one", visit.place.key, row.pk)
    messages.success(request, _("Dropped; the ledger keeps why."))
    return redirect("bulletins:list", visit.place.key)


def _draft(visit: Visit, number: int) -> Bulletin:
    row = queries.bulletin(visit.place, number)
    if row is None:
        raise Http404(_("There is no such bulletin."))
    return row
