"""Closings kept so that their doubles are found: one text or photo for different problems is told, never judged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

import numpy as np
from PIL import Image

from leitai.apps.ledger.actions import action, insert_many, nothing_new, record
from leitai.apps.ledger.errors import refuse
from leitai.rules.casework import likeness as core
from leitai.rules.kernel import N_

from ..models import Case, Likeness, Sketch, SketchPin, Step
from ..queries import likeness as look
from ..rows import facts

COMPARED = 500  # the newest closings that share a key, so that a phrase of the whole place costs no more
TOLD = 3  # leads that one closing gives, those most alike; and that wait on one older closing
OUTCOMES = ("copied", "harmless")


@action("case.likeness")
def sketch_closing(*, case: Case, by: str, now: datetime) -> list[Likeness]:
    """Keep the prints of what a unit closed a case with, and tell what other closing of the place it is like.

    Texts of the unit's reports, and the case's photos; each is done once, however often this is called. Compared are
    different cases only, of any unit, unless they stand under one root or one is the other come back. Without a double
    there is no event: a print is made of what the ledger has already. Returns the new leads.
    """
    found = [lead for sketch, made in _fresh(case) for lead in _leads(case, sketch, made, now)]
    nothing_new()
    if found:
        Likeness.objects.bulk_create(found)
        record(
            place=case.place,
            kind="case.likeness",
            by=by,
            now=now,
            subject=f"case:{case.ref}",
            data=facts(case)
            | {
                "what": sorted({lead.newer.what for lead in found}),
                "with": sorted({str(lead.older.case.ref) for lead in found}),
                "percent": int(100 * max(lead.share for lead in found)),
            },
        )
    return found


@action("case.likeness_decided")
def decide_likeness(*, likeness: Likeness, outcome: str, note: str, by: str, now: datetime) -> Likeness:
    """Say what a likeness was, "copied" or "harmless", with the reason. Nothing follows by itself.

    Raises Refused where it was decided already, no reason is given, or who decides closed one of the two or has a post
    at the unit of the newer one, above it or below it.
    """
    row = (
        Likeness.objects.select_for_update(of=("self",))
        .select_related("place", "newer__case__unit", "newer__case__place", "older__case")
        .get(pk=likeness.pk)
    )
    if row.outcome:
        raise refuse("likeness-decided", N_("This was decided already."))
    if outcome not in OUTCOMES:
        raise refuse("likeness-outcome", N_("Say whether it was copied or is harmless."))
    if look.closed_by(row, by):
        raise refuse("own-closing", N_("One of these closings is your own; somebody else must decide."))
    if look.near(row, by):
        raise refuse(
            "own-unit", N_("You are posted at this unit, above it or below it; somebody else must decide.")
        )
    if not note.strip():
        raise refuse("no-reason", N_("Say what you found: the reason is kept with it."))
    row.outcome, row.note = outcome, note.strip()[:1000]
    row.decided_by, row.decided_at = by, now
    row.save()
    case = row.newer.case
    record(
        place=row.place,
        kind="case.likeness_decided",
        by=by,
        now=now,
        subject=f"case:{case.ref}",
        data=facts(case) | {"outcome": outcome, "with": row.older.case.ref, "what": row.newer.what},
    )
    return row


def _fresh(case: Case) -> Iterable[tuple[Sketch, core.Print]]:
    """Sketches of a case that were not there before, saved, each with its print."""
    for step in look.closings(case):
        made = core.text_print(look.words(step))
        if made is not None:
            yield _kept(case, made, at=step.at, step=step)
    for photo in case.photos.filter(sketch=None).order_by("id"):
        made = core.photo_print(_grey(bytes(photo.picture)))
        if made is not None:
            yield _kept(case, made, at=photo.at, step=photo.step, photo=photo)


def _kept(
    case: Case, made: core.Print, *, at: datetime, step: Step | None, photo: Any = None
) -> tuple[Sketch, core.Print]:
    sketch = Sketch.objects.create(
        place=case.place, case=case, step=step, photo=photo, what=made.what, sketch=made.data, at=at
    )
    return sketch, made


def _leads(case: Case, sketch: Sketch, made: core.Print, now: datetime) -> list[Likeness]:
    """The older closings that a new one is like, those most alike first, one of each matter; its keys are kept.

    Words that are another's to the letter are found by the first that said so, and need no keys but the one that counts
    them: so a phrase of the whole place does not make every closing costly.
    """
    others = _others(case, sketch, made)
    alike = [(core.share(made.what, made.data, bytes(one.sketch)), one) for one in others]
    same = made.what == "text" and any(share == 1 and not look.akin(case, one.case) for share, one in alike)
    keys = (made.exact,) if same else (made.exact, *made.keys)
    insert_many(
        SketchPin, ("sketch_id", "place_id", "key"), [(sketch.pk, case.place_id, key) for key in set(keys)]
    )
    found: list[Likeness] = []
    for share, older in sorted(alike, key=lambda pair: (-pair[0], pair[1].pk)):
        if share < core.LINES[made.what] or len(found) == TOLD:
            break
        if _both_before(sketch, older) or look.akin(case, older.case) or _enough(older, share):
            continue
        if not any(look.akin(older.case, lead.older.case) for lead in found):
            found.append(Likeness(place=case.place, newer=sketch, older=older, share=share, at=now))
    return found


def _others(case: Case, sketch: Sketch, made: core.Print) -> Sequence[Sketch]:
    """Sketches of other cases that share a key, the newest first."""
    shared = SketchPin.objects.filter(place=case.place, key__in=made.looks, sketch__what=made.what)
    near = shared.exclude(sketch__case=case).order_by("-sketch_id").values_list("sketch_id", flat=True)
    rows = Sketch.objects.filter(pk__in=list(near.distinct()[:COMPARED]))
    return list(rows.exclude(pk=sketch.pk).select_related("case", "photo").defer("photo__picture"))


def _both_before(sketch: Sketch, older: Sketch) -> bool:
    """Two reports of one scene may rightly show one photo of how it looked."""
    return all(one.photo is not None and one.photo.when == "before" for one in (sketch, older))


def _enough(older: Sketch, share: float) -> bool:
    """Whether the office has this question before it already, or has said that just these words are harmless."""
    told = list(Likeness.objects.filter(older=older).values_list("outcome", "share"))
    if sum(outcome == "" for outcome, _ in told) >= TOLD:
        return True
    if share < 1 or older.what != "text" or any(outcome == "copied" for outcome, _ in told):
        return False
    return ("harmless", 1.0) in told


def _grey(picture: bytes) -> Any:
    """A photo as the core looks at it: 32 by 32 pixels of grey."""
    with Image.open(BytesIO(picture), formats=("JPEG",)) as opened:
        opened.draft("L", (core.SIDE * 8, core.SIDE * 8))  # unpacks a JPEG at a fraction of its size
        small = opened.convert("L").resize((core.SIDE, core.SIDE), Image.Resampling.BOX)
    return np.asarray(small, dtype=np.uint8)
