"""YAML text to a tree in which every key and value knows its line and column.

A rule-book is written by a clerk, so each fault must be told where it stands, all of them at once, and in
plain words. The tree is built from the composed nodes of the YAML, not from a loader's values: so a key
written twice, a date that does not exist and a tab are findings like any other, and what looks like a
number stays exactly as written (YAML 1.2 core schema; 09:00 is text, 40.5 a Decimal).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from leitai.rules.kernel import N_, Finding, Where

Scalar = str | int | bool | Decimal | date | None
Path = tuple[object, ...]

MOST_NODES = 50_000  # an alias repeated in an alias grows without end; no rule-book is this long
MOST_DIGITS = 18  # of a number in a rule-book, written out
_INT = re.compile(r"[-+]?\d+")
_FLOAT = re.compile(r"[-+]?(?:\d+\.\d*|\.\d+|\d+(?=[eE]))(?:[eE][-+]?\d+)?")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}


@dataclass(frozen=True, slots=True)
class Leaf:
    """A single value; `raw` is the stretch of the file it was written in, from `where` on."""

    value: Scalar
    where: Where
    raw: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A key of a mapping with where it stands, and what it leads to."""

    key: Scalar
    where: Where
    tree: Tree


@dataclass(frozen=True, slots=True)
class Branch:
    """A mapping, in the order of the file."""

    entries: tuple[Entry, ...]
    where: Where

    def get(self, key: object) -> Tree | None:
        """What a key leads to, or None."""
        return next((entry.tree for entry in self.entries if entry.key == key), None)


@dataclass(frozen=True, slots=True)
class Row:
    """A list."""

    items: tuple[Tree, ...]
    where: Where


Tree = Leaf | Branch | Row


def read(text: str, file: str = "") -> tuple[Tree | None, tuple[Finding, ...]]:
    """The tree of a YAML text, and everything that is wrong with the text as YAML.

    The tree is None when the text cannot be read at all or is empty.
    """
    try:
        return _read(text, file)
    except RecursionError:
        return None, (Finding("yaml-syntax", N_("lists or mappings are nested too deeply"), Where(file)),)


@lru_cache(maxsize=8)  # a process checks, loads and shows the same few rule-books; reading one takes 0.1 s
def _read(text: str, file: str) -> tuple[Tree | None, tuple[Finding, ...]]:
    try:
        node: Node | None = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        return None, (_syntax(error, file),)
    except (YAMLError, ValueError) as error:
        why = str(error).splitlines()[0]
        return None, (
            Finding("yaml-syntax", N_("this is not YAML text: %(why)s"), Where(file, 1, 1), {"why": why}),
        )
    if node is None:
        return None, (
            Finding(
                "empty-file", N_("the file is empty; a rule-book starts with “leitai: 1”"), Where(file, 1, 1)
            ),
        )
    reader = _Reader(file, text)
    try:
        tree = reader.tree(node, ())
    except _TooLarge:
        message = N_("the file has more than %(most)s values, aliases (*) written out; that is no rule-book")
        return None, (Finding("too-large", message, Where(file, 1, 1), {"most": MOST_NODES}),)
    return tree, tuple(sorted(reader.findings, key=lambda finding: finding.where))


def plain(tree: Tree) -> object:
    """The tree as dicts, lists and values."""
    if isinstance(tree, Branch):
        return {entry.key: plain(entry.tree) for entry in tree.entries}
    if isinstance(tree, Row):
        return [plain(item) for item in tree.items]
    return tree.value


class Positions:
    """Where the values and keys of a tree stand, by path: `("arenas", "overall", "weigh")`.

    A path that is not in the file (a default, a missing key) gives the nearest thing above it.
    """

    def __init__(self, tree: Tree | None, file: str = "") -> None:
        self._root = Where(file, 1, 1)
        self._leaves: dict[Path, Leaf] = {}
        self._values: dict[Path, Where] = {}
        self._keys: dict[Path, Where] = {}
        for path, key, node in walk(tree) if tree is not None else ():
            self._values[path] = node.where
            if key is not None:
                self._keys[path] = key
            if isinstance(node, Leaf):
                self._leaves[path] = node

    def value(self, *path: object) -> Where:
        """Where the value at a path starts."""
        while path and path not in self._values:
            path = path[:-1]
        return self._values.get(path, self._root)

    def key(self, *path: object) -> Where:
        """Where the key that leads to a path stands; an item of a list has no key: where it starts."""
        while path and path not in self._values:
            path = path[:-1]
        return self._keys.get(path) or self.value(*path)

    def inside(self, line: int, column: int, *path: object) -> Where:
        """Where a line and column (from 1) of a text value stand in the file, quotes and folds counted."""
        leaf = self._leaves.get(path)
        if leaf is None or not isinstance(leaf.value, str):
            return self.value(*path)
        lines = leaf.value.split("\n")
        before = "".join(lines[: line - 1]) + lines[line - 1][: column - 1]
        wanted = len("".join(before.split()))
        return _advance(leaf, wanted)


def walk(tree: Tree, path: Path = (), key: Where | None = None) -> Iterator[tuple[Path, Where | None, Tree]]:
    """Every node below a tree with its path and where its key stands."""
    yield path, key, tree
    if isinstance(tree, Branch):
        for entry in tree.entries:
            yield from walk(entry.tree, (*path, entry.key), entry.where)
    elif isinstance(tree, Row):
        for index, item in enumerate(tree.items):
            yield from walk(item, (*path, index))


def _advance(leaf: Leaf, letters: int) -> Where:
    """Where the letter after so many letters (blanks not counted) of a scalar stands in the file."""
    raw, at = leaf.raw, 0
    quote = raw[:1] if raw[:1] in ("'", '"') else ""
    if quote:
        at = 1
    elif raw[:1] in ("|", ">"):
        at = raw.find("\n") + 1
    while at < len(raw):
        if raw[at].isspace():
            at += 1
            continue
        if not letters:
            break
        letters -= 1
        at += 2 if (quote == '"' and raw[at] == "\\") or (quote == "'" and raw[at : at + 2] == "''") else 1
    done = raw[:at]
    if "\n" not in done:
        return Where(leaf.where.file, leaf.where.line, leaf.where.column + at)
    return Where(leaf.where.file, leaf.where.line + done.count("\n"), at - done.rfind("\n"))


class _TooLarge(Exception):
    """More values than any rule-book has."""


class _Reader:
    """One reading of composed nodes; collects findings on the way."""

    def __init__(self, file: str, text: str) -> None:
        self.file, self.text = file, text
        self.findings: list[Finding] = []
        self.seen = 0

    def tree(self, node: Node, above: tuple[int, ...]) -> Tree:
        where = self._where(node.start_mark)
        self.seen += 1
        if self.seen > MOST_NODES:
            raise _TooLarge
        if id(node) in above:
            message = N_("an alias (*) stands inside what it stands for, so it has no end")
            self.findings.append(Finding("yaml-syntax", message, where))
            return Leaf(None, where)
        if isinstance(node, MappingNode):
            return self._branch(node, where, (*above, id(node)))
        if isinstance(node, SequenceNode):
            return Row(tuple(self.tree(item, (*above, id(node))) for item in node.value), where)
        assert isinstance(node, ScalarNode)
        return self._leaf(node, where)

    def _branch(self, node: MappingNode, where: Where, above: tuple[int, ...]) -> Branch:
        entries: dict[object, Entry] = {}
        for key_node, value_node in node.value:
            at = self._where(key_node.start_mark)
            if not isinstance(key_node, ScalarNode):
                self.findings.append(
                    Finding("yaml-syntax", N_("a key must be a single word, not a list or a mapping"), at)
                )
                continue
            key = self._leaf(key_node, at).value
            tree = self.tree(value_node, above)
            if key in entries:
                first = entries[key].where
                self.findings.append(
                    Finding(
                        "duplicate-key",
                        N_("“%(key)s” is written twice here, first in line %(line)s; keep one of them"),
                        at,
                        {"key": key, "line": first.line},
                    )
                )
                continue
            entries[key] = Entry(key, at, tree)
        return Branch(tuple(entries.values()), where)

    def _leaf(self, node: ScalarNode, where: Where) -> Leaf:
        raw = self.text[node.start_mark.index : node.end_mark.index]
        if node.style is not None or (node.tag is not None and str(node.tag).endswith(":str")):
            return Leaf(str(node.value), where, raw)
        return Leaf(self._value(str(node.value), where), where, raw)

    def _value(self, text: str, where: Where) -> Scalar:
        if text.lower() in _WORDS and text in (text.lower(), text.capitalize(), text.upper()):
            return _WORDS[text.lower()]
        if _INT.fullmatch(text) or _FLOAT.fullmatch(text):
            number = Decimal(text)
            if len(text) > MOST_DIGITS or (number and abs(number.adjusted()) > MOST_DIGITS):
                message = N_("%(value)s is larger or finer than any number of a rule-book")
                self.findings.append(Finding("bad-number", message, where, {"value": text[:MOST_DIGITS]}))
                return 0
            return int(text) if _INT.fullmatch(text) else number
        if _DATE.fullmatch(text):
            try:
                return date.fromisoformat(text)
            except ValueError:
                self.findings.append(
                    Finding("bad-date", N_("%(value)s is not a day of the calendar"), where, {"value": text})
                )
                return date(int(text[:4]) or 1, 1, 1)
        return text

    def _where(self, mark: object) -> Where:
        return Where(self.file, getattr(mark, "line", -1) + 1, getattr(mark, "column", -1) + 1)


# What the YAML reader says, in words for somebody who has never heard of a token.
_PLAIN: Mapping[str, str] = {
    r"found character '\\t'": N_("a tab stands where spaces are needed; indent with spaces only"),
    r"mapping values are not allowed here": N_(
        "a second “:” in one line, or a line indented wrongly; put text that holds “: ” in quotes"
    ),
    r"expected ',' or '\]'": N_("a list that starts with “[” is not closed, or a “,” is missing in it"),
    r"expected ',' or '}'": N_("a mapping that starts with “{” is not closed, or a “,” is missing in it"),
    r"could not find expected ':'": N_("a key without “:” after it, or a line indented wrongly"),
    r"expected <block end>": N_("this line is not indented like the lines it belongs to"),
    r"found undefined alias": N_("“*” begins an alias that stands for nothing; put the text in quotes"),
    r"found another document": N_("“---” begins a second document; a rule-book is one"),
    r"found unexpected end of stream": N_("a quote is opened and never closed"),
    r"found character '[@`%]'": N_("text must not start with this sign; put it in quotes"),
}


def _syntax(error: MarkedYAMLError, file: str) -> Finding:
    mark = error.problem_mark or error.context_mark
    where = Where(file, mark.line + 1, mark.column + 1) if mark is not None else Where(file, 1, 1)
    problem = str(error.problem or error.context or "")
    for pattern, words in _PLAIN.items():
        if re.search(pattern, problem):
            return Finding("yaml-syntax", words, where)
    return Finding("yaml-syntax", N_("this cannot be read as YAML: %(why)s"), where, {"why": problem})
