"""Targets as responsibility letters state them, and whether a letter is still the one that was signed.

A signed letter's text lies in the ledger too, which is chained and published; a row that says anything else was changed
past the house, and no target of that letter is used before somebody has looked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from leitai.apps.ledger import queries as ledger
from leitai.apps.ledger.errors import refuse
from leitai.rules.kernel import N_
from leitai.rules.ledger import canonical, digest

from ..models import Letter, Term

Terms = Iterable[tuple[str, str, Decimal]]  # measure, key of the period, target


def text_of(letter: Letter, terms: Terms) -> dict[str, Any]:
    """The letter as both sides sign it."""
    return {
        "place": letter.place.key,
        "unit": letter.unit.key,
        "period": letter.period,
        "title": letter.title,
        "document": letter.document,
        "terms": sorted([measure, period, plain(target)] for measure, period, target in terms),
    }


def plain(target: Decimal) -> str:
    """A number as it is written, without zeros that say nothing."""
    return format(target.normalize(), "f")


def digest_of(letter: Letter, terms: Terms) -> str:
    """The digest of the letter's text."""
    return digest(canonical(text_of(letter, terms)))


def terms_of(letter: Letter) -> list[tuple[str, str, Decimal]]:
    """A letter's targets, by measure and period."""
    return list(letter.terms.order_by("measure", "period").values_list("measure", "period", "target"))


def letters(place: Any, unit: Any = None) -> QuerySet[Letter]:
    """Letters of a place, or of one unit, the newest first."""
    rows = Letter.objects.filter(place=place).select_related("unit", "place", "replaces")
    return (rows if unit is None else rows.filter(unit=unit)).order_by("-drafted_at", "-id")


def letter(place: Any, number: int) -> Letter | None:
    """A letter by its number."""
    return letters(place).filter(pk=number).first()


def altered(place: Any) -> dict[int, frozenset[str]]:
    """Numbers of signed letters whose rows no longer say what was signed, with the measures they were about."""
    rows = {row.pk: row for row in letters(place)}
    terms: dict[int, list[Term]] = defaultdict(list)
    for term in Term.objects.filter(letter__place=place):
        terms[term.letter_id].append(term)
    replaced = {row.replaces_id for row in rows.values() if row.signed}
    found: dict[int, frozenset[str]] = {}
    signed: set[int] = set()
    for event in ledger.told(place, "letter.signed"):
        said, number = ledger.data(event), int(event.subject.partition(":")[2])
        signed.add(number)
        row, own = rows.get(number), terms.get(number, [])
        whole = (
            row is not None
            and row.signed
            and digest_of(row, [(one.measure, one.period, one.target) for one in own]) == said["digest"]
            and all(one.standing == (number not in replaced) for one in own)
        )
        if not whole:
            found[number] = frozenset(measure for measure, _period, _target in said["text"]["terms"])
    for number, own in terms.items():
        # A target that counts without a letter that was signed.
        if number not in signed and any(one.standing for one in own):
            found[number] = frozenset(one.measure for one in own)
    return found


def targets(
    place: Any, measure: str, known: Mapping[int, frozenset[str]] | None = None
) -> dict[tuple[int, str], Decimal]:
    """The targets of a measure by unit id and key of period, from the letters in force.

    `known`: what `altered` said, where it was asked. Raises Refused where a letter about the measure was altered.
    """
    for number, about in (altered(place) if known is None else known).items():
        if measure in about:
            raise refuse(
                "letter-altered",
                N_("Letter %(number)s is no longer what was signed; no target of %(measure)s can be used."),
                number=number,
                measure=measure,
            )
    rows = Term.objects.filter(letter__place=place, measure=measure, standing=True)
    return {(row.unit_id, row.period): row.target for row in rows}


def standing(unit: Any, measure: str, period: str) -> Term | None:
    """The target of a unit that counts, with its letter."""
    rows = Term.objects.filter(unit=unit, measure=measure, period=period, standing=True)
    return rows.select_related("letter").first()


def standing_of(place: Any, period: str) -> dict[tuple[int, str], Decimal]:
    """The targets of a period that count, by unit id and measure."""
    rows = Term.objects.filter(letter__place=place, period=period, standing=True)
    return {
        (unit, measure): target for unit, measure, target in rows.values_list("unit_id", "measure", "target")
    }


def terms_about(place: Any, measure: str) -> QuerySet[Term]:
    """Targets of a measure that count, the latest periods first."""
    rows = Term.objects.filter(letter__place=place, measure=measure, standing=True)
    return rows.select_related("unit", "letter").order_by("-period", "unit__key")
