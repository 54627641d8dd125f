"""`leitai rank` from file to file: the published example, any order the same, and each fault in a sentence."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from leitai.cli import complete
from leitai.rules.scoring import clopper_pearson, funnel_of_rates, multinomial_sets, wilson
from leitai.rules.scoring.funnels import Spread
from tests.data import data_file

HEADER = "id,value,rank,marginal_lower,marginal_upper,simultaneous_lower,simultaneous_upper,in_best_K,in_worst_K,band"
PLAIN = (
    "unit,no,score,se,n,bad\nhall,1,9.5,1,400,20\ndesk,2,80,0.5,50,1\nlab,3,41,2,90,30\nnorth,4,41,2,10,0\n"
)
SCORES = ("--value", "score", "--se", "se")
RATES = ("--n", "n", "--count", "bad", "--higher", "worse")


def rank(folder: Path, text: str, *more: str) -> tuple[int, str, Path]:
    """The command on this file: exit status, what it said, where it wrote."""
    data, out = folder / "data.csv", folder / "out"
    data.write_text(text, encoding="utf-8-sig")
    done = CliRunner().invoke(complete(), ["rank", "--data", str(data), "--out", str(out), *more])
    return done.exit_code, done.output, out


def rows(out: Path, name: str = "ranks.csv") -> list[dict[str, str]]:
    with (out / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_ranks_sets_and_bands(tmp_path: Path) -> None:
    code, said, out = rank(tmp_path, PLAIN, *SCORES, "--best", "1", "--worst", "1")
    assert code == 0, said
    assert (out / "ranks.csv").read_text(encoding="utf-8").splitlines()[:2] == [
        HEADER,
        "desk,80,1,1,1,1,1,true,false,1",
    ]
    found = {row["id"]: row for row in rows(out)}
    assert [row["id"] for row in rows(out)] == ["desk", "lab", "north", "hall"]
    assert (found["lab"]["rank"], found["north"]["rank"]) == ("2", "2")
    assert (found["lab"]["simultaneous_lower"], found["lab"]["simultaneous_upper"]) == ("2", "3")
    assert [found[unit]["band"] for unit in ("desk", "lab", "north", "hall")] == ["1", "2", "2", "3"]
    assert (found["hall"]["in_worst_K"], found["lab"]["in_worst_K"]) == ("true", "false")
    assert "1 share the better rank" in said
    assert "surely among the worst 1, at 0.95 for all together: hall" in said
    assert json.loads((out / "report.json").read_text(encoding="utf-8"))["asked"]["seed"] == 1


def test_without_k_the_columns_are_empty_and_the_other_way_round_the_ranks_turn(tmp_path: Path) -> None:
    code, said, out = rank(tmp_path, PLAIN, *SCORES, "--higher", "worse", "--id", "no")
    assert code == 0, said
    assert [(row["id"], row["rank"], row["in_best_K"]) for row in rows(out)] == [
        ("1", "1", ""),
        ("3", "2", ""),
        ("4", "2", ""),
        ("2", "4", ""),
    ]


def test_the_published_example_from_its_file(tmp_path: Path) -> None:
    text = data_file("rank_sets/pisa2018.csv").read_text(encoding="utf-8")
    with data_file("rank_sets/expected_pisa2018_math.csv").open(encoding="utf-8", newline="") as file:
        expected = {row["jurisdiction"]: row for row in csv.DictReader(file)}
    code, said, out = rank(
        tmp_path, text, "--value", "math_score", "--se", "math_se", "--best", "5", "--worst", "5"
    )
    assert code == 0, said
    assert len(rows(out)) == 38
    for row in rows(out):
        known = expected[row["id"]]
        assert row["rank"] == known["rank"]
        for kind, short in (("marginal", "marg"), ("simultaneous", "simul")):
            assert abs(int(row[f"{kind}_lower"]) - int(known[f"{short}_95_L"])) <= 1
            assert abs(int(row[f"{kind}_upper"]) - int(known[f"{short}_95_U"])) <= 1
        assert row["in_best_K"].upper() == known["tau5best95"]
        assert row["in_worst_K"].upper() == known["tau5worst95"]


def test_the_order_of_lines_changes_no_byte(tmp_path: Path) -> None:
    head, *lines = PLAIN.splitlines()
    more = ("--best", "2", "--worst", "2", "--further", "100")
    texts = []
    for number, order in enumerate((lines, lines[::-1])):
        folder = tmp_path / str(number)
        folder.mkdir()
        code, said, out = rank(folder, "\n".join([head, *order]), *RATES, *more)
        assert code == 0, said
        texts.append([(out / name).read_bytes() for name in ("ranks.csv", "rates.csv")])
    assert texts[0] == texts[1]


def test_rates_have_intervals_limits_and_names(tmp_path: Path) -> None:
    code, said, out = rank(tmp_path, PLAIN, *RATES, "--worst", "1", "--further", "60")
    assert code == 0, said
    assert "named among the worst 1" in said
    found = {row["id"]: row for row in rows(out, "rates.csv")}
    limits = funnel_of_rates([20, 1, 30, 0], [400, 50, 90, 10]).limits[0.95]
    lab = found["lab"]
    assert (float(lab["wilson_lower"]), float(lab["wilson_upper"])) == pytest.approx(wilson(30, 90))
    assert (float(lab["exact_lower"]), float(lab["exact_upper"])) == pytest.approx(clopper_pearson(30, 90))
    assert (float(lab["funnel_95_lower"]), float(lab["funnel_95_upper"])) == pytest.approx(limits[2])
    assert sum(int(row["ask_next"]) for row in found.values()) == 60
    assert rows(out)[-1]["id"] == "lab"
    assert {row["named"] for row in found.values()} <= {"true", "false"}


def test_funnels_are_exact_and_widened_both_ways_around_a_target(tmp_path: Path) -> None:
    code, said, out = rank(tmp_path, PLAIN, *RATES, "--target", "0.15")
    assert code == 0, said
    assert "funnel: target 0.15, over-dispersion phi " in said
    found = {row["id"]: row for row in rows(out, "rates.csv")}
    spreads: tuple[tuple[Spread, str], ...] = (
        ("none", "funnel"),
        ("multiplicative", "funnel_multiplicative"),
        ("additive", "funnel_additive"),
    )
    for spread, name in spreads:
        known = funnel_of_rates([20, 1, 30, 0], [400, 50, 90, 10], 0.15, spread=spread)
        for unit, key in enumerate(("hall", "desk", "lab", "north")):
            assert float(found[key][f"{name}_z"]) == pytest.approx(known.z[unit])
            for level, shown in ((0.95, "95"), (0.998, "99.8")):
                ends = (float(found[key][f"{name}_{shown}_{end}"]) for end in ("lower", "upper"))
                assert tuple(ends) == pytest.approx(known.limits[level][unit])


def test_one_of_one_is_not_told_from_none_of_one(tmp_path: Path) -> None:
    code, said, out = rank(tmp_path, "unit,n,bad\na,1,1\nb,1,0\n", *RATES, "--worst", "1")
    assert code == 0, said
    assert [(row["id"], row["rank"]) for row in rows(out)] == [("b", "1"), ("a", "2")]
    assert {(row["simultaneous_lower"], row["simultaneous_upper"], row["band"]) for row in rows(out)} == {
        ("1", "2", "1")
    }
    assert "surely among the worst 1, at 0.95 for all together: no unit" in said


def test_nothing_is_left_half_written(tmp_path: Path) -> None:
    (tmp_path / "out/rates.csv").mkdir(parents=True)
    code, said, out = rank(tmp_path, PLAIN, *RATES)
    assert code == 2
    assert "rates.csv" in said or "Is a directory" in said
    assert [path.name for path in out.iterdir()] == ["rates.csv"]


def test_exact_sets(tmp_path: Path) -> None:
    code, said, out = rank(tmp_path, PLAIN, "--count", "bad", "--exact", "--correction", "bonferroni")
    assert code == 0, said
    sets = multinomial_sets([20, 1, 30, 0], correction="bonferroni")
    found = {row["id"]: row for row in rows(out)}
    for unit, name in enumerate(("hall", "desk", "lab", "north")):
        assert found[name]["simultaneous_lower"] == str(sets.low[unit])
        assert found[name]["simultaneous_upper"] == str(sets.high[unit])
    code, said, out = rank(tmp_path, PLAIN, *RATES, "--exact")
    assert code == 0, said
    turned = {row["id"]: row for row in rows(out)}
    assert (turned["lab"]["rank"], turned["lab"]["simultaneous_upper"]) == ("4", "4")


def test_lines_without_a_number_stop_it_or_are_left_out_and_said(tmp_path: Path) -> None:
    text = PLAIN.replace("lab,3,41", "lab,3,NaN")
    code, said, _ = rank(tmp_path, text, *SCORES)
    assert code == 2
    assert (
        "data.csv:4: column 'score' of 'lab' has no value (NaN); leave such units out with --missing drop"
        in said
    )
    code, said, out = rank(tmp_path, text, *SCORES, "--missing", "drop")
    assert code == 0
    assert "1 left out, for a number that is missing: lab" in said
    assert [row["id"] for row in rows(out)] == ["desk", "north", "hall"]


@pytest.mark.parametrize(
    ("old", "new", "more", "sentence"),
    [
        (
            "41,2,90",
            "about 41,2,90",
            SCORES,
            "data.csv:4: column 'score' of 'lab' is 'about 41', which is no number",
        ),
        ("41,2,90", "inf,2,90", SCORES, "data.csv:4: column 'score' of 'lab' is inf: an infinite number"),
        ("41,2,90", "41,-2,90", SCORES, "data.csv:4: column 'se' of 'lab' is -2: it cannot be below 0"),
        ("lab", "hall", SCORES, "data.csv:4: 'hall' is there twice, first in line 2"),
        ("lab", "", SCORES, "data.csv:4: column 'unit' is empty"),
        ("41,2,90", "4,1,2,90", SCORES, "data.csv:4: 7 cells, but the first line names 6 columns"),
        ("n,bad", "se,bad", SCORES, "data.csv:1: two columns are called 'se'"),
        (
            "",
            "",
            ("--value", "scores", "--se", "se"),
            "there is no column 'scores'; its columns are unit, no,",
        ),
        ("", "", ("--value", "score"), "say --se COLUMN"),
        ("", "", ("--n", "n"), "--n alone is no rate"),
        ("", "", ("--count", "bad"), "--count needs the cases it is of"),
        ("", "", (*SCORES, "--level", "95"), "--level 95: a level lies from 0.5 to below 1"),
        ("", "", (*SCORES, "--worst", "4"), "of 4 units there are no best or worst 4"),
        ("", "", (*SCORES, "--further", "9"), "--further needs --n and --count"),
        (
            "90,30",
            "90,300",
            RATES,
            "data.csv:4: column 'bad' of 'lab' is 300, more than the 90 of column 'n'",
        ),
        (
            "90,30",
            "90,3.5",
            RATES,
            "data.csv:4: column 'bad' of 'lab' is 3.5: cases are counted in whole numbers",
        ),
        ("41,2,90", "4_1,2,90", SCORES, "data.csv:4: column 'score' of 'lab' is '4_1', which is no number"),
        (
            "41,2,90",
            "1e99,2,90",
            SCORES,
            "data.csv:4: column 'score' of 'lab' is 1e99, larger or finer than any",
        ),
        ("90,30", "1e13,30", RATES, "data.csv:4: column 'n' of 'lab' is 1e13, more cases than can be"),
        (PLAIN, "unit;score;se\na;1;1\n", SCORES, "save it with commas between the columns"),
        ("", "", ("--value", "score", *RATES), "--value score needs its standard error, --se COLUMN"),
        ("", "", (*RATES, "--target", "2"), "--target 2: it is a rate between 0 and 1"),
        (
            "",
            "",
            (*SCORES, "--target", "0.1"),
            "--target 0.1: it is a rate between 0 and 1, of --n and --count",
        ),
        ("90,30", "0,0", RATES, "data.csv:4: column 'n' of 'lab' is 0: of no cases there is no rate"),
        (PLAIN, "", SCORES, "is empty: the first line names the columns"),
        (PLAIN, "unit,score,se\na,1,1\n", SCORES, "only 'a' is there: a ranking takes two units or more"),
        (PLAIN, "unit,score,se\n", SCORES, "no column has names of units"),
        (PLAIN, "unit,score,se\na,7,1\nb,7,2\n", SCORES, "all 2 values are 7: nothing to rank by"),
        (PLAIN, 'unit,score,se\na,"7,1\n', SCORES, "no CSV:"),
    ],
)
def test_each_fault_is_one_sentence_with_its_place(
    tmp_path: Path, old: str, new: str, more: tuple[str, ...], sentence: str
) -> None:
    code, said, out = rank(tmp_path, PLAIN.replace(old, new, 1) if old else PLAIN, *more)
    assert sentence in said
    assert code == 2
    assert len(said.strip().splitlines()) == 1
    assert not out.exists()


def test_trials_refuse_small_places_and_say_what_was_kept() -> None:
    done = CliRunner().invoke(complete(), ["rank", "--calibrate", "--units", "3"])
    assert (done.exit_code, "at least 10 units" in done.output) == (2, True)
    done = CliRunner().invoke(complete(), ["rank", "--calibrate", "--units", "10", "--runs", "2"])
    assert done.exit_code == 0, done.output
    assert "simultaneous rank sets" in done.output
    assert "BELOW" not in done.output
    done = CliRunner().invoke(
        complete(), ["rank", "--simulate", "--units", "100", "--runs", "1", "--further", "50"]
    )
    assert "after 50 further verdicts" in done.output
    assert CliRunner().invoke(complete(), ["rank"]).exit_code == 2
