"""The workbook goes out locked but for what is asked, and comes back once, each bad cell told by its address."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from leitai.apps.ledger.models import Event
from leitai.apps.measures import actions, incoming, queries
from leitai.apps.measures.models import Reading
from leitai.apps.measures.workbook import filled, template
from leitai.apps.regimes.queries import regime_on
from leitai.cli import complete
from leitai.rules.kernel import Period, Text
from tests.factories import BUREAUS, BY, NOW, Town, build, refused

MARCH = Period.parse("2024-03")
pytestmark = pytest.mark.usefixtures("english")


def made(town: Town, units: tuple[str, ...] = BUREAUS, period: Period = MARCH) -> bytes:
    regime = regime_on(town.place, period.last)
    return template(town.place, [town.units[key] for key in units], regime, period, NOW)


def typed(data: bytes, **cells: Any) -> bytes:
    """The workbook with these cells filled in."""
    book, out = load_workbook(BytesIO(data)), BytesIO()
    for address, value in cells.items():
        book.worksheets[0][address] = value
    book.save(out)
    return out.getvalue()


def about(data: bytes, row: int, value: str) -> bytes:
    book, out = load_workbook(BytesIO(data)), BytesIO()
    book["leitai"].cell(row, 2, value)
    book.save(out)
    return out.getvalue()


def read(town: Town, data: bytes) -> Any:
    return filled(town.place, data, lambda period: regime_on(town.place, period.last))


def take(town: Town, data: bytes, may: Any = lambda _unit: True) -> tuple[int, int, dict[str, str]]:
    lines, faults, _period = read(town, data)
    told = incoming.take(town.place, lines, may, by=BY, now=NOW)
    return told.taken, told.known, {where: one.code for where, one in [*faults, *told.rejected]}


def line(data: bytes, unit: str) -> int:
    """The row of a unit."""
    sheet = load_workbook(BytesIO(data)).worksheets[0]
    return next(row for row in range(4, sheet.max_row + 1) if sheet.cell(row, 1).value == unit)


def test_only_what_is_asked_can_be_typed_into(town: Town) -> None:
    town.report("roads", "2024-03", "8.5")
    data = made(town)
    book = load_workbook(BytesIO(data))
    sheet, at = book.worksheets[0], line(data, "roads")
    assert sheet.protection.sheet and book["leitai"].sheet_state == "hidden"
    free = {cell.coordinate for row in sheet.iter_rows() for cell in row if not cell.protection.locked}
    assert free == {f"G{line(data, 'tax')}", f"G{line(data, 'water')}"}
    assert (sheet[f"G{at}"].value, sheet[f"J{at}"].value) == (8.5, "reported")
    assert sheet[f"J{line(data, 'water')}"].value == "late"


def test_a_filled_workbook_is_taken_once(town: Town) -> None:
    data = made(town)
    data = typed(data, **{f"G{line(data, 'water')}": 8.1, f"G{line(data, 'tax')}": "1,234.5"})
    assert take(town, data) == (2, 0, {})
    before = Event.objects.count()
    assert take(town, data) == (0, 2, {})
    assert Event.objects.count() == before
    assert {row.unit.key: row.value for row in queries.current(town.place, "funds", ["2024-03"])} == {
        "water": Decimal("8.1"),
        "tax": Decimal("1234.5"),
    }


def test_each_bad_cell_is_told_by_its_address_and_the_rest_is_taken(town: Town) -> None:
    held = town.report("roads", "2024-03", 8)
    data = made(town)
    water, roads, tax = (line(data, key) for key in ("water", "roads", "tax"))
    cells = {f"G{water}": "eight", f"G{roads}": 9, f"G{tax}": 7}
    assert take(town, typed(data, **cells)) == (
        1,
        0,
        {f"G{water}": "not-a-number", f"G{roads}": "held-other"},
    )
    held.refresh_from_db()
    assert held.value == 8
    for value in ("inf", True, 1e18, "0.0000001"):
        assert take(town, typed(made(town), **{f"G{water}": value}))[2] == {f"G{water}": "not-a-number"}, (
            value
        )


def test_a_row_that_was_moved_or_made_up_is_told(town: Town) -> None:
    data = made(town, ("water",))
    assert take(town, typed(data, G4=5, A5="water", C5="funds", G5=6)) == (1, 0, {"G5": "twice"})
    assert take(town, typed(data, A4="moon", G4=5))[2] == {"G4": "unknown-unit"}
    assert take(town, typed(data, C4="fund", G4=5))[2] == {"G4": "unknown-measure"}
    assert take(town, typed(data, C4="finished", G4=5))[2] == {"G4": "computed"}
    assert take(town, typed(data, G4=5, H4=3))[2] == {"G4": "held-other"}


def test_a_unit_reports_for_itself_alone(town: Town) -> None:
    data = made(town)
    data = typed(data, **{f"G{line(data, key)}": 5 for key in BUREAUS})
    taken, _known, rejected = take(town, data, lambda unit: unit.key == "water")
    assert taken == 1 and sorted(rejected.values()) == ["unknown-unit", "unknown-unit"]


def test_a_figure_in_parts_from_another_system_is_not_asked_for(town: Town) -> None:
    parts = [
        actions.ReadingRecord(str(n), town.units["water"].pk, "funds", "2024-03", Decimal(n)) for n in (1, 2)
    ]
    actions.import_readings(place=town.place, source="old", records=parts, by=BY, now=NOW)
    data = made(town, ("water",))
    assert load_workbook(BytesIO(data)).worksheets[0]["G4"].value is None
    assert take(town, data) == (0, 0, {})
    assert take(town, typed(data, G4=5))[2] == {"G4": "held-other"}


def test_what_is_no_workbook_of_ours_is_refused(town: Town, vale: Town) -> None:
    data = made(town)
    for content in (b"", b"PK\x03\x04", b"unit,value\nwater,8\n"):
        with refused("not-our-workbook"):
            read(town, content)
    with refused("too-big"):
        read(town, b"x" * (3 << 20))
    with refused("other-place"):
        read(vale, data)
    with refused("other-edition"):
        read(town, about(data, 1, "leitai-readings/0"))
    with refused("other-meaning"):
        read(town, about(data, 4, "0" * 64))
    with refused("nothing-asked"):
        made(town, ("tax-window",))


def test_a_measure_that_came_to_mean_something_else_is_not_taken(town: Town) -> None:
    data = typed(made(town, ("water",)), G4=5)

    def later(period: Period) -> Any:
        regime = regime_on(town.place, period.last)
        changed = regime.measures["funds"].model_copy(update={"unit": Text(en="million")})
        return regime.model_copy(update={"measures": regime.measures | {"funds": changed}})

    with refused("other-meaning"):
        filled(town.place, data, later)


@pytest.mark.django_db
def test_the_command_makes_takes_and_counts(tmp_path: Path) -> None:
    build("town")
    out = tmp_path / "march.xlsx"

    def run(*words: str) -> Any:
        runner = CliRunner(env={"LANG": "C.UTF-8", "LC_ALL": ""})
        return runner.invoke(complete(), ["readings", *words, "--place", "town"])

    one = run("template", "--period", "2024-03", "--unit", "water", "--unit", "tax", "--out", str(out))
    assert one.exit_code == 0, one.output
    data = out.read_bytes()
    out.write_bytes(typed(data, **{f"G{line(data, 'water')}": 5, f"G{line(data, 'tax')}": "x"}))
    first, again = run("take", str(out)), run("take", str(out))
    assert first.exit_code == again.exit_code == 1
    assert "2024-03: 1 taken, 0 held already, 1 rejected" in first.output
    assert f"G{line(data, 'tax')}: “x” is not a number." in first.output
    assert "0 taken, 1 held already" in again.output
    assert Reading.objects.get().reported_by == "cli"
    counted = run("burden", "--weeks", "5").output.splitlines()
    assert counted[0].startswith("unit,all,") and len(counted) == 7
    assert "0 signs" in run("screens", "--period", "2024-03").output
    assert run("template", "--period", "march", "--out", str(out)).exit_code == 2
    assert run("take", str(tmp_path / "none.xlsx")).exit_code == 2
