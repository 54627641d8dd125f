"""Writes docs/reference from the code, or with --check says which page has grown stale.

A page of reference written by hand ages; these are made from the very objects they describe. A new page is
one line in PAGES.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator
from enum import Enum
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

ROOT = Path(__file__).resolve().parent.parent
MADE = "<!-- Written by `make docs` from the code; do not edit. -->\n\n"


def cli() -> str:
    """The `leitai` command with all its subcommands, from the typer application."""
    import typer

    from leitai.cli import app

    return MADE + "# The `leitai` command\n" + "".join(commands(typer.main.get_command(app), "leitai"))


def commands(command: Any, name: str) -> Iterator[str]:
    """One section for a command and for each below it, groups before their members."""
    subs = getattr(command, "commands", {})
    parameters = [p for p in command.params if not getattr(p, "hidden", False) and p.name != "help"]
    arguments = [p for p in parameters if p.param_type_name == "argument"]
    usage = [name, *(argument(p) for p in arguments)]
    usage += ["[OPTIONS]"] if len(parameters) > len(arguments) else []
    usage += ["COMMAND"] if subs else []
    yield f"\n## `{' '.join(usage)}`\n"
    if command.help:
        yield f"\n{plain(command.help)}\n"
    if parameters:
        yield "\n| | |\n| --- | --- |\n"
        for p in parameters:
            label = argument(p) if p in arguments else ", ".join([*p.opts, *p.secondary_opts])
            yield f"| `{label}` | {cell(p)} |\n"
    for key, sub in sorted(subs.items()):
        if not sub.hidden:
            yield from commands(sub, f"{name} {key}")


def argument(parameter: Any) -> str:
    """An argument as a usage line shows it."""
    name = parameter.name.upper() + ("..." if parameter.nargs == -1 else "")
    return name if parameter.required else f"[{name}]"


def cell(parameter: Any) -> str:
    """What a parameter does, with its choices and its default where they say something."""
    text = " ".join((getattr(parameter, "help", None) or "").split())
    text += "." if text and text[-1] not in ".:;?!" else ""
    if choices := choices_of(parameter.type_descriptor.annotation):
        text += f" One of {', '.join(f'`{choice}`' for choice in choices)}."
    default = parameter.default
    silent = default is None or isinstance(default, bool) or default in ("", (), []) or callable(default)
    if not silent and not parameter.required:
        text += f" Default: `{getattr(default, 'value', default)}`."
    elif parameter.required and parameter.param_type_name == "option":
        text += " Required."
    return text.strip().replace("|", "\\|")


def choices_of(kind: Any) -> list[str]:
    """The values that a parameter of an Enum or Literal type takes; none for any other type."""
    if isinstance(kind, type) and issubclass(kind, Enum):
        return [str(member.value) for member in kind]
    return [str(value) for value in get_args(kind)] if get_origin(kind) is Literal else []


def plain(text: str) -> str:
    """A help text without the marks that only a terminal's formatter reads."""
    return text.replace("\b\n", "").replace("\f", "").strip()


def schema() -> str:
    """The JSON Schema of the regime file, for editors."""
    from leitai.rules.regime.schema import json_schema

    return json.dumps(json_schema(), indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def regime() -> str:
    """The regime file's keys as tables, from the same schema."""
    from leitai.rules.regime.schema import json_schema

    whole = json_schema()
    text = MADE + "# The regime file\n\nThe same as [JSON Schema](regime-schema.json), for editors.\n\n"
    text += "Any value may also be dated: `values:` with the first day in force of each.\n"
    text += keys("The file", whole)
    for name, part in sorted(whole.get("$defs", {}).items()):
        text += keys(name, part)
    return text


def keys(name: str, part: dict[str, Any]) -> str:
    """One section: what a part of the file is, and its keys."""
    text = f"\n## {name}\n"
    if part.get("description"):
        text += f"\n{part['description'].strip()}\n"
    if part.get("enum"):
        text += f"\nOne of {', '.join(f'`{value}`' for value in part['enum'])}.\n"
    if part.get("properties"):
        text += "\n| key | value | meaning |\n| --- | --- | --- |\n"
        for key, value in part["properties"].items():
            must = " (required)" if key in part.get("required", ()) else ""
            meaning = " ".join(value.get("description", "").split()).replace("|", "\\|")
            text += f"| `{key}`{must} | {kind(value)} | {meaning} |\n"
    return text


def kind(value: dict[str, Any]) -> str:
    """What a value may be, in a few words, linked to the section of a named part."""
    if "$ref" in value:
        name = value["$ref"].rsplit("/", 1)[-1]
        return f"[{name}](#{name.lower()})"
    if "enum" in value:
        return ", ".join(f"`{item}`" for item in value["enum"])
    if "const" in value:
        return f"`{value['const']}`"
    for many in ("anyOf", "oneOf", "allOf"):
        if many in value:
            plain_ones = [v for v in value[many] if v.get("type") != "null" and not history(v)]
            return " or ".join(dict.fromkeys(kind(v) for v in plain_ones))
    if value.get("type") == "array":
        return f"list of {kind(value.get('items', {}))}"
    named = [*value.get("patternProperties", {}).values(), value.get("additionalProperties")]
    if value.get("type") == "object" and isinstance(named[0], dict):
        return f"by name: {kind(named[0])}"
    return str(value.get("type", "anything"))


def history(value: dict[str, Any]) -> bool:
    """Whether this is the dated form that any value may have, which the page tells once, at its top."""
    return set(value.get("properties", ())) == {"values"}


PAGES: list[tuple[str, Callable[[], str]]] = [
    ("cli.md", cli),
    ("regime-schema.json", schema),
    ("regime.md", regime),
]


def main() -> int:
    """Writes every page, or compares every page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; fail where a page differs")
    parser.add_argument("--to", type=Path, default=ROOT / "docs/reference", help="the folder of the pages")
    given = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leitai.config.settings")
    os.environ.setdefault("LEITAI_VAR", str(ROOT / ".cache/reference"))
    # Pages are written in English and as wide as they come, whoever runs this and wherever.
    os.environ.update(LANG="C.UTF-8", COLUMNS="100", NO_COLOR="1")
    stale = 0
    for name, make in PAGES:
        path, text = given.to / name, make()
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        if given.check:
            print(f"reference: {path} is stale; `make docs` writes it anew")
            stale += 1
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            print(f"reference: wrote {path}")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
