"""Bulletins one by one and in lists, and their text in pieces with the figures linked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from leitai.apps.ballots import queries as ballots
from leitai.apps.casework import queries as cases

from ..blocks import body_of, numbered
from ..documents import files
from ..models import Bulletin
from ..rows import digest_of as digest_of

FILES = ("document", "pdf")


def of_table(table: Any) -> Bulletin | None:
    """The bulletin of a table, if one was drawn up and not dropped."""
    return Bulletin.objects.filter(table=table).exclude(state="dropped").select_related("place").first()


def bulletin(place: Any, number: int) -> Bulletin | None:
    """A bulletin by its number in the house, in whatever state; its files are left in the database until read."""
    return (
        Bulletin.objects.filter(place=place, pk=number).select_related("place", "table").defer(*FILES).first()
    )


def issued(place: Any, *, kind: str = "", limit: int = 200) -> list[Bulletin]:
    """What was issued, the newest first; of one kind where one is named."""
    rows = Bulletin.objects.filter(place=place, state="issued").defer(*FILES, "blocks")
    if kind:
        rows = rows.filter(kind=kind)
    return list(rows.order_by("-issued_at", "-pk")[:limit])


def drafts(place: Any) -> list[Bulletin]:
    """What is not issued yet, the newest first."""
    rows = Bulletin.objects.filter(place=place, state="draft").defer(*FILES, "blocks")
    return list(rows.order_by("-drawn_at", "-pk"))


def unit_of(row: Bulletin) -> Any | None:
    """The unit that an exposure is about."""
    room, _colon, rest = row.subject.partition(":")
    if room == "ballot":
        ballot = ballots.by_subject(row.place, row.subject)
        return ballot.unit if ballot is not None else None
    case = cases.case(row.place, rest) if room == "case" else None
    return case.unit if case is not None else None


def word(row: Bulletin, now: datetime) -> bytes:
    """The Word file: as it was issued, or of a draft as it would be at this moment."""
    return bytes(row.document) if row.document is not None else files(row, now)[0]


def short(row: Bulletin, most: int = 240) -> str:
    """A bulletin in a few words for groups: number, title, and how it begins."""
    first = next((one["text"] for one in body_of(row.blocks) if one["kind"] == "paragraph"), "")
    head = f"{row.number} {row.title}".strip()
    said = f"{head}\n{first}" if first else head
    return said if len(said) <= most else said[: most - 1].rstrip() + "…"


@dataclass(frozen=True)
class Piece:
    """A part of a text; `href` where it is a figure that rests on something that can be looked at."""

    text: str
    href: str = ""


def href_of(place: Any, subject: str) -> str:
    """Where what a figure rests on is looked at; "" where there is no page that anyone may open."""
    room, _colon, rest = subject.partition(":")
    if room == "table":
        return reverse("tables:table", args=[place.key, int(rest)])
    if room == "occasion":
        return reverse("occasions:meeting", args=[place.key, int(rest)])
    return ""


def pieces(text: str, links: Mapping[str, str]) -> list[Piece]:
    """A text with its figures as pieces of their own, the longest figure first."""
    found = [Piece(text)]
    for figure in sorted(links, key=len, reverse=True):
        found = [part for one in found for part in _split(one, figure, links[figure])]
    return found


def _split(one: Piece, figure: str, href: str) -> list[Piece]:
    if one.href or not figure or figure not in one.text:
        return [one]
    parts = one.text.split(figure)
    found = [Piece(parts[0])]
    for rest in parts[1:]:
        found += [Piece(figure, href), Piece(rest)]
    return [part for part in found if part.text]


def meant(row: Bulletin, chinese: bool) -> list[dict[str, Any]]:
    """A bulletin's text for the web page: each block with its number, its figures linked, its source's address."""
    links = {one.text: href_of(row.place, one.subject) for one in row.citations.all()}
    links = {text: href for text, href in links.items() if href}
    found = []
    for label, one in numbered(body_of(row.blocks), chinese):
        block = {**one, "label": label, "tag": f"h{one.get('level', 1) + 1}"}
        if "text" in one:
            block["pieces"] = pieces(one["text"], links)
        if "subject" in one:
            block["href"] = href_of(row.place, one["subject"])
        found.append(block)
    return found


def editable(row: Bulletin) -> Sequence[Mapping[str, Any]]:
    """The blocks but the frame with their places in the list, for the page that edits them."""
    return [{**one, "at": n} for n, one in enumerate(row.blocks) if one["kind"] != "frame"]
