"""Whether a new case is an old one come back: the same kind, the same place, closed within the relapse window.

Who closes on paper and has it reported anew wants the two to look different: the house number written wide, a word
more, the spot a few houses on. So a spot is the same within some fifty metres, or within some five hundred where the
words agree too; and words are the same with the same numbers in them where one is within the other.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Any

from django.db.models import Q

from leitai.rules.worktime import parse_within

from .models import Case

NEARBY = 0.0005  # degrees: some 50 m
AROUND = 0.005  # degrees: some 500 m
FEWEST = 3  # letters of a place's name, below which it is no part of another
_DIGITS = re.compile(r"\d+")
_CHINESE = str.maketrans("〇零一二三四五六七八九", "00123456789")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a case is, as far as it is known, and whose matter it is."""

    latitude: float | None
    longitude: float | None
    where: str
    enterprise: int | None
    title: str


COLUMNS = ("latitude", "longitude", "where", "enterprise_id", "title")


def came_back(case: Case, spec: Any) -> Case | None:
    """The case of the same kind that was closed last in the same place, within the relapse window of the rule-book."""
    if spec.relapse is None:
        return None
    window = parse_within(spec.relapse)
    since = case.opened_at - (
        timedelta(minutes=window.amount) if window.unit == "minutes" else timedelta(days=window.amount)
    )
    closed = (
        Case.objects.filter(
            place=case.place, kind=case.kind, closed_at__gte=since, closed_at__lte=case.opened_at
        )
        .exclude(pk=case.pk)
        .exclude(holder="none", state="set-aside")
        .order_by("-closed_at", "-id")
    )
    here = Place(*(getattr(case, name) for name in COLUMNS))
    if here.latitude is None and not here.where.strip() and here.enterprise is None:
        return None
    if here.latitude is not None:
        near = Q(latitude__range=(here.latitude - AROUND, here.latitude + AROUND))
        closed = closed.filter(near | Q(latitude__isnull=True))
    for pk, *there in closed.values_list("pk", *COLUMNS).iterator(chunk_size=2000):
        if same_place(here, Place(*there)):
            return Case.objects.select_related("unit", "place").get(pk=pk)
    return None


def same_place(one: Place, other: Place) -> bool:
    """Whether two cases are of the same place: by spot, by the words for it, or by enterprise and title."""
    apart = _apart(one, other)
    if apart is not None and (apart < NEARBY or apart >= AROUND):
        return apart < NEARBY
    if one.where.strip() and other.where.strip():
        return _same_words(one.where, other.where)
    return (
        apart is None
        and one.enterprise is not None
        and one.enterprise == other.enterprise
        and _plain(one.title) == _plain(other.title)
    )


def _apart(one: Place, other: Place) -> float | None:
    """Degrees between two spots, the larger of the two ways; None where one of them has no spot."""
    if one.latitude is None or one.longitude is None or other.latitude is None or other.longitude is None:
        return None
    return max(abs(one.latitude - other.latitude), abs(one.longitude - other.longitude))


def _same_words(one: str, other: str) -> bool:
    first, second = _plain(one), _plain(other)
    if not first or not second or first == second:
        return bool(first) and first == second
    numbers, letters = zip(
        *((_DIGITS.findall(text), _DIGITS.sub("", text)) for text in (first, second)), strict=True
    )
    if not numbers[0] or numbers[0] != numbers[1]:
        return False
    short, long = sorted(letters, key=len)
    return len(short) >= FEWEST and short in long


@lru_cache(maxsize=4096)
def _plain(text: str) -> str:
    """A text by its letters and digits alone, however wide or large they are written."""
    wide = unicodedata.normalize("NFKC", text).casefold().translate(_CHINESE)
    return "".join(letter for letter in wide if letter.isalnum())
