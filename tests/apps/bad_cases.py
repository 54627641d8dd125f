"""Rows of requests, slips, photos, re-inspections and likenesses that the database refuses."""

from __future__ import annotations

from typing import Any

from leitai.apps.casework.models import (
    Case,
    Likeness,
    Photo,
    Recheck,
    Request,
    Sketch,
    Slip,
    Step,
)
from leitai.apps.regimes.models import CalendarPin
from tests.apps.bad import again, bad, changed
from tests.factories import HOUR, NOW, Town

LONG = NOW + 9 * 24 * HOUR


def _hole(town: Town) -> Any:
    case = town.case("hole", None, tracking=True)
    return town.move(case, "dispatch", "office", unit="water")


def _request(town: Town, kind: str = "transfer", **more: Any) -> Request:
    values = {
        "case": more.pop("case", None) or _hole(town),
        "kind": kind,
        "answerer": "unit",
        "to_unit": town.units["roads"],
        "asked_by": "account:clerk",
        "asked_at": NOW,
    } | more
    return Request.objects.create(**values)


def _slip(town: Town) -> Slip:
    case = _hole(town)
    town.drive(LONG)
    return Slip.objects.filter(case=case).earliest("at")


def _photo(case: Any, digest: str = "a" * 64) -> Photo:
    return Photo.objects.create(case=case, digest=digest, picture=b"jpeg", by="account:clerk", at=NOW)


def _sketch(case: Any, digest: str = "a" * 64) -> Sketch:
    photo = _photo(case, digest)
    return Sketch.objects.create(place=case.place, case=case, photo=photo, what="photo", sketch=b"1", at=NOW)


def _of_step(town: Town, **more: Any) -> Sketch:
    case = _hole(town)
    values = {
        "step": Step.objects.filter(case=case).first(),
        "what": "text",
        "sketch": b"1",
        "at": NOW,
    } | more
    return Sketch.objects.create(place=case.place, case=case, **values)


def _likeness(town: Town) -> Likeness:
    case = _hole(town)
    one, other = _sketch(case, "a" * 64), _sketch(case, "b" * 64)
    return Likeness.objects.create(place=town.place, newer=one, older=other, share=0.9, at=NOW)


def _recheck(town: Town) -> Recheck:
    case = _hole(town)
    return Recheck.objects.create(place=town.place, case=case, period="2024-04", way="inspect", drawn_at=NOW)


bad(Case, "case_tracking_once")(lambda t: changed(t.case("hole", None), tracking=_hole(t).tracking))
bad(Case, "case_over_is_not_paused")(
    lambda t: changed(
        t.case("hole", None),
        state="closed",
        holder="none",
        closed_at=LONG,
        next_due_at=None,
        paused_until=LONG,
    )
)
bad(Case, "case_on_the_globe")(lambda t: changed(t.case("hole", None), latitude=91.0, longitude=0.0))
bad(Case, "case_slip_known")(lambda t: changed(t.case("hole", None), slip="pink"))
bad(CalendarPin, "calendar_pinned_once")(
    lambda t: [
        CalendarPin.objects.create(place=t.place, key="office", version="1", said={}, pinned_at=NOW)
        for _ in "ab"
    ]
)
bad(Request, "request_open_once")(lambda t: again(_request(t)))
bad(Request, "request_help_once")(lambda t: again(_request(t, "help")))
bad(Request, "request_kind_known")(lambda t: _request(t, "gift"))
bad(Request, "request_answered_by_somebody")(lambda t: changed(_request(t), state="granted"))
bad(Request, "request_two_parties")(
    lambda t: changed(_request(t), state="granted", answered_at=NOW, answered_by="account:clerk")
)
bad(Request, "request_says_what")(lambda t: _request(t, to_unit=None))
bad(Slip, "slip_once")(lambda t: again(_slip(t)))
bad(Slip, "slip_colour_known")(lambda t: changed(_slip(t), colour="pink"))
bad(Slip, "slip_seen_by_somebody")(lambda t: changed(_slip(t), seen_at=NOW))
bad(Photo, "photo_once")(lambda t: again(_photo(_hole(t))))
bad(Photo, "photo_when_known")(lambda t: changed(_photo(_hole(t)), when="during"))
bad(Sketch, "sketch_of_something")(lambda t: _of_step(t, step=None))
bad(Sketch, "sketch_of_step_once")(lambda t: again(_of_step(t)))
bad(Likeness, "likeness_once")(lambda t: again(_likeness(t)))
bad(Likeness, "likeness_decided")(lambda t: changed(_likeness(t), outcome="copied"))
bad(Recheck, "recheck_once")(lambda t: again(_recheck(t)))
bad(Recheck, "recheck_done_by_somebody")(lambda t: changed(_recheck(t), outcome="over"))
