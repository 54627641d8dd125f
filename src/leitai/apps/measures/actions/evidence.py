"""What a reading rests on, and disputes about it: each side may say that a figure is wrong, and the other answers."""

from __future__ import annotations

import zipfile
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

from leitai.apps.ledger.actions import UNCHANGED, action, record
from leitai.apps.ledger.errors import Refused, refuse
from leitai.rules.kernel import N_, Finding
from leitai.ui.photos import made_anew

from .. import queries
from ..models import Dispute, Evidence, Reading, ReadingState

MOST_BYTES = 5 * 1024 * 1024
OFFICE = "application/vnd.openxmlformats-officedocument."
PARTS = {
    "xl/workbook.xml": f"{OFFICE}spreadsheetml.sheet",
    "word/document.xml": f"{OFFICE}wordprocessingml.document",
}


@action("reading.evidenced")
def add_evidence(
    *, reading: Reading, name: str = "", content: bytes = b"", link: str = "", by: str, now: datetime
) -> Evidence:
    """A paper, photo or link that shows where a figure comes from; the same one is kept once.

    Kept are PDF, Excel, Word, and pictures, which are made anew. Raises Refused for any other, and for more than 5 MiB.
    """
    media = ""
    if content:
        content, media = _kept(content)
        mark = sha256(content).hexdigest()
    else:
        parts = urlsplit(link.strip())
        if parts.scheme not in ("http", "https") or not parts.netloc or len(link) > 500:
            raise refuse("no-evidence", N_("Add a file, or a link that begins with http:// or https://."))
        link = link.strip()
        mark = sha256(link.encode()).hexdigest()
    if Evidence.objects.filter(reading=reading, digest=mark).exists():
        return UNCHANGED
    row = Evidence.objects.create(
        reading=reading,
        name=_clean(name) or (link[:120] if link else "-"),
        link="" if content else link,
        media=media,
        content=content or None,
        digest=mark,
        by=by,
        at=now,
    )
    _record(reading, "reading.evidenced", by=by, now=now, digest=mark, link=row.link, media=media)
    return row


def _clean(name: str) -> str:
    return "".join(letter for letter in name if letter.isprintable()).strip()[:120]


def _kept(content: bytes) -> tuple[bytes, str]:
    """What is kept of a file, and its kind."""
    if len(content) > MOST_BYTES:
        raise refuse("too-big", N_("The file is larger than %(most)s MB."), most=MOST_BYTES >> 20)
    if content.startswith(b"%PDF-"):
        return content, "application/pdf"
    if content.startswith(b"PK"):
        try:
            names = set(zipfile.ZipFile(BytesIO(content)).namelist())
        except zipfile.BadZipFile:
            names = set()
        for part, media in PARTS.items():
            if part in names:
                return content, media
    found = made_anew(content)
    if isinstance(found, Finding):
        if found.code == "photo-unreadable":
            raise refuse("other-kind", N_("A file is a PDF, an Excel or Word file, or a picture."))
        raise Refused(found)
    return found, "image/jpeg"


@action("reading.disputed")
def dispute(*, reading: Reading, side: str, reason: str, by: str, now: datetime) -> Dispute:
    """One side says that a figure is wrong, and why; the figure counts on, and is marked, until the other answers."""
    if not reason.strip():
        raise refuse("no-reason", N_("Say what is wrong with the figure."))
    if Reading.objects.filter(replaces=reading).exists():
        raise refuse("corrected-already", N_("This reading was corrected already."))
    if queries.open_dispute(reading) is not None:
        raise refuse("disputed-already", N_("This figure is disputed already; answer that first."))
    row = Dispute.objects.create(
        reading=reading, side=side, reason=reason.strip()[:500], before=reading.state, by=by, at=now
    )
    reading.state = ReadingState.DISPUTED
    reading.save()
    _record(reading, "reading.disputed", by=by, now=now, side=side, reason=row.reason)
    return row


@action("reading.answered")
def answer_dispute(*, dispute: Dispute, upheld: bool, answer: str, by: str, now: datetime) -> Dispute:
    """The other side answers. Not upheld: the figure is what it was before. Upheld: disputed until it is corrected."""
    if not answer.strip():
        raise refuse("no-reason", N_("Say why."))
    if dispute.answered_at is not None:
        raise refuse("answered-already", N_("This dispute was answered already."))
    if dispute.by == by:
        raise refuse("own-dispute", N_("Whoever disputes a figure does not decide about it."))
    dispute.close(upheld=upheld, answer=answer, by=by, now=now)
    dispute.save()
    if not upheld:
        reading = dispute.reading
        reading.state = dispute.before
        reading.save()
    _record(dispute.reading, "reading.answered", by=by, now=now, upheld=upheld, answer=dispute.answer)
    return dispute


def _record(reading: Reading, kind: str, *, by: str, now: datetime, **more: Any) -> None:
    data = {
        "reading.measure": reading.measure,
        "reading.period": reading.period,
        "unit.key": reading.unit.key,
        "unit.kind": reading.unit.kind,
    }
    record(place=reading.place, kind=kind, by=by, now=now, subject=f"reading:{reading.pk}", data=data | more)
