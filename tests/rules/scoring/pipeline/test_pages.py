"""Every worked table of the index pages in docs/methods is what the program computes.

A table's columns are the data, but for those that begin with what is expected: value of, treated, points of,
node, score, rank, part of, needed of, cost of, p_ (a probability), first and total (Sobol indices).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from leitai.rules.scoring import round_to
from leitai.rules.scoring.pipeline import Result, Uncertain, climbs, gap, indices, neighbours, sureness
from tests.rules.scoring.pipeline.making import chances, csv, result, spec

PAGES = Path(__file__).resolve().parents[4] / "docs/methods"
NAMES = (
    *("derived", "missing", "outliers", "goalposts", "z-score", "percentile", "distance", "efficacy"),
    *("means", "outranking", "bonus", "frames", "gaps", "climbs"),
)
EXPECTED = re.compile(r"(?:(?:value|points|part|needed|cost) of |treated |node |p_).+|score|rank|first|total")


def tables(name: str) -> Iterator[tuple[str, list[dict[str, str]]]]:
    """The worked tables of a page, each with the spec before it."""
    text = (PAGES / f"{name}.md").read_text(encoding="utf-8").split("## Worked table")[1]
    found = re.findall(r"```yaml\n(.*?)```\n+((?:^\|[^\n]*\n)+)", text, re.DOTALL | re.MULTILINE)
    assert found
    for written, table in found:
        lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()]
        yield with_nodes(written), [dict(zip(lines[0], line, strict=True)) for line in lines[2:]]


def with_nodes(text: str) -> str:
    """The spec with a node of all its measures where the page leaves the tree out."""
    if "nodes:" in text:
        return text
    measures = text.split("measures:")[1].split("\nframe:")[0]
    keys = re.findall(r"^  ([\w-]+):", measures, re.MULTILINE)
    return text + f"nodes: {{all: {{weigh: {{{', '.join(f'{key}: 1' for key in keys)}}}}}}}\n"


def given(rows: list[dict[str, str]]) -> str:
    """The data columns of a table as CSV."""
    header = [name for name in rows[0] if not EXPECTED.fullmatch(name)]
    return csv(header, [["" if row[name] == "—" else row[name] for name in header] for row in rows])


@pytest.mark.parametrize("name", NAMES)
def test_the_worked_tables(name: str) -> None:
    for text, rows in tables(name):
        done = result(text, given(rows))
        for row in rows:
            for column in filter(EXPECTED.fullmatch, row):
                found = computed(done, row["id"], column)
                places = len(row[column].partition(".")[2])
                shown = "—" if found is None else str(round_to(found, places))
                assert shown == row[column], f"{column} of {row['id']}"


def computed(done: Result, unit: str, column: str) -> Decimal | None:
    """What the program has for a unit in a column of a page."""
    line = next(row for row in done.rows() if row.unit == unit)
    if column in ("score", "rank"):
        return line.score if column == "score" else line.rank
    ids = [done.plan.data.ids[index] for index in done.plan.kept]
    place = ids.index(unit)
    word, _, name = column.removeprefix("node ").rpartition(" ")
    if word in ("needed of", "cost of"):
        way = next((one for one in climbs(done) if (one.unit, one.measure) == (place, name)), None)
        if way is None:
            return None
        return way.needed if word == "needed of" else round_to(Decimal(way.cost), 4)
    if word == "part of":
        above = next(above for at, above, _ in neighbours(done) if at == place)
        return None if above is None else gap(done, above, place).parts.get((name, "points"), Decimal(0))
    stage = {"value of": done.flow.values, "treated": done.flow.treated}.get(word, done.flow.points)
    there = done.plan.filled[name].there if word in ("value of", "treated") else done.flow.there[name]
    return stage[name][place] if there[place] else None


def test_the_probabilities_of_a_drawn_table() -> None:
    ((text, rows),) = tables("drawn")
    parsed, done = spec(text), result(text, given(rows))
    uncertain = Uncertain(done, parsed.tree, parsed.positions)
    sure = sureness(uncertain, chances, 40_000)
    for n, row in enumerate(rows):
        assert sure.top[n] == pytest.approx(float(row["p_top_1"]), abs=0.01)
        assert sure.bottom[n] == pytest.approx(float(row["p_bottom_1"]), abs=0.01)


def test_the_sobol_indices_of_two_choices_that_add() -> None:
    ((text, rows),) = tables("sobol")
    parsed = spec(text)
    done = result(text, "id,x,big,large\na,10,9,9\nb,20,9,9\n")
    found = indices(Uncertain(done, parsed.tree, parsed.positions), chances, 20_000)
    assert found.factors == tuple(row["factor"] for row in rows)
    for k, row in enumerate(rows):
        for unit in (0, 1):
            assert found.first[k, unit] == pytest.approx(float(row["first"]), abs=0.03)
            assert found.total[k, unit] == pytest.approx(float(row["total"]), abs=0.03)


def test_every_page_of_the_pipeline_is_tested_and_listed() -> None:
    listed = (PAGES / "README.md").read_text(encoding="utf-8")
    for name in (*NAMES, "drawn", "sobol"):
        assert f"({name}.md)" in listed
