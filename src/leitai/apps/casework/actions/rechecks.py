"""Looking again at closed cases that chance picked: drawing them when a period is over, and saying what was found."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

from leitai.apps.ledger import queries as ledger
from leitai.apps.ledger.actions import UNCHANGED, action, nothing_new, record
from leitai.apps.ledger.errors import Refused, refuse
from leitai.rules import casework as core
from leitai.rules.ballots.sampling import sampled
from leitai.rules.kernel import N_, Period
from leitai.rules.ledger import canonical, digest

from ..models import Case, Recheck
from ..queries import rechecks as look
from ..rows import facts
from ..seals import draw_secret

OUTCOMES = ("over", "not-over", "cannot-tell")


@action("rechecks.drawn")
def draw_rechecks(*, place: Any, period: str, by: str, now: datetime) -> Any:
    """Draw the cases closed in a period that are looked at again, of each unit and kind as many as the bound asks for.

    Returns the new rows; UNCHANGED where it was done before or nothing was closed.

    They are drawn by the link of the first event after the period's end, and wait until it is sealed. The event says
    of how many each group's were drawn, that link and the secret: with them anybody who has the references can draw
    again. Raises Refused before the period is over.
    """
    span = Period.parse(period)
    end = span.bounds(place.zone)[1]
    if now < end:
        raise refuse("period-runs", N_("The period %(period)s is not over yet."), period=span.key)
    kinds = look.specs(place, span)
    cases = look.closings(place, span, kinds).select_related("unit", "place")
    after = ledger.first_noted(place, end)
    # The first case is locked, so that two workers do not draw the same period twice.
    first = cases.select_for_update(of=("self",)).first() if kinds else None
    if first is None or after is None or look.drawn(place, span.key) is not None:
        return UNCHANGED
    groups: dict[tuple[str, str], dict[str, Case]] = defaultdict(dict)
    for case in cases:
        groups[case.unit.key, case.kind][str(case.ref)] = case
    secret = draw_secret(place.key, span.key)
    seed = core.draw_seed(place.key, span.key, after.link, secret)
    rows, counts = [], []
    for (unit, kind), members in sorted(groups.items()):
        spec = kinds[kind].recheck
        size = core.sample_size(len(members), spec.bound, spec.confidence)
        counts.append([unit, kind, len(members), size])
        rows += [
            Recheck(
                place=place,
                case=members[ref],
                unit=members[ref].unit,
                period=span.key,
                way=_way(members[ref], spec.way),
                drawn_at=now,
            )
            for ref in sampled(members, size, seed)
        ]
    Recheck.objects.bulk_create(rows, batch_size=500)
    record(
        place=place,
        kind="rechecks.drawn",
        by=by,
        now=now,
        subject=look.subject(span.key),
        data={
            "link": after.link,
            "secret": secret,
            "groups": counts,
            "of": digest(canonical(sorted(ref for members in groups.values() for ref in members))),
            "drawn": digest(canonical(sorted(str(row.case.ref) for row in rows))),
        },
    )
    return rows


@action("recheck.phone_shown")
def show_phone(*, recheck: Recheck, by: str, now: datetime) -> str:
    """The telephone of whoever reported the case, for the one who calls; the ledger keeps who was shown it.

    Raises Refused where it is no call, is done, somebody else is calling, or whoever asks had a part in the case.
    """
    row = _locked(recheck, by)
    number = look.phone(row.case)
    if row.way != "callback" or not number:
        raise refuse("no-phone", N_("There is no telephone number to call."))
    calling = look.caller(row, now)
    if calling and calling != by:
        raise refuse("other-caller", N_("Somebody else is calling about this case."))
    if calling == by:
        nothing_new()
        return number
    record(
        place=row.case.place,
        kind="recheck.phone_shown",
        by=by,
        now=now,
        subject=f"recheck:{row.pk}",
        data={"period": row.period},
    )
    return number


@action("case.rechecked")
def finish_recheck(*, recheck: Recheck, outcome: str, note: str, by: str, now: datetime) -> Recheck:
    """Say what was found: "over", "not-over" or "cannot-tell", and what was seen or heard. It stands.

    What follows is the rule-book's. Raises Refused where it was said before, without a note, where somebody else is
    calling, and for whoever is posted at the unit, above or below it, worked on the case or closed it.
    """
    row = _locked(recheck, by)
    if outcome not in OUTCOMES:
        raise refuse("recheck-outcome", N_("Say whether it is over, is not over, or cannot be told."))
    if row.way == "callback" and look.caller(row, now) not in ("", by):
        raise refuse("other-caller", N_("Somebody else is calling about this case."))
    if core.says_nothing(note):
        raise refuse("says-nothing", N_("Say what you saw or heard, so that another person could check it."))
    row.outcome, row.note, row.by, row.at = outcome, note.strip()[:2000], by, now
    row.save()
    record(
        place=row.case.place,
        kind="case.rechecked",
        by=by,
        now=now,
        subject=f"case:{row.case.ref}",
        data=facts(row.case)
        | {"recheck.outcome": outcome, "period": row.period, "words": digest(canonical({"note": row.note}))},
        cause=row.case.cause,
    )
    return row


def _locked(recheck: Recheck, by: str) -> Recheck:
    """The row, kept from others, if it waits and may be looked at by somebody."""
    rows = Recheck.objects.select_for_update(of=("self",))
    row = rows.select_related("case__unit", "case__place").get(pk=recheck.pk)
    if row.outcome:
        raise refuse("recheck-done", N_("This was looked at already."))
    finding = look.check_inspector(row, by)
    if finding is not None:
        raise Refused(finding)
    return row


def _way(case: Case, way: str) -> str:
    """How a case is looked at: where nobody can be called, somebody goes there."""
    return "inspect" if way == "callback" and not look.phone(case) else way
