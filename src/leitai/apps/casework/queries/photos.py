"""Reading what came with a case: its photos, who reported it, when it arrived, and what was said of it last."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from leitai.apps.ledger import queries as ledger
from leitai.rules import casework as core

from ..models import Case, Photo, Reporter, Step
from ..seals import unseal


@dataclass(frozen=True)
class Pair:
    """Two photos side by side, how it was and how it is; one of them may be missing."""

    before: Photo | None
    after: Photo | None


@dataclass(frozen=True)
class Album:
    """The photos of a case: before and after in pairs, in the order in which they came, and the others."""

    pairs: tuple[Pair, ...]
    others: tuple[Photo, ...]

    def __bool__(self) -> bool:
        return bool(self.pairs or self.others)


def album(case: Case) -> Album:
    """The photos of a case, without their pictures."""
    rows = list(Photo.objects.filter(case=case).defer("picture").order_by("at", "id"))
    before, after = (_of(rows, when) for when in ("before", "after"))
    pairs = tuple(Pair(_at(before, n), _at(after, n)) for n in range(max(len(before), len(after))))
    return Album(pairs, tuple(_of(rows, "other")))


def _of(rows: Sequence[Photo], when: str) -> list[Photo]:
    return [row for row in rows if row.when == when]


def _at(rows: Sequence[Photo], number: int) -> Photo | None:
    return rows[number] if number < len(rows) else None


def photo(case: Case, number: int) -> bytes | None:
    """The picture of one photo of a case, a JPEG; None where the case has no such photo."""
    row = Photo.objects.filter(case=case, pk=number).first()
    return bytes(row.picture) if row is not None else None


def reporter(case: Case) -> dict[str, str]:
    """Who reported a case: name, phone, mail, as far as they were given and are kept still."""
    row = Reporter.objects.filter(case=case).first()
    return unseal(row.sealed) if row is not None else {}


def arrived(case: Case) -> datetime | None:
    """When a case that was made on the way arrived here; None where that was when it was opened."""
    first = next(
        (one for one in ledger.road(case.place, f"case:{case.ref}") if one.kind == "case.opened"), None
    )
    return first.noted_at if first is not None and first.noted_at > case.opened_at else None


def known(place: Any, keys: Iterable[str]) -> frozenset[str]:
    """Which of these idempotency keys have opened a case."""
    asked, found = list(keys), set[str]()
    for at in range(0, len(asked), 500):
        rows = Case.objects.filter(place=place, once__in=asked[at : at + 500])
        found.update(rows.values_list("once", flat=True))
    return frozenset(found)


def progress(ids: Sequence[int]) -> dict[int, str]:
    """What was said at the last step of each case that said anything after its opening, by the case's id."""
    rows = (
        Step.objects.filter(case_id__in=ids)
        .exclude(move="open")
        .exclude(form={})
        .order_by("case_id", "at", "id")
    )
    found = {}
    for case, form in rows.values_list("case_id", "form"):
        said = [form[name] for name in core.FIELDS if form.get(name) and name != "unit"]
        if said:
            found[case] = "；".join(said)
    return found
