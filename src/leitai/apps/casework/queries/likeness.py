"""Reading closings that are too much alike: what is compared, who may not decide, and the leads that wait."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from leitai.apps.people import queries as people
from leitai.rules.casework import likeness as core

from ..models import Case, Likeness, Sketch, Step
from .cases import flow

CLOSING = ("answered", "closed")  # the milestones at which a unit says what was done
WORDS = ("done", "evidence", "note")
CHAIN = 20  # how far back a problem that keeps coming back is followed


def words(step: Step) -> str:
    """What a step says was done."""
    return "\n".join(text for name in WORDS if (text := str(step.form.get(name, "")).strip()))


def closings(case: Case) -> list[Step]:
    """The steps by which the unit said that it is over, those of which no print was kept yet."""
    moves = [move.key for move in flow(case).moves if move.milestone in CLOSING]
    kept = Sketch.objects.filter(case=case, what="text").values("step")
    steps = Step.objects.filter(case=case, move__in=moves, role="unit").exclude(pk__in=kept)
    return list(steps.order_by("at", "id"))


def akin(case: Case, other: Case) -> bool:
    """Whether two cases are of one matter: under one root, or one is the other come back."""
    if (case.root_id or case.pk) == (other.root_id or other.pk):
        return True
    return not _past(case).isdisjoint(_past(other))


def _past(case: Case) -> set[int]:
    """The case and those that it shows not to have been over."""
    found, before = {case.pk}, case.relapse_of_id
    while before is not None and before not in found and len(found) < CHAIN:
        found.add(before)
        before = Case.objects.filter(pk=before).values_list("relapse_of_id", flat=True).first()
    return found


def leads(place: Any, *, outcome: str = "", what: str = "") -> QuerySet[Likeness]:
    """Pairs of closings that were found alike, the newest first: undecided, or of an outcome; of one sort, or both."""
    rows = Likeness.objects.filter(place=place, outcome=outcome)
    if what:
        rows = rows.filter(newer__what=what)
    return rows.select_related("newer__case__unit", "older__case__unit").order_by("-at", "-id")


def lead(place: Any, number: int) -> Likeness | None:
    """A pair by its number, with both closings."""
    return (
        Likeness.objects.filter(place=place, pk=number)
        .select_related(
            "place",
            *(
                f"{side}__{name}"
                for side in ("newer", "older")
                for name in ("step", "photo", "case__unit", "case__place")
            ),
        )
        .defer("newer__photo__picture", "older__photo__picture")
        .first()
    )


def copies(sketch: Sketch, beside: int, limit: int = 20) -> tuple[int, list[Case]]:
    """How many closings say the same to the letter, or show the same photo, and the newest of their cases.

    Of other cases than the sketch's and the one of id `beside`, with which it is compared.
    """
    made = core.exact_key(sketch.what, bytes(sketch.sketch))
    rows = Sketch.objects.filter(place=sketch.place_id, pins__key=made, what=sketch.what)
    others = (
        rows.exclude(case__in=(sketch.case_id, beside)).select_related("case__unit").order_by("-at", "-id")
    )
    return others.count(), [one.case for one in others[:limit]]


def closed_by(row: Likeness, by: str) -> bool:
    """Whether somebody wrote one of the two closings, or took one of the two photos."""
    return any(
        (one.step is not None and one.step.by == by) or (one.photo is not None and one.photo.by == by)
        for one in (row.newer, row.older)
    )


def near(row: Likeness, by: str) -> bool:
    """Whether somebody has a post at the unit of the newer closing, above it or below it."""
    unit = row.newer.case.unit
    if unit is None:
        return False
    posts = row.place.posts.filter(account__username=by.removeprefix("account:"), unit__isnull=False)
    below = people.descendants(row.place)
    return any(unit.pk in below[post.unit_id] or post.unit_id in below[unit.pk] for post in posts)
