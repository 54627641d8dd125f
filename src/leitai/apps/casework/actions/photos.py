"""Photos of a case: what was there before, and what is there now; made anew, with when and where they were taken.

Evidence of work is a pair of photos of the same spot. When and where the camera says it took them is read before the
file is made anew, and kept in columns, so that a photo of another day or street can be seen to be one.
"""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from typing import Any

from leitai.apps.ledger.actions import action, nothing_new, record
from leitai.apps.ledger.errors import refuse
from leitai.rules.kernel import N_
from leitai.ui.photos import Taken

from ..models import Case, Photo, Step
from ..prints import Picture, picture
from ..rows import facts

MOST = 20  # photos of a case
WHEN = ("before", "after", "other")


@action("case.photo_added")
def add_photo(
    *,
    case: Case,
    data: bytes | Picture,
    when: str = "other",
    taken_at: datetime | None = None,
    latitude: float | None = None,
    longitude: float | None = None,
    step: Step | None = None,
    by: str,
    now: datetime,
) -> Photo:
    """Keep a photo of a case; the same one again is the one there is. `when`: before, after or other.

    data: JPEG, PNG or WebP as it came, or what `picture` made of it. taken_at (UTC) and degrees of WGS 84 are what
    the sender says; what the camera says goes first. A camera's time without an offset is the place's wall time.
    Raises Refused for what is no photo, and for more than 20 of one case.
    """
    if when not in WHEN:
        raise ValueError(f"a photo shows before, after or other, not {when!r}")
    made = picture(data) if isinstance(data, bytes) else data
    digest = sha256(made.jpeg).hexdigest()
    Case.objects.select_for_update(of=("self",)).get(pk=case.pk)  # so that two at once cannot pass the limit
    there = Photo.objects.filter(case=case, digest=digest).defer("picture").first()
    if there is not None:
        nothing_new()
        return there
    if Photo.objects.filter(case=case).count() >= MOST:
        raise refuse("too-many-photos", N_("A case has at most %(most)s photos."), most=MOST)
    spot = made.taken if made.taken.latitude is not None else Taken(None, latitude, longitude)
    row = Photo.objects.create(
        case=case,
        step=step,
        when=when,
        digest=digest,
        picture=made.jpeg,
        taken_at=_at(case.place, made.taken.at) or taken_at,
        latitude=spot.latitude,
        longitude=spot.longitude,
        by=by,
        at=now,
    )
    record(
        place=case.place,
        kind="case.photo_added",
        by=by,
        now=now,
        subject=f"case:{case.ref}",
        data=facts(case) | {"photo": digest, "when": when},
    )
    return row


def _at(place: Any, said: datetime | None) -> datetime | None:
    """The instant of a camera's clock."""
    if said is None:
        return None
    return said.replace(tzinfo=place.zone) if said.tzinfo is None else said
