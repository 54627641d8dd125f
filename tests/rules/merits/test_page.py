"""Every row of the merit table of docs/explanation/consequences.md is a case."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from leitai.rules.merits import check_decide, propose
from leitai.rules.regime.model import MeritSpec
from leitai.rules.worktime import office

PAGE = (Path(__file__).parents[3] / "docs/explanation/consequences.md").read_text(encoding="utf-8")
TABLE = PAGE.split("\n| File |", 1)[1].split("\n\n", 1)[0].split("\n")[2:]
NOW = datetime.fromisoformat("2026-03-02T09:00+08:00")
OFFICE = office("office", "Asia/Shanghai")


@pytest.mark.parametrize("row", TABLE)
def test_decisions(row: str) -> None:
    tone, reply, window, decided = (cell.strip() for cell in row.strip("| ").split("|"))
    waits = {} if window == "not set" else {"reply": "3 workdays", "on": "office"}
    spec = MeritSpec.model_validate({"name": "x", "tone": tone} | waits)
    filed = propose(spec, "x", "bureau-a", "rule 7", "overdue", ("event 1",), NOW, OFFICE,
                    number="article 7", links=("case:1",))  # fmt: skip
    now = NOW + timedelta(days=9 if window == "over" else 1)
    finding = check_decide(filed, now, "heard" if reply == "given" else None)
    assert (finding is None) == (decided == "yes")
