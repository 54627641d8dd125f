"""Which unit a text most likely goes to, by what was learned from the place's own dispatches."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

import numpy as np

from leitai.apps.people import queries as people
from leitai.rules.casework import suggesting as core

from ..models import Case, Step, Suggester

NEWEST = 200_000  # dispatches that are learned from and tested on, the newest
_ARRAYS = ("seen", "features", "starts", "at", "often")
_NUMBERS = ("smooth", "power", "trust")


@dataclass(frozen=True)
class Learned:
    """How good a place's suggestions are: of `spoken` cases that came after those learned from, `right` went there."""

    at: datetime
    cases: int
    spoken: int
    right: int

    @property
    def share(self) -> float:
        """The share right of those spoken of; 0 where nothing was spoken of."""
        return self.right / self.spoken if self.spoken else 0.0


@dataclass(frozen=True)
class Dispatches:
    """Cases that went to a unit by a decision, the oldest first: when opened, their text, the unit's key."""

    opened: list[datetime]
    texts: list[str]
    units: list[str]


def text_of(case: Case) -> str:
    """What a suggestion is made from: title, text and place."""
    return as_text(case.title, case.text, case.where)


def as_text(*parts: str) -> str:
    """The parts of a text as they are learned from and asked about."""
    return "\n".join(part for part in parts if part)


def suggest(place: Any, texts: Sequence[str]) -> list[list[tuple[Any, float]]]:
    """For each text, the units it most likely goes to with the confidence (0 to 1), the surest first, three at most.

    Nothing for a text where the first is not sure enough, and nothing at all before anything was learned. A unit that
    was closed is left out.
    """
    row = Suggester.objects.filter(place=place).only("model").first()
    if row is None or not texts:
        return [[] for _ in texts]
    found = core.suggest(unpacked(bytes(row.model)), texts)
    keys = {one.label for said in found for one in said}
    units = {unit.key: unit for unit in people.units(place).filter(key__in=keys)}
    return [[(units[one.label], one.confidence) for one in said if one.label in units] for said in found]


def learned(place: Any) -> Learned | None:
    """What was learned last, and how good it was; None before anything was."""
    row = Suggester.objects.filter(place=place).defer("model").first()
    return Learned(row.learned_at, row.cases, row.tested, row.right) if row else None


def dispatches(place: Any) -> Dispatches:
    """The place's past dispatches: cases whose unit somebody chose, here or in the system they were imported from."""
    chosen = Step.objects.filter(case__place=place, form__has_key="unit").values("case")
    cases = Case.objects.filter(place=place, unit__isnull=False).exclude(state="set-aside")
    rows = (cases.filter(pk__in=chosen) | cases.exclude(source="")).order_by("-opened_at", "-id")
    columns = rows.values_list("opened_at", "title", "text", "where", "unit__key")[:NEWEST]
    found = list(columns.iterator(chunk_size=5000))[::-1]
    return Dispatches(
        [at for at, *_ in found], [as_text(*parts) for _, *parts, _ in found], [unit for *_, unit in found]
    )


def packed(model: core.Model) -> bytes:
    """A model as bytes: numpy's own archive of plain arrays, in which nothing can be run."""
    named = {name: getattr(model, name) for name in _ARRAYS}
    named |= {
        "labels": np.array(model.labels),
        "numbers": np.array([getattr(model, one) for one in _NUMBERS]),
    }
    out = BytesIO()
    np.savez_compressed(out, **named)
    return out.getvalue()


def unpacked(data: bytes) -> core.Model:
    """The model of such bytes. Raises ValueError for an archive that holds objects."""
    with np.load(BytesIO(data), allow_pickle=False) as found:
        numbers: Iterable[float] = found["numbers"].tolist()
        return core.Model(
            labels=tuple(found["labels"].tolist()),
            **{name: found[name] for name in _ARRAYS},
            **dict(zip(_NUMBERS, numbers, strict=True)),
        )
