"""A link with its firms and what stops without it; a gap at work with what is done about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from leitai.apps.ledger.errors import Refused, refuse
from leitai.apps.people import queries as people
from leitai.apps.people.access import Visit, page
from leitai.rules.kernel import N_
from leitai.ui.typed import plain

from .. import actions, queries, wording
from ..actions.data import FIGURES
from ..models import Gap, Member
from ..rows import local_day, specs
from .board import chain_of, day_of, runs


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@page("project.see")
def link(request: HttpRequest, visit: Visit, chain: str, link: str) -> HttpResponse:
    """A link; posting puts a firm's figures right."""
    found, refusal = chain_of(visit, chain), ""
    row = found.row(link)
    if row is None:
        raise Http404(_("There is no such link."))
    mine = runs(visit, found.spec)
    if request.method == "POST":
        firm = queries.member(visit.place, _number(request.POST.get("firm")))
        if firm is None or firm.link_id != row.pk:
            raise Http404(_("There is no such firm here."))
        if not (mine or _keeps(visit, firm)):
            raise PermissionDenied(_("This firm is another unit's."))
        try:
            _note(visit, firm, request.POST)
        except Refused as told:
            refusal = str(told)
        else:
            messages.success(request, _("Kept."))
            return redirect("chains:link", visit.place.key, chain, link)
    core = next(one for one in found.links if one.key == link)
    names = {one.key: one for one in found.rows}
    context = {
        "visit": visit,
        "chain": found,
        "row": row,
        "link": core,
        "tier": wording.TIERS[row.tier](),
        "unit": wording.unit_of(row),
        "of": wording.whole_of(row),
        "made": wording.amount(core.made, wording.unit_of(row)),
        "needs": [
            (need, told.outside, [(names[key], share) for key, share in told.here.items()])
            for need, told in zip(row.needs.all(), core.needs, strict=True)
        ],
        "feeds": [
            (names[one.key], need.here[link])
            for one in found.links
            for need in one.needs
            if link in need.here
        ],
        "critical": found.critical.get(link),
        "stops": [
            (names[one.link], one) for one in (found.critical[link].stops if link in found.critical else ())
        ],
        "gaps": [(wording.KINDS[one.kind](), wording.why(one)) for one in found.gaps if one.link == link],
        "at_work": [(one, wording.KINDS[one.kind]()) for one in found.at_work.get(row.pk, ())],
        "over": [
            (one, wording.KINDS[one.kind](), wording.STATES[one.state]())
            for one in row.gaps.exclude(state="open").order_by("-over_at")[:20]
        ],
        "firms": [(one, mine or _keeps(visit, one)) for one in row.members.all()],
        "today": local_day(visit.place, visit.now),
        "refusal": refusal,
        "typed": request.POST if refusal else {},
    }
    return render(request, "chains/link.html", context, status=409 if refusal else 200)


def _keeps(visit: Visit, firm: Member) -> bool:
    """Whether a viewer keeps a firm's figures: the park it is in does."""
    return firm.park is not None and visit.viewer.may("chain.work", firm.park)


def _note(visit: Visit, firm: Member, said: Any) -> None:
    figures = {name: _amount(said.get(name, "")) for name in FIGURES}
    actions.note_firm(
        member=firm,
        figures=figures,
        produces=said.get("produces") == "1",
        as_of=day_of(said.get("as_of", "")),
        source=_plain(said.get("source"), 300),
        by=visit.viewer.name,
        now=visit.now,
    )


def _amount(typed: str) -> Decimal | None:
    """An amount that was typed; None for an empty box. Raises Refused."""
    text = typed.strip().replace(",", "").replace("，", "")[:30]
    if not text:
        return None
    try:
        return Decimal(text).quantize(Decimal("0.0001"))
    except InvalidOperation:
        raise refuse("bad-amount", N_("%(value)s is no amount that can be."), value=text) from None


def _plain(text: Any, most: int) -> str:
    return plain(str(text or ""), most)


def _number(text: Any) -> int:
    return int(text) if str(text or "").isdecimal() and len(str(text)) < 12 else 0


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@page("project.see")
def gap(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """A gap at work; posting does one of `DEEDS` to it."""
    row, refusal = queries.gap(visit.place, number), ""
    if row is None:
        raise Http404(_("There is no such gap."))
    spec = specs(visit.place, visit.now).get(row.link.chain)
    heads = spec is not None and runs(visit, spec) and not _owns_only(visit, row)
    works = heads or visit.viewer.may("chain.work", row.unit)
    if request.method == "POST":
        do = request.POST.get("do", "")
        if do not in DEEDS:
            raise Http404(_("There is no such step."))
        if not (heads if do in HEADS else works):
            raise PermissionDenied(_("This gap is another unit's."))
        try:
            DEEDS[do](visit, row, request.POST)
        except Refused as told:
            refusal = str(told)
        else:
            messages.success(request, _("Kept."))
            return redirect("chains:gap", visit.place.key, number)
    work = queries.work(visit.place, number, visit.now)
    assert work is not None
    today = local_day(visit.place, visit.now)
    chain = queries.chain(visit.place, row.link.chain, visit.now)
    going = work.row.state == "open"
    context = {
        "visit": visit,
        "chain": chain,
        "work": work,
        "row": work.row,
        "kind": wording.KINDS[work.row.kind](),
        "state": wording.STATES[work.row.state](),
        "late": going and work.row.due_on < today,
        "critical": chain.critical.get(row.link.key) if chain else None,
        "works": works and going,
        "heads": heads and going,
        "today": today,
        "refusal": refusal,
        "typed": request.POST if refusal else {},
    }
    return render(request, "chains/gap.html", context, status=409 if refusal else 200)


def _owns_only(visit: Visit, row: Gap) -> bool:
    """Whether a viewer is of the unit whose work it is, and not of the office: nobody strikes off their own work."""
    return visit.viewer.may("chain.work", row.unit) and not visit.viewer.may("project.run")


HEADS = ("done", "drop", "change", "untie")


def _say(visit: Visit, row: Gap, said: Any) -> None:
    actions.say(gap=row, text=_plain(said.get("text"), 500), by=visit.viewer.name, now=visit.now)


def _tie(visit: Visit, row: Gap, said: Any) -> None:
    what, code = _plain(said.get("what"), 10), _plain(said.get("code"), 60)
    actions.tie(gap=row, what=what, code=code, by=visit.viewer.name, now=visit.now)


def _untie(visit: Visit, row: Gap, said: Any) -> None:
    one = queries.tie(row, _number(said.get("number")))
    if one is None:
        raise refuse("gone", N_("This is not of this gap."))
    actions.untie(tie=one, why=_plain(said.get("why"), 300), by=visit.viewer.name, now=visit.now)


def _change(visit: Visit, row: Gap, said: Any) -> None:
    unit = people.unit(visit.place, people.key_of(visit.place, _plain(said.get("unit"), 200)))
    if unit is None:
        raise refuse("no-unit", N_("Say which unit answers for it."))
    due, why = day_of(said.get("due", "")), _plain(said.get("why"), 300)
    actions.change_gap(gap=row, unit=unit, due=due, why=why, by=visit.viewer.name, now=visit.now)


def _end(visit: Visit, row: Gap, said: Any) -> None:
    done, how = said.get("do") == "done", _plain(said.get("how"), 500)
    actions.end_gap(gap=row, done=done, how=how, by=visit.viewer.name, now=visit.now)


DEEDS: Mapping[str, Callable[[Visit, Gap, Any], None]] = {
    "say": _say,
    "tie": _tie,
    "untie": _untie,
    "change": _change,
    "done": _end,
    "drop": _end,
}
