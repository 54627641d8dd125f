"""Whoever reported a case without an account: who that is, sealed and purged in time, and what they say of its end.

A matter is over when whoever had it says so. They say it by their tracking code: while it waits to be verified, which
the office then reads before it decides; or after it was closed, which opens it again as a relapse.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q

from leitai.apps.ledger.actions import UNCHANGED, action, nothing_new, record
from leitai.apps.ledger.errors import refuse
from leitai.rules.kernel import N_

from ..models import Case, Reporter
from ..queries.tracking import NOT_OVER, OVER, came_back, check_again, check_say, confirmed
from ..rows import facts
from ..running import locked, rules_of, step
from ..seals import bound, seal
from .opening import open_case

KEEP = timedelta(days=180)  # after the case was closed
LONGEST_KEPT = timedelta(days=3 * 365)  # of a case that never is
BOXES = ("name", "phone", "mail")


@action("case.reporter_kept")
def keep_reporter(*, case: Case, reporter: Mapping[str, str], by: str, now: datetime) -> Reporter | None:
    """Keep who reported a case, sealed: name, phone, mail, as far as they are given; once. None where nothing is."""
    said = {name: reporter.get(name, "").strip()[:120] for name in BOXES}
    said = {name: text for name, text in said.items() if text}
    there = Reporter.objects.filter(case=case).first()
    if not said or there is not None:
        nothing_new()
        return there
    last: date = (now + LONGEST_KEPT).date()
    row = Reporter.objects.create(case=case, sealed=seal(said), keep_until=last)
    record(
        place=case.place,
        kind="case.reporter_kept",
        by=by,
        now=now,
        subject=f"case:{case.ref}",
        data={"case.kind": case.kind, "boxes": sorted(said)},
    )
    return row


@action("case.reporters_purged")
def purge_reporters(*, place: Any, by: str, now: datetime) -> int:
    """Delete who reported cases that were closed 180 days ago, or three years ago and never were; how many."""
    over = Q(case__closed_at__lt=now - KEEP) | Q(keep_until__lt=now.date())
    ids = list(Reporter.objects.filter(over, case__place=place).values_list("pk", flat=True)[:2000])
    if not ids:
        return UNCHANGED
    Reporter.objects.filter(pk__in=ids).delete()
    record(
        place=place,
        kind="case.reporters_purged",
        by=by,
        now=now,
        subject=f"place:{place.key}",
        data={"count": len(ids)},
    )
    return len(ids)


@action("case.reporter_spoke")
def say_over(*, case: Case, by: str, now: datetime) -> Case:
    """The reporter says that it is solved; said again it changes nothing. Raises Refused before it was answered."""
    case = locked(case)
    finding = check_say(case)
    if finding is not None:
        raise refuse(finding.code, finding.message)
    if confirmed(case):
        nothing_new()
        return case
    _speak(case, OVER, {}, by=by, now=now)
    return case


@action("case.reporter_spoke", "case.opened")
def say_not_over(
    *,
    case: Case,
    text: str,
    draw: Callable[[int], bytes] = secrets.token_bytes,
    by: str,
    now: datetime,
) -> Case:
    """The reporter says that it is not over, and why. Answers the case that goes on.

    While it waits to be verified that is this case, and the office reads it. Once it was closed it is a new one, its
    relapse, with a tracking code of its own; once, however often it is said. Raises Refused without a reason, before
    it was answered, and after the relapse window of its kind.
    """
    case = locked(case)
    finding = check_say(case) or check_again(case, now)
    if finding is not None:
        raise refuse(finding.code, finding.message)
    if not text.strip():
        raise refuse("no-reason", N_("Say in a few words what is not over."))
    if case.closed_at is None:
        _speak(case, NOT_OVER, {"reason": text.strip()[:2000]}, by=by, now=now)
        return case
    there = came_back(case)
    if there is not None:
        nothing_new()
        return there
    again = open_case(
        place=case.place,
        kind=case.kind,
        unit=_first_holder(case),
        title=case.title,
        text=text.strip()[:5000],
        where=case.where,
        channel=case.channel,
        enterprise=case.enterprise,
        form=case.form,
        latitude=case.latitude,
        longitude=case.longitude,
        tracking=True,
        again=case,
        draw=draw,
        by=by,
        now=now,
    )
    _speak(case, NOT_OVER, {"reason": text.strip()[:2000]}, by=by, now=now)
    return again


def _first_holder(case: Case) -> Any:
    """The unit of the new case, where its kind goes straight to one."""
    _regime, _spec, flow = rules_of(case)
    if flow.state(flow.start).owner != "unit":
        return None
    return case.first_unit or case.unit


def _speak(case: Case, what: str, form: Mapping[str, str], *, by: str, now: datetime) -> None:
    made = step(case, what, role="reporter", by=by, at=now, form=form)
    record(
        place=case.place,
        kind="case.reporter_spoke",
        by=by,
        now=now,
        subject=f"case:{case.ref}",
        data=facts(case) | {"over": what == OVER, "words": bound(f"step:{made.pk}", dict(form))},
    )
