"""`leitai score` from files to files: the same bytes every time, frames that carry over, draws by seed, refusals."""

from __future__ import annotations

import csv
import json
import random
from pathlib import Path

import pytest
from typer.testing import CliRunner

from leitai.cli import complete

SPEC = """\
score: 1
title: A small index
units: {id: key, group: part}
missing: exclude
measures:
  roads: {treat: [{by: winsorise}], points: {by: min-max}}
  water: {better: less, per: {column: people, times: 1000}, points: {by: z-score, centre: 100, spread: 20}}
  trust: {points: {by: target, target: 80, cap: 120}}
nodes:
  all: {by: geometric, weigh: {works: 60, trust: 40}}
  works: {weigh: {roads: 1, water: 1}}
bonus: {praise: {column: praise, most: 3}}
decimals: 2
"""
NOISE = """\
noise:
  spread: 0.2
  cells: {trust: {se: trust-se}, water: {counts: poisson}, roads: {error: 5, as: percent}}
  choices: {mean: {at: [nodes, all, by], of: [geometric, arithmetic]}}
  top: 2
  bottom: 2
"""
HEAD = "key,part,roads,water,people,trust,trust-se,praise"
ROWS = (
    *("a,n,50,30,9000,81,2,1", "b,n,60,44,8000,77,2,", "c,n,55,52,9900,90,3,9", "d,s,71,9,7000,60,1,0"),
    *("e,s,64,30,6100,70,2,0", "f,s,,18,5000,85,4,-1", "g,s,68,33,9000,66,2,2", "h,n,940,31,8000,71,2,0"),
)


def run(folder: Path, spec: str, rows: tuple[str, ...] = ROWS, *more: object) -> tuple[int, str, Path]:
    """The command on these texts: exit status, what it said, where it wrote."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "spec.yaml").write_text(spec, encoding="utf-8")
    (folder / "data.csv").write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8-sig")
    words = [
        "score",
        "--spec",
        folder / "spec.yaml",
        "--data",
        folder / "data.csv",
        "--out",
        folder / "out",
        *more,
    ]
    done = CliRunner().invoke(complete(), [str(word) for word in words])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output, folder / "out"


def written(out: Path) -> dict[str, bytes]:
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file()}


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_all_files_are_written_and_are_the_same_in_any_order(tmp_path: Path) -> None:
    status, said, out = run(tmp_path / "one", SPEC + NOISE, ROWS, "--draws", 300, "--sobol", 64)
    assert status == 0 and "8 of 8 units ranked" in said
    first = written(out)
    stages = ("1-raw", "2-missing", "3-values", "4-treated", "5-points", "6-nodes", "7-weights")
    assert first.keys() == {
        *(
            "scores.csv",
            "gaps.csv",
            "climbs.csv",
            "frame.yaml",
            "uncertainty.csv",
            "sobol.csv",
            "report.json",
        ),
        *(f"stages/{name}.csv" for name in stages),
    }
    mixed = list(ROWS)
    random.Random(5).shuffle(mixed)
    assert mixed != list(ROWS)
    second = written(run(tmp_path / "two", SPEC + NOISE, tuple(mixed), "--draws", 300, "--sobol", 64)[2])
    # Only what says which bytes were read may differ.
    assert {name for name in first if first[name] != second[name]} == {"report.json"}
    again = written(run(tmp_path / "one", SPEC + NOISE, ROWS, "--draws", 300, "--sobol", 64)[2])
    assert again == first
    other = written(run(tmp_path / "one", SPEC + NOISE, ROWS, "--draws", 300, "--sobol", 64, "--seed", 2)[2])
    assert {name for name in first if first[name] != other[name]} == {
        "uncertainty.csv",
        "sobol.csv",
        "report.json",
    }


def test_scores_stages_and_notes_agree(tmp_path: Path) -> None:
    _, _, out = run(tmp_path, SPEC)
    scores = {row["id"]: row for row in rows_of(out / "scores.csv")}
    nodes = {row["id"]: row for row in rows_of(out / "stages/6-nodes.csv")}
    for unit, row in scores.items():
        assert float(row["score"]) == pytest.approx(float(row["all"]) + float(row["bonus"]), abs=0.0051)
        assert row["all"] == nodes[unit]["all"]
    assert nodes["c"]["praise"] == "3" and nodes["b"]["praise"] == "0"
    report = json.loads((out / "report.json").read_text(encoding="utf-8"))
    assert report["treated"] == {"roads": ["h"]}
    assert list(report["notes"]) == ["f"] and report["notes"]["f"][0]["line"] == 7
    assert "other weights carry" in report["notes"]["f"][0]["text"]
    missing = {row["id"]: row["roads"] for row in rows_of(out / "stages/2-missing.csv")}
    assert missing["f"] == "absent" and missing["a"] == "own"
    weights = {row["child"]: row["share_of_whole"] for row in rows_of(out / "stages/7-weights.csv")}
    assert weights["roads"] == "0.3" and weights["trust"] == "0.4"


def test_a_frame_carries_over_to_a_later_period(tmp_path: Path) -> None:
    _, _, out = run(tmp_path / "base", SPEC)
    frame = (out / "frame.yaml").read_text(encoding="utf-8")
    assert '"roads"' in frame and "least" in frame and "sd" in frame
    # The same data under the frame give the same scores; one unit alone does not move the others any more.
    _, _, same = run(tmp_path / "same", SPEC + frame)
    assert (same / "scores.csv").read_bytes() == (out / "scores.csv").read_bytes()
    moved = ("a,n,52,49,9000,81,2,1", *ROWS[1:])

    def others(spec: str, name: str) -> list[tuple[str, str]]:
        found = run(tmp_path / name, spec, moved)[2]
        return sorted((row["id"], row["score"]) for row in rows_of(found / "scores.csv") if row["id"] != "a")

    before = sorted((row["id"], row["score"]) for row in rows_of(out / "scores.csv") if row["id"] != "a")
    assert others(SPEC + frame, "kept") == before != others(SPEC, "free")


def test_rank_intervals_hold_the_rank_and_chances_add_up(tmp_path: Path) -> None:
    _, _, out = run(tmp_path, SPEC + NOISE, ROWS, "--draws", 2000, "--sobol", 0)
    assert not (out / "sobol.csv").exists()
    found = rows_of(out / "uncertainty.csv")
    for row in found:
        low, middle, high = (float(row[name]) for name in ("rank_low", "rank_median", "rank_high"))
        assert 1 <= low <= middle <= high <= 8
        assert float(row["score_low"]) <= float(row["score_high"])
    # Ties share an end, so the chances add up to two units or a little more.
    assert sum(float(row["p_top_2"]) for row in found) == pytest.approx(2, abs=0.02)
    assert sum(float(row["p_bottom_2"]) for row in found) == pytest.approx(2, abs=0.02)


def test_within_groups_everything_is_within_groups(tmp_path: Path) -> None:
    _, _, out = run(
        tmp_path, SPEC.replace("missing:", "within: group\nmissing:") + NOISE, ROWS, "--draws", 200
    )
    scores = {row["id"]: row for row in rows_of(out / "scores.csv")}
    for part in ("n", "s"):
        assert sorted(row["rank"] for row in scores.values() if row["group"] == part) == ["1", "2", "3", "4"]
    for row in rows_of(out / "gaps.csv"):
        assert scores[row["id"]]["group"] == scores[row["other"]]["group"]
    assert all(float(row["rank_high"]) <= 4 for row in rows_of(out / "uncertainty.csv"))
    assert '"n": {low:' in (out / "frame.yaml").read_text(encoding="utf-8")


def test_what_cannot_be_used_ends_with_2_and_writes_nothing(tmp_path: Path) -> None:
    status, said, out = run(tmp_path / "one", SPEC.replace("trust: 40", "trust: "))
    assert status == 2 and "spec.yaml:10:" in said and "weight of “trust” in “all” is missing" in said
    assert not out.exists()
    status, said, _ = run(tmp_path / "two", SPEC, (*ROWS, "a,n,1,1,1,1,1,1"))
    assert status == 2 and "data.csv:10:1" in said and "there twice, first in line 2" in said
    status, said, _ = run(tmp_path / "three", SPEC, tuple(row.replace("940", "inf") for row in ROWS))
    assert status == 2 and "data.csv:9:3" in said and "no finite number" in said
    words = ["score", "--spec", str(tmp_path / "none.yaml"), "--data", "x.csv", "--out", str(tmp_path)]
    done = CliRunner().invoke(complete(), words)
    assert done.exit_code == 2 and "none.yaml cannot be read: No such file" in done.output
    (tmp_path / "gbk.yaml").write_bytes("标题".encode("gbk"))
    words[2] = str(tmp_path / "gbk.yaml")
    done = CliRunner().invoke(complete(), words)
    assert done.exit_code == 2 and "is not UTF-8 text" in done.output


def test_the_example_of_the_page_runs(tmp_path: Path) -> None:
    page = (Path(__file__).resolve().parents[4] / "docs/how-to/score-an-index.md").read_text(encoding="utf-8")
    blocks = {kind: page.split(f"```{kind}\n")[1].split("```")[0] for kind in ("yaml", "csv")}
    noise = page.split("```yaml\n")[2].split("```")[0]
    for name, text in (("spec.yaml", blocks["yaml"] + noise), ("data.csv", blocks["csv"])):
        (tmp_path / name).write_text(text, encoding="utf-8")
    table = [
        f"{line},{extra}"
        for line, extra in zip(blocks["csv"].splitlines(), ("roads-se", 2, 2, 3), strict=True)
    ]
    (tmp_path / "data.csv").write_text("\n".join(table) + "\n", encoding="utf-8")
    words = [
        "score",
        "--spec",
        tmp_path / "spec.yaml",
        "--data",
        tmp_path / "data.csv",
        "--out",
        tmp_path / "out",
    ]
    done = CliRunner().invoke(complete(), [*map(str, words), "--draws", "200", "--sobol", "32"])
    assert done.exit_code == 0 and "3 of 3 units ranked" in done.output, done.output
    assert len(rows_of(tmp_path / "out/scores.csv")) == 3
