"""The text of a bulletin as a list of blocks, and what makes a list of blocks whole.

A block is a mapping with its `kind`:

- `frame`, once and first: `head` (name on top), `code` (of the document number), `to`, `signed`, `copy`, `printed`,
  `annexes` (list), `named` (persons stay named);
- `heading` (`level` 1 to 4, `text`), `paragraph` (`text`);
- `table` (`subject`, `columns`, `rows`): cells as text, as they stood in the edition; not to be edited;
- `reply` (`unit`, `text`): what the unit says to the finding before it; not to be edited, nor left out of an exposure;
- `source` (`subject`, `text`): where the figures come from.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from leitai.apps.ledger.errors import refuse
from leitai.rules.kernel import N_

Block = Mapping[str, Any]

KINDS = ("frame", "heading", "paragraph", "table", "reply", "source")
WRITTEN = ("heading", "paragraph")  # what the office adds and edits as text; all else it keeps or leaves out
FRAME = ("head", "code", "to", "signed", "copy", "printed")
MOST_BLOCKS, LONGEST = 400, 5000
_TENS = "一二三四五六七八九"


def clean(text: str) -> str:
    """A text without characters that no document may hold; lines stay lines."""
    return "".join(
        one if one.isprintable() or one == "\n" else " " for one in text.replace("\r\n", "\n")
    ).strip()


def is_number(text: str) -> bool:
    """Whether a text that was sent is the number of something that there may be."""
    return text.isdecimal() and len(text) < 10


def frame_of(blocks: Sequence[Block]) -> Block:
    """The frame of a bulletin; empty where it has none, as those of old."""
    return next((one for one in blocks if one["kind"] == "frame"), {"kind": "frame"})


def body_of(blocks: Sequence[Block]) -> list[Block]:
    """All blocks but the frame."""
    return [one for one in blocks if one["kind"] != "frame"]


def checked(blocks: Iterable[Block]) -> list[dict[str, Any]]:
    """The blocks as they are kept: cleaned, the empty ones left out. Refuses `no-text`, `too-long`."""
    found: list[dict[str, Any]] = []
    for one in blocks:
        kept = {name: _cleaned(value) for name, value in one.items()}
        if kept["kind"] in WRITTEN and not kept["text"]:
            continue
        if len(str(kept.get("text", ""))) > LONGEST:
            raise refuse("too-long", N_("One block has at most %(most)s characters."), most=LONGEST)
        found.append(kept)
    if not any(one["kind"] in ("paragraph", "table") for one in found):
        raise refuse("no-text", N_("A bulletin says something: write a paragraph."))
    if len(found) > MOST_BLOCKS:
        raise refuse("too-long", N_("A bulletin has at most %(most)s blocks."), most=MOST_BLOCKS)
    return found


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list | tuple):
        return [_cleaned(one) for one in value]
    return value


def texts(blocks: Iterable[Block]) -> str:
    """All that is written in blocks and tables, a line each."""
    lines: list[str] = []
    for one in blocks:
        lines += [one["text"]] if "text" in one else []
        lines += [" ".join(row) for row in one.get("rows", ())]
    return "\n".join(lines)


def chinese_number(number: int) -> str:
    """A number from 1 to 99 as headings have it: 一, 十, 十二, 二十, 二十一."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{_TENS[tens - 1]}十"
    return head + (_TENS[ones - 1] if ones else "")


def numbered(blocks: Iterable[Block], chinese: bool) -> list[tuple[str, Block]]:
    """Each block with the number of its heading, "" where it is none: 一、 （一） 1. （1） by level (7.3.3)."""
    counts = [0, 0, 0, 0]
    found = []
    for one in blocks:
        label = ""
        if one["kind"] == "heading":
            level = one["level"]
            counts[level - 1] += 1
            counts[level:] = [0] * (4 - level)
            label = _label(level, counts[level - 1], chinese)
        found.append((label, one))
    return found


def _label(level: int, number: int, chinese: bool) -> str:
    if chinese:
        word = chinese_number(number)
        return {1: f"{word}、", 2: f"（{word}）", 3: f"{number}.", 4: f"（{number}）"}[level]
    return {1: f"{number}. ", 2: f"({number}) ", 3: f"{chr(96 + (number - 1) % 26 + 1)}. ", 4: "– "}[level]
