"""Writing bulletins: a published table drawn up as a Word document, once per edition."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import translation

from leitai.apps.ledger.actions import UNCHANGED, action, record
from leitai.apps.ledger.errors import refuse
from leitai.apps.tables import queries as tables
from leitai.rules.kernel import N_
from leitai.rules.ledger import digest

from .document import draw_up
from .models import Bulletin


@action("bulletin.drawn")
def draw(*, table: Any, by: str, now: datetime) -> Bulletin:
    """Draw up the bulletin of a published table in the place's language. A second call changes nothing."""
    if table.published_at is None:
        raise refuse("not-published", N_("A bulletin is drawn up from a published table."))
    if Bulletin.objects.filter(table=table).exists():
        return UNCHANGED
    place = table.place
    with translation.override(place.language):
        title, document = draw_up(tables.view(table), tables.standings(table), place, now)
    row = Bulletin.objects.create(
        place=place, table=table, title=title, document=document, drawn_at=now, drawn_by=by
    )
    record(
        place=place,
        kind="bulletin.drawn",
        by=by,
        now=now,
        subject=f"bulletin:{row.pk}",
        data={"table": table.pk, "digest": digest(document)},
    )
    return row
