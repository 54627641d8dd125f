"""What a file rests on, as links that can be followed: the line of a table, a case, a reading, a meeting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from leitai.apps.casework import queries as cases
from leitai.apps.people.access import Visit
from leitai.apps.tables import queries as tables
from leitai.ui import words

from .models import Proposal

# By room of a subject: what it is called, and the address that shows it by number, where there is one.
ROOMS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "ballot": (N_("Verdict"), ""),
        "commitment": (N_("Commitment"), ""),
        "contest": (N_("Contest"), "contests:one"),
        "finding": (N_("Finding of an inspection"), ""),
        "nomination": (N_("Nomination"), ""),
        "occasion": (N_("Occasion"), "occasions:meeting"),
        "preparation": (N_("Preparation"), ""),
        "reading": (N_("Reading"), "measures:reading"),
        "statement": (N_("Statement"), ""),
    }
)


@dataclass(frozen=True)
class Piece:
    """A piece of evidence: what it is, and where it is shown to this viewer; "" where it is not."""

    said: str
    url: str


def pieces(visit: Visit, row: Proposal) -> list[Piece]:
    """What a file rests on."""
    return [_piece(visit, row, subject) for subject in row.links]


def _piece(visit: Visit, row: Proposal, subject: str) -> Piece:
    room, _colon, ref = subject.partition(":")
    if room == "table" and ref.isdecimal():
        return _table(visit, row, int(ref), subject)
    if room == "case":
        return _case(visit, ref)
    if room == "event" and ref.isdecimal():
        return Piece(_("number %(seq)s in the ledger") % {"seq": ref}, ledger(visit, int(ref)))
    name, page = ROOMS.get(room, ("", ""))
    said = f"{_(name)} {ref}" if name else subject
    seen = visit.viewer.may("desk.see", row.unit)
    if room == "ballot" and seen:
        return Piece(_(name), reverse("web:unit_verdicts", args=[visit.place.key, row.unit.key]))
    number = int(ref) if ref.isdecimal() else None
    return Piece(said, reverse(page, args=[visit.place.key, number]) if page and number and seen else "")


def ledger(visit: Visit, number: int) -> str:
    """Where an event of the ledger is shown."""
    return f"{reverse('web:log', args=[visit.place.key])}?before={number + 1}"


def _table(visit: Visit, row: Proposal, number: int, subject: str) -> Piece:
    table = tables.table(visit.place, number)
    if table is None:
        return Piece(subject, "")
    view = tables.view(table)
    values = {
        "arena": view.name.show(_language()),
        "period": words.period(table.period),
        "edition": table.edition,
    }
    said = _("%(arena)s, %(period)s, edition %(edition)s: the unit's line") % values
    return Piece(said, reverse("tables:why", args=[visit.place.key, number, row.unit.key]))


def _case(visit: Visit, ref: str) -> Piece:
    case = cases.case(visit.place, ref)
    if case is None:
        return Piece(ref, "")
    said = f"{cases.kind_label(case).show(_language())} {ref}"
    seen = visit.viewer.may("case.see", case.unit) if case.unit else visit.viewer.may("case.run")
    return Piece(said, reverse("casework:case", args=[visit.place.key, ref]) if seen else "")


def _language() -> str:
    return get_language() or "zh-hans"
