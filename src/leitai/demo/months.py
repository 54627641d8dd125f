"""A span of months run through: tables published in order, rules applied, bulletins issued, occasions held."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from leitai.apps.bulletins import actions as bulletins
from leitai.apps.bulletins import queries as bulletin_rows
from leitai.apps.ledger.errors import Refused
from leitai.apps.measures.queries import Sources
from leitai.apps.occasions import actions as occasions
from leitai.apps.occasions import queries as occasion_rows
from leitai.apps.regimes import queries as regimes
from leitai.apps.tables import actions as tables
from leitai.apps.tables.queries import published
from leitai.drive.engine import run_until_idle
from leitai.rules.kernel import PERIOD_KINDS, Period

Tell = Callable[[str], None]


def hold_occasions(place: Any, first: date, *, now: Callable[[], datetime]) -> int:
    """Enter the occasions since a day and hold those that are past, each at its own time."""
    start, _ = Period.containing("month", first).bounds(place.zone)
    occasions.plan(place=place, since=start, by="sample", now=now())
    held = 0
    for row in occasion_rows.coming(place, now(), days=0):
        occasions.tell_due(place=place, by="drive", now=row.at)
        note = occasion_rows.name(row).show(place.language)
        occasions.hold(occasion=row, note=note, nothing=True, by="sample", now=row.at + timedelta(hours=1))
        held += 1
    return held


def run_months(
    place: Any,
    first: Period,
    last: Period,
    *,
    freezer: str,
    publisher: str,
    now: Callable[[], datetime],
    tell: Tell,
) -> int:
    """Freeze and publish every table whose period ends within the months, in the order of their ends.

    Tables of smaller periods come first, since larger ones are made of them. One already published is left
    alone. Returns how many were published.
    """
    done = 0
    sources = Sources(place)
    for period in _ending(first, last):
        regime = regimes.regime_on(place, period.last)
        for arena in in_order(regime, period):
            if published(place, arena, period) is not None:
                continue
            try:
                row = tables.freeze(
                    place=place, arena=arena, period=period, sources=sources, by=freezer, now=now()
                )
            except Refused as refused:
                if refused.finding.code == "nothing-to-judge":
                    continue
                raise
            tables.publish(table=row, by=publisher, now=now())
            tell(f"{place.key}: {arena} {period.key}")
            done += 1
        run_until_idle(place, now=now())
        issue_bulletins(place, freezer, publisher, now=now)
    return done


def issue_bulletins(place: Any, first: str, second: str, *, now: Callable[[], datetime]) -> int:
    """Have two people approve the bulletins that the rule-book had drawn up, each by itself; how many were issued.

    One whose table was corrected meanwhile stays a draft, for people to look at.
    """
    drafts = [bulletin_rows.bulletin(place, one.pk) for one in bulletin_rows.drafts(place)[::-1]]
    ready = [row for row in drafts if bulletin_rows.outdated(row) is None]
    for row in ready:
        for by in (first, second):
            bulletins.approve(bulletin=row, read=bulletin_rows.digest_of(row), by=by, now=now())
    return len(ready)


def _ending(first: Period, last: Period) -> list[Period]:
    """The periods of every kind that end within the months, smaller ones first where they end together."""
    found = []
    month = first
    while month.first <= last.first:
        for kind in PERIOD_KINDS:
            if kind == "week":
                continue
            period = Period.containing(kind, month.first)
            if period.last == month.last:
                found.append(period)
        month = month.next()
    return found


def in_order(regime: Any, period: Period) -> list[str]:
    """The arenas of a kind of period, those that others weigh first."""
    mine = [key for key, spec in regime.arenas.items() if spec.every == period.kind]
    found: list[str] = []

    def visit(key: str) -> None:
        for below in regime.arenas[key].weigh:
            if below in mine and below not in found:
                visit(below)
        if key not in found:
            found.append(key)

    for key in mine:
        visit(key)
    return found
