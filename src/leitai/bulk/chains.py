"""A place's chains from a file (chains.yaml): links, firms and materials put, gaps at work opened once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from leitai.apps.chains import actions, queries
from leitai.apps.people import queries as people
from leitai.apps.regimes import queries as regimes
from leitai.rules.kernel import N_
from leitai.rules.projects.chain_book import ChainBook, read_book

from .faults import FileFault, fault


@dataclass(frozen=True)
class Put:
    """What came of a file: chains that changed, of how many; gaps opened, of how many."""

    changed: int
    chains: int
    opened: int
    gaps: int


def put_chains(place: Any, path: Path, *, by: str, now: datetime) -> Put:
    """Put the chains of a file; one that is there as the file says it is left alone, and so is a gap opened before.

    Raises FileFault with every fault of the file, each with line and column; Refused for what may not be.
    """
    book = _read(place, path, now)
    changed = sum(
        bool(actions.put_chain(place=place, chain=key, data=data, by=by, now=now))
        for key, data in book.chains.items()
    )
    opened = 0
    for key, data in book.chains.items():
        for gap in data.gaps:
            link, unit = queries.link(place, key, gap.link), people.unit(place, gap.unit)
            assert link is not None and unit is not None  # read_book refused the file otherwise
            if link.gaps.filter(kind=gap.kind).exists():
                continue
            text = gap.text.show(place.language)
            actions.open_gap(
                link=link, kind=gap.kind, text=text, unit=unit, due=gap.due, since=gap.since, by=by, now=now
            )
            opened += 1
    return Put(changed, len(book.chains), opened, sum(len(data.gaps) for data in book.chains.values()))


def _read(place: Any, path: Path, now: datetime) -> ChainBook:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as why:
        raise fault("cannot-read", N_("this file cannot be read: %(why)s"), path, why=str(why)) from None
    regime = regimes.regime_on(place, now.astimezone(place.zone).date())
    found = read_book(text, regime, people.keys(place), file=str(path))
    if found.book is None:
        raise FileFault(found.findings)
    return found.book
