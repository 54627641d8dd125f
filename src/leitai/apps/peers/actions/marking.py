"""Writing marks as they come in from telephones, each once however often it is sent, and sheets handed in."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal
from typing import Any

from leitai.apps.ledger.actions import UNCHANGED, action, nothing_new, record
from leitai.apps.ledger.errors import refuse
from leitai.rules.kernel import N_

from ..models import Mark, Result, Scorer, Site
from ..queries.terms import terms_of, why_barred

_ONCE = re.compile(r"[A-Za-z0-9_-]{8,64}")


@action("peers.marked")
def mark(
    *,
    scorer: Scorer,
    site: Site,
    criterion: str,
    points: Decimal,
    once: str,
    at: datetime,
    by: str,
    now: datetime,
) -> Mark:
    """Keep the points that a scorer gave a site. The same `once` is the same mark.

    `at` is when, by their telephone, and is kept as it was said. Which mark is the last, and when the ledger has it,
    follows from when it arrived: a telephone's clock can be set.
    """
    row = _locked(scorer)
    if not _ONCE.fullmatch(once):
        raise refuse("bad-once", N_("A mark comes with a key of its own."))
    known = Mark.objects.filter(scorer=row, once=once).first()
    if known is not None:
        nothing_new()
        return known
    _open(row, now)
    if site.occasion_id != row.occasion_id:
        raise refuse("not-on-route", N_("This site is not on the route."))
    if why_barred(row.occasion.place, row.unit_id, site.unit_id):
        raise refuse("own-unit", N_("Nobody scores their own unit, or one that is above or below it."))
    most = next((one.most for one in terms_of(row.occasion).criteria if one.key == criterion), None)
    if most is None:
        raise refuse("no-criterion", N_("There is no such criterion."))
    if not points.is_finite() or not 0 <= points <= most or points != round(points, 2):
        raise refuse("bad-points", N_("Give from 0 to %(most)s points."), most=f"{most:f}")
    found = Mark.objects.create(
        site=site,
        scorer=row,
        of_unit_id=site.unit_id,
        by_unit_id=row.unit_id,
        criterion=criterion,
        points=points,
        at=at,
        received_at=now,
        once=once,
    )
    # Which points it was is nobody's business before the result.
    record(
        place=row.occasion.place,
        kind="peers.marked",
        by=by,
        now=now,
        subject=f"occasion:{row.occasion_id}",
        data={"scorer": row.number, "site": site.turn, "criterion": criterion},
    )
    return found


@action("peers.handed_in")
def hand_in(*, scorer: Scorer, by: str, now: datetime) -> Scorer:
    """Hand a sheet in as it is; nothing in it is changed after that."""
    row = _locked(scorer)
    if row.handed_in_at is not None:
        return UNCHANGED
    _open(row, now)
    if not row.marks.exists():
        raise refuse("sheet-empty", N_("There is no mark on this sheet yet."))
    row.handed_in_at = now
    row.save(update_fields=["handed_in_at"])
    record(
        place=row.occasion.place,
        kind="peers.handed_in",
        by=by,
        now=now,
        subject=f"occasion:{row.occasion_id}",
        data={"scorer": row.number, "unit.key": row.unit.key},
    )
    return row


def _locked(scorer: Scorer) -> Any:
    rows = Scorer.objects.select_for_update(of=("self",)).select_related("occasion__place", "unit")
    return rows.get(pk=scorer.pk)


def _open(row: Scorer, now: datetime) -> None:
    """Refuses what comes too late or too early."""
    if row.handed_in_at is not None:
        raise refuse("handed-in", N_("This sheet was handed in; nothing can be changed any more."))
    if Result.objects.filter(occasion=row.occasion).exists():
        raise refuse("result-made", N_("The result was worked out already; it came too late."))
    if row.occasion.cancelled_at is not None:
        raise refuse("occasion-over", N_("The occasion is over."))
    zone = row.occasion.place.zone
    if now.astimezone(zone).date() < row.occasion.at.astimezone(zone).date():
        raise refuse("too-early", N_("It is not held before its day."))
