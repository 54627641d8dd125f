"""What was corrected of that which bulletins rest on."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from leitai.apps.tables import queries as tables
from leitai.rules.kernel import N_, Finding, Period

from .. import proven
from ..models import Bulletin


@dataclass(frozen=True)
class Corrected:
    """A table that a bulletin's figures are from, and its newest published edition, which is another."""

    old: Any
    new: Any


def resting_on(place: Any, subjects: Collection[str]) -> list[Bulletin]:
    """Issued bulletins with a figure that rests on any of these ("table:3", "case:…", "ballot:12")."""
    rows = Bulletin.objects.filter(place=place, state="issued", citations__subject__in=list(subjects))
    return list(rows.defer("document", "pdf", "blocks").select_related("place").distinct().order_by("pk"))


def corrections(row: Bulletin) -> list[Corrected]:
    """The editions cited that have a later published one."""
    found = []
    for subject in sorted({one.subject for one in row.citations.all() if one.subject.startswith("table:")}):
        old = tables.table(row.place, int(subject.partition(":")[2]))
        new = tables.published(row.place, old.arena, Period.parse(old.period)) if old is not None else None
        if old is not None and new is not None and new.edition > old.edition:
            found.append(Corrected(old, new))
    return found


def outdated(row: Bulletin) -> Finding | None:
    """Why a draft cannot be issued: what it rests on was corrected, or is proven no more; None where it can."""
    if corrections(row):
        return Finding(
            "corrected",
            N_(
                "A table that its figures are from was corrected since; take the figures of the newer edition."
            ),
        )
    return proven.check(row.place, row.kind, row.subject) if row.subject else None
