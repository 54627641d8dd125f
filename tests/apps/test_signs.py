"""Signs: a reader reads what was drawn, the names and the right address stand on them, and a ZIP holds them all."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import segno
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from leitai.apps.ballots import actions, queries
from leitai.apps.ballots.actions import PointDraft
from leitai.apps.ballots.models import Point
from leitai.apps.ballots.qr import MASK, qr_path
from leitai.apps.ballots.signs import QR_SIDE, Signs, zipped
from leitai.rules.ballots.crockford import ALPHABET
from tests.factories import BY, NOW, Town

from . import qr_reader

BASE = "https://leitai.example.org"


def put(town: Town, *drafts: PointDraft) -> list[Point]:
    return actions.put_points(place=town.place, drafts=drafts, by=BY, now=NOW)


def symbol(svg: str) -> qr_reader.Read:
    """What the QR code in a sign says."""
    scale, path = re.search(
        r'<path transform="translate\([\d. ]+\) scale\(([\d.]+)\)"[^>]* d="([^"]+)"', svg
    ).groups()
    return qr_reader.read(qr_reader.modules(round(QR_SIDE / float(scale)), path))


@settings(max_examples=60, deadline=None)
@given(
    host=st.sampled_from(["a.cn", "leitai.example.org", "a-rather-long-name.somewhere.gov.cn"]),
    code=st.text(ALPHABET, min_size=16, max_size=16),
)
def test_a_reader_reads_what_was_drawn_in_a_small_symbol(host: str, code: str) -> None:
    base = f"https://{host}/b/"
    side, path = qr_path(base, code)
    grid = qr_reader.modules(side, path)
    found = qr_reader.read(grid)
    assert found.text == base + code
    assert found.version <= 4 and found.level in "MQH"
    drawn = segno.make(base + code, error="m", micro=False, mask=MASK)
    assert grid == [[bool(dark) for dark in row] for row in drawn.matrix]


@pytest.mark.parametrize("at", [(3, 3), (6, 12), (8, 2), (20, 20), (28, 28), (12, 12)])
def test_a_symbol_with_one_wrong_module_is_not_read(at: tuple[int, int]) -> None:
    grid = qr_reader.modules(*qr_path("https://a.gov.cn/b/", "0" * 16))
    y, x = at
    grid[y][x] = not grid[y][x]
    with pytest.raises(AssertionError):
        qr_reader.read(grid)


def texts(svg: str) -> list[str]:
    """The lines of a sign, which is well-formed XML."""
    return [node.text or "" for node in ET.fromstring(svg).iter() if node.tag.endswith("}text")]


def test_a_sign_says_where_it_hangs_in_both_languages_and_which_address_is_right(town: Town) -> None:
    point = put(town, PointDraft(town.units["tax"], "window", "一号窗口", "Window 1"))[0]
    signs = Signs(town.place, BASE + "/")
    svg = signs.svg(point)
    code = queries.code_of(point)
    assert symbol(svg).text == signs.address(point) == f"{BASE}/b/{code}"
    said = texts(svg)
    assert said[:5] == ["Town · 镇", "Tax Bureau", "税务局", "Window 1", "一号窗口"]
    assert any(line.endswith("leitai.example.org/b/") for line in said)
    assert "-".join(code[at : at + 4] for at in range(0, 16, 4)) in said
    assert said[-1] == f"{point.number} / 1"
    town.place.language = "zh-hans"
    assert texts(Signs(town.place, BASE).svg(point))[:3] == ["镇 · Town", "税务局", "Tax Bureau"]


def test_a_sign_of_a_whole_unit_says_its_name_once(town: Town) -> None:
    point = town.points["tax-window"]
    said = texts(Signs(town.place, BASE).svg(point))
    assert said.count("Tax Window") == 1


@pytest.mark.parametrize(
    ("name", "whole"),
    [
        ('<b>&"Bureau"\x07\x0b', '<b>&"Bureau"'),
        ("Office of the Integrated Reception of Matters of Enterprises", None),
        ("综" * 200, None),
        ("W" * 200, None),
    ],
)
def test_a_sign_holds_any_name_within_its_margins(town: Town, name: str, whole: str | None) -> None:
    unit = town.units["tax"]
    unit.name_zh = unit.name_en = name
    point = Point(place=town.place, unit=unit, number=7, generation=1, name_zh=name, name_en=name)
    root = ET.fromstring(Signs(town.place, BASE).svg(point))
    lines = [node for node in root.iter() if node.tag.endswith("}text")]
    assert whole is None or whole in [node.text for node in lines]
    top = [float(node.attrib["y"]) for node in lines]
    assert top == sorted(top) and max(float(n.attrib["y"]) for n in lines[:-5]) < 50, (
        "names end above the code"
    )
    for node in lines:
        wide = sum(1 if ord(letter) > 0x2E7F else 0.5 for letter in node.text or "")
        assert wide * float(node.attrib["font-size"]) <= 105


def test_a_zip_has_a_sign_for_every_point_in_its_units_folder(town: Town) -> None:
    tax = town.units["tax"]
    points = put(town, *(PointDraft(tax, "window", f"窗/口: {n}. ", f"A/B: {n}. ") for n in range(20)))
    signs = Signs(town.place, BASE)
    pieces = list(zipped(signs, points, NOW))
    assert len(pieces) == 21 and max(map(len, pieces[:-1])) < 8000, "it comes as it is drawn"
    with zipfile.ZipFile(io.BytesIO(b"".join(pieces))) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [f"tax/{point.number}-A-B- {n}.svg" for n, point in enumerate(points)]
        for point in points:
            text = archive.read(signs.file_name(point)).decode()
            assert symbol(text).text == signs.address(point)


def run(*words: Any) -> Any:
    from leitai.cli import complete

    with translation.override("en"):
        return CliRunner().invoke(complete(), ["ballots", "codes", *map(str, words)])


def test_the_command_writes_the_chosen_signs_whole_or_not_at_all(
    town: Town, tmp_path: Path, settings: Any
) -> None:
    (hall,) = put(town, PointDraft(town.units["tax"], "hall", "大厅"))
    put(town, PointDraft(town.units["roads"], "window", "一号", "One", hall))
    settings.PUBLIC_URL = BASE
    file = tmp_path / "codes.zip"
    file.write_text("what was there before")

    def names(*words: Any) -> set[str]:
        done = run("town", "--zip", file, *words)
        assert done.exit_code == 0, done.output
        with zipfile.ZipFile(file) as archive:
            return {name.partition("/")[0] for name in archive.namelist()}

    assert names("--all") == {*town.points, "tax", "roads"}
    assert names("--hall", hall.number) == {"tax", "roads"}
    assert names("--unit", "roads", "--url", "http://127.0.0.1:8000") == {"roads"}
    with zipfile.ZipFile(file) as archive:
        assert symbol(archive.read(archive.namelist()[0]).decode()).text.startswith(
            "http://127.0.0.1:8000/b/"
        )
    assert run("town", "--zip", tmp_path, "--all").exit_code == 2
    assert list(tmp_path.iterdir()) == [file] and not list(tmp_path.parent.glob(".*.zip*"))


def test_the_command_says_what_is_missing(town: Town, tmp_path: Path, settings: Any) -> None:
    file = tmp_path / "codes.zip"
    settings.PUBLIC_URL = ""
    for words, told in (
        (["town", "--all"], "--url"),
        (["town", "--all", "--url", "leitai.example.org"], "--url"),
        (["town", "--url", BASE], "one of --hall"),
        (["town", "--all", "--unit", "tax", "--url", BASE], "one of --hall"),
        (["nowhere", "--all", "--url", BASE], "no such place"),
        (["town", "--hall", 99, "--url", BASE], "no such points"),
    ):
        done = run(*words, "--zip", file)
        assert done.exit_code in (1, 2) and told in done.output, words
    assert not file.exists()
