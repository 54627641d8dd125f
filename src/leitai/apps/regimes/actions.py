"""Writing rule-books: a new text in force from its own day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from leitai.apps.ledger.actions import UNCHANGED, action, record
from leitai.apps.ledger.errors import Refused, refuse
from leitai.rules.kernel import N_, Finding, Severity
from leitai.rules.ledger import digest
from leitai.rules.regime.check import check_text
from leitai.rules.regime.units import Unit

from .models import Version
from .queries import forget


@action("regime.loaded")
def load(
    *, place: Any, text: str, file: str = "", units: Mapping[str, Unit] | None = None, by: str, now: datetime
) -> Any:
    """Put a rule-book in force from the day it states. The same text twice changes nothing.

    Raises Refused with the first error where the text has any; `leitai regime check` shows them all.
    """
    checked = check_text(text, file=file, units=units)
    errors: list[Finding] = [one for one in checked.findings if one.severity is Severity.ERROR]
    if errors or checked.regime is None:
        raise Refused(errors[0])
    if checked.regime.place.key != place.key:
        raise refuse(
            "other-place",
            N_("This rule-book is of %(found)s, not of %(place)s."),
            found=checked.regime.place.key,
            place=place.key,
        )
    name = digest(text.encode())
    if Version.objects.filter(place=place, digest=name).exists():
        return UNCHANGED
    row = Version.objects.create(
        place=place,
        in_force=checked.regime.regime.in_force,
        text=text,
        digest=name,
        loaded_at=now,
        loaded_by=by,
    )
    forget(place)
    record(
        place=place,
        kind="regime.loaded",
        by=by,
        now=now,
        subject=f"regime:{name[:12]}",
        data={"digest": name, "in_force": row.in_force},
    )
    return row
