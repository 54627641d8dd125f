"""What became of a bad verdict: found true or set aside with a public reason, and answered."""

from __future__ import annotations

from datetime import datetime

from leitai.apps.ledger import log
from leitai.apps.ledger.actions import action, record
from leitai.apps.ledger.errors import refuse
from leitai.rules.kernel import N_
from leitai.rules.ledger import digest

from .. import tallies
from ..models import Ballot, Standing
from .casting import facts_of


@action("ballot.upheld", "ballot.set_aside")
def verify(*, ballot: Ballot, upheld: bool, reason: str, by: str, now: datetime) -> Ballot:
    """What call-back found: a bad verdict is found true, or set aside with the reason, which stays public."""
    ballot = Ballot.objects.select_for_update(of=("self",)).select_related("place", "unit").get(pk=ballot.pk)
    if not ballot.bad:
        raise refuse("not-bad", N_("Only a bad verdict is verified."))
    if ballot.standing != Standing.COUNTED:
        raise refuse("verified-already", N_("This verdict was verified already."))
    if not reason.strip():
        raise refuse("no-reason", N_("Say what the call-back found: the reason is public."))
    ballot.standing = Standing.UPHELD if upheld else Standing.SET_ASIDE
    ballot.reason = reason.strip()[:300]
    ballot.save()
    log.lock(ballot.place)
    tallies.moved(ballot, Standing.COUNTED)
    record(
        place=ballot.place,
        kind="ballot.upheld" if upheld else "ballot.set_aside",
        by=by,
        now=now,
        subject=f"ballot:{ballot.pk}",
        data=facts_of(ballot) | {"reason": ballot.reason},
    )
    return ballot


@action("ballot.answered")
def answer(*, ballot: Ballot, text: str, by: str, now: datetime) -> Ballot:
    """What was put right, once the office has verified it: the citizen reads it on the receipt."""
    ballot = Ballot.objects.select_for_update(of=("self",)).select_related("place", "unit").get(pk=ballot.pk)
    if ballot.standing != Standing.UPHELD or ballot.answer:
        raise refuse("not-to-answer", N_("Only a bad verdict that was found true is answered, and once."))
    if not text.strip():
        raise refuse("no-answer", N_("Say what was put right: the citizen reads it."))
    ballot.answer = text.strip()[:500]
    ballot.save()
    record(
        place=ballot.place,
        kind="ballot.answered",
        by=by,
        now=now,
        subject=f"ballot:{ballot.pk}",
        data=facts_of(ballot) | {"answer": digest(ballot.answer.encode())},
    )
    return ballot
