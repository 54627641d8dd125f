"""Every row of the tables of docs/explanation/casework.md that can be run is a case."""

from datetime import datetime
from pathlib import Path

import pytest

from leitai.rules.casework import FLOWS, meet, resume, says_nothing, start_clocks, suspend, tick
from leitai.rules.regime.model import CaseSpec
from leitai.rules.worktime import office

PAGE = (Path(__file__).parents[3] / "docs/explanation/casework.md").read_text(encoding="utf-8")


def rows(first: str) -> list[list[str]]:
    """The rows of the table whose heading starts with this cell."""
    table = PAGE.split(f"\n| {first} |", 1)[1].split("\n\n", 1)[0].split("\n")[2:]
    return [[cell.strip() for cell in line.strip("| ").split("|")] for line in table]


@pytest.mark.parametrize(("flow", "milestones"), rows("Flow"))
def test_milestones(flow: str, milestones: str) -> None:
    assert FLOWS[flow].milestones == tuple(milestones.split(", "))


def test_every_flow_is_on_the_page() -> None:
    assert [row[0] for row in rows("Flow")] == list(FLOWS)


@pytest.mark.parametrize(("text", "says_something"), rows("Text"))
def test_phrases(text: str, says_something: str) -> None:
    assert says_nothing(text) == (says_something == "no")


@pytest.mark.parametrize("row", rows("Promise"), ids=lambda row: f"{row[0]} from {row[2]}")
def test_clocks(row: list[str]) -> None:
    opened, passed, due, warned = (datetime.fromisoformat(f"{row[n]}+08:00") for n in (2, 3, 4, 5))
    clock = {"until": "closed", "within": row[0], "warn": row[1], "on": "office"}
    spec = CaseSpec.model_validate({"name": "x", "flow": "question", "clocks": {"one": clock}})
    calendars = {"office": office("office", "Asia/Shanghai")}
    clocks = start_clocks(spec, {}, "opened", opened, calendars, lambda text, facts: True)
    (after,), _ = meet(clocks, "closed", passed, FLOWS["question"])
    assert (after.due, after.warn) == (due, warned)
    assert row[6] == ("on time" if after.breached is None else "late")


@pytest.mark.parametrize("row", rows("Limit"), ids=lambda row: f"{row[0]} paused {row[2]}")
def test_pauses(row: list[str]) -> None:
    opened, paused, until = (datetime.fromisoformat(f"{row[n]}+08:00") for n in (1, 2, 3))
    clock = {"until": "closed", "within": row[0], "on": "office"}
    spec = CaseSpec.model_validate({"name": "x", "flow": "question", "clocks": {"one": clock}})
    calendars = {"office": office("office", "Asia/Shanghai")}
    clocks = start_clocks(spec, {}, "opened", opened, calendars, lambda text, facts: True)
    clocks, _ = suspend(clocks, paused, until, calendars)
    if row[4]:
        clocks, _ = resume(clocks, datetime.fromisoformat(f"{row[4]}+08:00"), calendars)
    (running,) = (one for one in clocks if one.running)
    due = row[5].removesuffix(" late")
    assert running.due == datetime.fromisoformat(f"{due}+08:00")
    assert (running.breached is not None) == row[5].endswith("late")
    assert tick(running, running.due)[1] == ()
