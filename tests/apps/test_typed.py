"""What people type is kept without what no database and no document takes; one helper does it for every room."""

from __future__ import annotations

import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from leitai.ui.typed import line, plain

HOUSE = Path(__file__).resolve().parents[2] / "src/leitai"
OWN = re.compile(r"x00-.x(08|1f)|replace\(\"\\(x00|0)\"")
# What is cleaned there came from files and machines, not from boxes; the interface refuses instead.
OTHERS = {"ui/typed.py", "api/shapes.py", "rules/records/cells.py"}
TEXTS = st.text(st.one_of(st.sampled_from("\0\x08\t\n\x0b\x0c\r\x1f\x7f a水"), st.characters(codec="utf-8")))


@given(TEXTS, st.integers(0, 40))
def test_only_control_characters_go_and_lines_stay_lines(text: str, longest: int) -> None:
    kept = [one for one in text if one in "\t\n\r" or not (ord(one) < 32 or ord(one) == 127)]
    found = plain(text, longest)
    assert found == "".join(kept).strip()[:longest]
    assert len(found) <= longest


@given(TEXTS)
def test_a_line_is_one_line(text: str) -> None:
    found = line(text)
    assert found == found.strip() or len(found) == 300
    assert not any(ord(one) < 32 or ord(one) == 127 for one in found)
    assert line("Room 3\r\n\tor 4\0") == "Room 3   or 4"


def test_no_room_has_a_way_of_its_own() -> None:
    found = {
        path.relative_to(HOUSE).as_posix()
        for path in HOUSE.rglob("*.py")
        if OWN.search(path.read_text(encoding="utf-8"))
    }
    assert found == OTHERS
