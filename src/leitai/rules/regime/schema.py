"""The rule-book's JSON Schema (2020-12) as the file is written, so that any editor completes and checks it.

It accepts what the reader accepts: bare text for names, percentages for numbers, and a history
(`values: {2021-02-01: …}`) wherever a value stands. What only `check` can know (names that refer to each
other, sums of weights, conditions) is not in it.
"""

from __future__ import annotations

from typing import Any

from .model import Regime

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_DATE = r"^\d{4}-\d{2}-\d{2}$"
_NAME = {
    "title": "Name",
    "description": "a name in Chinese and English; one language is enough, and then the bare text is too",
    "anyOf": [
        {"type": "string", "minLength": 1},
        {
            "type": "object",
            "properties": {"zh": {"type": "string"}, "en": {"type": "string"}},
            "minProperties": 1,
            "additionalProperties": False,
        },
    ],
}
_NUMBER = [{"type": "number"}, {"type": "string"}]
_WRITTEN_NUMBER: list[dict[str, Any]] = [
    {"type": "number"},
    {"type": "string", "pattern": r"^-?\d+(\.\d+)?%?$"},
]
# These say what the file is; they have no history of their own.
_TIMELESS = ("leitai", "place", "regime")


def json_schema() -> dict[str, Any]:
    """The schema as plain data, the same every time."""
    drawn = Regime.model_json_schema(by_alias=True)
    parts = {
        name: _part(part, histories=name not in ("PlaceSpec", "Edition"))
        for name, part in drawn["$defs"].items()
    }
    parts["Text"] = _NAME
    properties = {
        name: _plain(value) if name in _TIMELESS else _dated(_plain(value))
        for name, value in drawn["properties"].items()
    }
    return {
        "$schema": DIALECT,
        "title": "Rule-book (leitai: 1)",
        "description": drawn.get("description", ""),
        "type": "object",
        "properties": properties,
        "required": drawn["required"],
        "additionalProperties": False,
        "$defs": dict(sorted(parts.items())),
    }


def _part(part: dict[str, Any], *, histories: bool) -> dict[str, Any]:
    wrap = _dated if histories else _plain_only
    return {
        **part,
        "properties": {name: wrap(_plain(value)) for name, value in part.get("properties", {}).items()},
    }


def _plain_only(value: dict[str, Any]) -> dict[str, Any]:
    return value


def _plain(value: dict[str, Any]) -> dict[str, Any]:
    """A value as it is written: numbers with %, histories inside mappings and lists, no made-up title."""
    found = {name: inner for name, inner in value.items() if name != "title"}
    if "anyOf" in found:
        forms = [_plain(form) for form in found["anyOf"]]
        numbers = [form for form in forms if form in _NUMBER]
        if len(numbers) == len(_NUMBER):
            forms = _WRITTEN_NUMBER + [form for form in forms if form not in _NUMBER]
        found["anyOf"] = forms
    if isinstance(found.get("additionalProperties"), dict):
        found["additionalProperties"] = _dated(_plain(found["additionalProperties"]))
    if "patternProperties" in found:
        held = found["patternProperties"]
        found["patternProperties"] = {pattern: _dated(_plain(inner)) for pattern, inner in held.items()}
        found["additionalProperties"] = False
    if isinstance(found.get("items"), dict):
        found["items"] = _dated(_plain(found["items"]))
    return found


def _dated(value: dict[str, Any]) -> dict[str, Any]:
    """A value, or a history of it."""
    outer: dict[str, Any] = {name: value[name] for name in ("description", "default") if name in value}
    inner = {name: part for name, part in value.items() if name not in outer}
    history = {
        "type": "object",
        "description": "values by the first day they are in force",
        "properties": {
            "values": {
                "type": "object",
                "patternProperties": {_DATE: inner},
                "additionalProperties": False,
                "minProperties": 1,
            }
        },
        "required": ["values"],
        "additionalProperties": False,
    }
    return {**outer, "anyOf": [inner, history]}
