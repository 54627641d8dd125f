"""The Human Development Index of 2021: all 191 published scores and ranks from a spec, by the command itself."""

from __future__ import annotations

import csv
import json
from decimal import Decimal
from pathlib import Path

from typer.testing import CliRunner

from leitai.cli import complete
from tests.data import data_file

SPEC = """\
score: 1
title: Human Development Index 2021
units: {id: iso3, name: country}
missing: drop
measures:
  life: {column: le_2021, points: {by: goalposts, low: 20, high: 85, cap: 1}}
  expected-schooling: {column: eys_2021, points: {by: goalposts, low: 0, high: 18, cap: 1}}
  mean-schooling: {column: mys_2021, points: {by: goalposts, low: 0, high: 15, cap: 1}}
  income: {column: gnipc_2021, points: {by: goalposts, low: 100, high: 75000, log: true, cap: 1}}
nodes:
  hdi: {by: geometric, weigh: {life: 1, education: 1, income: 1}}
  education: {weigh: {expected-schooling: 1, mean-schooling: 1}}
decimals: 3
"""


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_every_published_score_and_rank_is_reproduced(tmp_path: Path) -> None:
    data = data_file("hdi/hdi_2021_inputs_score_rank.csv")
    spec = tmp_path / "hdi.yaml"
    spec.write_text(SPEC, encoding="utf-8")
    words = ["score", "--spec", spec, "--data", data, "--out", tmp_path / "out"]
    done = CliRunner().invoke(complete(), [str(word) for word in words])
    assert done.exit_code == 0, done.output
    assert "191 of 191 units ranked" in done.output
    found = {row["id"]: row for row in rows(tmp_path / "out/scores.csv")}
    published = {row["iso3"]: row for row in rows(data)}
    assert len(published) == 191 and published.keys() == found.keys()
    for key, row in published.items():
        assert Decimal(found[key]["score"]) == Decimal(row["hdi_2021"]), key
        assert Decimal(found[key]["rank"]) == Decimal(row["hdi_rank_2021"]), key
    # Each gap is told exactly, to the last decimal.
    gaps: dict[tuple[str, str], list[Decimal]] = {}
    for row in rows(tmp_path / "out/gaps.csv"):
        gaps.setdefault((row["id"], row["side"], row["gap"]), []).append(Decimal(row["amount"]))
    assert len(gaps) > 2 * 180
    assert all(sum(parts) == Decimal(gap) for (_, _, gap), parts in gaps.items())
    report = json.loads((tmp_path / "out/report.json").read_text(encoding="utf-8"))
    assert report["ranked"] == 191 and report["notes"] == {}
