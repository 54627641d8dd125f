"""Starts in lists: which are under way, when each can be made at the earliest, and who holds it up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from leitai.rules.kernel import Text
from leitai.rules.projects.paths import plan

from ..models import ASKING, GRANTED, WORKING, Permit, Start
from ..rows import adding, ordered, spec_of, steps_of
from .accounts import dues, holder_name

STATES = ("open", "started", "reopened", "given-up")


@dataclass(frozen=True)
class Narrow:
    """What a list is narrowed to: a state of STATES, a project's code, a unit that works on it, words. "" is all."""

    state: str = "open"
    project: str = ""
    unit: str = ""
    text: str = ""


@dataclass(frozen=True)
class Line:
    """A start in a list: when it can be made at the earliest, which permit (`at`) holds it up, by whom, since when.

    `due` is when that permit is promised by, while it is worked on; `asks`: it waits for papers.
    """

    start: Start
    name: Text
    earliest: datetime | None
    at: Permit | None
    permit: Text | None
    holder: str
    since: datetime | None
    due: datetime | None
    late: bool
    granted: int
    of: int

    @property
    def asks(self) -> bool:
        """Whether what holds it up waits for papers."""
        return self.at is not None and self.at.state == ASKING


def start(place: Any, number: int) -> Start | None:
    """A start by its number."""
    rows = Start.objects.filter(place=place, pk=number)
    return rows.select_related("place", "enterprise", "project").first()


def permit(place: Any, number: int) -> Permit | None:
    """A permit by its number, with its start."""
    rows = Permit.objects.filter(start__place=place, pk=number)
    return rows.select_related("unit__parent", "start__place", "start__enterprise").first()


def by_subject(place: Any, subject: str) -> Permit | None:
    """The permit that events name as "permit:12"; None for anything else."""
    what, _, number = subject.partition(":")
    return permit(place, int(number)) if what == "permit" and number.isascii() and number.isdigit() else None


def listed(place: Any, narrow: Narrow) -> QuerySet[Start]:
    """The starts of a place, the newest first."""
    rows = Start.objects.filter(place=place).select_related("place", "enterprise", "project")
    under_way = Q(started_on__isnull=True, given_up_at__isnull=True)
    rows = {
        "open": lambda: rows.filter(under_way),
        "reopened": lambda: rows.filter(under_way, reopened_at__isnull=False),
        "started": lambda: rows.filter(started_on__isnull=False),
        "given-up": lambda: rows.filter(given_up_at__isnull=False),
    }.get(narrow.state, lambda: rows)()
    if narrow.project:
        rows = rows.filter(project__code=narrow.project)
    if narrow.unit:
        working = Permit.objects.filter(unit__place=place, unit__key=narrow.unit, state=WORKING)
        rows = rows.filter(pk__in=working.values("start"))
    if narrow.text:
        rows = rows.filter(
            Q(title__icontains=narrow.text)
            | Q(enterprise__name_zh__icontains=narrow.text)
            | Q(enterprise__name_en__icontains=narrow.text)
        )
    return rows.order_by("-opened_at", "-pk")


def lines(rows: Iterable[Start], now: datetime) -> list[Line]:
    """Starts of `listed` as a list shows them; what is asked of the database does not grow with their number."""
    found = list(rows)
    permits: dict[int, list[Permit]] = {}
    for one in Permit.objects.filter(start__in=found).select_related("unit"):
        permits.setdefault(one.start_id, []).append(one)
    for row in found:
        row.place = found[0].place  # one object, whose rule-books are read once
        for one in permits.get(row.pk, ()):
            one.start = row
    known = dues([one for row in found for one in permits.get(row.pk, ())])
    return [_line(row, ordered(row, permits.get(row.pk, ())), known, now) for row in found]


def _line(row: Start, permits: list[Permit], known: dict[int, datetime], now: datetime) -> Line:
    spec = spec_of(row)
    over = row.started_on is not None or row.given_up_at is not None
    steps = steps_of(row, permits, known)
    got = None if over else plan(steps, spec.start, now, adding(row))
    first = next((one for one in permits if got and got.path and one.key == got.path[0]), None)
    due = steps[first.key].due if first is not None else None
    return Line(
        row,
        spec.name,
        got.at if got is not None else None,
        first,
        spec.permits[first.key].name if first is not None else None,
        holder_name(row, first) if first is not None else "",
        first.since if first is not None else None,
        due,
        due is not None and due < now,
        sum(one.state == GRANTED for one in permits),
        len(steps),
    )


def of_project(place: Any, code: str, now: datetime) -> list[Line]:
    """The starts of a project, the newest first, with who holds each up."""
    return lines(listed(place, Narrow(state="", project=code)), now)


def theirs(place: Any, enterprises: Iterable[Any], projects: Iterable[str], now: datetime) -> list[Line]:
    """The starts under way of some enterprises, or of projects by their codes, the oldest first."""
    rows = listed(place, Narrow())
    rows = rows.filter(Q(enterprise__in=list(enterprises)) | Q(project__code__in=list(projects)))
    return lines(rows.order_by("opened_at", "pk")[:200], now)


def of_enterprise(enterprise: Any, now: datetime) -> list[Line]:
    """The starts of an enterprise, the newest first."""
    rows = Start.objects.filter(enterprise=enterprise).select_related("place", "enterprise", "project")
    return lines(rows.order_by("-opened_at", "-pk")[:100], now)
