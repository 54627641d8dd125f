"""What parties of a case ask of each other: to take it over, to help, to wait, for more time.

Nothing changes until the other side has said yes: whoever received a case first goes on answering for it (首接负责),
and its clocks run on. Nobody answers what they asked themselves.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import zip_longest
from typing import Any

from leitai.apps.ledger.actions import action, record
from leitai.apps.ledger.errors import refuse
from leitai.apps.regimes import queries as regimes
from leitai.rules import casework as core
from leitai.rules.kernel import N_
from leitai.rules.worktime import due, parse_within

from ..models import Case, Request
from ..rows import facts
from ..running import catch_up, drop_requests, keep, locked, pins, resumed, rows_of, rules_of, step, values
from ..seals import bound

# A pause is an agreement between two sides about days of the wall calendar, whatever the kind's clocks count in.
_UNIT = {
    "seconds": timedelta(seconds=1),
    "minutes": timedelta(minutes=1),
    "workdays": timedelta(days=1),
    "days": timedelta(days=1),
}
_PAUSE = ("ground", "answered_at", "until")


@action("case.asked")
def ask(
    *,
    case: Case,
    kind: str,
    ground: str = "",
    text: str,
    to_unit: Any | None = None,
    until: datetime | None = None,
    unit: Any | None = None,
    by: str,
    now: datetime,
) -> Request:
    """Ask another party of a case for a transfer, help, a pause or an extension.

    `ground` is a key of the kind's grounds of transfer or reasons for a pause, for an extension the clock's key;
    `until` the end of the pause or the new due time (UTC); `unit` the unit that asks. Raises Refused with the reason:
    the rule-book does not allow it, it comes too late, or the same is asked already.
    """
    case = locked(case)
    regime, spec, flow = rules_of(case)
    if kind not in Request.KINDS:
        raise refuse("unknown-request", N_("There is no such request."))
    if flow.state(case.state).terminal:
        raise refuse("case-over", N_("This case is over."))
    if core.says_nothing(text):
        raise refuse("says-nothing", N_("Say why, so that another person could check it."))
    if kind in ("transfer", "help"):
        answerer = "unit"
        _check_other_unit(case, spec, kind, ground, to_unit)
    elif kind == "pause":
        answerer = _other_side(case, flow)
        _check_pause(case, spec, ground, until, now)
    else:
        answerer = "office"
        _check_extension(case, spec, regime, ground, until, now)
    asked = case.requests.filter(kind=kind, state="open")
    if (asked.filter(to_unit=to_unit) if kind == "help" else asked).exists():
        raise refuse("asked-already", N_("The same is asked already and waits for an answer."))
    row = Request.objects.create(
        case=case,
        kind=kind,
        ground=ground[:40],
        text=text,
        from_unit=unit,
        to_unit=to_unit,
        answerer=answerer,
        until=until,
        asked_by=by,
        asked_at=now,
    )
    _told(case, row, "case.asked", by=by, now=now)
    return row


@action("case.decided")
def answer_request(
    *, request: Request, granted: bool, reply: str = "", role: str, by: str, now: datetime
) -> Request:
    """Say yes or no to a request, in the role that may; a yes changes the case in the same transaction.

    Raises Refused where it is answered already, is not this role's to answer, or was asked by the same person.
    """
    case = locked(request.case)
    request = Request.objects.select_for_update(of=("self",)).select_related("to_unit").get(pk=request.pk)
    if request.state != "open":
        raise refuse("request-answered", N_("This was answered already."))
    if role != request.answerer:
        raise refuse("request-not-yours", N_("It is not for you to answer this."))
    if by == request.asked_by or (role == "office" and case.steps.filter(role="unit", by=by).exists()):
        raise refuse("own-request", N_("You asked for this or worked on it; somebody else must answer."))
    if (not granted or request.kind == "help") and core.says_nothing(reply):
        raise refuse("says-nothing", N_("Say why, so that another person could check it."))
    if granted:
        _check_still(case, request, now)
    request.state = "granted" if granted else "refused"
    request.answered_by, request.answered_at, request.reply = by, now, reply
    request.save()
    if granted:
        _GRANT[request.kind](case, request, by=by, now=now)
    _told(case, request, "case.decided", by=by, now=now)
    return request


@action("case.withdrawn")
def withdraw(*, request: Request, by: str, now: datetime) -> Request:
    """Take a request back that nobody has answered."""
    case = locked(request.case)
    request = Request.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if request.state != "open":
        raise refuse("request-answered", N_("This was answered already."))
    request.state, request.answered_at = "withdrawn", now
    request.save()
    _told(case, request, "case.withdrawn", by=by, now=now)
    return request


@action("case.resumed")
def resume(*, case: Case, role: str, by: str, now: datetime) -> Case:
    """End a pause before its time; its clocks run on from `now`."""
    case = locked(case)
    if case.paused_until is None:
        raise refuse("not-paused", N_("This case is not paused."))
    at, subject = resumed(case, role=role, by=by, now=now), f"case:{case.ref}"
    record(place=case.place, kind="case.resumed", by=by, now=now, at=at, subject=subject, data=facts(case))
    return case


def _check_still(case: Case, request: Request, now: datetime) -> None:
    """What was asked may have been overtaken: a yes is held to the same rules as the asking, as the case stands now."""
    regime, spec, _flow = rules_of(case)
    if request.kind in ("transfer", "help"):
        _check_other_unit(case, spec, request.kind, request.ground, request.to_unit)
    elif request.kind == "pause":
        _check_pause(case, spec, request.ground, request.until, now)
    else:
        _check_extension(case, spec, regime, request.ground, request.until, now)


def _check_other_unit(case: Case, spec: Any, kind: str, ground: str, to_unit: Any | None) -> None:
    if to_unit is None or not to_unit.active or to_unit.place_id != case.place_id:
        raise refuse("no-unit", N_("Say which unit."))
    if to_unit.pk == case.unit_id:
        raise refuse("same-unit", N_("This unit has the case already."))
    if kind == "transfer" and case.holder != "unit":
        raise refuse("not-held", N_("Only the unit that holds the case can ask another to take it over."))
    if kind == "transfer" and ground not in spec.grounds:
        raise refuse(
            "no-ground", N_("A transfer needs a ground of the rule-book: whose business it is by law.")
        )


def _check_pause(case: Case, spec: Any, ground: str, until: datetime | None, now: datetime) -> None:
    if ground not in spec.pauses:
        raise refuse("no-pause", N_("The rule-book knows no such reason for a pause of this kind of case."))
    if case.holder != "unit":
        raise refuse("not-working", N_("Only what a unit works on now can pause."))
    if case.paused_until is not None:
        raise refuse("paused", N_("This case is paused already."))
    if until is None or until <= now:
        raise refuse("pause-past", N_("Say until when; the time must lie ahead."))
    most = parse_within(spec.pauses[ground].most)
    left = most.amount * _UNIT[most.unit] - _paused_for(case, ground)
    if until > now + left:
        raise refuse(
            "pause-long",
            N_("For this reason a case pauses for %(most)s at most, all its pauses together."),
            most=most.text,
        )


def _paused_for(case: Case, ground: str) -> timedelta:
    """How long a case has been paused for a reason so far, all pauses together; it is not paused now."""
    ends = case.steps.filter(move="resume").order_by("at", "id").values_list("at", flat=True)
    rows = case.requests.filter(kind="pause", state="granted").order_by("answered_at", "id")
    # Each pause ended before the next began, so the ends stand in the order of the pauses.
    return sum(
        (
            (end or until) - begin
            for (why, begin, until), end in zip_longest(rows.values_list(*_PAUSE), ends)
            if why == ground
        ),
        timedelta(),
    )


def _check_extension(
    case: Case, spec: Any, regime: Any, key: str, until: datetime | None, now: datetime
) -> None:
    if spec.extend is None:
        raise refuse("no-extension", N_("The rule-book gives no more time for this kind of case."))
    if case.requests.filter(kind="extension", state="granted").count() >= spec.extend.times:
        raise refuse("extended", N_("More time was given already, as often as the rule-book allows."))
    clock = next((one for one in values(rows_of(case)) if one.key == key and one.running), None)
    if clock is None or clock.due is None:
        raise refuse("no-clock", N_("No such clock is running."))
    if now > clock.due:
        raise refuse("too-late", N_("More time must be asked for before the due time."))
    most = due(clock.due, parse_within(spec.extend.most), regimes.calendars(regime)[clock.calendar]).instant
    if until is None or until <= clock.due or until > most:
        raise refuse(
            "extension-out-of-range",
            N_("The new due time lies after the old one, and at most %(most)s after it."),
            most=parse_within(spec.extend.most).text,
        )


def _other_side(case: Case, flow: core.Flow) -> str:
    """Who must agree that the clock stands still: the one who waits, or the office where nobody else can say it."""
    answers = {role for move in flow.moves for role in move.by}
    return "enterprise" if case.enterprise_id is not None and "enterprise" in answers else "office"


def _transfer(case: Case, request: Request, *, by: str, now: datetime) -> None:
    catch_up(case, by=by, now=now)
    case.unit = request.to_unit
    case.transfers += 1
    drop_requests(case, now, but=request.pk)  # what the other unit asked for was for itself
    case.save()
    step(case, "transfer", role="unit", by=by, at=now, form=_said(request))
    record(
        place=case.place,
        kind="case.transferred",
        by=by,
        now=now,
        subject=f"case:{case.ref}",
        data=facts(case),
    )


def _help(case: Case, request: Request, *, by: str, now: datetime) -> None:
    step(case, "help", role="unit", by=by, at=now, form=_said(request))


def _pause(case: Case, request: Request, *, by: str, now: datetime) -> None:
    """From the counter-signature on, not from the asking; whoever agreed to wait holds the time of it."""
    if request.until is None or request.until <= now:
        raise refuse("pause-past", N_("Say until when; the time must lie ahead."))
    regime, _spec, _flow = rules_of(case)
    rows = rows_of(case)
    clocks = values(rows)
    clocks, happened = core.suspend(clocks, now, request.until, regimes.calendars(regime), pins(case, clocks))
    case.paused_until = request.until
    keep(case, clocks, rows, happened, by=by, now=now)
    step(case, "pause", role=request.answerer, by=by, at=now, form=_said(request), holder=request.answerer)
    record(place=case.place, kind="case.paused", by=by, now=now, subject=f"case:{case.ref}", data=facts(case))


def _extension(case: Case, request: Request, *, by: str, now: datetime) -> None:
    regime, _spec, _flow = rules_of(case)
    rows = rows_of(case)
    assert request.until is not None  # a constraint holds it
    clocks, happened = core.extend(
        values(rows), request.ground, now, request.until, regimes.calendars(regime)
    )
    keep(case, clocks, rows, happened, by=by, now=now)
    step(case, "extend", role="office", by=by, at=now, form=_said(request))
    record(
        place=case.place, kind="case.extended", by=by, now=now, subject=f"case:{case.ref}", data=facts(case)
    )


def _said(request: Request) -> dict[str, str]:
    """What a step keeps of a request: why it was asked, and what was answered."""
    said = {"reason": request.text, "note": request.reply}
    return {name: text for name, text in said.items() if text}


def _told(case: Case, row: Request, kind: str, *, by: str, now: datetime) -> None:
    record(
        place=case.place,
        kind=kind,
        by=by,
        now=now,
        subject=f"case:{case.ref}",
        data=facts(case)
        | {
            "request": row.kind,
            "ground": row.ground,
            "state": row.state,
            "to": row.to_unit.key if row.to_unit else row.answerer,
            "until": row.until,
            "words": bound(f"request:{row.pk}", {"text": row.text, "reply": row.reply}),
        },
    )


_GRANT = {"transfer": _transfer, "help": _help, "pause": _pause, "extension": _extension}
