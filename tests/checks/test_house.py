"""The rules of the house hold in the tree, and each of these checks finds a planted fault."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from ruamel.yaml import YAML

from tools import house

Plant = Callable[[str, str], Path]


def place_names(root: Path) -> set[str]:
    """The names by which the places in regimes/ go: folder, key, and Chinese name without county or city."""
    names = set()
    for path in (root / "regimes").glob("*/regime.yaml"):
        place = YAML(typ="safe").load(path.read_text(encoding="utf-8"))["place"]
        names |= {path.parent.name, str(place["key"])}
        zh = place["name"].get("zh", "") if isinstance(place["name"], dict) else str(place["name"])
        names |= {zh, zh.rstrip("县市区省")} if len(zh) > 2 else set()
    return names


def test_rooms_read_each_other_by_queries_alone(root: Path) -> None:
    assert house.sideways(root) == []


def test_reaching_past_queries_is_found(planted: Plant) -> None:
    copy = planted(
        "src/leitai/apps/tables/pages.py", '"""x."""\nfrom leitai.apps.people.actions import put_units\n'
    )
    assert "tables reaches into people.actions" in "\n".join(house.sideways(copy))


def test_pages_write_nothing(root: Path) -> None:
    assert house.writes(root) == []


def test_a_write_in_a_page_is_found(planted: Plant) -> None:
    code = (
        "def page(row, rows, seen):\n    seen.update(a=1)\n    rows.filter(pk=1).update(a=1)\n    row.save()"
    )
    found = house.writes(planted("src/leitai/apps/occasions/pages_planted/pages.py", code))
    assert [line.split(": ")[1] for line in found] == [
        ".update() outside an action",
        ".save() outside an action",
    ]


def test_rooms_take_the_time_as_an_argument(root: Path) -> None:
    assert house.clocks(root) == []


def test_a_clock_read_in_a_room_is_found(planted: Plant) -> None:
    code = "\nfrom django.utils import timezone\nSTARTED = timezone.now()\n"
    assert "reads the clock" in "\n".join(house.clocks(planted("src/leitai/apps/people/queries.py", code)))
    planted("src/leitai/web/wall/actions.py", code)
    assert len(house.clocks(planted("src/leitai/web/wall/tiles.py", ""))) == 2


def test_every_action_records_an_event(root: Path) -> None:
    assert house.silent(root) == []


def test_an_action_without_an_event_is_found(planted: Plant) -> None:
    code = (
        "from leitai.apps.ledger.actions import action, record\n\n"
        "def _tell(place):\n    record(place=place)\n\n"
        "@action('x.told')\ndef tell(*, place, by, now):\n    _tell(place)\n\n"
        "@action('x.lost')\ndef lose(*, place, by, now):\n    place.delete()\n"
    )
    copy = planted("src/leitai/apps/people/actions.py", code)
    assert [line.split(": ")[1] for line in house.silent(copy)] == ["lose records no event"]
    planted("src/leitai/web/wall/actions.py", code)
    assert [line.split(":")[0] for line in house.silent(copy)] == [
        "src/leitai/apps/people/actions.py",
        "src/leitai/web/wall/actions.py",
    ]


def test_every_module_says_what_it_is_for(root: Path) -> None:
    assert house.unexplained(root) == []


def test_a_module_without_a_purpose_is_found(planted: Plant) -> None:
    assert house.unexplained(planted("tools/odd.py", "X = 1\n")) == [
        "tools/odd.py:1: the module does not say what it is for"
    ]


def test_no_module_is_too_long(root: Path) -> None:
    assert house.long(root) == []


def test_a_long_module_needs_a_reason(planted: Plant) -> None:
    copy = planted("tools/odd.py", '"""Odd and long module."""\n' * 401)
    assert "401 lines" in "\n".join(house.long(copy))
    planted("docs/adr/0099-odd.md", "tools/odd.py is a table of data.\n")
    assert house.long(copy) == []


def test_the_code_knows_no_place(root: Path) -> None:
    names = place_names(root)
    assert len(names) > 4
    assert house.places(root, names) == []


def test_a_place_in_the_code_is_found(planted: Plant) -> None:
    copy = planted("src/leitai/ui/planted.py", '"""For 虚构县 and Someshire."""\n')
    planted("src/leitai/ui/planted.md", "Run it for Someshire.\n")
    found = house.places(copy, {"虚构", "someshire"})
    assert [line.rpartition(" ")[2] for line in found] == ["Someshire", "虚构"]


def test_lock_files_name_no_host(root: Path) -> None:
    for lock in (root / "requirements").glob("*.lock"):
        assert "://" not in lock.read_text(encoding="utf-8"), lock
    packages = json.loads((root / "frontend/package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert all("resolved" not in package for package in packages.values())
    assert all("integrity" in package for name, package in packages.items() if name)


def test_both_locks_agree(root: Path) -> None:
    def pins(name: str) -> set[str]:
        text = (root / "requirements" / name).read_text(encoding="utf-8")
        return {line.split(" ")[0] for line in text.splitlines() if "==" in line.split(" ")[0]}

    assert pins("run.lock") <= pins("dev.lock")
