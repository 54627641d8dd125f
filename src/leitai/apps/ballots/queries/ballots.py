"""Reading verdicts one by one: by receipt, by event, those that wait, what was added to them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet

from leitai.apps.ledger import queries as ledger
from leitai.apps.regimes import queries as regimes
from leitai.rules import ballots as core
from leitai.rules.kernel import N_, Finding

from ..keys import unseal, unseal_bytes
from ..models import Ballot, Point, Standing, Ticket, Words


def by_receipt(text: str) -> Ballot | None:
    """The verdict of a receipt as a person types it."""
    number = core.parse_receipt(text)
    if isinstance(number, Finding):
        return None
    code = core.receipt_code(number)
    return Ballot.objects.filter(receipt=code).select_related("place", "unit", "point").first()


def by_subject(place: Any, subject: str) -> Ballot | None:
    """The verdict that an event names ("ballot:12"), or None where it names something else."""
    what, _, number = subject.partition(":")
    if what != "ballot" or not number.isdigit():
        return None
    return Ballot.objects.filter(place=place, pk=int(number)).select_related("place", "unit").first()


def scale(place: Any, day: date) -> core.Scale:
    """The grades that a place asks for on a day."""
    return core.scale_of(regimes.regime_on(place, day).ballots.grades)


def has_words(ballot: Ballot) -> bool:
    """Whether the citizen added something."""
    return Words.objects.filter(ballot=ballot).exists()


def words(ballot: Ballot) -> tuple[list[str], str, str]:
    """Reasons, words and phone that the citizen added; for those with the permission `ballot.words` only."""
    row = Words.objects.filter(ballot=ballot).first()
    if row is None:
        return [], "", ""
    said = unseal(row.sealed)
    return list(row.reasons), said["words"], said["phone"]


def photo(ballot: Ballot) -> bytes | None:
    """The JPEG that the citizen added, or None; for those with the permission `ballot.words` only."""
    sealed = Words.objects.filter(ballot=ballot).values_list("photo", flat=True).first()
    return unseal_bytes(sealed) if sealed is not None else None


def spent(point: Point, serial: int, now: datetime) -> Finding | None:
    """Why no verdict can be given with a ticket any more; None where one can.

    Findings: `ticket-unknown`, `ticket-used`, `ticket-expired`.
    """
    row = Ticket.objects.filter(point=point, serial=serial).values_list("ballot_id", "expires_at").first()
    if row is None:
        return Finding("ticket-unknown", N_("This ticket was not issued here."))
    ballot, expires_at = row
    if ballot is not None:
        message = N_("A verdict was given with this ticket already: one visit, one verdict.")
        return Finding("ticket-used", message)
    return Finding("ticket-expired", N_("This ticket has expired.")) if now >= expires_at else None


def road(ballot: Ballot) -> list[Any]:
    """Everything that happened to a verdict."""
    return ledger.road(ballot.place, f"ballot:{ballot.pk}")


def waiting(place: Any, text: str = "") -> QuerySet[Ballot]:
    """Bad verdicts that nobody has verified yet, the oldest first, of units whose name or key holds `text`.

    Imported ones are another system's affair.
    """
    rows = Ballot.objects.filter(place=place, bad=True, standing=Standing.COUNTED, source="")
    if text:
        named = (
            Q(unit__name_zh__icontains=text) | Q(unit__name_en__icontains=text) | Q(unit__key__icontains=text)
        )
        rows = rows.filter(named)
    return rows.select_related("unit", "point").order_by("cast_at", "id")


def upheld(place: Any, start: datetime, end: datetime, limit: int = 20) -> list[Ballot]:
    """Bad verdicts found true, the newest first."""
    rows = Ballot.objects.filter(place=place, standing=Standing.UPHELD, cast_at__gte=start, cast_at__lt=end)
    return list(rows.select_related("unit").order_by("-cast_at")[:limit])
