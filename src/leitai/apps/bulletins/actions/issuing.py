"""Two people approve a bulletin; with the second approval it has its number, its files, and is public."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import translation

from leitai.apps.ledger.actions import action, record
from leitai.apps.ledger.errors import refuse
from leitai.rules.kernel import N_
from leitai.rules.ledger import digest
from leitai.ui import words

from .. import queries
from ..blocks import checked, frame_of
from ..documents import files
from ..models import Bulletin
from ..rows import digest_of, held, next_serial, number_of, year_of


@action("bulletin.approved", "bulletin.issued")
def approve(*, bulletin: Bulletin, read: str, by: str, now: datetime) -> Bulletin:
    """Approve a draft as it was read (`read`: the digest of its text); the second person's approval issues it.

    Refuses an approval by no person, twice by one, of a text that was changed meanwhile, and of figures or findings
    that were corrected since they were taken.
    """
    row = held(bulletin)
    if not by.startswith("account:"):
        raise refuse("no-person", N_("A bulletin is approved by people."))
    if row.first_by == by:
        raise refuse("two-people", N_("You approved it; a second person does now."))
    if read != digest_of(row):
        raise refuse("changed", N_("The text was changed since you opened it; read it again."))
    checked(row.blocks)
    found = queries.outdated(row)
    if found is not None:
        raise refuse(found.code, found.message, **found.values)
    data: dict[str, Any] = {"kind": row.kind, "digest": digest_of(row)}
    if not row.first_by:
        row.first_by, row.first_at = by, now
        row.save()
        record(
            place=row.place, kind="bulletin.approved", by=by, now=now, subject=f"bulletin:{row.pk}", data=data
        )
        return row
    row.second_by, row.issued_at, row.state = by, now, "issued"
    with translation.override(row.place.language):
        code, year, chinese = frame_of(row.blocks).get("code", ""), year_of(row.place, now), words.chinese()
        row.number = number_of(code, year, next_serial(row.place, code, year, chinese), chinese)[:60]
    row.document, row.pdf = files(row, now)
    row.save()
    unit = queries.unit_of(row)
    data |= {"number": row.number, "document": digest(row.document)}
    data |= {"table": row.table_id} if row.table_id else {}
    data |= {"unit.key": unit.key, "unit.kind": unit.kind} if unit is not None else {}
    record(place=row.place, kind="bulletin.issued", by=by, now=now, subject=f"bulletin:{row.pk}", data=data)
    return row
