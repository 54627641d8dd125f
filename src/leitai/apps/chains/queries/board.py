"""Chains as they stand: links with firms, both ends, gaps that the figures show, what stops if a link fails."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import Prefetch

from leitai.apps.people import queries as people
from leitai.rules.projects import chains as core
from leitai.rules.regime.ventures import ChainSpec

from ..models import Gap, Link, Member, Need, Supply
from ..rows import Parts, linked, parts, specs

ORDER = ("chain", "order", "key")


@dataclass(frozen=True)
class Chain:
    """A chain: what the rule-book says of it, its links as rows and as the core sees them, the gaps being worked on."""

    key: str
    spec: ChainSpec
    rows: tuple[Link, ...]
    links: tuple[core.Link, ...]
    at_work: Mapping[int, tuple[Gap, ...]]
    firms: int  # one that is in two links counts once

    @cached_property
    def ends(self) -> core.Ends:
        """Shares bought and sold outside."""
        return core.ends(self.links)

    @cached_property
    def critical(self) -> dict[str, core.Critical]:
        """What stops if each link that is here fails."""
        return core.criticality(self.links)

    @cached_property
    def gaps(self) -> tuple[core.Gap, ...]:
        """The gaps that the figures show."""
        return core.gaps(self.links, self.critical)

    @cached_property
    def missing(self) -> int:
        """Links that nobody here is in."""
        return sum(not link.here for link in self.links)

    @cached_property
    def work(self) -> int:
        """How many gaps are worked on."""
        return sum(len(found) for found in self.at_work.values())

    @cached_property
    def begun(self) -> frozenset[tuple[str, str]]:
        """Link and kind of the gaps that are worked on."""
        return frozenset((row.key, gap.kind) for row in self.rows for gap in self.at_work.get(row.pk, ()))

    @cached_property
    def not_begun(self) -> tuple[core.Gap, ...]:
        """Gaps that the figures show and nobody works on."""
        return tuple(one for one in self.gaps if (one.link, one.kind) not in self.begun)

    @cached_property
    def edges(self) -> tuple[tuple[str, str], ...]:
        """Supplier and supplied, each pair once."""
        return tuple(
            dict.fromkeys((who, link.key) for link in self.links for need in link.needs for who in need.here)
        )

    def row(self, key: str) -> Link | None:
        """The row of a link."""
        return next((row for row in self.rows if row.key == key), None)


def board(place: Any, now: datetime, *, whole: bool = False) -> list[Chain]:
    """The chains of the rule-book, in its order, with what is known of each; `whole` where every firm is shown."""
    told = specs(place, now)
    rows = defaultdict(list)
    for row in _whole(place) if whole else Link.objects.filter(place=place).order_by(*ORDER):
        rows[row.chain].append(row)
    gaps, known = _at_work(place), parts(place)
    return [_chain(key, spec, rows[key], gaps, known) for key, spec in told.items()]


def chain(place: Any, key: str, now: datetime) -> Chain | None:
    """One chain of the rule-book."""
    spec = specs(place, now).get(key)
    if spec is None:
        return None
    rows = list(_whole(place).filter(chain=key))
    return _chain(key, spec, rows, _at_work(place, key), parts(place, key))


def _chain(key: str, spec: ChainSpec, rows: list[Link], gaps: Mapping[int, list[Gap]], known: Parts) -> Chain:
    held = {row.pk: tuple(gaps[row.pk]) for row in rows if row.pk in gaps}
    firms = {name for row in rows for name in known.names.get(row.pk, ())}
    return Chain(key, spec, tuple(rows), tuple(linked(rows, known)), held, len(firms))


def _whole(place: Any) -> Any:
    """Links with all that belongs to them as rows, four questions in all; firms with their parks."""
    supplies = Prefetch("supplies", Supply.objects.order_by("pk"))
    members = Member.objects.order_by("pk").select_related("park", "enterprise")
    return (
        Link.objects.filter(place=place)
        .prefetch_related(
            Prefetch("needs", Need.objects.order_by("order").prefetch_related(supplies)),
            Prefetch("members", members),
        )
        .order_by(*ORDER)
    )


def _at_work(place: Any, chain: str = "") -> dict[int, list[Gap]]:
    """The gaps that are worked on, by link."""
    rows = Gap.objects.filter(link__place=place, state="open").select_related("unit").order_by("due_on", "pk")
    if chain:
        rows = rows.filter(link__chain=chain)
    found: dict[int, list[Gap]] = defaultdict(list)
    for row in rows:
        found[row.link_id].append(row)
    return found


def link(place: Any, chain: str, key: str) -> Link | None:
    """A link by its key."""
    return Link.objects.filter(place=place, chain=chain, key=key).select_related("place").first()


def member(place: Any, number: int) -> Member | None:
    """A firm in a link by its number."""
    return Member.objects.filter(link__place=place, pk=number).select_related("link__place", "park").first()


def chiefs(viewer: Any, place: Any, now: datetime) -> tuple[str, ...]:
    """The chains whose chief a viewer is; the rule-book names a chief by log-in, with or without the place's key."""
    if viewer.account is None:
        return ()
    name = viewer.account.username
    return tuple(
        key
        for key, spec in specs(place, now).items()
        if spec.chief and name in (spec.chief, f"{spec.chief}-{place.key}")
    )


def chief_name(place: Any, spec: ChainSpec) -> str:
    """Who is chief of a chain, by full name where they sign in; else as the rule-book has it."""
    if not spec.chief:
        return ""
    found = people.accounts([spec.chief, f"{spec.chief}-{place.key}"])
    account = found.get(spec.chief) or found.get(f"{spec.chief}-{place.key}")
    return (account.full_name or account.username) if account is not None else spec.chief
