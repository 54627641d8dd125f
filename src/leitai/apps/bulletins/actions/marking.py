"""What was issued stays as it was; a correction of what it rests on marks it."""

from __future__ import annotations

from datetime import datetime

from leitai.apps.ledger.actions import UNCHANGED, action, record
from leitai.apps.ledger.errors import refuse
from leitai.rules.kernel import N_

from ..blocks import clean
from ..models import Bulletin

MOST = 500


@action("bulletin.marked")
def mark(*, bulletin: Bulletin, why: str, cause: str = "", by: str, now: datetime) -> Bulletin:
    """Mark an issued bulletin as corrected since, the newest correction first; the same one again changes nothing."""
    row = Bulletin.objects.select_for_update().select_related("place").get(pk=bulletin.pk)
    if row.state != "issued":
        raise refuse("not-issued", N_("Only what was issued is marked; a draft is written anew."))
    said = clean(why).replace("\n", " ")
    if not said or said in row.mark.split("\n"):
        return UNCHANGED
    row.mark, row.marked_at = "\n".join([said, *filter(None, row.mark.split("\n"))])[:MOST], now
    row.save(update_fields=["mark", "marked_at"])
    record(
        place=row.place,
        kind="bulletin.marked",
        by=by,
        now=now,
        subject=f"bulletin:{row.pk}",
        data={"number": row.number, "why": said},
        cause=cause,
    )
    return row
