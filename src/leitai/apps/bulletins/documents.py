"""A bulletin's row as the paper that its files are drawn from."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from leitai.ui import words

from . import pdf, word
from .blocks import body_of, frame_of
from .models import Bulletin
from .sheet import Paper


def paper_of(row: Bulletin, now: datetime) -> Paper:
    """What a bulletin says, in the place's language, dated when it was issued; a draft has the day of `now`."""
    place = row.place
    with translation.override(place.language):
        frame, day = frame_of(row.blocks), words.instant(row.issued_at or now, place.zone, "day")
        chinese = words.chinese()
        copy = frame.get("copy", "")
        return Paper(
            head=frame.get("head") or place.name,
            number=row.number,
            title=row.title,
            to=frame.get("to", ""),
            blocks=tuple(_said(one) for one in body_of(row.blocks)),
            signed=frame.get("signed") or place.name,
            day=day,
            annexes=tuple(frame.get("annexes", ())),
            annex_word="附件：" if chinese else _("Attached: "),
            copy=(_("Copies to: %(units)s.") % {"units": copy.rstrip(".。")}) if copy else "",
            printed=frame.get("printed") or place.name,
            printed_on=_("Printed %(day)s") % {"day": day},
            note=_("Sample data: no real unit is meant.") if place.sample else "",
            chinese=chinese,
        )


def _said(block: Any) -> dict[str, Any]:
    """A block as it is read on paper: a reply with whose it is before it."""
    if block["kind"] == "reply":
        return {**block, "said": _("Reply of %(unit)s: %(text)s") % block}
    return dict(block)


def files(row: Bulletin, now: datetime) -> tuple[bytes, bytes]:
    """The Word file and the PDF of a bulletin."""
    paper = paper_of(row, now)
    return word.drawn(paper, now), pdf.drawn(paper)


def marked_pdf(row: Bulletin, now: datetime) -> bytes:
    """The PDF as it would be drawn now, with what was corrected since on every page."""
    paper = paper_of(row, now)
    with translation.override(row.place.language):
        banner = _("Corrected since: %(mark)s") % {"mark": " ".join(row.mark.split("\n"))}
    return pdf.drawn(replace(paper, banner=banner))


def preview(row: Bulletin, now: datetime) -> bytes:
    """The PDF of a draft, which says on every page that it is none but a draft."""
    paper = paper_of(row, now)
    with translation.override(row.place.language):
        banner = _("Draft: not issued")
    return pdf.drawn(replace(paper, banner=banner))
