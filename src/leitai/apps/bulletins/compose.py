"""What a bulletin says when it is drawn up, block by block: from an edition, from a proven finding, from a meeting.

All words are in the language that is active; the figures are copied as they stand, with a citation of where from.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from leitai.apps.people import queries as people
from leitai.apps.regimes import queries as regimes
from leitai.apps.tables import queries as tables
from leitai.ui import words

Cited = tuple[str, str]  # (what it rests on, the figure as it is written)


@dataclass(frozen=True)
class Composed:
    """A text drawn up: its title, its blocks without the frame, and what each figure rests on."""

    title: str
    blocks: list[dict[str, Any]]
    cited: list[Cited]


def show(text: Any) -> str:
    """A rule-book's text in the language that is active."""
    return text.show(get_language() or "zh-hans")


def heading(text: str, level: int = 1) -> dict[str, Any]:
    """A block that is a heading."""
    return {"kind": "heading", "level": level, "text": text}


def paragraph(text: str) -> dict[str, Any]:
    """A block that is a paragraph."""
    return {"kind": "paragraph", "text": text}


def source(subject: str, text: str) -> dict[str, Any]:
    """A block that says where the figures before it come from."""
    return {"kind": "source", "subject": subject, "text": text}


def frame(place: Any, now: datetime) -> dict[str, Any]:
    """What is around the text, as a place begins with: the office's name on top and below, the code of the number."""
    key = regimes.regime_on(place, now.astimezone(place.zone).date()).place.office
    office = people.unit(place, key) if key else None
    name = office.name if office is not None else place.name
    short = place.name_zh.rstrip("市县区州旗") if words.chinese() else place.name
    return {
        "kind": "frame",
        "head": _("Document of %(office)s") % {"office": name},
        "code": _("%(place)s Bulletin") % {"place": short or place.name},
        "to": _("To all units concerned:"),
        "signed": name,
        "copy": "",
        "printed": name,
        "annexes": [],
        "named": False,
    }


def of_table(row: Any) -> Composed:
    """An edition: what was compared, who is named, and each group with its ranks and how sure they are."""
    view = tables.view(row)
    period, subject = words.period(view.period.key), f"table:{row.pk}"
    lines = list(tables.standings(row))
    values = {"arena": show(view.name), "period": period}
    edition = edition_words(row)
    ranked = sum(one.rank is not None for one in lines)
    told = _("The standings of %(arena)s for %(period)s are made known.") % values
    counted = ngettext("%(n)s unit was ranked.", "%(n)s units were ranked.", ranked) % {"n": ranked}
    few = len(lines) - ranked
    if few:
        counted += words_gap() + ngettext(
            "Of %(n)s there was too little to judge by.", "Of %(n)s there was too little to judge by.", few
        ) % {"n": few}
    blocks = [paragraph(told + words_gap() + counted), *_named(lines)]
    for group, name in view.groups.items():
        rows = [one for one in lines if one.group == group]
        if rows:
            blocks += [heading(show(name)), {"kind": "table", "subject": subject, **_grid(rows)}]
    if any(one.rank is not None and one.rank_low != one.rank_high for one in lines):
        blocks.append(
            paragraph(
                _(
                    "Two units whose ranks may overlap cannot be told apart by this table. "
                    "Rank intervals hold at 95 %% for the whole group."
                )
                % {}
            )
        )
    blocks.append(source_of(row))
    title = _("Bulletin on the standings of %(arena)s, %(period)s") % values
    return Composed(title, blocks, [(subject, edition)])


def edition_words(row: Any) -> str:
    """An edition by its arena, period and number."""
    view = tables.view(row)
    values = {"arena": show(view.name), "period": words.period(row.period), "edition": row.edition}
    return _("%(arena)s, %(period)s, edition %(edition)s") % values


def source_of(row: Any) -> dict[str, Any]:
    """The line that says which edition figures come from."""
    values = {"edition": edition_words(row), "digest": row.digest[:16]}
    return source(f"table:{row.pk}", _("Source: %(edition)s, digest %(digest)s.") % values)


def full_stop() -> str:
    """What ends a sentence."""
    return "。" if words.chinese() else "."


def words_gap() -> str:
    """What stands between two sentences."""
    return "" if words.chinese() else " "


def _named(lines: list[Any]) -> Iterator[dict[str, Any]]:
    """Who is named best and worst by the table's own rule."""
    for which, said in (
        ("named_best", _("Named best: %(units)s.")),
        ("named_worst", _("Named last: %(units)s.")),
    ):
        names = [one.unit.name for one in lines if getattr(one, which)]
        if names:
            yield paragraph(said % {"units": listed(names)})


def listed(names: list[str]) -> str:
    """Names one after the other."""
    return ("、" if words.chinese() else ", ").join(names)


def _grid(rows: list[Any]) -> dict[str, Any]:
    return {
        "columns": [_("Rank"), _("Rank may be"), _("Unit"), _("Score")],
        "rows": [
            [
                str(one.rank) if one.rank else "—",
                words.ranks(one.rank_low, one.rank_high) if one.rank else _("too few to judge"),
                one.unit.name,
                words.number(one.score, 2) if one.score is not None else "—",
            ]
            for one in rows
        ],
    }


def line_words(line: Any) -> str:
    """A unit's line in a table as a phrase to be put into a text: score, rank and how sure it is."""
    values = {"unit": line.unit.name, "of": line.of}
    if line.rank is None:
        return _("%(unit)s: too few to judge") % values
    values |= {
        "score": f"{line.score.normalize():f}",
        "rank": line.rank,
        "low": line.rank_low,
        "high": line.rank_high,
    }
    if line.rank_low == line.rank_high:
        return _("%(unit)s: %(score)s points, rank %(rank)s of %(of)s") % values
    return _("%(unit)s: %(score)s points, rank %(rank)s of %(of)s (may be %(low)s to %(high)s)") % values
