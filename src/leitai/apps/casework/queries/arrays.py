"""The arrays that measures are computed from."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..models import Case


@dataclass(frozen=True)
class Arrays:
    """The instants of cases as epoch seconds (-1: none), with each case's unit id."""

    opened: Any
    due: Any
    closed: Any
    unit: Any


def arrays(place: Any, kind: str | None = None) -> Arrays:
    """All cases of a place, or of one kind, as arrays."""
    rows = Case.objects.filter(place=place)
    if kind is not None:
        rows = rows.filter(kind=kind)
    columns = tuple(array("q") for _ in range(4))
    stream = rows.order_by("id").values_list("opened_at", "due_at", "closed_at", "unit_id")
    for *instants, unit in stream.iterator(chunk_size=5000):
        for column, instant in zip(columns, instants, strict=False):
            column.append(int(instant.timestamp()) if instant else -1)
        columns[3].append(unit or -1)
    opened, due, closed, units = (np.frombuffer(column, np.int64) for column in columns)
    return Arrays(opened, due, closed, units)
