"""All chains at a glance, one chain drawn and listed, what its chief should push, and all of it in Excel."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from leitai.apps.ledger.errors import Refused, refuse
from leitai.apps.people import queries as people
from leitai.apps.people.access import Visit, page
from leitai.apps.projects import queries as projects
from leitai.rules.kernel import N_
from leitai.rules.projects import chains as core
from leitai.ui.typed import plain

from .. import actions, drawing, queries, sheet, wording
from ..queries import Chain
from ..rows import local_day

MOST = 30  # projects and leads of a chain on its page; the rest stand in the library
WAITING = 12  # gaps nobody works on that a chief is shown; the chains' pages have all
CRITICAL = 5  # links named as those that most depends on


@require_safe
@page("project.see")
def index(request: HttpRequest, visit: Visit) -> HttpResponse:
    """All chains: what is here, what is missing, both ends, gaps at work; `?drawn=1` has them drawn in full."""
    chains = queries.board(visit.place, visit.now)
    drawn = request.GET.get("drawn") == "1"
    context = {
        "visit": visit,
        "drawn": drawn,
        "chains": [
            {
                "chain": one,
                "chief": queries.chief_name(visit.place, one.spec),
                "picture": _graph(visit, one) if drawn else drawing.small(one),
                "best": _best(one),
            }
            for one in chains
        ],
        "both": sum(one.ends.both for one in chains),
        "missing": sum(one.missing for one in chains),
        "work": sum(one.work for one in chains),
        "not_begun": sum(len(one.not_begun) for one in chains),
    }
    return render(request, "chains/index.html", context)


def _graph(visit: Visit, chain: Chain) -> str:
    return drawing.graph(chain, lambda key: reverse("chains:link", args=[visit.place.key, chain.key, key]))


def _best(chain: Chain) -> tuple[Any, str, Any] | None:
    """The link with the largest share of the nation: its row, of what, the share."""
    told = [(one.of_whole, one.key) for one in chain.links if one.of_whole is not None]
    if not told:
        return None
    share, key = max(told)
    row = chain.row(key)
    return (row, wording.whole_of(row), share) if row else None


def chain_of(visit: Visit, key: str) -> Chain:
    """The chain of an address. Raises Http404."""
    found = queries.chain(visit.place, key, visit.now)
    if found is None:
        raise Http404(_("There is no such chain."))
    return found


def runs(visit: Visit, spec: Any) -> bool:
    """Whether a viewer runs a chain: the office, or the unit that works for its chief."""
    unit = people.unit(visit.place, spec.unit) if spec.unit else None
    return visit.viewer.may("project.run") or (unit is not None and visit.viewer.may("chain.work", unit))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@page("project.see")
def one(request: HttpRequest, visit: Visit, chain: str) -> HttpResponse:
    """A chain; posting opens a gap at one of its links."""
    found, refusal = chain_of(visit, chain), ""
    mine = runs(visit, found.spec)
    if request.method == "POST":
        if not mine:
            visit.viewer.check("project.run")
        try:
            row = _open(visit, found, request.POST)
        except Refused as told:
            refusal = str(told)
        else:
            messages.success(request, _("It is work now, and its unit sees it."))
            return redirect("chains:gap", visit.place.key, row.pk)
    order = sorted(found.critical.values(), key=lambda one: (-one.share, one.link))
    tied = projects.listed(visit.place, projects.Filter(chain=chain))
    context = {
        "visit": visit,
        "chain": found,
        "chief": queries.chief_name(visit.place, found.spec),
        "unit": people.unit(visit.place, found.spec.unit) if found.spec.unit else None,
        "picture": _graph(visit, found) if found.rows else "",
        "tiers": _tiers(found),
        "critical": [(found.row(one.link), one, _names(found, one)) for one in order[:CRITICAL] if one.stops],
        "cut_off": [(found.row(one.link), one) for one in core.cascade(found.links, (), outside=True)],
        "works": queries.works(visit.place, visit.now, chains=[chain]),
        "gaps": [(found.row(one.link), one, wording.why(one)) for one in found.not_begun],
        "projects": list(tied[:MOST]),
        "leads": list(projects.leads(visit.place).filter(chain=chain).exclude(step="lost")[:MOST]),
        "runs": mine,
        "refusal": refusal,
        "typed": request.POST if refusal else {},
        "kinds": [(key, word()) for key, word in wording.KINDS.items()],
        "today": local_day(visit.place, visit.now),
    }
    return render(request, "chains/one.html", context, status=409 if refusal else 200)


def _names(chain: Chain, critical: core.Critical) -> list[str]:
    return [row.name for stop in critical.stops if (row := chain.row(stop.link))]


def _tiers(chain: Chain) -> list[tuple[str, list[dict[str, Any]]]]:
    """The links by part of the chain, as a list that a phone shows."""
    links = {one.key: one for one in chain.links}
    found = []
    for tier in core.TIERS:
        rows = [
            {
                "row": row,
                "link": links[row.key],
                "of": wording.whole_of(row),
                "made": wording.amount(links[row.key].made, wording.unit_of(row)),
                "firms": wording.firms(len(row.members.all())),
                "critical": chain.critical.get(row.key),
                "gaps": [wording.KINDS[gap.kind]() for gap in chain.gaps if gap.link == row.key],
            }
            for row in chain.rows
            if row.tier == tier
        ]
        if rows:
            found.append((wording.TIERS[tier](), rows))
    return found


def _open(visit: Visit, chain: Chain, said: Any) -> Any:
    row = chain.row(said.get("link", ""))
    if row is None:
        raise refuse("no-link", N_("Say at which link."))
    unit = people.unit(visit.place, people.key_of(visit.place, said.get("unit", "")[:200]))
    if unit is None:
        raise refuse("no-unit", N_("Say which unit answers for it."))
    return actions.open_gap(
        link=row,
        kind=said.get("kind", ""),
        text=plain(said.get("text", "")),
        unit=unit,
        due=day_of(said.get("due", "")),
        by=visit.viewer.name,
        now=visit.now,
    )


def day_of(text: str) -> date:
    """A day that was typed. Raises Refused."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise refuse("no-day", N_("Write a day as 2022-03-31.")) from None


@require_safe
@page("project.see")
def push(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What should be pushed this month: of a chief's own chains, for others of one or all."""
    chains = queries.board(visit.place, visit.now)
    own = queries.chiefs(visit.viewer, visit.place, visit.now)
    asked = request.GET.get("chain", "")
    known = {one.key for one in chains}
    shown = [one for one in chains if one.key == asked] if asked in known else chains
    if asked not in known and own:
        shown = [one for one in chains if one.key in own]
    pressing = queries.pressing(visit.place, shown, visit.now)
    waiting = sorted(
        ((chain, gap) for chain in shown for gap in chain.not_begun),
        key=lambda one: (
            -(one[0].critical[one[1].link].share if one[1].link in one[0].critical else core.ZERO)
        ),
    )
    context = {
        "visit": visit,
        "chains": chains,
        "asked": asked if asked in known else "",
        "own": bool(own) and asked not in known,
        "pressing": [
            (
                one,
                [(reason, wording.REASONS[reason]()) for reason in one.reasons],
                wording.KINDS[one.work.row.kind](),
            )
            for one in pressing
        ],
        "waiting": [
            (chain, chain.row(gap.link), wording.KINDS[gap.kind](), wording.why(gap))
            for chain, gap in waiting[:WAITING]
        ],
        "more": max(0, len(waiting) - WAITING),
        "at_work": sum(one.work for one in shown),
        "today": local_day(visit.place, visit.now),
    }
    return render(request, "chains/push.html", context)


@require_safe
@page("project.see")
def export(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Links, firms, materials and gaps of one chain or of all, in Excel."""
    asked = request.GET.get("chain", "")
    chains = [chain_of(visit, asked)] if asked else queries.board(visit.place, visit.now, whole=True)
    works = queries.works(visit.place, visit.now, chains=[one.key for one in chains])
    name = quote(f"{visit.place.name} {sheet.title()} {visit.now:%Y-%m-%d}")
    answer = HttpResponse(sheet.workbook(chains, works), content_type=sheet.EXCEL)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}.xlsx"
    return answer
