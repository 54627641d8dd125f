"""Work on gaps: each with its leads, projects and the cases in its way; and what a chief should push this month."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, Q

from leitai.apps.casework import queries as cases
from leitai.apps.projects import queries as projects
from leitai.rules.projects import chain_push as core

from ..models import Gap, Tie, Word
from ..rows import local_day
from .board import Chain


@dataclass(frozen=True)
class Work:
    """A gap with what is tied to it: leads, projects, the open cases in its way, how many of these are closed."""

    row: Gap
    leads: tuple[tuple[Tie, Any], ...]
    projects: tuple[tuple[Tie, Any], ...]
    cases: tuple[tuple[Tie | None, Any], ...]
    settled: int
    words: tuple[Word, ...]

    @property
    def blocked(self) -> int:
        """Cases in its way that are late."""
        return sum(one.light == "red" for _tie, one in self.cases)

    def told(self, critical: Mapping[str, Any]) -> core.Work:
        """As the core sees it."""
        found = critical.get(self.row.link.key)
        return core.Work(
            self.row.pk,
            self.row.due_on,
            self.row.said_on,
            *((found.share,) if found else ()),
            blocked=self.blocked,
            leads=len(self.leads),
            projects=len(self.projects),
            behind=sum(one.light == "red" for _tie, one in self.projects),
        )


def works(place: Any, now: datetime, *, chains: Iterable[str] | None = None) -> list[Work]:
    """The gaps that are worked on, what is due first first; of some chains, or of all."""
    rows = _rows(place).filter(state="open")
    if chains is not None:
        rows = rows.filter(link__chain__in=list(chains))
    return _with_ties(place, list(rows.order_by("due_on", "pk")), now)


def work(place: Any, number: int, now: datetime) -> Work | None:
    """One gap, also one that is over."""
    row = _rows(place).filter(pk=number).first()
    return None if row is None else _with_ties(place, [row], now)[0]


def of_unit(unit: Any, now: datetime) -> list[Work]:
    """The gaps that a unit works on, what is due first first."""
    rows = _rows(unit.place).filter(unit=unit, state="open").order_by("due_on", "pk")
    return _with_ties(unit.place, list(rows), now)


def _rows(place: Any) -> Any:
    return (
        Gap.objects.filter(link__place=place)
        .select_related("link__place", "unit__parent")
        .prefetch_related("ties", Prefetch("words", Word.objects.order_by("-at", "-pk")))
    )


def _with_ties(place: Any, rows: list[Gap], now: datetime) -> list[Work]:
    """Gaps with what is tied to them, read together."""
    codes: dict[str, set[str]] = {"lead": set(), "project": set(), "case": set()}
    for row in rows:
        for one in row.ties.all():
            codes[one.what].add(one.code)
    leads = (
        {one.code: one for one in projects.leads(place).filter(code__in=codes["lead"])}
        if codes["lead"]
        else {}
    )
    known = (
        {one.code: one for one in projects.listed(place).filter(code__in=codes["project"])}
        if codes["project"]
        else {}
    )
    subjects = [f"gap:{row.pk}" for row in rows]
    blocking = cases.open_cases(place).filter(Q(ref__in=codes["case"]) | Q(about__in=subjects))
    views = cases.views(cases.in_order(blocking), now) if rows else []
    by_ref = {one.case.ref: one for one in views}
    about: dict[str, list[Any]] = {}
    for one in views:
        about.setdefault(one.case.about, []).append(one)
    found = []
    for row in rows:
        ties = sorted(row.ties.all(), key=lambda one: one.pk)
        tied = [(one, by_ref[one.code]) for one in ties if one.what == "case" and one.code in by_ref]
        own = {one.code for one, _view in tied}
        found.append(
            Work(
                row,
                tuple((one, leads[one.code]) for one in ties if one.what == "lead" and one.code in leads),
                tuple((one, known[one.code]) for one in ties if one.what == "project" and one.code in known),
                (
                    *tied,
                    *((None, view) for view in about.get(f"gap:{row.pk}", ()) if view.case.ref not in own),
                ),
                sum(one.what == "case" and one.code not in by_ref for one in ties),
                tuple(row.words.all()),
            )
        )
    return found


@dataclass(frozen=True)
class Pressing:
    """A gap to push: its chain, its work, the reasons, and how critical its link is, 0 to 1."""

    chain: Chain
    work: Work
    reasons: tuple[str, ...]
    critical: Any


def pressing(place: Any, chains: Iterable[Chain], now: datetime) -> list[Pressing]:
    """What should be pushed this month over these chains, the most pressing first."""
    held = {one.key: one for one in chains}
    found = {one.row.pk: one for one in works(place, now, chains=held)}
    told = [one.told(held[one.row.link.chain].critical) for one in found.values()]
    critical = {one.key: one.critical for one in told}
    return [
        Pressing(held[found[one.key].row.link.chain], found[one.key], one.reasons, critical[one.key])
        for one in core.push(told, local_day(place, now))
    ]


def gap(place: Any, number: int) -> Gap | None:
    """A gap by its number."""
    return (
        Gap.objects.filter(link__place=place, pk=number).select_related("link__place", "unit__parent").first()
    )


def tie(gap: Gap, number: int) -> Tie | None:
    """What is tied to a gap, by its number."""
    return gap.ties.filter(pk=number).first()
