"""Between rows and the core's values: what an edition is known by, and what the drive may ask of it."""

from __future__ import annotations

from typing import Any

from leitai.rules.kernel import Period
from leitai.rules.ledger import canonical, digest

from .models import Table


def table_digest(spec: str, inputs: str, result: str) -> str:
    """What an edition is known by: a hash over its three texts."""
    return digest(canonical({"spec": spec, "inputs": inputs, "result": result}))


def facts(row: Table) -> dict[str, Any]:
    """What conditions and the drive may ask of a table."""
    return {
        "table.arena": row.arena,
        "table.edition": row.edition,
        "table.period.key": row.period,
        "table.period.kind": Period.parse(row.period).kind,
    }
