"""The second channel, day by day: who was served yesterday is drawn from in the morning, and invited by day.

A message is sent first and noted afterwards: a kill in between sends it again under the same key, and loses none.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from leitai.apps.ballots import actions, queries
from leitai.apps.ballots.models import Invitation
from leitai.apps.ledger import queries as ledger
from leitai.notify import Message, NotSent, Sender
from leitai.ui import words

BY = "drive"
BEGIN, END = time(9), time(20)  # nobody is written to at night
AT_ONCE = 100


def invite(place: Any, *, now: datetime) -> int:
    """Draw from the services of the day before, once a day and not before nine; how many were drawn."""
    local = now.astimezone(place.zone)
    chain = ledger.chain(place)
    if local.time() < BEGIN or chain is None or queries.drawn_on(place, local.date()):
        return 0
    today = datetime.combine(local.date(), time(0), place.zone)
    seed = bytes.fromhex(chain.link)
    rows = actions.draw_invitations(
        place=place, first=today - timedelta(days=1), end=today, seed=seed, by=BY, now=now
    )
    return len(rows or ())


def send_due(place: Any, sender: Sender | None, *, now: datetime) -> int:
    """Send the invitations that are due, a hundred at most, by day; how many went out."""
    if not BEGIN <= now.astimezone(place.zone).time() < END:
        return 0
    sent = 0
    for row in queries.invitations_due(place, now, AT_ONCE):
        fault = _sent(place, row, sender)
        actions.note_sent(invitation=row, fault=fault, by=BY, now=now)
        sent += not fault
    return sent


def _sent(place: Any, row: Invitation, sender: Sender | None) -> str:
    """Sends one; why not, or an empty text."""
    to = queries.contact(row.record)
    if not to:
        return "the contact was deleted"
    if sender is None or not settings.PUBLIC_URL:
        return "LEITAI_NOTIFY or LEITAI_PUBLIC_URL is not set"
    try:
        sender.send(message(place, row, to))
    except NotSent as fault:
        return str(fault)
    return ""


def message(place: Any, row: Invitation, to: str) -> Message:
    """The invitation in the place's language: where, when, and the ticket's address."""
    url = f"{settings.PUBLIC_URL}/b/{queries.token_of(row.ticket)}"
    with translation.override(place.language):
        body = _(
            "On %(day)s you were served at %(point)s. How was it? One tap, no account, and nobody there learns "
            "that it was you: %(url)s"
        )
        values = {
            "day": words.instant(row.record.served_at, place.zone, "day"),
            "point": row.ticket.point.name,
            "url": url,
        }
        return Message(to, _("%(place)s asks: how was it?") % {"place": place.name}, body % values, row.key)
