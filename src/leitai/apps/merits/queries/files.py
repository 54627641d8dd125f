"""Files: whose they are to see, what is open, what holds, what the public may know, what rests on what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from leitai.apps.ledger import queries as ledger
from leitai.apps.people import queries as people
from leitai.apps.people.access import PERMISSIONS
from leitai.apps.regimes import queries as regimes
from leitai.rules import merits as core
from leitai.rules.kernel import Text

from ..models import Proposal, ProposalState
from .allowed import check_decide, check_object, spec_of

SUBJECT = "merit:"
SCANNED = 5_000  # events that one answer looks through
OPEN = (ProposalState.PROPOSED, ProposalState.REPLIED, ProposalState.APPEALED)
DONE = (ProposalState.DECIDED, ProposalState.SETTLED, ProposalState.WITHDRAWN)
# What holds: decided so, or decided otherwise and undone on appeal. Under appeal a decision stands.
HOLDS = (
    Q(state__in=(ProposalState.DECIDED, ProposalState.APPEALED), upheld=True)
    | Q(state=ProposalState.SETTLED, upheld=True, appeal_upheld=False)
    | Q(state=ProposalState.SETTLED, upheld=False, appeal_upheld=True)
)
RELATED = ("place", "unit__parent", "official__account")


def proposal(place: Any, number: int) -> Proposal | None:
    """A file by its number."""
    return Proposal.objects.filter(place=place, pk=number).select_related(*RELATED).first()


def is_own(row: Proposal, viewer: Any) -> bool:
    """Whether a file is about the viewer, wherever they are posted now."""
    account = viewer.account
    return account is not None and row.official is not None and row.official.account_id == account.pk


def is_shown(row: Proposal, viewer: Any) -> bool:
    """Whether a viewer may see a file: by their post, or because it is about them."""
    return is_own(row, viewer) or viewer.may("merit.see", row.unit)


def _seen(place: Any, viewer: Any) -> QuerySet[Proposal]:
    """The files that a viewer may see: all of the place, or those of their units and the ones below, and their own."""
    rows = Proposal.objects.filter(place=place).select_related(*RELATED)
    everywhere, own = PERMISSIONS["merit.see"]
    if viewer.roles & everywhere:
        return rows
    posted = {post.unit_id for post in viewer.posts if post.role in own and post.unit_id}
    below = people.descendants(place) if posted else {}
    mine = Q(unit_id__in={pk for top in posted for pk in below[top]})
    if viewer.account is not None:
        mine |= Q(official__account=viewer.account)
    return rows.filter(mine)


def open_for(place: Any, viewer: Any, limit: int = 200) -> list[Proposal]:
    """Files that a viewer may see and that wait for somebody, what must be answered first first."""
    rows = _seen(place, viewer).filter(state__in=OPEN)
    return list(rows.order_by("reply_by", "id")[:limit])


def decided(place: Any, viewer: Any) -> QuerySet[Proposal]:
    """Files that a viewer may see and that wait for nobody, the latest first."""
    rows = _seen(place, viewer).filter(state__in=DONE)
    return rows.order_by("-decided_at", "-id")


def waiting_for(place: Any, viewer: Any, rows: Iterable[Proposal], now: datetime) -> list[Proposal]:
    """Of files, those that wait for this viewer: for their reply, for their decision, for what they make of an appeal.

    `check_decider` asks more, of one file; what is asked here of many is in the rows and the viewer's posts.
    """
    deciding = viewer.may("merit.decide")
    shelf = regimes.shelf(place)
    lines = _lines(place, viewer) if deciding else frozenset()

    def to_decide(row: Proposal) -> bool:
        spec = shelf.on(row.proposed_at.astimezone(place.zone).date()).merits.get(row.merit)
        appealed = row.state == ProposalState.APPEALED
        if not appealed and check_decide(row, now) is not None:
            return False
        concern = {"own_file": is_own(row, viewer), "own_unit": row.unit_id in lines}
        decided = appealed and row.decided_by == viewer.name
        return core.check_decider(viewer.roles, spec, **concern, decider=decided) is None

    def to_answer(row: Proposal) -> bool:
        if row.state != ProposalState.PROPOSED or row.tone == "honour" or row.reply_by is None:
            return False
        return is_own(row, viewer) or viewer.may("merit.reply", row.unit)

    return [row for row in rows if to_answer(row) or (deciding and to_decide(row))]


def _lines(place: Any, viewer: Any) -> frozenset[int]:
    """The ids of the units above, at and below those that a viewer is posted at."""
    posted = {post.unit_id for post in viewer.posts if post.unit_id}
    below = people.descendants(place) if posted else {}
    above = {pk for pk, members in below.items() if members & posted}
    return frozenset(above | {pk for top in posted for pk in below[top]})


def by_numbers(place: Any, numbers: Iterable[int]) -> list[Proposal]:
    """Files by their numbers."""
    return list(Proposal.objects.filter(place=place, pk__in=list(numbers)).select_related(*RELATED))


@dataclass(frozen=True)
class Changed:
    """Files to which something happened, by number; the event's number to go on from; whether there is more."""

    numbers: tuple[int, ...]
    until: int
    more: bool


def changed(place: Any, after: int, limit: int) -> Changed:
    """Which files something happened to after event number `after`, at most `limit` of them, each once."""
    seen: dict[int, None] = {}
    until, count = after, 0
    for event in ledger.after(place, after + 1, SCANNED):
        if event.subject.startswith(SUBJECT):
            number = int(event.subject.removeprefix(SUBJECT))
            if number not in seen and len(seen) == limit:
                return Changed(tuple(seen), until, True)
            seen.pop(number, None)
            seen[number] = None
        until, count = event.seq or until, count + 1
    return Changed(tuple(seen), until, count == SCANNED)


def in_force(place: Any, now: datetime) -> QuerySet[Proposal]:
    """What was decided, was not undone, and is not over."""
    return Proposal.objects.filter(HOLDS, place=place).exclude(expires_at__lte=now)


def expired(place: Any, now: datetime) -> QuerySet[Proposal]:
    """What held until its time was over, of which the ledger has not been told."""
    rows = Proposal.objects.filter(HOLDS, place=place, told_over_at__isnull=True, expires_at__lte=now)
    return rows.select_related("place", "unit").order_by("expires_at", "id")


def public(place: Any, now: datetime, unit: Any | None = None, limit: int = 20) -> list[Proposal]:
    """What the public may know: honours and notices of units that hold and are not over; never of a person."""
    rows = in_force(place, now).filter(target="unit", tone__in=("honour", "notice"))
    if unit is not None:
        rows = rows.filter(unit=unit)
    return list(rows.select_related("unit").order_by("-decided_at", "-id")[:limit])


def announced(place: Any, now: datetime, unit: Any | None = None, limit: int = 20) -> list[Proposal]:
    """Honours in their public notice (公示): proposed, and open to objections; a person by unit and duty alone."""
    rows = Proposal.objects.filter(
        place=place, tone="honour", state=ProposalState.PROPOSED, reply_by__gte=now
    )
    if unit is not None:
        rows = rows.filter(unit=unit)
    return list(rows.select_related(*RELATED).order_by("reply_by", "id")[:limit])


def is_announced(row: Proposal, now: datetime) -> bool:
    """Whether a file is an honour whose public notice runs."""
    return row.state == ProposalState.PROPOSED and check_object(row, now) is None


def flagged(place: Any, rows: Iterable[Proposal]) -> dict[int, str]:
    """Of files, those whose ground was corrected after they were decided and that nobody settled since, with why."""
    subjects = {f"merit:{row.pk}": row.pk for row in rows if row.decided_at and row.state != "withdrawn"}
    found: dict[int, str] = {}
    if not subjects:
        return found
    for event in ledger.told(place, "merit.unfounded", "merit.kept").filter(subject__in=list(subjects)):
        number = subjects[event.subject]
        if event.kind == "merit.unfounded":
            found[number] = ledger.data(event)["why"]
        else:
            found.pop(number, None)
    return found


def resting_on(place: Any, subject: str) -> list[Proposal]:
    """Files that rest on something, by its subject ("case:12"), and that nobody took back."""
    rows = Proposal.objects.filter(place=place, links__icontains=f'"{subject}"')
    rows = rows.exclude(state=ProposalState.WITHDRAWN).select_related("place", "unit").order_by("id")
    return [row for row in rows if subject in row.links]


def named(place: Any, rows: Iterable[Proposal]) -> list[tuple[Proposal, Text]]:
    """Files of a place, each with its name."""
    shelf = regimes.shelf(place)
    found = []
    for row in rows:
        spec = shelf.on(row.proposed_at.astimezone(place.zone).date()).merits.get(row.merit)
        found.append((row, spec.name if spec else Text(en=row.merit)))
    return found


def name(row: Proposal) -> Text:
    """What the rule-book of its day calls the consequence."""
    spec = spec_of(row)
    return spec.name if spec else Text(en=row.merit)
