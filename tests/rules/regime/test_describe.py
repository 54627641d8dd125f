"""What is said of a rule-book: its differences in sentences, its schema for editors."""

from __future__ import annotations

import re
from typing import Any

from pydantic import BaseModel

from leitai.rules.regime import cases, model
from leitai.rules.regime.diff import diff
from leitai.rules.regime.labels import LABELS, THINGS
from leitai.rules.regime.model import Regime
from leitai.rules.regime.parse import parse
from leitai.rules.regime.schema import json_schema
from leitai.rules.regime.shape import forms_at, written
from leitai.rules.regime.source import plain, read
from tests.rules.regime.helpers import RIGHT


def _sentences(old: str, new: str, language: str = "en") -> list[str]:
    assert old in RIGHT
    before, after = parse(RIGHT).regime, parse(RIGHT.replace(old, new)).regime
    assert before is not None and after is not None
    return [sentence.show(language) for sentence in diff(before, after)]


def test_no_difference_is_no_sentence() -> None:
    assert _sentences("leitai: 1", "leitai: 1 # same") == []


def test_a_changed_limit_reads_as_a_sentence() -> None:
    assert _sentences("10 minutes", "30 minutes") == [
        "clock “reply” of kind of case “Question”: within 10 minutes → 30 minutes"
    ]
    assert _sentences("timezone: Asia/Shanghai", "timezone: UTC") == ["place: time zone Asia/Shanghai → UTC"]
    assert _sentences("funds: 60, delay: 40", "funds: 70, delay: 30") == [
        "weight “funds” of arena “Projects”: 60 → 70",
        "weight “delay” of arena “Projects”: 40 → 30",
    ]


def test_names_are_in_the_language_asked_for_and_templates_are_translated() -> None:
    before = parse(RIGHT.replace("name: Question", "name: {zh: 诉求, en: Question}")).regime
    after = parse(
        RIGHT.replace("name: Question", "name: {zh: 诉求, en: Question}").replace("10 minutes", "1 hour")
    ).regime
    assert before is not None and after is not None
    words = {
        "%(inner)s of %(outer)s": "%(outer)s的%(inner)s",
        "%(kind)s “%(key)s”": "%(kind)s“%(key)s”",
        "clock": "时限",
        "kind of case": "事项",
        "within": "为",
        "%(thing)s: %(label)s %(old)s → %(new)s": "%(thing)s：%(label)s%(old)s → %(new)s",
    }
    assert [s.show("zh", lambda text: words.get(text, text)) for s in diff(before, after)] == [
        "事项“诉求”的时限“reply”：为10 minutes → 1 hour"
    ]


def test_things_come_and_go() -> None:
    new = "\n      call: {until: closed, within: 1 hour, on: hall}\n      reply:"
    assert _sentences("\n      reply:", new) == [
        "clock “call” of kind of case “Question”: new (until closed, within 1 hour, on hall)"
    ]
    assert _sentences("{funds: 60, delay: 40}", "{funds: 100}") == [
        "weight “funds” of arena “Projects”: 60 → 100",
        "weight “delay” of arena “Projects”: removed (was: 40)",
    ]
    assert _sentences(", warn: 5 minutes", "") == [
        "clock “reply” of kind of case “Question”: warning before the end no longer stated (was: 5 minutes)"
    ]
    gone, come = _sentences("do: propose warning for unit", "do: propose warning for head")
    assert gone.startswith("rule: removed (was: on clock.breached, if clock.key") and "for head" in come


def test_every_key_of_the_schema_has_words() -> None:
    every = [*vars(model).values(), *vars(cases).values()]
    models = [one for one in every if isinstance(one, type) and issubclass(one, BaseModel)]
    fields = {written(name, field) for one in models for name, field in one.model_fields.items()}
    assert fields - set(LABELS) - set(THINGS) == set()


def test_every_field_is_in_the_json_schema() -> None:
    schema = json_schema()
    assert schema["$schema"].endswith("2020-12/schema")
    assert set(schema["properties"]) == {written(n, f) for n, f in Regime.model_fields.items()}
    assert (
        "from" in schema["$defs"]["ClockSpec"]["properties"]
        and "if" in schema["$defs"]["RuleSpec"]["properties"]
    )
    references = set(re.findall(r"#/\$defs/(\w+)", str(schema)))
    assert references <= set(schema["$defs"])
    assert json_schema() == schema


def test_the_schema_accepts_what_the_reader_accepts() -> None:
    """By a validator of the few words of JSON Schema that the schema uses."""
    schema = json_schema()
    dated = RIGHT.replace("within: 10 minutes", "within: {values: {2021-02-01: 10 minutes}}")
    percent = dated.replace("{by: target}", "{by: target, cap: 120%}").replace(
        "name: Bureaus", "name: {zh: 各局}"
    )
    assert _valid(schema, schema, _json(percent))
    assert not _valid(schema, schema, _json(RIGHT.replace("better: less", "beter: less")))
    assert not _valid(schema, schema, _json(RIGHT.replace("every: quarter", "every: quater")))
    assert not _valid(schema, schema, _json(dated.replace("2021-02-01", "once")))


def test_forms_at_a_path_that_is_not_there_are_none() -> None:
    assert forms_at(Regime, ("arenas", "x", "nothing")) == ()


def _json(text: str) -> Any:
    def shown(value: object) -> object:
        if isinstance(value, dict):
            return {str(key): shown(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [shown(item) for item in value]
        return value if isinstance(value, str | int | bool) or value is None else str(value)

    tree = read(text)[0]
    assert tree is not None
    return shown(plain(tree))


_TYPES = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "number": int,
    "boolean": bool,
    "null": type(None),
}


def _valid(root: Any, schema: Any, value: Any) -> bool:
    if "$ref" in schema:
        return _valid(root, root["$defs"][schema["$ref"].rpartition("/")[2]], value)
    if "anyOf" in schema and not any(_valid(root, form, value) for form in schema["anyOf"]):
        return False
    if "type" in schema and not isinstance(value, _TYPES[schema["type"]]):
        return False
    if ("enum" in schema and value not in schema["enum"]) or ("const" in schema and value != schema["const"]):
        return False
    if isinstance(value, str) and "pattern" in schema and not re.search(schema["pattern"], value):
        return False
    if isinstance(value, list):
        return all(_valid(root, schema.get("items", {}), item) for item in value)
    if not isinstance(value, dict):
        return True
    known, patterns, other = (
        schema.get("properties", {}),
        schema.get("patternProperties", {}),
        schema.get("additionalProperties", True),
    )
    if not set(schema.get("required", ())) <= set(value):
        return False
    for key, inner in value.items():
        matched = (
            [known[key]]
            if key in known
            else [one for pattern, one in patterns.items() if re.search(pattern, key)]
        )
        if not matched and other is False:
            return False
        if not all(
            _valid(root, one, inner) for one in matched or ([other] if isinstance(other, dict) else [])
        ):
            return False
    return True
