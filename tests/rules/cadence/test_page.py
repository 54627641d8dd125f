"""Every row of the occasions table of docs/explanation/consequences.md is a case."""

from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from leitai.rules.cadence import between
from leitai.rules.regime.model import OccasionSpec
from leitai.rules.worktime import office

PAGE = (Path(__file__).parents[3] / "docs/explanation/consequences.md").read_text(encoding="utf-8")
TABLE = PAGE.split("\n| Every |", 1)[1].split("\n\n", 1)[0].split("\n")[2:]
ZONE = ZoneInfo("Asia/Shanghai")
OFFICE = office("office", ZONE)


@pytest.mark.parametrize("row", TABLE)
def test_occasions(row: str) -> None:
    every, day, other, own, held = (cell.strip() for cell in row.strip("| ").split("|"))
    said = {"name": "x", "on": "office", "every": every, "day": int(day) if day.strip("-").isdigit() else day}
    spec = OccasionSpec.model_validate(said | {"else": other})
    start = datetime.combine(date.fromisoformat(own), time(), ZONE)
    near = between(spec, start - timedelta(days=20), start + timedelta(days=20), OFFICE, ZONE)
    found = {one.nominal.isoformat(): one.at.astimezone(ZONE).date().isoformat() for one in near}
    assert found[own] == held
