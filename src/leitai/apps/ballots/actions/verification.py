"""What becomes of a bad verdict: a caller drawn, the call, appeal and objection, a reviewer's word.

Nobody decides alone: whoever calls can find a verdict true, but set it aside only a reviewer does, who is neither
that caller nor posted at the unit. What may be done when is asked of `rules.ballots.calling`, here and for each button.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef

from leitai.apps.ledger import log
from leitai.apps.ledger.actions import UNCHANGED, action, record
from leitai.apps.ledger.errors import Refused, refuse
from leitai.rules.ballots import calling
from leitai.rules.casework import says_nothing
from leitai.rules.kernel import N_, Finding
from leitai.rules.ledger import digest
from leitai.ui.typed import plain

from .. import tallies
from ..facts import facts_of
from ..keys import KEY_ID, bound, seal, signing_keys, unseal
from ..models import Ballot, CallBack, Review, Standing
from ..queries import verification as look
from .words import KEEP_WORDS

LONGEST = 2000
BETWEEN_TRIES = timedelta(hours=1)
PUBLIC = 300
RULE = 120


@action("ballot.call_drawn", "ballot.call_undrawn")
def draw_caller(
    *, ballot: Ballot, candidates: Sequence[str], seed: bytes, by: str, now: datetime
) -> CallBack | None:
    """Draw who calls back about a verdict, of these user names, by this seed; None where there is nobody to be drawn.

    Whoever holds the call already is not drawn again. The event bears the seed and a mark for each candidate, which
    only the house can trace to a name: so anyone can draw again, and the unit does not learn who calls.
    """
    ballot = _held(ballot)
    if look.check_act("pass-on", ballot) is not None:
        return UNCHANGED
    call = (
        CallBack.objects.select_for_update(of=("self",))
        .filter(ballot=ballot)
        .select_related("caller")
        .first()
    )
    marks = {_mark(seed, name): name for name in candidates if call is None or name != call.caller.username}
    if not marks:
        _tell(ballot, "ballot.call_undrawn", by, now)
        return None
    drawn = calling.draw(marks, seed)
    account = get_user_model().objects.get(username=marks[drawn])
    call = call or CallBack(ballot=ballot)
    call.caller, call.seed, call.drawn_at = account, seed.hex(), now
    call.save()
    _tell(ballot, "ballot.call_drawn", by, now, seed=seed.hex(), marks=sorted(marks), drawn=drawn)
    return call


def _mark(seed: bytes, name: str) -> str:
    """What stands for a candidate in the open: other in each draw, and nothing to whoever lacks the house's key."""
    key = signing_keys()[KEY_ID]
    return hmac.digest(key, b"leitai caller 1\n" + seed + name.encode(), "sha256").hex()[:16]


@action("ballot.call_tried")
def try_call(*, ballot: Ballot, nth: int, note: str = "", by: str, now: datetime) -> CallBack:
    """Put on record that the citizen was not reached: the `nth` try, so that a form sent twice is one try."""
    ballot, call = _call_of(ballot, by)
    if nth != call.tries + 1:
        raise refuse("noted-already", N_("This try is on record already; there were %(n)s."), n=call.tries)
    if call.tried_at is not None and now - call.tried_at < BETWEEN_TRIES:
        raise refuse("too-soon", N_("Let an hour pass before you try again; the citizen may be busy."))
    call.tries, call.tried_at = nth, now
    call.note = _noted(call, note, by, now)
    call.save()
    _tell(ballot, "ballot.call_tried", by, now, tries=nth, note=digest(call.note))
    return call


@action("ballot.upheld", "ballot.doubted", "ballot.unreached")
def finish_call(
    *, ballot: Ballot, outcome: str, reason: str = "", note: str = "", by: str, now: datetime
) -> Ballot:
    """What the drawn caller found. `reason` is public and is needed unless nobody was reached; `note` is sealed.

    Found true, it counts as such at once; anything that speaks against it is proposed to a reviewer.
    """
    log.lock(ballot.place)
    ballot, call = _call_of(ballot, by)
    phone = look.reachable(ballot)
    _refuse(calling.check_outcome(outcome, call.tries, look.rules(ballot).tries, phone))
    follow = calling.OUTCOMES[outcome]
    reached = outcome != "unreachable"
    reason = (
        _said(reason, PUBLIC, N_("Say what the call found, so that anyone can read it.")) if reached else ""
    )
    call.outcome, call.done_at = outcome, now
    call.note = _noted(call, note, by, now)
    call.save()
    if follow.standing:
        _stand(ballot, follow.standing, reason)
    if follow.ask:
        Review.objects.create(ballot=ballot, ask=follow.ask, text=reason, opened_at=now, opened_by=by)
    _tell(
        ballot,
        follow.event,
        by,
        now,
        outcome=outcome,
        tries=call.tries,
        reason=reason,
        note=digest(call.note),
    )
    return ballot


@action("ballot.call_passed")
def pass_on(*, ballot: Ballot, reason: str, by: str, now: datetime) -> Ballot:
    """Ask that somebody else be drawn to call, with the reason; the drive draws by this event's link."""
    ballot = _held(ballot)
    _refuse(look.check_act("pass-on", ballot))
    if look.being_drawn(ballot):
        raise refuse("being-drawn", N_("A caller is being drawn just now; look again in a minute."))
    if look.near(ballot.place, ballot.unit, by.removeprefix(look.WHO)):
        raise refuse(
            "own-unit", N_("You are posted at this unit, above it or below it; leave the call to others.")
        )
    reason = _said(reason, PUBLIC, N_("Say why somebody else should call."))
    _tell(ballot, "ballot.call_passed", by, now, reason=reason)
    return ballot


@action("ballot.appealed")
def appeal(*, ballot: Ballot, text: str, by: str, now: datetime) -> Review:
    """The unit's version of a verdict that counts against it: asks a reviewer, once, to set it aside."""
    ballot = _held(ballot)
    _refuse(look.check_appeal(ballot, now))
    return _ask(ballot, "appeal", text, N_("Say why the verdict should be set aside."), by, now)


@action("ballot.objected")
def object_to(*, ballot: Ballot, text: str, by: str, now: datetime) -> Review:
    """The citizen's objection to a verdict set aside, or to an answer that put nothing right: asks a reviewer, once."""
    ballot = _held(ballot)
    _refuse(look.check_objection(ballot, now))
    return _ask(ballot, "objection", text, N_("Say what is not so."), by, now)


def _ask(ballot: Ballot, ask: str, text: str, empty: str, by: str, now: datetime) -> Review:
    row = Review.objects.create(
        ballot=ballot, ask=ask, text=_said(text, LONGEST, empty), opened_at=now, opened_by=by
    )
    kind = {"appeal": "ballot.appealed", "objection": "ballot.objected"}[ask]
    _tell(ballot, kind, by, now, words=bound(f"review:{row.pk}", row.text))
    return row


@action(*sorted({follow.event for follow in calling.DECISIONS.values()}))
def decide(*, review: Review, granted: bool, reason: str, rule: str, by: str, now: datetime) -> Ballot:
    """A reviewer's decision, with the public reason and the number of the rule it rests on."""
    log.lock(review.ballot.place)
    ballot = _held(review.ballot)
    review = Review.objects.select_for_update(of=("self",)).get(pk=review.pk)
    review.ballot = ballot
    if review.granted is not None:
        raise refuse("decided-already", N_("Somebody decided this already; look again."))
    _refuse(look.check_act(f"decide-{review.ask}", ballot))
    _refuse(look.check_reviewer(review, by))
    reason = _said(reason, PUBLIC, N_("Give the reason: both sides and the public read it."))
    rule = _said(rule, RULE, N_("Name the rule that the decision rests on, by its number."), "no-rule")
    follow = calling.DECISIONS[review.ask, granted]
    review.granted, review.reason, review.rule = granted, reason, rule
    review.decided_at, review.decided_by = now, by
    review.save()
    if follow.standing:
        _stand(ballot, follow.standing, reason)
    _tell(ballot, follow.event, by, now, ask=review.ask, reason=reason, rule=rule)
    return ballot


@action("ballot.answered")
def answer(*, ballot: Ballot, text: str, by: str, now: datetime) -> Ballot:
    """What was put right, once the office has verified it: the citizen reads it on the receipt."""
    ballot = _held(ballot)
    if ballot.standing != Standing.UPHELD or look.check_act("answer", ballot) is not None:
        raise refuse("not-to-answer", N_("Only a bad verdict that was found true is answered, and once."))
    if not text.strip():
        raise refuse("no-answer", N_("Say what was put right: the citizen reads it."))
    ballot.answer = plain(text, 500)
    ballot.save()
    _tell(ballot, "ballot.answered", by, now, answer=bound(f"answer:{ballot.pk}", ballot.answer))
    return ballot


@action("ballot.notes_purged")
def purge_notes(*, place: Any, by: str, now: datetime) -> int:
    """Delete what callers wrote down once its purpose has ended, as long after the call as words are kept; how many.

    What was found, the reason and who decided stay; so do the notes of a verdict that a reviewer still looks at.
    """
    rows = CallBack.objects.filter(ballot__place=place, done_at__lt=now - KEEP_WORDS).exclude(note=b"")
    rows = rows.exclude(Exists(Review.objects.filter(ballot=OuterRef("ballot"), granted__isnull=True)))
    count = rows.update(note=b"")
    if not count:
        return UNCHANGED
    record(
        place=place,
        kind="ballot.notes_purged",
        by=by,
        now=now,
        subject=f"place:{place.key}",
        data={"count": count},
    )
    return count


# What the actions share


def _held(ballot: Ballot) -> Ballot:
    """The row as it stands, locked."""
    rows = Ballot.objects.select_for_update(of=("self",)).select_related("place", "unit", "point")
    return rows.get(pk=ballot.pk)


def _call_of(ballot: Ballot, by: str) -> tuple[Ballot, CallBack]:
    """The verdict and its open call, both locked, if it is for `by` to make."""
    ballot = _held(ballot)
    _refuse(look.check_act("call", ballot))
    rows = CallBack.objects.select_for_update(of=("self",)).select_related("caller")
    call = rows.filter(ballot=ballot).get()
    if by != f"{look.WHO}{call.caller.username}":
        raise refuse("not-drawn", N_("Somebody else was drawn to call about this verdict."))
    return ballot, call


def _stand(ballot: Ballot, standing: str, reason: str) -> None:
    """Have a verdict count as something; the place's log is locked. An answer given before no longer stands."""
    before = ballot.standing
    ballot.standing, ballot.reason, ballot.answer = standing, reason, ""
    ballot.save()
    if standing != before:
        tallies.moved(ballot, before)


def _noted(call: CallBack, text: str, by: str, now: datetime) -> bytes:
    """The sealed notes of a call with one more line, where there is one to add."""
    text = plain(text, LONGEST)
    if not text:
        return bytes(call.note)
    lines = unseal(call.note) if call.note else []
    return seal([*lines, {"at": now.isoformat(), "by": by, "text": text}])


def _said(text: str, longest: int, empty: str, code: str = "no-reason") -> str:
    """A text that says something. Raises Refused for one that does not."""
    text = plain(text, longest)
    if not text:
        raise refuse(code, empty)
    if says_nothing(text):
        raise refuse(
            "says-nothing", N_("“%(text)s” says nothing: write what another person could check."), text=text
        )
    return text


def _refuse(finding: Finding | None) -> None:
    if finding is not None:
        raise Refused(finding)


def _tell(ballot: Ballot, kind: str, by: str, now: datetime, **more: Any) -> None:
    record(
        place=ballot.place,
        kind=kind,
        by=by,
        now=now,
        subject=f"ballot:{ballot.pk}",
        data=facts_of(ballot) | more,
    )
