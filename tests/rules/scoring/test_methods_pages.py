"""Every worked table in docs/methods is what the program computes, and every method has its page."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path

import pytest

from leitai.rules.scoring import (
    METHODS,
    Cell,
    Given,
    Measure,
    Method,
    TableInputs,
    TableSpec,
    UnitInputs,
    bands,
    compute,
    dec,
    points,
    rank_intervals,
    ranks,
    rate_se,
    wilson,
)

PAGES = Path(__file__).resolve().parents[3] / "docs" / "methods"
Table = list[dict[str, str]]


def tables(page: str) -> list[tuple[str, Table]]:
    """The tables under "Worked table", each with the JSON before it (or "")."""
    text = (PAGES / page).read_text(encoding="utf-8").split("## Worked table")[1]
    found = []
    for match in re.finditer(r"(?:```json\n(.*?)```\n+)?((?:^\|[^\n]*\n)+)", text, re.DOTALL | re.MULTILINE):
        lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in match[2].splitlines()]
        rows = [dict(zip(lines[0], line, strict=True)) for line in lines[2:]]
        found.append((match[1] or "", rows))
    assert found
    return found


def number(cell: str | None) -> Decimal | None:
    return None if cell in (None, "—") else Decimal(cell)


@pytest.mark.parametrize("by", METHODS)
def test_the_points_of_each_method(by: str) -> None:
    for text, rows in tables(f"{by}.md"):
        said = json.loads(text)
        assert said["points"]["by"] == by
        method = Method.from_json(said["points"])
        values = [number(row["value"]) for row in rows]
        found = points(method, said["better"], values, [number(row.get("target")) for row in rows])
        shown = ["—" if one is None else str(dec(one)) for one in found]
        assert shown == [row["points"] for row in rows]


def test_the_weighted_mean() -> None:
    for _, rows in tables("weighted-mean.md"):
        weights = {name: re.fullmatch(r"\w \((\d+)\)", name) for name in rows[0]}
        measures = {name: Decimal(found[1]) for name, found in weights.items() if found}
        spec = TableSpec(
            "a", "2022", tuple(Measure(key, Given(), weight) for key, weight in measures.items())
        )
        units = (
            UnitInputs(row["unit"], "g", {key: Cell(number(row[key])) for key in measures}) for row in rows
        )
        result = compute(spec, TableInputs(tuple(units)))
        for row in rows:
            assert str(result.row(row["unit"]).score or "—") == row["score"]


def test_the_ranks() -> None:
    ((_, rows),) = tables("ranks.md")
    scores = [Decimal(row["score"]) for row in rows]
    for ties in ("better", "worse", "dense"):
        assert [str(rank) for rank in ranks(scores, ties)] == [row[ties] for row in rows]


def test_the_rates() -> None:
    ((_, rows),) = tables("rates.md")
    for row in rows:
        hits, n = int(row["hits"]), int(row["n"])
        low, high = wilson(hits, n)
        se = rate_se(hits, n)
        assert (f"{low:.4f}", f"{high:.4f}") == (row["low"], row["high"])
        assert ("—" if se is None else f"{se:.4f}") == row["se"]


def test_the_rank_sets() -> None:
    for _, rows in tables("rank-sets.md"):
        scores, errors = [float(row["score"]) for row in rows], [float(row["se"]) for row in rows]
        sets = rank_intervals(scores, errors)
        assert round(sets.z, 3) == 2.638
        found = zip(sets.low, sets.high, bands(scores, errors, sets.z), strict=True)
        assert [tuple(map(str, one)) for one in found] == [
            (row["from"], row["to"], row["band"]) for row in rows
        ]
