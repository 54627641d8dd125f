"""What several actions of this room do to a bulletin's rows: take hold of it, hold its citations to its text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from leitai.apps.ledger.errors import refuse
from leitai.rules.kernel import N_
from leitai.rules.ledger import canonical, digest

from .blocks import texts
from .models import Bulletin, Citation

_SERIAL = re.compile(r"(\d+)\D*$")


def held(bulletin: Bulletin) -> Bulletin:
    """The bulletin for writing, the draft that it must be."""
    row = (
        Bulletin.objects.select_for_update(of=("self",)).select_related("place", "table").get(pk=bulletin.pk)
    )
    if row.state != "draft":
        raise refuse("no-draft", N_("This bulletin is no draft any more; what was issued stays as it was."))
    return row


def digest_of(row: Any) -> str:
    """The digest of what a bulletin says: title and text. Whoever approves names it, so that both approve the same."""
    return digest(canonical({"title": row.title, "blocks": list(row.blocks)}))


def cite(row: Bulletin, cited: Iterable[tuple[str, str]]) -> None:
    """Note what figures rest on; one that is noted stays."""
    Citation.objects.bulk_create(
        [Citation(bulletin=row, subject=subject, text=text[:300]) for subject, text in dict.fromkeys(cited)],
        ignore_conflicts=True,
    )


def uncite(row: Bulletin, picked: Iterable[Citation]) -> list[str]:
    """Remove the citations of figures that the text has no more; the figures."""
    whole = texts(row.blocks)
    gone = [one for one in picked if one.text not in whole]
    Citation.objects.filter(pk__in=[one.pk for one in gone]).delete()
    return [one.text for one in gone]


def unapproved(row: Bulletin) -> None:
    """Who approved it had read another text."""
    row.first_by, row.first_at = "", None


def number_of(code: str, year: int, serial: int, chinese: bool) -> str:
    """A document's number: the code of the body, the year in its brackets, the serial without noughts before it."""
    return f"{code}〔{year}〕{serial}号" if chinese else f"{code} [{year}] No. {serial}"


def next_serial(place: Any, code: str, year: int, chinese: bool) -> int:
    """The serial after the last that was given under a code in a year."""
    begins = number_of(code, year, 0, chinese).rpartition("0")[0]
    given = Bulletin.objects.filter(place=place, number__startswith=begins).values_list("number", flat=True)
    return 1 + max((int(found[1]) for one in given if (found := _SERIAL.search(one))), default=0)


def year_of(place: Any, at: datetime) -> int:
    """The year of an instant in the place."""
    return at.astimezone(place.zone).year
