"""Drafts: drawn up from an edition or a proven finding, edited as text, with figures picked from editions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import translation

from leitai.apps.ledger.actions import UNCHANGED, action, nothing_new, record
from leitai.apps.ledger.errors import refuse
from leitai.apps.tables import queries as tables
from leitai.rules.kernel import N_

from .. import compose, proven
from ..blocks import LONGEST, WRITTEN, checked, clean, frame_of, is_number
from ..models import Bulletin
from ..rows import cite as note
from ..rows import digest_of, held, unapproved, uncite

MOST_TITLE = 120


@action("bulletin.drawn")
def draw(*, table: Any, by: str, now: datetime) -> Bulletin:
    """Draw up the bulletin of a published table, as a draft in the place's language.

    A second call changes nothing, unless the draft was dropped: then it is drawn up anew.
    """
    if table.published_at is None:
        raise refuse("not-published", N_("A bulletin is drawn up from a published table."))
    old = Bulletin.objects.select_for_update().filter(table=table).first()
    if old is not None and old.state != "dropped":
        return UNCHANGED
    place = table.place
    with translation.override(place.language):
        made, frame = compose.of_table(table), compose.frame(place, now)
    row = old or Bulletin(place=place, table=table, kind="table")
    return _drawn(row, made, frame, by=by, now=now)


@action("bulletin.drawn")
def draft(*, place: Any, kind: str, about: str = "", title: str = "", by: str, now: datetime) -> Bulletin:
    """Begin a bulletin that is not of a table: a notice with a title of the office's, or one that rests on `about`.

    `about` is what it rests on as events name it: "ballot:12" or "case:…" for `exposure`, "occasion:3" for `meeting`,
    "round:2" for `inspection`. Refuses what is not proven, not held or not over, and a second one about the same: a
    verdict and the case about it are one finding. A notice that is begun again (pressed twice) is the one begun before.
    """
    if kind not in ("notice", *proven.KINDS_OF):
        raise refuse("no-kind", N_("There is no such kind of bulletin."))
    with translation.override(place.language):
        frame = compose.frame(place, now)
        if kind == "notice":
            about = ""
            made = compose.Composed(clean(title), [], [])
        else:
            made = proven.composed(place, kind, about, now)
    if not made.title:
        raise refuse("no-title", N_("A bulletin has a title."))
    if about:
        _check_new(place, kind, {about, *(subject for subject, _phrase in made.cited)})
    else:
        known = _begun(place, made.title, frame, by)
        if known is not None:
            nothing_new()
            return known
    row = Bulletin(place=place, kind=kind, subject=about)
    return _drawn(row, made, frame, by=by, now=now)


def _check_new(place: Any, kind: str, subjects: Collection[str]) -> None:
    """Refuses a bulletin about what another, that was not dropped, tells of by any of these names."""
    rows = Bulletin.objects.filter(place=place, kind=kind).exclude(state="dropped")
    if rows.filter(Q(subject__in=subjects) | Q(citations__subject__in=subjects)).exists():
        raise refuse("drawn-already", N_("There is a bulletin about this already."))


def _begun(place: Any, title: str, frame: Mapping[str, Any], by: str) -> Bulletin | None:
    """The notice of this title that somebody began and has not written a word of yet."""
    rows = Bulletin.objects.select_for_update().filter(
        place=place, kind="notice", state="draft", title=title[:MOST_TITLE], drawn_by=by
    )
    return next((row for row in rows.order_by("-pk") if row.blocks == [frame]), None)


def _drawn(
    row: Bulletin, made: compose.Composed, frame: Mapping[str, Any], *, by: str, now: datetime
) -> Bulletin:
    row.title = made.title[:MOST_TITLE]
    row.blocks = [dict(frame), *(_clean(one) for one in made.blocks)]
    row.state, row.dropped_why = "draft", ""
    row.drawn_at, row.drawn_by = now, by
    unapproved(row)
    row.save()
    row.citations.all().delete()
    note(row, made.cited)
    _record(row, "bulletin.drawn", by=by, now=now)
    return row


def _clean(block: Mapping[str, Any]) -> dict[str, Any]:
    found = dict(block)
    if "text" in found:
        found["text"] = clean(found["text"])[:LONGEST]
    if "rows" in found:
        found["rows"] = [[clean(cell).replace("\n", " ") for cell in row] for row in found["rows"]]
    return found


@action("bulletin.edited")
def edit(
    *, bulletin: Bulletin, title: str, blocks: Iterable[Mapping[str, Any]], by: str, now: datetime
) -> list[str]:
    """Write a draft's title and text. Answers the figures that are cited no more, since the text has them no more.

    Tables, sources and replies stay as they were drawn up. In an exposure persons are masked again, unless its frame
    says that they stay named. An approval that was given is of another text, and falls.
    """
    row = held(bulletin)
    written = [_own(row, one) for one in blocks]
    replies = [one for one in row.blocks if one["kind"] == "reply"]
    if row.kind == "exposure" and any(one not in written for one in replies):
        raise refuse("no-reply", N_("What the unit says stays beside the finding."))
    if row.kind == "exposure" and not frame_of(written).get("named"):
        title, written = proven.masked_text(row.place, title, written)
    if not clean(title):
        raise refuse("no-title", N_("A bulletin has a title."))
    if len(clean(title)) > MOST_TITLE:
        raise refuse("too-long", N_("A title has at most %(most)s characters."), most=MOST_TITLE)
    row.title, row.blocks = clean(title).replace("\n", " "), checked(written)
    unapproved(row)
    row.save()
    gone = uncite(row, _picked(row))
    _record(row, "bulletin.edited", by=by, now=now)
    return gone


def _own(row: Bulletin, block: Mapping[str, Any]) -> dict[str, Any]:
    """A block as it was written; one that is not to be written by its place in the draft (`at`), as it stands there."""
    if block["kind"] in (*WRITTEN, "frame"):
        return {name: value for name, value in block.items() if name != "at"}
    at = str(block.get("at", ""))
    if not is_number(at) or int(at) >= len(row.blocks):
        raise refuse("changed", N_("The text was changed since you opened it; read it again."))
    return dict(row.blocks[int(at)])


@action("bulletin.edited")
def cite(*, bulletin: Bulletin, table: Any, unit: str, by: str, now: datetime) -> str:
    """Put a unit's line of an edition at the end of a draft, tied to the edition; the phrase. Refuses `no-line`."""
    row = held(bulletin)
    line = tables.standings(table).filter(unit__key=unit).first() if table.published_at is not None else None
    if line is None or table.place_id != row.place_id:
        raise refuse("no-line", N_("No published table of this number has a line of this unit."))
    with translation.override(row.place.language):
        phrase = clean(compose.line_words(line))
        said, ends = compose.source_of(table), compose.full_stop()
    sources = [one for one in row.blocks if one["kind"] == "source"]
    rest = [one for one in row.blocks if one["kind"] != "source"]
    row.blocks = [*rest, {"kind": "paragraph", "text": phrase + ends}, *sources]
    if not any(one["subject"] == said["subject"] for one in sources):
        row.blocks.append(said)
    unapproved(row)
    row.save()
    note(row, [(f"table:{table.pk}", phrase)])
    _record(row, "bulletin.edited", by=by, now=now)
    return phrase


@action("bulletin.dropped")
def drop(*, bulletin: Bulletin, why: str, by: str, now: datetime) -> Bulletin:
    """Lay a draft aside, with the reason. What was issued is never dropped."""
    row = held(bulletin)
    if not clean(why):
        raise refuse("no-reason", N_("Say why it is dropped."))
    row.state, row.dropped_why = "dropped", clean(why)[:300]
    unapproved(row)
    row.save()
    _record(row, "bulletin.dropped", by=by, now=now, why=row.dropped_why)
    return row


def _picked(row: Bulletin) -> list[Any]:
    """Citations of figures that were picked into the text; those a draft was drawn up from stay with it."""
    begun = {row.subject, f"table:{row.table_id}"}
    return [
        one
        for one in row.citations.all()
        if one.subject not in begun and not one.subject.startswith("ballot:")
    ]


def _record(row: Bulletin, kind: str, *, by: str, now: datetime, **more: Any) -> None:
    data: dict[str, Any] = {"kind": row.kind, "digest": digest_of(row)}
    data |= {"table": row.table_id} if row.table_id else {"about": row.subject} if row.subject else {}
    record(place=row.place, kind=kind, by=by, now=now, subject=f"bulletin:{row.pk}", data=data | more)
