"""Reading bulletins."""

from __future__ import annotations

from typing import Any

from .models import Bulletin


def of_table(table: Any) -> Bulletin | None:
    """The bulletin of a table, if one was drawn up."""
    return Bulletin.objects.filter(table=table).first()


def recent(place: Any, limit: int = 20) -> list[Bulletin]:
    """The newest bulletins first."""
    return list(
        Bulletin.objects.filter(place=place)
        .defer("document")
        .select_related("table")
        .order_by("-drawn_at")[:limit]
    )
