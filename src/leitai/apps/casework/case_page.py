"""What the page of one case shows: who holds it, since when, until when, what was asked and said, what may be done."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from leitai.apps.people import queries as people
from leitai.apps.people.access import Visit

from . import queries
from .accounts import told
from .models import Case
from .templatetags.casework import by_day


def names(writers: Iterable[str]) -> dict[str, str]:
    """What to call those who wrote in the ledger: their full name where they have an account."""
    accounts = {name: name.removeprefix("account:") for name in set(writers) if name.startswith("account:")}
    known = people.accounts(accounts.values())
    return {name: str(known.get(user, user)) for name, user in accounts.items()}


def show(request: HttpRequest, visit: Visit, row: Case, *, status: int = 200, **more: Any) -> HttpResponse:
    """The page of a case; `more` is what a refused form adds: the refusal, which form, what was typed."""
    discreet = by_day(row, visit)
    account = told(row, visit.now, days_only=discreet)
    lines = queries.timeline(row)
    state = queries.flow(row).state(row.state)
    acting = queries.roles(row, visit.viewer)
    requests = queries.asked(row, visit.viewer)
    moves = queries.moves_in(row, acting)
    writers = [line.by for line in lines] + [one.row.asked_by for one in requests]
    since = queries.held_since([row.pk]).get(row.pk, row.opened_at)
    context = {
        "visit": visit,
        "case": row,
        "discreet": discreet,
        "kind": queries.kind_label(row),
        "state": state,
        "holder": queries.held_by(row, state.owner),
        "since": since,
        "clocks": [(one, account.lines(one.row)) for one in queries.clocks(row, visit.now)],
        "account": account,
        "lines": lines,
        "names": names([*writers, *(one.row.answered_by for one in requests)]) | _firm(row),
        "moves": moves,
        "suggested": suggested(visit, row, moves),
        "requests": requests,
        "answered": sum(one.row.state != "open" for one in requests),
        "offers": queries.offers(row, visit.viewer, visit.now),
        "ends_pause": queries.ends_pause_as(row, visit.viewer),
        "slips": queries.slips_of_case(row, visit.viewer),
        "answers": queries.said_in_form(row),
        "album": queries.album(row),
        "may_add": bool(acting) or visit.viewer.may("case.open"),
        "roots": _roots(visit, row, acting),
        **more,
    }
    return render(request, "casework/case.html", context, status=status)


def suggested(visit: Visit, row: Case, moves: Iterable[queries.MoveView]) -> tuple[Any, float] | None:
    """The unit that the case most likely goes to, with the confidence, where one is to be chosen now."""
    if not any(name == "unit" for move in moves for name, _label in move.needs):
        return None
    found = queries.suggest(visit.place, [queries.text_of(row)])[0]
    return found[0] if found else None


def _firm(row: Case) -> dict[str, str]:
    """The case's enterprise, as it is named where it wrote itself."""
    return {f"enterprise:{row.enterprise.key}": row.enterprise.name} if row.enterprise else {}


def _roots(visit: Visit, row: Case, acting: Iterable[str]) -> dict[str, Any]:
    """What came back or belongs together: the other cases, and what the viewer may do about it.

    Of cases that are not the viewer's to see nothing is told but how many there are (`hidden`).
    """
    units = ("unit__parent", "first_unit__parent")
    branches = list(row.branches.select_related(*units).order_by("id"))
    relapses = list(row.relapses.select_related(*units).order_by("id"))
    above = [one for one in (row.root, row.relapse_of) if one is not None]
    others = [*above, *branches, *relapses]
    seen = {one.pk for one in queries.seen(visit.viewer, others)} if others else set()
    return {
        "root": row.root if row.root_id in seen else None,
        "relapse_of": row.relapse_of if row.relapse_of_id in seen else None,
        "relapses": [one for one in relapses if one.pk in seen],
        "branches": [one for one in branches if one.pk in seen],
        "hidden": sum(one.pk not in seen for one in others),
        "joins": "office" in acting and row.closed_at is None and not branches,
        "answers": [
            unit
            for unit in {one.unit for one in branches if one.closed_at is None and one.unit is not None}
            if visit.viewer.may("case.work", unit)
        ],
    }
