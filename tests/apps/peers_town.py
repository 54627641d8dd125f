"""The small town with a tour that is scored on the spot: five sites, one of a window below the tax bureau.

`NOW` is ten in the morning of the tour's day; it begins at half past two.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from tests.factories import BY, NOW, Town, build, text

TOUR = """  tour:
    name: {zh: 现场观摩评议, en: Tour}
    every: month
    day: 10
    at: "14:30"
    on: office
    comes: {keys: [water, roads, tax, north, south, harbour]}
    scoring:
      criteria:
        scale: {name: {zh: 规模, en: Size}, most: 60}
        speed: {name: {zh: 进度, en: Progress}, most: 40}
    agenda: [words]
"""
SITES = (
    ("north", "Aluminium works"),
    ("south", "New hospital"),
    ("harbour", "Cold store"),
    ("water", "Reservoir"),
    ("tax-window", "Tax hall"),
)
SCORERS = ("water", "roads", "tax", "north", "south", "harbour")


def peers_town(key: str = "town", least: str = "") -> Town:
    """The town with its occasions planned; `least`: the share of sheets that a result needs."""
    from leitai.apps.occasions import actions

    rules = text(key)
    assert "\ncadence:\n" in rules
    share = f"    scoring:\n      least: {least}\n" if least else "    scoring:\n"
    tour = TOUR.replace("    scoring:\n", share)
    town = build(key, regime=rules.replace("\ncadence:\n", f"\ncadence:\n{tour}"))
    actions.plan(place=town.place, by="drive", now=NOW)
    return town


def tour(town: Town, month: str = "2024-04") -> Any:
    """The tour of a month, as it stands."""
    from leitai.apps.occasions.models import Occasion

    return Occasion.objects.select_related("place").get(place=town.place, key="tour", nominal=month)


def laid(town: Town) -> Any:
    """The tour with its route."""
    from leitai.apps.peers import actions

    row = tour(town)
    sites = [(town.units[unit], name) for unit, name in SITES]
    actions.lay(occasion=row, sites=sites, by=BY, now=NOW)
    return row


def secret(town: Town, number: int) -> str:
    """The secret of a scorer's link."""
    return f"secret-of-{town.place.key}-{number}"


def opened(town: Town, groups: int = 2) -> Any:
    """The tour open for scoring, with its route and six scorers."""
    from leitai.apps.peers import actions

    row = laid(town)
    actions.open_scoring(
        occasion=row,
        units=[town.units[key] for key in SCORERS],
        groups=groups,
        secrets=[secret(town, number) for number in range(1, len(SCORERS) + 1)],
        by=BY,
        now=NOW,
    )
    return row


def give(
    row: Any, number: int, turn: int, criterion: str, points: str, *, once: str = "", at: datetime = NOW
) -> Any:
    """Points of a scorer for a site."""
    from leitai.apps.peers import actions, queries

    return actions.mark(
        scorer=queries.scorer_by_number(row, number),
        site=queries.site(row, turn),
        criterion=criterion,
        points=Decimal(points),
        once=once or f"once-{number}-{turn}-{criterion}",
        at=at,
        by=f"scorer:{number}",
        now=at,
    )


def said(
    row: Any,
    number: int,
    turn: int,
    criterion: str,
    points: str,
    clock: datetime,
    once: str = "",
    *,
    now: datetime = NOW,
) -> Any:
    """Points that arrive at `now`, from a telephone whose clock says something else."""
    from leitai.apps.peers import actions, queries

    return actions.mark(
        scorer=queries.scorer_by_number(row, number),
        site=queries.site(row, turn),
        criterion=criterion,
        points=Decimal(points),
        once=f"{once or 'once'}-{number}-{turn}-{criterion}",
        at=clock,
        by=f"scorer:{number}",
        now=now,
    )


def filled(row: Any, but: int = 0) -> None:
    """Every sheet `but` one filled and handed in: sites 4 points apart, each scorer with a severity and some whim."""
    from leitai.apps.peers import actions, queries

    barred = queries.barred(row)
    for one in (scorer for scorer in queries.scorers(row) if scorer.number != but):
        for site in queries.sites(row):
            if (one.number, site.turn) in barred:
                continue
            whim = (one.number * 7 + site.turn * 3) % 4
            give(row, one.number, site.turn, "scale", str(50 - 4 * site.turn - one.number + whim))
            give(row, one.number, site.turn, "speed", str(30 - one.number))
        actions.hand_in(scorer=one, by=f"scorer:{one.number}", now=NOW)
