"""The front page and the public board: who serves us well, and how sure is that.

A resident or a journalist reads it. So a rank never stands without its range, nobody is shown only because
they are last, and a change is news only where chance cannot explain it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from leitai.apps.ballots import queries as ballots
from leitai.apps.merits import queries as merits
from leitai.apps.occasions import queries as occasions
from leitai.apps.people import queries as people
from leitai.apps.people.access import Visit, public_page
from leitai.apps.regimes import queries as regimes
from leitai.apps.tables import lists
from leitai.apps.tables import queries as tables

WHOLE, HEAD = 9, 6  # a group this small is shown whole on the board; of a larger one so many from the top
CHANGES = 3


@require_safe
def places(request: HttpRequest) -> HttpResponse:
    """The places there are; where there is but one, that one."""
    found = people.places()
    if request.user.is_authenticated and "all" not in request.GET:
        mine = people.posted_in(request.user)
        if len(mine) == 1:
            return redirect("casework:desk", mine[0].key)
    if len(found) == 1 and "all" not in request.GET:
        return redirect("web:board", found[0].key)
    cards = [{"place": place, "latest": tables.tables(place, limit=1)} for place in found]
    return render(request, "web/places.html", {"cards": cards})


@require_safe
@public_page
def board(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The public board of a place."""
    place, now = visit.place, visit.now
    latest = tables.latest(place)
    month = now - timedelta(days=30)
    context: dict[str, Any] = {
        "visit": visit,
        "boards": _boards(latest),
        "changes": _changes(visit, latest),
        "tally": _tally(visit, month),
        "upheld": _findings(visit),
        "merits": merits.named(place, merits.public(place, now, limit=8)),
        "coming": _coming(visit),
    }
    return render(request, "web/board.html", context)


def _boards(latest: list[tables.TableView]) -> list[dict[str, Any]]:
    sizes = lists.sizes([view.table for view in latest])
    return [_board(view, sizes[view.table.pk]) for view in latest]


def _board(view: tables.TableView, sizes: dict[str, lists.Size]) -> dict[str, Any]:
    """A table in short: each group whole where it is small, else its top, with how many there are."""
    groups = []
    for key, name in view.groups.items():
        if key not in sizes:
            continue
        size = sizes[key]
        take = WHOLE if size.ranked <= WHOLE else HEAD
        ranked = tables.standings(view.table, key).filter(rank__isnull=False)
        shown = list(ranked[: take + 1])
        # Six of sixty who share the first rank would be six by the alphabet, so none of them is shown.
        shared = ranked.filter(rank=1).count() if len(shown) > take and shown[-1].rank == 1 else 0
        shown = [] if shared else shown[:take]
        groups.append(
            {
                "key": key,
                "name": name,
                "size": size,
                "rows": shown,
                "shared": shared,
                "more": size.ranked > len(shown),
            }
        )
    return {"view": view, "table": view.table, "groups": groups}


def _changes(visit: Visit, latest: list[tables.TableView]) -> list[dict[str, Any]]:
    """The largest moves beyond noise of each latest table that has any."""
    told: dict[tuple[str, str], Any] = {}
    for row in tables.tables(visit.place, limit=300):
        kept = told.get((row.arena, row.period))
        told[row.arena, row.period] = row if kept is None or row.edition > kept.edition else kept
    found = []
    for view in latest:
        earlier = told.get((view.table.arena, view.period.previous().key))
        moves = lists.moves(view.table, limit=CHANGES, earlier=earlier) if earlier else None
        if moves is not None and moves.real:
            found.append({"view": view, "table": view.table, "moves": moves})
    return found


def _tally(visit: Visit, start: Any) -> Any:
    """The verdicts of the last thirty days; None where the place asks for none or has no rule-book."""
    try:
        zone = visit.place.zone
        found = ballots.totals(visit.place, start.astimezone(zone).date(), visit.now.astimezone(zone).date())
    except regimes.NoRegime:
        return None
    return found if found.n or found.aside else None


def _findings(visit: Visit) -> list[dict[str, Any]]:
    """The latest verdicts that were found true."""
    rows = ballots.upheld(visit.place, visit.now - timedelta(days=90), visit.now, limit=6)
    return [{"ballot": row} for row in rows]


def _coming(visit: Visit) -> list[dict[str, Any]]:
    """The next few occasions, by name."""
    rows = [row for row in occasions.coming(visit.place, visit.now, days=30) if row.at >= visit.now][:4]
    if not rows:
        return []
    cadence = regimes.regime_on(visit.place, visit.now.astimezone(visit.place.zone).date()).cadence
    return [{"row": row, "name": cadence[row.key].name if row.key in cadence else row.key} for row in rows]
