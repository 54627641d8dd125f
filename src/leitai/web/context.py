"""What the foot of every page shows of the ledger: its newest published head, to be copied and held against it later.

The base template belongs to `ui`, which knows no feature; so a room above hands it the head, as a context processor.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from leitai.apps.ledger import queries as ledger


def ledger_head(request: HttpRequest) -> dict[str, Any]:
    """`ledger_head`: the newest head of the page's place, asked for only where a template shows it; else None."""

    def newest() -> Any:
        visit = getattr(request, "visit", None)
        heads = ledger.heads(visit.place, 1) if visit else []
        return heads[0] if heads else None

    return {"ledger_head": newest}
