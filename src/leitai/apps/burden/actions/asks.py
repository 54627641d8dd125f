"""Asks beside the rule-book: registered once with their basis before anybody is asked, withdrawn, answered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from leitai.apps.ledger.actions import action, record
from leitai.apps.ledger.errors import refuse
from leitai.rules.kernel import N_, Period, PeriodError

from ..doubles import check_double, figure_of
from ..models import Ask, Reply


@action("ask.made")
def make(
    *,
    place: Any,
    title: str,
    basis: str,
    minutes: int,
    due: datetime,
    units: Sequence[Any],
    figure: str = "",
    period: str = "",
    by: str,
    now: datetime,
) -> Ask:
    """Ask units for a figure, a form or a list; `basis` is what allows it, `minutes` what it takes each of them.

    `figure` is the key of what is asked, made of the title where it is empty; `period` what it is of, if of one.
    Raises Refused without a basis, and for what is asked or held already, with a pointer to it (`subject`).
    """
    title, basis, period = title.strip()[:200], basis.strip()[:300], period.strip()
    if not title:
        raise refuse("no-title", N_("Say in a few words what is asked."))
    if not basis:
        raise refuse(
            "no-basis", N_("Say on what basis it is asked: the law, rule or decision, with its number.")
        )
    if not 1 <= minutes <= 4800:
        raise refuse("bad-minutes", N_("Say how many minutes it takes a unit, 1 to 4,800."))
    if due <= now:
        raise refuse("due-over", N_("It must be due later than now."))
    rows = {unit.pk: unit for unit in units if unit.active}
    if not rows:
        raise refuse("no-units", N_("Say which units are asked."))
    if period:
        try:
            period = Period.parse(period).key
        except PeriodError:
            raise refuse("no-period", N_("Write a period as 2022-03, 2022-Q1, 2022-H1 or 2022.")) from None
    key = figure or figure_of(title)
    check_double(place, key, period, title, list(rows.values()), now)
    row = Ask.objects.create(
        place=place,
        title=title,
        figure=key,
        period=period,
        basis=basis,
        minutes=minutes,
        asked_by=by,
        asked_at=now,
        due=due,
    )
    Reply.objects.bulk_create([Reply(ask=row, unit=unit) for unit in rows.values()], batch_size=500)
    record(
        place=place,
        kind="ask.made",
        by=by,
        now=now,
        subject=f"ask:{row.pk}",
        data={
            "title": title,
            "figure": key,
            "period": period,
            "basis": basis,
            "minutes": minutes,
            "due": due,
            "units": len(rows),
        },
    )
    return row


@action("ask.withdrawn")
def withdraw(*, ask: Ask, why: str, by: str, now: datetime) -> Ask:
    """Take an ask back, with the reason; units that did not reply need not any more."""
    ask = Ask.objects.select_for_update(of=("self",)).select_related("place").get(pk=ask.pk)
    if ask.withdrawn_at is not None:
        raise refuse("withdrawn-already", N_("This was withdrawn already."))
    if not why.strip():
        raise refuse("no-reason", N_("Say why."))
    ask.withdrawn_at, ask.withdrawn_why = now, why.strip()[:300]
    ask.save()
    record(
        place=ask.place,
        kind="ask.withdrawn",
        by=by,
        now=now,
        subject=f"ask:{ask.pk}",
        data={"figure": ask.figure, "period": ask.period, "why": ask.withdrawn_why},
    )
    return ask


@action("ask.replied")
def reply(*, ask: Ask, unit: Any, text: str, by: str, now: datetime) -> Reply:
    """A unit's answer to an ask, once."""
    rows = Reply.objects.select_for_update(of=("self",)).select_related("ask__place", "unit")
    row = rows.filter(ask=ask, unit=unit).first()
    if row is None:
        raise refuse("not-asked", N_("This unit was not asked."))
    if row.ask.withdrawn_at is not None:
        raise refuse("withdrawn-already", N_("This was withdrawn already."))
    if row.at is not None:
        raise refuse("replied-already", N_("The unit has replied to this already."))
    if not text.strip():
        raise refuse("no-words", N_("Write the answer."))
    row.text, row.at, row.by = text.strip()[:5000], now, by
    row.save()
    record(
        place=row.ask.place,
        kind="ask.replied",
        by=by,
        now=now,
        subject=f"ask:{ask.pk}",
        data={"unit.key": unit.key, "unit.kind": unit.kind, "late": now > row.ask.due},
    )
    return row
