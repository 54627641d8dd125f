"""Reading bulletins."""

from __future__ import annotations

from typing import Any

from .models import Bulletin


def of_table(table: Any) -> Bulletin | None:
    """The bulletin of a table, if one was drawn up."""
    return Bulletin.objects.filter(table=table).first()
