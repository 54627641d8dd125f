"""Reading asks beside the rule-book: all of them, one with its answers, and what a clerk's units have to answer."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Count, Q, QuerySet

from leitai.apps.people import queries as people

from ..models import Ask, Reply


def asks(place: Any, text: str = "", units: Collection[int] | None = None) -> QuerySet[Ask]:
    """The asks of a place, the newest first.

    Those that hold a text, and that were put to any of some units (by id).
    """
    rows = Ask.objects.filter(place=place)
    if units is not None:
        rows = rows.filter(pk__in=Reply.objects.filter(unit__in=units).values("ask"))
    if text:
        rows = rows.filter(Q(title__icontains=text) | Q(basis__icontains=text))
    return rows.order_by("-asked_at", "-pk")


def answered(rows: Iterable[Ask]) -> dict[int, tuple[int, int]]:
    """How many units each of some asks was put to, and how many of them have replied; by the ask's number."""
    put = Reply.objects.filter(ask__in=[row.pk for row in rows]).values("ask")
    counted = put.annotate(many=Count("pk"), done=Count("pk", filter=Q(at__isnull=False)))
    return {one["ask"]: (one["many"], one["done"]) for one in counted.order_by("ask")}


def ask(place: Any, number: int) -> Ask | None:
    """An ask by its number."""
    return Ask.objects.filter(place=place, pk=number).select_related("place").first()


def replies(row: Ask) -> list[Reply]:
    """Whom an ask was put to, by unit, with what they replied."""
    return list(row.replies.select_related("unit__parent", "ask").order_by("unit__key"))


def replies_by_ask(rows: Iterable[Ask]) -> dict[int, list[Reply]]:
    """Whom each of some asks was put to, by unit, with what they replied; by the ask's number."""
    found: dict[int, list[Reply]] = {row.pk: [] for row in rows}
    put = Reply.objects.filter(ask__in=list(found)).select_related("unit__parent", "ask")
    for one in put.order_by("unit__key"):
        found[one.ask_id].append(one)
    return found


def reply_of(row: Ask, key: str) -> Reply | None:
    """What a unit was asked and replied, by the unit's key."""
    return row.replies.select_related("unit__parent", "ask").filter(unit__key=key).first()


def to_answer(viewer: Any, place: Any) -> list[Reply]:
    """What a viewer's units, and those below them, have not answered yet, what is due first first."""
    below = people.descendants(place) if viewer.units else {}
    own = {pk for unit in viewer.units if viewer.may("ask.reply", unit) for pk in below[unit.pk]}
    rows = Reply.objects.filter(
        ask__place=place, unit__in=own, at__isnull=True, ask__withdrawn_at__isnull=True
    )
    return list(rows.select_related("ask", "unit").order_by("ask__due", "pk"))
