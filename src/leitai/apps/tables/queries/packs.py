"""A table for others: as one JSON value, and as the files of a pack that recomputes anywhere."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from io import StringIO
from typing import Any

from leitai.apps.people import queries as people
from leitai.apps.regimes import queries as regimes
from leitai.rules.kernel import Period
from leitai.rules.scoring import TableResult
from leitai.rules.scoring.packs import Pack

from ..models import Table
from ..readme import readme
from .changes import edition_of

_NUMBERS = ("rank", "rank_low", "rank_high", "score", "se", "band")


def pack(row: Table) -> dict[str, Any]:
    """All that anyone needs to recompute a table, as one value."""
    return {
        "leitai": 1,
        "place": row.place.key,
        "arena": row.arena,
        "period": row.period,
        "edition": row.edition,
        "digest": row.digest,
        "regime": row.regime_digest,
        "code": row.code_version,
        "spec": json.loads(row.spec),
        "inputs": json.loads(row.inputs),
        "result": json.loads(row.result),
    }


def pack_files(row: Table) -> dict[str, bytes]:
    """The files of a table's pack by name: its three texts, the rule-book, the lines for reading, what it is."""
    books = {one.digest: one.text for one in regimes.versions(row.place)}
    found = Pack(
        place=row.place.key,
        arena=row.arena,
        period=row.period,
        edition=row.edition,
        regime=row.regime_digest,
        code=row.code_version,
        spec=row.spec,
        inputs=row.inputs,
        result=row.result,
        book=books.get(row.regime_digest, ""),
    )
    more = {"README.md": readme(found).encode(), "table.csv": as_csv(row).encode()}
    return dict(sorted(found.files(more).items()))


def lines(row: Table) -> Iterator[dict[str, Any]]:
    """A table's lines as plain values: names in both languages, rank, rank set, score, and each measure's part."""
    names = {unit.key: (unit.name_zh, unit.name_en) for unit in people.units(row.place)}
    result: TableResult = edition_of(row).result
    for line in result.rows:
        said = line.to_json()
        zh, en = names.get(line.unit, ("", ""))
        yield {
            "unit": line.unit,
            "name_zh": zh,
            "name_en": en,
            "group": line.group,
            **{key: said[key] for key in _NUMBERS},
            "named_worst": line.named_worst,
            "named_best": line.named_best,
            "not_ranked": line.reason,
            "measures": {
                one["measure"]: {key: one[key] for key in ("state", "raw", "points", "weight")}
                for one in said["contributions"]
            },
        }


def as_json(row: Table) -> dict[str, Any]:
    """A table for reading by machines: its lines, and where it comes from."""
    return {
        "place": row.place.key,
        "arena": row.arena,
        "period": Period.parse(row.period).key,
        "edition": row.edition,
        "why": row.why,
        "digest": row.digest,
        "regime": row.regime_digest,
        "code": row.code_version,
        "published": row.published_at.isoformat() if row.published_at else None,
        "rows": list(lines(row)),
    }


def as_csv(row: Table) -> str:
    """A table's lines as CSV, one unit a line, with each measure's value, points and state in columns of its own."""
    measures = [one.key for one in edition_of(row).spec.measures]
    head = ["unit", "name_zh", "name_en", "group", *_NUMBERS, "named_worst", "named_best", "not_ranked"]
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*head, *(f"{key}.{part}" for key in measures for part in ("raw", "points", "state"))])
    for line in lines(row):
        cells = [
            line["measures"].get(key, {}).get(part) for key in measures for part in ("raw", "points", "state")
        ]
        writer.writerow([_plain(one) for one in (*(line[key] for key in head), *cells)])
    return out.getvalue()


def _plain(value: Any) -> Any:
    """Truth as yes or nothing; a text that a spreadsheet would take for a formula is kept a text."""
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, str) and value[:1] in ("=", "+", "@"):
        return "'" + value
    return value
