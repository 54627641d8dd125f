"""Following what was reported: requests by number, by time, by state. Cases of public kinds alone, and nobody's person.

Never shown: who reported, what staff wrote, photos. What is shown of a report is its title, as the place's own public
pages show it, and its full text where it came through this very door, whose apps say that reports are public; telephone
numbers and mail addresses are left out of either.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any

from leitai.apps.casework import queries
from leitai.apps.casework.decent import decent
from leitai.apps.casework.models import Case
from leitai.rules import casework as core
from leitai.rules.kernel import N_

from ..faults import Problem
from .answers import Answer, Asked
from .services import said

SPAN = timedelta(days=90)
MOST = 1000
CHANNEL = "open311"
LONGEST = 4000
_YEARS = range(1901, 9000)  # beyond them another zone's clocks run out of years


def requests(where: Asked) -> Answer:
    """Requests by their numbers, whatever else is asked; else those of at most ninety days, the newest first.

    `page` and `page_size` go on where a thousand are not enough, as widely done beside the standard.
    """
    kinds = public_kinds(where)
    numbers = where.values("service_request_id")
    if numbers:
        rows = queries.listed(where.place, kinds, refs=numbers[:MOST])
    else:
        codes = where.values("service_code")
        since, until = span(where)
        size = _whole(where, "page_size", MOST, MOST)
        rows = queries.listed(
            where.place,
            [one for one in kinds if one in codes] if codes else kinds,
            since=since,
            until=until,
            closed=_closed(where.values("status")),
            start=(_whole(where, "page", 1, 10_000) - 1) * size,
            limit=size,
        )
    return Answer("service_requests", list(_told(where, rows)))


def request(where: Asked, number: str) -> Answer:
    """One request by its number, as a list of one."""
    rows = queries.listed(where.place, public_kinds(where), refs=[number])
    if not rows:
        raise Problem(
            404, "unknown-request", N_("There is no service_request_id %(given)s here."), given=number
        )
    return Answer("service_requests", list(_told(where, rows)))


def token(where: Asked, code: str) -> Answer:
    """The number of the request that a token was given for."""
    row = queries.tracked(where.place, code)
    if row is None:
        raise Problem(404, "unknown-token", N_("There is no token %(given)s here."), given=code)
    return Answer("service_requests", [{"service_request_id": row.ref, "token": code}])


def public_kinds(where: Asked) -> list[str]:
    """The kinds of case that the rule-book in force makes public."""
    return [key for key, spec in where.regime.cases.items() if spec.public]


def span(where: Asked) -> tuple[datetime, datetime]:
    """From when to when: as given, ninety days at most; without one or both ends, the ninety days to or from there."""
    first, last = _instant(where, "start_date"), _instant(where, "end_date")
    if first is None:
        last = last or where.now
        return last - SPAN, last
    if last is None:
        return first, first + SPAN if first + SPAN < where.now else max(where.now, first)
    if last - first > SPAN:
        raise Problem(400, "span-too-long", N_("start_date and end_date may not span more than 90 days."))
    return first, last


def _instant(where: Asked, name: str) -> datetime | None:
    """An instant with its zone, or a day, which begins at the place's midnight. Raises Problem."""
    at: datetime | None
    # A plus sign that was not escaped arrives as a space.
    text = re.sub(r" (?=\d\d:?\d\d$)", "+", where.value(name, 60))
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is not None and len(text) == len("2010-01-01"):
        at = datetime.combine(at.date(), time(), where.place.zone)
    if at is None or at.tzinfo is None or at.year not in _YEARS:
        message = N_("%(name)s %(given)s is no time: write it with its zone, such as 2010-01-01T00:00:00Z.")
        raise Problem(400, "bad-time", message, name=name, given=text)
    return at


def _closed(states: Iterable[str]) -> bool | None:
    """Whether closed ones are wanted, open ones, or (None) both. Raises Problem."""
    wanted = set(states)
    if wanted - {"open", "closed"}:
        raise Problem(400, "bad-status", N_("status is open or closed."))
    return None if len(wanted) != 1 else wanted == {"closed"}


def _whole(where: Asked, name: str, default: int, most: int) -> int:
    text = where.value(name, 20)
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= most:
        message = N_("%(name)s is a number from 1 to %(most)s.")
        raise Problem(400, "bad-number", message, name=name, most=str(most))
    return int(text)


def _told(where: Asked, rows: Iterable[queries.Listed]) -> Iterable[dict[str, Any]]:
    for one in rows:
        yield told(where, one.case, one.moved_at)


def told(where: Asked, row: Case, moved_at: datetime) -> dict[str, Any]:
    """A request as the standard has it, without what is not known of it. `moved_at`: when it last was moved on."""
    spec = where.regime.cases[row.kind]
    state = core.flow_of(spec).states
    label = next((one.label for one in state if one.key == row.state), None)
    value: dict[str, Any] = {
        "service_request_id": row.ref,
        "status": "closed" if row.closed_at else "open",
        "status_notes": said(label) if label else "",
        "service_name": said(spec.name),
        "service_code": row.kind,
        "description": decent(row.text if row.channel == CHANNEL and row.text else row.title)[:LONGEST],
        "agency_responsible": row.unit.name if row.unit else None,
        "requested_datetime": at(where, row.opened_at),
        "updated_datetime": at(where, row.closed_at or moved_at),
        "expected_datetime": at(where, row.due_at) if row.due_at else None,
        "address": decent(row.where),
        "address_id": "",
        "zipcode": "",
        "lat": row.latitude,
        "long": row.longitude,
    }
    return {name: one for name, one in value.items() if one is not None}


def at(where: Asked, instant: datetime) -> str:
    """An instant in the place's zone, to the second, as the W3C's note writes it."""
    return instant.astimezone(where.place.zone).isoformat(timespec="seconds")
