"""What a schema finds wrong with a file, told to its writer: line, column, plain words, the right name."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from leitai.rules.kernel import N_, Finding, Text, nearest

from .shape import allowed_values, known_keys
from .source import Branch, Leaf, Path, Positions, Tree

LONGEST = 60  # letters of a wrong value that a message repeats


# What a rule-book may not ask, by the paragraph in which somebody may try: words of the key, and why not.
_BARRED = {
    "inspections": (
        ("quota", "target", "least", "minimum", "findings", "指标", "任务数", "定额"),
        N_(
            "“%(key)s” cannot be set: an inspection finds what there is, and whoever must find so many will invent"
            " them; how many were found, and how many proved true, is in its report"
        ),
    ),
}
_UNKNOWN = ("extra_forbidden", "unexpected_keyword_argument")
_ABSENT = ("missing", "missing_argument")


@dataclass(frozen=True, slots=True)
class _Fault:
    """A pydantic error with its path in the file; `union` where one of several forms was tried."""

    path: Path
    last: object
    union: bool
    error: ErrorDetails


def in_plain_words(
    error: ValidationError, root: type[BaseModel], tree: Tree, positions: Positions
) -> list[Finding]:
    """What a model found wrong with a tree: one finding for each place, of several forms only the deepest."""
    faults = [_locate(one, tree) for one in error.errors(include_url=False)]
    # A key written almost right is one fault, not an unknown key and a missing one.
    meant = {
        (*fault.path[:-1], _near_key(root, fault.path)) for fault in faults if fault.error["type"] in _UNKNOWN
    }
    by_path: dict[Path, list[_Fault]] = {}
    for fault in faults:
        if fault.error["type"] in _ABSENT and (*fault.path, fault.last) in meant:
            continue
        deeper = any(
            fault.union and other.path[: len(fault.path)] == fault.path != other.path for other in faults
        )
        if not deeper:
            key = (*fault.path, fault.last) if fault.error["type"] == "missing" else fault.path
            by_path.setdefault(key, []).append(fault)
    return [_finding(found, root, positions) for found in by_path.values()]


def _locate(error: ErrorDetails, tree: Tree) -> _Fault:
    """The path of an error as far as the file has it; names of union members and [key] are no part of it."""
    path: list[object] = []
    node: Tree | None = tree
    union = False
    for part in error["loc"]:
        inner: Tree | None = None
        step: object = part
        if isinstance(node, Branch):
            entry = next((one for one in node.entries if one.key == part or repr(one.key) == part), None)
            inner, step = (entry.tree, entry.key) if entry is not None else (None, part)
        elif (
            node is not None
            and not isinstance(node, Leaf)
            and isinstance(part, int)
            and part < len(node.items)
        ):
            inner = node.items[part]
        if inner is not None:
            path.append(step)
            node = inner
        elif part != "[key]":
            union = error["type"] != "missing"
    return _Fault(tuple(path), error["loc"][-1] if error["loc"] else "", union, error)


def _finding(faults: list[_Fault], root: type[BaseModel], positions: Positions) -> Finding:
    first = faults[0]
    path, error = first.path, first.error
    kind = error["type"]
    if kind in _UNKNOWN:
        return _unknown_key(root, path, positions)
    if kind in _ABSENT:
        return Finding(
            "missing-key",
            N_("“%(key)s” is missing here; it must be stated"),
            positions.key(*path),
            {"key": first.last},
        )
    if error["loc"][-1] == "[key]":
        return _bad_key(root, path, error, positions)
    value = _short(error["input"])
    if kind == "literal_error" or allowed_values(root, path):
        return _not_allowed(root, path, value, positions)
    if kind == "value_error":
        reason = str(error["ctx"]["error"])
        return Finding(
            "bad-value", N_("%(value)s: %(why)s"), positions.value(*path), {"value": value, "why": reason}
        )
    wanted = next(
        (_WANTED[fault.error["type"]] for fault in reversed(faults) if fault.error["type"] in _WANTED), None
    )
    if wanted is not None:
        code = "wrong-type" if kind.endswith(("_type", "_parsing", "_float")) else "bad-value"
        return Finding(code, wanted, positions.value(*path), {"value": value, "key": _name(path)})
    return Finding(
        "bad-value",
        N_("%(value)s is not right for “%(key)s”: %(why)s"),
        positions.value(*path),
        {"value": value, "key": _name(path), "why": error["msg"]},
    )


# What should stand there, by what pydantic missed.
_WANTED = {
    "string_type": N_("“%(key)s” should be text; for %(value)s write it in quotes"),
    "int_type": N_("“%(key)s” should be a whole number, not %(value)s"),
    "int_parsing": N_("“%(key)s” should be a whole number, not %(value)s"),
    "int_from_float": N_("“%(key)s” should be a whole number, not %(value)s"),
    "decimal_type": N_("“%(key)s” should be a number such as 40 or 1.5, not %(value)s"),
    "decimal_parsing": N_("“%(key)s” should be a number such as 40 or 1.5, not %(value)s"),
    "bool_type": N_("“%(key)s” should be true or false, not %(value)s"),
    "bool_parsing": N_("“%(key)s” should be true or false, not %(value)s"),
    "date_type": N_("“%(key)s” should be a date such as 2022-01-31, not %(value)s"),
    "date_parsing": N_("“%(key)s” should be a date such as 2022-01-31, not %(value)s"),
    "date_from_datetime_parsing": N_("“%(key)s” should be a date such as 2022-01-31, not %(value)s"),
    "too_short": N_("“%(key)s” needs at least one entry"),
    "greater_than_equal": N_("“%(key)s” is too small: %(value)s"),
    "less_than_equal": N_("“%(key)s” is too large: %(value)s"),
    "greater_than": N_("“%(key)s” is too small: %(value)s"),
    "less_than": N_("“%(key)s” is too large: %(value)s"),
    "string_pattern_mismatch": N_(
        "“%(key)s” should be a key of lower-case letters, digits and hyphens, such as city-targets;"
        " %(value)s is none"
    ),
    "tuple_type": N_("“%(key)s” should be a list such as [a, b], not %(value)s"),
    "dict_type": N_("“%(key)s” should be a mapping of keys to values, not %(value)s"),
    "model_type": N_("“%(key)s” should be a mapping of keys to values, not %(value)s"),
    "dataclass_type": N_("“%(key)s” should be a name, bare or as {zh: …, en: …}, not %(value)s"),
}


def _near_key(root: type[BaseModel], path: Path) -> str | None:
    return nearest(str(path[-1]), known_keys(root, path[:-1]))


def _unknown_key(root: type[BaseModel], path: Path, positions: Positions) -> Finding:
    *above, key = path
    known = known_keys(root, tuple(above))
    near = _near_key(root, path)
    values = {"key": key, "near": near, "known": ", ".join(known), "above": _name(tuple(above))}
    words, why = _BARRED.get(str(path[0]), ((), ""))
    if any(word in str(key).lower() for word in words):
        return Finding("barred-key", why, positions.key(*path), values)
    if near is not None:
        message = N_("“%(key)s” is not known here; “%(near)s” is")
    elif above:
        message = N_("“%(key)s” is not known in “%(above)s”; known are %(known)s")
    else:
        message = N_("“%(key)s” is not known here; known are %(known)s")
    return Finding("unknown-key", message, positions.key(*path), values)


def _bad_key(root: type[BaseModel], path: Path, error: ErrorDetails, positions: Positions) -> Finding:
    key = path[-1] if path else ""
    if error["type"] == "literal_error":
        return _unknown_key(root, path, positions)
    if error["type"].startswith("date"):
        message = N_("“%(key)s” should be a date such as 2022-01-31")
    elif isinstance(key, str):
        message = N_(
            "“%(key)s” cannot be a key: write lower-case letters, digits and hyphens, such as city-targets"
        )
    else:
        message = N_("%(key)s cannot be a key as it stands; write it in quotes")
    return Finding("bad-key", message, positions.key(*path), {"key": key})


def _not_allowed(root: type[BaseModel], path: Path, value: str, positions: Positions) -> Finding:
    allowed = allowed_values(root, path)
    near = nearest(value, allowed)
    values = {"value": value, "key": _name(path), "near": near, "known": ", ".join(allowed)}
    if path == ("leitai",):
        message = N_("version %(value)s of the file format is not known; this program reads %(known)s")
    elif near is not None:
        message = N_("%(value)s is not a value of “%(key)s”; %(near)s is")
    else:
        message = N_("%(value)s is not a value of “%(key)s”; right would be one of %(known)s")
    return Finding("bad-value", message, positions.value(*path), values)


def _name(path: Path) -> str:
    """What a place in the file is called in a sentence: its key, for an item of a list the list's."""
    return next((str(part) for part in reversed(path) if not isinstance(part, int)), "leitai")


def _short(value: object) -> str:
    if isinstance(value, dict):
        text = "{" + ", ".join(map(str, value)) + "}"
    elif isinstance(value, list | tuple):
        text = "[" + ", ".join(map(str, value)) + "]"
    elif value is None:
        text = "nothing"
    else:
        text = value.show("zh") if isinstance(value, Text) else str(value)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
