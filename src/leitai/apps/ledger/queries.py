"""Reading the ledger: events, heads, and whether it is whole."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from leitai.rules import ledger as core
from leitai.rules.kernel import N_, Finding

from .models import Chain, Event, Head
from .sealing import body


def events(
    place: Any,
    *,
    subject: str | None = None,
    kind: str | None = None,
    before_seq: int | None = None,
    limit: int = 50,
) -> list[Event]:
    """The newest sealed events of a place first."""
    rows = Event.objects.filter(place=place, seq__isnull=False).order_by("-seq")
    if subject is not None:
        rows = rows.filter(subject=subject)
    if kind is not None:
        rows = rows.filter(kind=kind)
    if before_seq is not None:
        rows = rows.filter(seq__lt=before_seq)
    return list(rows[:limit])


def road(place: Any, subject: str) -> list[Event]:
    """Everything that happened to one thing, oldest first, sealed or about to be."""
    return list(Event.objects.filter(place=place, subject=subject).order_by("at", "id"))


def told(place: Any, *kinds: str) -> QuerySet[Event]:
    """All events of these kinds, sealed or about to be, in the order in which they were written."""
    return Event.objects.filter(place=place, kind__in=kinds).order_by("id")


def data(event: Event) -> dict[str, Any]:
    """What an event says, as values."""
    return json.loads(event.data)


def after(place: Any, seq: int, limit: int) -> QuerySet[Event]:
    """Sealed events from number `seq` on, in order."""
    return Event.objects.filter(place=place, seq__gte=seq).order_by("seq")[:limit]


def first_noted(place: Any, instant: datetime) -> Event | None:
    """The sealed event of the lowest number that the house noted at an instant or later; None while there is none.

    Whenever it is asked for, it is the same.
    """
    # What had its number when a head was published had been noted before.
    head = Head.objects.filter(place=place, at__lt=instant).order_by("-size").first()
    rows = Event.objects.filter(place=place, seq__gt=head.size if head else 0, noted_at__gte=instant)
    return rows.order_by("seq").first()


def chain(place: Any) -> Chain | None:
    """Where the place's chain stands, or None before the first event is sealed."""
    return Chain.objects.filter(place=place).first()


def unsealed(place: Any) -> int:
    """How many events wait to be given their number."""
    return Event.objects.filter(place=place, seq__isnull=True).count()


def heads(place: Any, limit: int = 20) -> list[Head]:
    """The newest heads first."""
    return list(Head.objects.filter(place=place).order_by("-size")[:limit])


def rows(place: Any, first: int = 1) -> Iterator[tuple[int, bytes, str]]:
    """(number, canonical bytes, link) of sealed events from `first` on, streamed."""
    found = Event.objects.filter(place=place, seq__gte=first).order_by("seq")
    for row in found.iterator(chunk_size=5000):
        yield row.seq, body(place.key, row), row.link


def verify(place: Any, *, last: int | None = None, kept: Mapping[int, str] | None = None) -> core.Checked:
    """Recompute the chain, and hold it to the heads published of it, over all events or the last ones.

    `kept` are heads that somebody kept elsewhere: the root or the link by number of events, in hex.
    Findings: those of `rules.ledger.verify`, and `published-differs` or `published-beyond` for a head that the
    events do not lead to. The tree is recomputed only from the first event on.
    """
    standing, start = chain(place), core.genesis(place.key)
    if last is not None and standing is not None and standing.size > last:
        before = Event.objects.filter(place=place, seq=standing.size - last).first()
        if before is not None:
            start = core.Head(before.seq, bytes.fromhex(before.link))
    end = core.Head(standing.size, bytes.fromhex(standing.link)) if standing is not None else None
    watch = _Watch(place, start.seq, kept or {})
    checked = core.verify(watch.over(rows(place, start.seq + 1)), start, head=end)
    return core.Checked(checked.count, checked.head, checked.findings + watch.findings())


class _Watch:
    """Published and kept heads held against the events after number `start` as they stream by."""

    def __init__(self, place: Any, start: int, kept: Mapping[int, str]) -> None:
        # One head every ten minutes is fifty thousand a year; those before `start` are not passed.
        heads = Head.objects.filter(place=place, size__gt=start)
        self.published = {
            size: (link, root) for size, link, root in heads.values_list("size", "link", "root")
        }
        self.kept = kept
        self.frontier = core.Frontier() if start == 0 and (self.published or kept) else None
        self.wrong: list[int] = []
        self.reached = 0

    def over(self, stream: Iterator[tuple[int, bytes, str]]) -> Iterator[tuple[int, bytes, str]]:
        """The same rows; looks at each on its way."""
        for seq, text, link in stream:
            if self.frontier is not None:
                self.frontier = self.frontier.append(core.leaf_hash(text))
            if seq in self.published or seq in self.kept:
                root = self.frontier.root().hex() if self.frontier is not None else ""
                published = self.published.get(seq)
                same = published is None or published == (link, root or published[1])
                if not same or self.kept.get(seq, link) not in (link, root):
                    self.wrong.append(seq)
            self.reached = seq
            yield seq, text, link

    def findings(self) -> tuple[Finding, ...]:
        """What the heads say against the events."""
        differs = N_("the events up to number %(seq)s are not those of which a head was published")
        beyond = N_("a head of %(seq)s events was published, but only %(last)s are left: the tail was cut")
        found = [Finding("published-differs", differs, values={"seq": seq}) for seq in self.wrong]
        cut = [size for size in (*self.published, *self.kept) if size > self.reached]
        if cut:
            found.append(Finding("published-beyond", beyond, values={"seq": max(cut), "last": self.reached}))
        return tuple(found)
