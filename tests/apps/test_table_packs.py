"""Packs: a table recomputed by another process that has no database, to the byte; and its lines as open data."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.test import Client
from typer.testing import CliRunner

from leitai import __version__
from leitai.apps.tables import queries
from leitai.apps.tables.models import Table
from leitai.apps.tables.zips import unzipped, zipped
from leitai.cli import complete
from leitai.rules.ledger import canonical, digest
from leitai.rules.scoring.packs import MANIFEST, RESULT, edition_digest
from tests.factories import Town

MARCH = "2024-03"
VALUES = {"water": 12, "roads": 9, "tax": 5, "north": 10, "south": 7, "harbour": 3}


@pytest.fixture
def march(town: Town) -> Any:
    """The table of works of March, published."""
    town.reports(MARCH, VALUES)
    return town.table("works", MARCH)


def typed(*words: str) -> Any:
    return CliRunner(env={"LANG": "C.UTF-8", "LC_ALL": ""}).invoke(complete(), ["table", *words])


def written(march: Table, folder: Path) -> Path:
    """The pack of a table as the command writes it."""
    file = folder / "works.zip"
    done = typed(
        "pack", "--place", "town", "--arena", march.arena, "--period", march.period, "--out", str(file)
    )
    assert done.exit_code == 0 and march.digest in done.stdout
    return file


def altered(file: Path, change: Any) -> Path:
    """Another pack with a result that was changed, and a manifest that says so."""
    files = unzipped(file.read_bytes())
    files[RESULT] = change(files[RESULT])
    about = json.loads(files[MANIFEST])
    about["files"][RESULT] = digest(files[RESULT])
    about["digest"] = edition_digest(*(files[name].decode() for name in ("spec.json", "inputs.json", RESULT)))
    files[MANIFEST] = canonical(about)
    other = file.with_name("altered.zip")
    other.write_bytes(zipped(files))
    return other


def test_a_pack_is_recomputed_by_a_process_without_a_database(march: Table, tmp_path: Path) -> None:
    file = written(march, tmp_path)
    alone = {key: value for key, value in os.environ.items() if not key.startswith(("LEITAI_", "DJANGO_"))}
    environment = alone | {"LEITAI_DATABASE_URL": "sqlite:////nowhere/at/all.sqlite3"}
    command = [str(Path(sys.executable).parent / "leitai"), "table", "recompute", str(file)]
    words = [*command, "--digest", march.digest]
    done = subprocess.run(words, env=environment, cwd=tmp_path, text=True, capture_output=True, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        f"town works 2024-03 edition 1: {march.digest}",
        "the specification is as the rule-book in the pack says",
        "the result: identical, byte for byte",
    ]


def test_a_pack_says_what_it_is_in_two_languages_and_names_every_file(march: Table, tmp_path: Path) -> None:
    with ZipFile(written(march, tmp_path)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    assert set(files) == {
        "README.md", "inputs.json", "manifest.json", "regime.yaml", "result.json", "spec.json", "table.csv",
    }  # fmt: skip
    readme, about = files["README.md"].decode(), json.loads(files[MANIFEST])
    assert "leitai table recompute" in readme and "逐字节一致" in readme and march.digest in readme
    assert (about["code"], about["edition"], about["digest"]) == (__version__, 1, march.digest)
    assert about["files"] == {name: digest(content) for name, content in files.items() if name != MANIFEST}
    assert files["result.json"].decode() == march.result
    assert digest(files["regime.yaml"]) == march.regime_digest


def test_a_pack_is_always_the_same_bytes(march: Table) -> None:
    assert zipped(queries.pack_files(march)) == zipped(queries.pack_files(Table.objects.get(pk=march.pk)))


def test_what_was_changed_in_a_pack_is_said(march: Table, tmp_path: Path) -> None:
    file = altered(
        written(march, tmp_path), lambda text: text.replace(b'"score":"50.00"', b'"score":"95.00"')
    )
    told = typed("recompute", str(file), "--digest", march.digest)
    assert told.exit_code == 1
    assert "rows[tax].score: kept 95.00, computed 50.00" in told.stdout
    assert f"NOT the table of the digest {march.digest}" in told.stdout
    assert "the result: DIFFERS" in told.stdout


def test_only_so_many_differences_are_printed(march: Table, tmp_path: Path) -> None:
    file = altered(written(march, tmp_path), lambda text: text.replace(b'"rank":', b'"place":'))
    told = typed("recompute", str(file), "--most", "2")
    assert told.exit_code == 1 and told.stdout.count("kept") == 2 and "and 10 more" in told.stdout


@pytest.mark.parametrize("fault", ["nothing", "no-zip", "no-pack", "touched"])
def test_a_file_that_is_no_pack_is_refused_in_a_sentence(march: Table, tmp_path: Path, fault: str) -> None:
    file = written(march, tmp_path)
    files = unzipped(file.read_bytes())
    match fault:
        case "nothing":
            file.unlink()
        case "no-zip":
            file.write_bytes(b"PK" + bytes(200))
        case "no-pack":
            file.write_bytes(zipped({"a.txt": b"hello"}))
        case "touched":
            file.write_bytes(zipped(files | {RESULT: files[RESULT].replace(b"50.00", b"95.00")}))
    told = typed("recompute", str(file))
    assert told.exit_code == 2
    assert told.stderr.startswith(f"leitai: {file}: ") and "Traceback" not in told.stderr


def test_a_zip_that_would_fill_the_memory_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    content = zipped({"a": bytes(3000)})
    assert unzipped(content) == {"a": bytes(3000)}
    monkeypatch.setattr("leitai.apps.tables.zips.MOST", 2999)
    with pytest.raises(ValueError, match="unpacks to more"):
        unzipped(content)


# As everybody gets them


def test_everybody_downloads_the_pack_and_the_lines_of_a_published_table(
    march: Table, client: Client
) -> None:
    at = f"/town/t/{march.pk}"
    pack, lines, values = (client.get(f"{at}/{name}") for name in ("pack.zip", "table.csv", "table.json"))
    assert (pack.status_code, pack["Content-Type"]) == (200, "application/zip")
    assert 'filename="town-works-2024-03-1.zip"' in pack["Content-Disposition"]
    with ZipFile(BytesIO(pack.content)) as archive:
        assert archive.read("result.json").decode() == march.result
    rows = {row["unit"]: row for row in csv.DictReader(StringIO(lines.content.decode("utf-8-sig")))}
    assert (rows["water"]["rank"], rows["water"]["name_en"], rows["tax"]["named_worst"]) == (
        "1",
        "Water Bureau",
        "yes",
    )
    assert (rows["tax"]["funds.raw"], rows["tax"]["funds.points"], rows["tax"]["funds.state"]) == (
        "5",
        "50.000000",
        "late",
    )
    said = values.json()
    assert (said["digest"], said["edition"], len(said["rows"])) == (march.digest, 1, 6)
    assert {row["unit"]: row["score"] for row in said["rows"]}["roads"] == "90.00"


@pytest.mark.parametrize("name", ["pack.zip", "table.csv", "table.json"])
def test_a_draft_is_not_for_everybody(town: Town, client: Client, name: str) -> None:
    town.reports(MARCH, VALUES)
    row = town.table("works", MARCH, published=False)
    assert client.get(f"/town/t/{row.pk}/{name}").status_code == 404
    client.force_login(town.posts["office"].account)
    assert client.get(f"/town/t/{row.pk}/{name}").status_code == 200


def test_another_places_table_is_not_had_under_this_one(march: Table, vale: Town, client: Client) -> None:
    assert client.get(f"/vale/t/{march.pk}/pack.zip").status_code == 404


# From the command line


def test_the_command_tells_what_differs_between_two_editions(town: Town, march: Table) -> None:
    assert typed("diff", "--place", "town").exit_code == 1
    from decimal import Decimal

    from leitai.apps.measures import actions as measures
    from leitai.apps.measures.queries import current
    from tests.factories import BY, NOW

    (reading,) = (row for row in current(town.place, "funds", [MARCH]) if row.unit == town.units["tax"])
    measures.correct(reading=reading, value=Decimal(11), why="A digit was lost", by=BY, now=NOW)
    town.table("works", MARCH, why="A digit was lost")
    told = typed("diff", "--place", "town").stdout
    assert "works 2024-03, edition 1 to 2: A digit was lost" in told
    assert "input tax funds: value 5 target 10 late -> value 11 target 10 late" in told
    assert "line tax: 50.00, rank 3 (3 to 3) named worst -> 110.00, rank 2 (2 to 2)" in told


def test_the_command_explains_a_move_and_the_climbs_of_one_unit(town: Town, march: Table) -> None:
    town.reports("2024-02", VALUES | {"tax": 12})
    town.table("works", "2024-02")
    told = typed("explain", "--place", "town", "--arena", "works", "--period", MARCH, "--unit", "tax").stdout
    assert "since 2024-02:" in told and "tax fell from rank 1 to rank 3" in told
    assert "to gain a place: funds 9 instead of 5 (rank 2)" in told
