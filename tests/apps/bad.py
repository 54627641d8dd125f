"""Rows that the database must refuse, by the constraint that refuses them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.factories import Town

Bad = Callable[[Town], Any]
BAD: dict[tuple[Any, str], Bad] = {}


def bad(model: Any, name: str) -> Callable[[Bad], Bad]:
    """The row that a constraint of a model must refuse."""

    def keep(write: Bad) -> Bad:
        BAD[model, name] = write
        return write

    return keep


def again(row: Any, **change: Any) -> Any:
    """The same row a second time, with a change."""
    row.pk = None
    row._state.adding = True
    for name, value in change.items():
        setattr(row, name, value)
    row.save(force_insert=True)
    return row


def changed(row: Any, **change: Any) -> int:
    """The row with a change, as one statement."""
    return type(row).objects.filter(pk=row.pk).update(**change)
