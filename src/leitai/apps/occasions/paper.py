"""A meeting on paper: agenda, what was read, minutes and promises as a Word document on A4.

Fonts by name, as official documents have them, each with a fallback that Word and LibreOffice find everywhere.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from leitai.ui import words

from . import queries
from .models import Occasion

_FONTS = {
    "title": ("方正小标宋简体", "SimSun"),
    "body": ("仿宋_GB2312", "FangSong"),
    "head": ("黑体", "SimHei"),
}
_VERDICTS: Mapping[str, Callable[[], str]] = {
    "kept": lambda: pgettext("promise", "kept"),
    "missed": lambda: pgettext("promise", "missed"),
    "unknown": lambda: _("cannot tell"),
}
Shown = Mapping[str, Any]


def write(
    row: Occasion, pack: Shown, agenda: Sequence[Shown], promised: Sequence[Shown]
) -> tuple[str, bytes]:
    """(title, bytes of a .docx) of a meeting in the language of the page."""
    place = row.place
    title = f"{place.name} {_show(queries.name(row))} {row.at.astimezone(place.zone).date().isoformat()}"
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.top_margin, section.bottom_margin = Cm(3.7), Cm(3.5)
    section.left_margin, section.right_margin = Cm(2.8), Cm(2.6)
    _line(document, title, "title", 22, WD_ALIGN_PARAGRAPH.CENTER)
    if place.sample:
        _line(document, _("Sample data: no real unit is meant."), "body", 14, WD_ALIGN_PARAGRAPH.CENTER)
    for number, one in enumerate(agenda, 1):
        _line(document, f"{number}. {one['title']}", "head", 16)
        for text in _part(one["part"], place) if one["part"] else ():
            _line(document, text, "body", 14)
        if one["minutes"]:
            _line(document, _("Minutes"), "head", 14)
            _line(document, one["minutes"][0].text, "body", 14)
    _line(document, _("What was promised"), "head", 16)
    for one in promised:
        _line(document, _promise(one), "body", 14)
    if not promised:
        _line(document, _("Nothing was promised."), "body", 14)
    if row.note:
        _line(document, _("Minutes"), "head", 16)
        _line(document, row.note, "body", 14)
    _line(document, _stood(row, pack), "body", 10.5)
    out = io.BytesIO()
    made = pack["as_of"].replace(tzinfo=None)
    document.core_properties.created = document.core_properties.modified = made
    document.core_properties.author, document.core_properties.title = place.name, title
    document.save(out)
    return title, out.getvalue()


def _stood(row: Occasion, pack: Shown) -> str:
    """As of when the figures are, and the digest by which the kept pack can be told."""
    at = words.instant(pack["as_of"], row.place.zone, "full")
    kept = pack["kept"]
    if kept is None:
        return _("As of %(at)s; not kept yet: the meeting has not begun.") % {"at": at}
    return _("As of %(at)s; digest of what was read: %(digest)s.") % {"at": at, "digest": kept.digest[:16]}


def _part(part: Shown, place: Any) -> Iterator[str]:
    """What a part of the pack says, a paragraph a line."""
    writer = _PARTS.get(part["part"])
    return writer(part, place) if writer is not None else iter(())


def _commitments(part: Shown, _place: Any) -> Iterator[str]:
    for one in part["items"]:
        yield f"{_VERDICTS[one['verdict']]()}{_(': ')}{_said(one)} {one['why']}"
    for one in part["open"]:
        yield _("open until %(due)s: %(what)s") % {"due": one["due"].isoformat(), "what": _said(one)}
    if not part["items"] and not part["open"]:
        yield _("Nothing was promised last time.")


def _said(one: Shown) -> str:
    """A promise in a line: whose, what, to which figure, and how often."""
    aim = f" ({_show(one['measure'])} {words.period(one['period'])} {one['aim']})" if one["measure"] else ""
    again = _(" [promised %(times)s times]") % {"times": one["times"]} if one["times"] > 1 else ""
    return f"{_unit(one)}{_(': ')}{one['text']}{aim}{again}"


def _standings(part: Shown, place: Any) -> Iterator[str]:
    for table in part["tables"]:
        yield _table(table, place)
        for group in table["groups"]:
            yield _show(group["name"])
            yield from (f"{_rank(one)} {_unit(one)}{_named(one)}" for one in group["lines"])


def _changes(part: Shown, place: Any) -> Iterator[str]:
    for table in part["tables"]:
        yield _table(table, place)
        for one in table["movers"]:
            yield _("%(unit)s: from %(was)s to %(now)s, beyond noise") % {
                "unit": _unit(one),
                "was": _interval(one["was"]),
                "now": _interval(one["now"]),
            }
        yield _("moves within noise: %(n)s") % {"n": table["within_noise"]}


def _spoken(part: Shown, _place: Any) -> Iterator[str]:
    for one in part["items"]:
        yield f"{one['turn']}. {_unit(one)} ({one['why']})"
        # What was handed in and is not shown is for the meeting to hear.
        if one["text"] or not one["given"]:
            yield one["text"] or _("Nothing was handed in.")
    for one in part.get("named", ()):
        yield f"{_rank(one)} {_unit(one)}"
    for one in part.get("followed", ()):
        yield f"{_unit(one)}{_(': ')}{_after(one)}"


def _after(one: Shown) -> str:
    """What followed on what a unit said last time."""
    late = _("cases overdue then %(then)s, now %(now)s") % {
        "then": one["before"]["late"],
        "now": one["after"]["late"],
    }
    if one["gained"] is None:
        return late
    ranks = _("rank %(was)s then, %(now)s now") % {
        "was": _interval(one["before"]["rank"]),
        "now": _interval(one["after"]["rank"]),
    }
    sure = _("within noise") if one["noise"] else _("beyond noise")
    return f"{ranks} ({sure}); {late}"


def _cases(part: Shown, place: Any) -> Iterator[str]:
    for one in part["items"]:
        due = words.instant(one["due"], place.zone, "short")
        unit = _unit(one) if one["unit"] else _("no unit yet")
        yield _("%(kind)s %(ref)s, %(unit)s: due %(due)s") % {
            "kind": _show(one["kind"]),
            "ref": one["case"],
            "unit": unit,
            "due": due,
        }
    if part["more"]:
        yield _("and %(n)s more") % {"n": part["more"]}


def _inspections(part: Shown, _place: Any) -> Iterator[str]:
    for one in part["items"]:
        yield f"{_unit(one) if one['unit'] else _('no unit yet')}{_(': ')}{_show(one['item'])}"


_PARTS: Mapping[str, Callable[[Shown, Any], Iterator[str]]] = {
    "commitments": _commitments,
    "standings": _standings,
    "changes": _changes,
    "best": _spoken,
    "statements": _spoken,
    "cases": _cases,
    "inspections": _inspections,
}


def _promise(one: Shown) -> str:
    row = one["row"]
    aim = f" ({_show(one['measure'])} {words.period(row.period)} {one['aim']})" if one["measure"] else ""
    return _("%(unit)s: %(text)s%(aim)s, by %(due)s") % {
        "unit": row.unit.name,
        "text": row.text,
        "aim": aim,
        "due": row.due.isoformat(),
    }


def _table(table: Shown, place: Any) -> str:
    return _("%(name)s, %(period)s, edition %(edition)s, published %(at)s") % {
        "name": _show(table["name"]),
        "period": words.period(table["period"]),
        "edition": table["edition"],
        "at": words.instant(table["published"], place.zone, "short"),
    }


def _rank(one: Shown) -> str:
    return words.rank(one["low"], one["high"], one["of"])


def _interval(three: Sequence[int]) -> str:
    return words.ranks(three[0], three[2])


def _named(one: Shown) -> str:
    return {"best": f" ({_('named among the best')})", "worst": f" ({_('named among the worst')})"}.get(
        one["named"], ""
    )


def _unit(one: Shown) -> str:
    return _show(one["unit"]["name"])


def _show(text: Any) -> str:
    return str(text.show(get_language() or "zh-hans"))


def _line(document: Any, text: str, font: str, size: float, align: Any = None) -> None:
    """A paragraph; a new line in the text is one on paper, and what cannot be printed is left out."""
    paragraph = document.add_paragraph()
    if align is not None:
        paragraph.alignment = align
    clean = "".join(letter for letter in text if letter.isprintable() or letter == "\n")
    run = paragraph.add_run(clean)
    named, fallback = _FONTS[font]
    run.font.size, run.font.name = Pt(size), fallback
    run._element.rPr.rFonts.set(qn("w:eastAsia"), named)
