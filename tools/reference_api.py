"""The reference page of the HTTP interface, from its own description and from the faults that its source can answer."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
# Where the faults are made that a caller can get.
SOURCES = (
    "src/leitai/api/*.py",
    "src/leitai/apps/ballots/actions/tickets.py",
    "src/leitai/apps/ballots/queries/points.py",
    "src/leitai/apps/casework/actions/opening.py",
    "src/leitai/apps/casework/actions/photos.py",
    "src/leitai/apps/ledger/actions.py",
    "src/leitai/rules/ballots/codes.py",
    "src/leitai/rules/ballots/grades.py",
    "src/leitai/rules/casework/answers.py",
    "src/leitai/ui/photos.py",
)
MAKERS = ("Finding", "Problem", "refuse")


def page() -> str:
    """The page's text, without its first line."""
    from leitai.api.app import schema
    from leitai.api.describe import operations
    from leitai.api.faults import meanings, words

    document = schema()
    shapes = document["components"]["schemas"]
    text = "# The HTTP interface\n\n" + document["info"]["description"]
    text += "\nHow to begin: [issue tickets](../how-to/issue-tickets.md), "
    text += "[open cases](../how-to/cases-by-api.md), [let civic apps report](../how-to/open311.md). "
    text += "The same for programs: `/api/v1/openapi.json`, or `leitai api schema`.\n"
    for path, method, operation in operations(document):
        text += section(path, method, operation, shapes)
    text += "\n## Statuses\n\n| status | |\n| --- | --- |\n"
    text += "".join(line(str(status), said) for status, said in meanings().items())
    text += "\n## Codes\n\nOf a whole answer, or of one line of a batch.\n\n| code | |\n| --- | --- |\n"
    text += "".join(line(f"`{code}`", said) for code, said in sorted(codes().items()))
    text += "\nAnd of one field, in `where`:\n\n| code | |\n| --- | --- |\n"
    text += "".join(line(f"`{code.replace('_', '-')}`", said) for code, said in sorted(words().items()))
    return text


def section(path: str, method: str, operation: Mapping[str, Any], shapes: Mapping[str, Any]) -> str:
    """One operation: what it is for, its arguments, its body and its answer."""
    text = f"\n## {operation['summary']}\n\n`{method.upper()} {path}`\n\n{operation['description']}\n"
    rest = [one for one in operation["parameters"] if one["name"] != "place"]
    if rest:
        text += "\n| argument | value | |\n| --- | --- | --- |\n"
        for one in rest:
            name = f"`{one['name']}`" + (" (required)" if one["required"] and one["in"] == "query" else "")
            text += line(name, kind(one["schema"]), one.get("description", ""))
    body = operation.get("requestBody")
    if body:
        (content,) = body["content"].values()
        text += fields("field", content["schema"], shapes)
    statuses = [status for status in operation["responses"] if int(status) < 300]
    for media, content in operation["responses"][statuses[0]].get("content", {}).items():
        said = " or ".join(str(status) for status in statuses)
        text += f"\nAnswers {said} with `{media}`"
        described = fields("answer", content["schema"], shapes)
        text += f":\n{described}" if described else ".\n"
    return text


def fields(title: str, schema: Mapping[str, Any], shapes: Mapping[str, Any]) -> str:
    """The fields of an object as a table; those of objects within it below."""
    part = resolved(schema, shapes)
    if "properties" not in part:
        return ""
    text = f"\n| {title} | value | |\n| --- | --- | --- |\n"
    for path, value, needed in flat(part, shapes):
        text += line(
            f"`{path}`" + (" (required)" if needed and title == "field" else ""),
            kind(value),
            value.get("description", ""),
        )
    return text


def flat(
    part: Mapping[str, Any], shapes: Mapping[str, Any], before: str = ""
) -> Iterator[tuple[str, dict[str, Any], bool]]:
    """(name with the names above it, schema, whether it is needed) of every field."""
    for name, value in part["properties"].items():
        yield before + name, value, name in part.get("required", ())
        inner = resolved(value, shapes)
        if "properties" in inner:
            yield from flat(inner, shapes, f"{before}{name}.")
        item = resolved(value.get("items", {}), shapes)
        if "properties" in item and item.get("title") != "Where":
            yield from flat(item, shapes, f"{before}{name}[].")


def resolved(schema: Mapping[str, Any], shapes: Mapping[str, Any]) -> Mapping[str, Any]:
    """The shape that a schema refers to, be it the first of several; or the schema itself."""
    found = next((one for one in (schema, *schema.get("anyOf", ())) if "$ref" in one), None)
    return shapes[found["$ref"].rpartition("/")[2]] if found is not None else schema


def kind(schema: Mapping[str, Any]) -> str:
    """What a value may be, in a few words."""
    if "enum" in schema:
        return ", ".join(f"`{one}`" for one in schema["enum"])
    several = [one for one in schema.get("anyOf", ()) if one.get("type") != "null"]
    if several:
        return " or ".join(dict.fromkeys(kind(one) for one in several if one))
    if "$ref" in schema:
        return "object"
    if schema.get("type") == "array":
        most = f"1 to {schema['maxItems']:,} of: " if "maxItems" in schema else "list of "
        return most + kind(schema["items"])
    said = {"date-time": "instant"}.get(schema.get("format", ""), str(schema.get("type", "anything")))
    if "maxLength" in schema:
        said += f", at most {schema['maxLength']} letters"
    if "maximum" in schema and schema["maximum"] < 1 << 31:
        said += f", {schema.get('minimum', 0)} to {schema['maximum']}"
    return said


def line(*cells: str) -> str:
    """One line of a table."""
    plain = (re.sub(r"%\((\w+)\)s", r"{\1}", " ".join(one.split())) for one in cells)
    return f"| {' | '.join(one.replace('|', chr(92) + '|') for one in plain)} |\n"


def codes() -> dict[str, str]:
    """Every code that the interface may answer, with its sentence, from the source."""
    found: dict[str, str] = {}
    for pattern in SOURCES:
        for path in sorted(ROOT.glob(pattern)):
            for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(function, ast.FunctionDef):
                    found |= codes_in(function)
    return found


def codes_in(function: ast.FunctionDef) -> dict[str, str]:
    """The codes of findings and problems that a function makes."""
    said: dict[str, str] = {}
    found: dict[str, str] = {}
    calls = [node for node in ast.walk(function) if isinstance(node, (ast.Assign, ast.Call))]
    for node in sorted(calls, key=lambda one: (one.lineno, isinstance(one, ast.Call))):
        if isinstance(node, ast.Assign):
            if isinstance(node.targets[0], ast.Name) and (text := sentence(node.value, said)):
                said[node.targets[0].id] = text
        elif (maker := getattr(node.func, "id", getattr(node.func, "attr", ""))) in MAKERS:
            code, message = node.args[maker == "Problem" :][:2]
            if isinstance(code, ast.Constant):
                found[str(code.value)] = sentence(message, said)
    return found


def sentence(node: ast.expr, said: Mapping[str, str]) -> str:
    """The words of N_("…"), of a name that was given them, or of a status."""
    if isinstance(node, ast.Name):
        return said.get(node.id, "")
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        from leitai.api.faults import meanings

        return meanings().get(node.slice.value, "")
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "N_":
        first = node.args[0]
        return str(first.value) if isinstance(first, ast.Constant) else ""
    return ""
