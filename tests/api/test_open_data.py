"""Open data: counts that anyone can add up again, of months that are over, with nobody's verdict in them."""

from __future__ import annotations

import csv
import io
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from leitai.apps.ballots.actions import BallotRecord, import_ballots
from leitai.apps.ballots.models import Tally
from leitai.apps.people.actions import UnitDraft, put_units
from tests.factories import BY, NOW, Town

from .conftest import Caller


def take(town: Town, *said: tuple[str, str, str], start: int = 0) -> None:
    """Imported verdicts: (unit, grade, instant)."""
    records = [
        BallotRecord(f"n{number}", town.units[unit].pk, grade, datetime.fromisoformat(at))
        for number, (unit, grade, at) in enumerate(said, start)
    ]
    import_ballots(place=town.place, source="old", records=records, by=BY, now=NOW)


def text(answer: Any) -> str:
    assert answer.status_code == 200, answer.content
    return b"".join(answer.streaming_content).decode("utf-8")


def rows(answer: Any) -> list[dict[str, str]]:
    whole = text(answer)
    assert whole.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(whole.removeprefix("\ufeff"))))


@pytest.fixture
def year(town: Town) -> Town:
    """Three months of verdicts, and one in the running month."""
    take(
        town,
        ("tax", "satisfied", "2024-01-31T15:59:59+00:00"),
        ("tax", "satisfied", "2024-01-31T16:00:00+00:00"),  # February already, by the place's clock
        ("tax", "satisfied", "2024-02-10T00:00:00+00:00"),
        ("tax", "dissatisfied", "2024-02-11T00:00:00+00:00"),
        ("water", "satisfied", "2024-02-29T10:00:00+00:00"),
        ("water", "dissatisfied", "2024-03-05T10:00:00+00:00"),
    )
    town.verdict(at=datetime.now(UTC))
    return town


def test_months_that_are_over_are_counted_by_unit_grade_and_standing(year: Town, anyone: Caller) -> None:
    found = rows(anyone.get("open/verdicts.csv"))
    said = [(one["month"], one["unit"], one["grade"], one["bad"], one["standing"], one["n"]) for one in found]
    assert said == [
        ("2024-01", "tax", "satisfied", "false", "counted", "1"),
        ("2024-02", "tax", "dissatisfied", "true", "counted", "1"),
        ("2024-02", "tax", "satisfied", "false", "counted", "2"),
        ("2024-02", "water", "satisfied", "false", "counted", "1"),
        ("2024-03", "water", "dissatisfied", "true", "counted", "1"),
    ]
    assert {one["unit_name_en"] for one in found} == {"Tax Bureau", "Water Bureau"}
    assert {one["channel"] for one in found} == {"imported"}


def test_a_month_that_runs_is_not_given_out(year: Town, anyone: Caller) -> None:
    month = f"{datetime.now(year.place.zone):%Y-%m}"
    assert rows(anyone.get("open/verdicts.csv", from_=month)) == []
    assert month not in text(anyone.get("open/verdicts.csv", to=month))


def test_a_span_of_months_is_cut_out(year: Town, anyone: Caller) -> None:
    def months(**span: str) -> list[str]:
        return sorted({one["month"] for one in rows(anyone.get("open/verdicts.csv", **span))})

    assert months(from_="2024-02") == ["2024-02", "2024-03"]
    assert months(to="2024-02") == ["2024-01", "2024-02"]
    assert months(from_="2024-02", to="2024-02") == ["2024-02"]
    assert months(from_="1900-01", to="2199-12") == ["2024-01", "2024-02", "2024-03"]
    assert anyone.get("open/verdicts.csv", from_="2024-03", to="2024-02").json()["code"] == "bad-span"


def test_both_files_say_the_same_and_no_more_than_the_description(year: Town, anyone: Caller) -> None:
    table = parquet.read_table(
        pa.BufferReader(b"".join(anyone.get("open/verdicts.parquet").streaming_content))
    )
    sheet = rows(anyone.get("open/verdicts.csv"))
    as_text = [
        {k: str(v).lower() if k == "bad" else str(v) for k, v in row.items()} for row in table.to_pylist()
    ]
    assert as_text == sheet
    described = anyone.get("open/datapackage.json").json()
    for resource in described["resources"]:
        assert [one["name"] for one in resource["schema"]["fields"]] == table.column_names == list(sheet[0])
        assert anyone.get(f"open/{resource['path']}").status_code == 200
    assert set(table.column_names) & {"receipt", "cast_at", "day", "point", "device", "network"} == set()


def test_the_counts_add_up_to_the_tallies(year: Town, anyone: Caller) -> None:
    here = Counter({one["unit"]: 0 for one in rows(anyone.get("open/verdicts.csv"))})
    for one in rows(anyone.get("open/verdicts.csv")):
        here[one["unit"]] += int(one["n"])
    there = Counter(
        {
            row.unit.key: sum(Tally.objects.filter(unit=row.unit, day__year=2024).values_list("n", flat=True))
            for row in Tally.objects.filter(day__year=2024).select_related("unit")
        }
    )
    assert here == there


def test_verdicts_set_aside_and_found_true_are_counted_apart(town: Town, anyone: Caller) -> None:
    when = datetime(2024, 3, 1, tzinfo=UTC)
    unit = town.units["tax"].pk
    records = [
        BallotRecord("1", unit, "dissatisfied", when, standing="upheld"),
        BallotRecord("2", unit, "dissatisfied", when, standing="set_aside", reason="given by mistake"),
        BallotRecord("3", unit, "dissatisfied", when),
        BallotRecord("4", unit, "dissatisfied", when, channel="hotline"),
    ]
    import_ballots(place=town.place, source="old", records=records, by=BY, now=NOW)
    whole = text(anyone.get("open/verdicts.csv"))
    said = [line.split(",")[4:] for line in whole.splitlines()[1:]]
    assert said == [
        ["hotline", "dissatisfied", "true", "counted", "1"],
        ["imported", "dissatisfied", "true", "counted", "1"],
        ["imported", "dissatisfied", "true", "set_aside", "1"],
        ["imported", "dissatisfied", "true", "upheld", "1"],
    ]
    assert "mistake" not in whole


def test_a_name_that_a_spreadsheet_would_compute_stays_a_name(town: Town, anyone: Caller) -> None:
    name = '=HYPERLINK("http://example.org")'
    draft = UnitDraft("tax", name, '@SUM(1)"', parent="town-hall", kind="bureau")
    put_units(place=town.place, drafts=[draft], by=BY, now=NOW)
    take(town, ("tax", "satisfied", "2024-03-01T00:00:00+00:00"))
    (row,) = rows(anyone.get("open/verdicts.csv"))
    assert (row["unit_name_zh"], row["unit_name_en"]) == (f"'{name}", "'@SUM(1)\"")
    table = parquet.read_table(
        pa.BufferReader(b"".join(anyone.get("open/verdicts.parquet").streaming_content))
    )
    assert table.to_pylist()[0]["unit_name_zh"] == name


def test_a_place_without_verdicts_has_files_without_rows(town: Town, anyone: Caller) -> None:
    answer = anyone.get("open/verdicts.csv")
    assert answer["Content-Disposition"] == 'attachment; filename="verdicts-town.csv"'
    assert rows(answer) == []
    empty = anyone.get("open/verdicts.parquet")
    assert empty["Content-Type"] == "application/vnd.apache.parquet"
    assert parquet.read_table(pa.BufferReader(b"".join(empty.streaming_content))).num_rows == 0


def test_no_other_place_is_in_it(town: Town, vale: Town, anyone: Caller) -> None:
    take(vale, ("tax", "satisfied", "2024-03-01T00:00:00+00:00"))
    assert rows(anyone.get("open/verdicts.csv")) == []
    assert len(rows(Caller("vale").get("open/verdicts.csv"))) == 1


def test_the_description_is_in_the_readers_language(town: Town, anyone: Caller) -> None:
    assert anyone.get("open/datapackage.json").json()["title"] == "Town: verdicts by month"
    assert Caller("town", language="zh").get("open/datapackage.json").json()["title"].startswith("镇")
