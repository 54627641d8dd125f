"""Writes docs/reference from the code, or with --check says which page has grown stale.

A page of reference written by hand ages; these are made from the very objects they describe. A new page is
one line in PAGES.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import json
import os
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
MADE = "<!-- Written by `make docs` from the code; do not edit. -->\n\n"


def cli() -> str:
    """The `leitai` command with all its subcommands, from the typer application."""
    import typer

    from leitai.cli import complete
    from tools.reference_cli import commands

    return MADE + "# The `leitai` command\n" + "".join(commands(typer.main.get_command(complete()), "leitai"))


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


def score_spec() -> str:
    """The spec of `leitai score` as tables, from its model, and which keys go with which method."""
    from leitai.rules.scoring.pipeline.spec import METHODS, TREATMENTS, Spec

    whole = Spec.model_json_schema(by_alias=True)
    for part in (whole, *whole["$defs"].values()):
        for value in part["properties"].values():
            stated = value.get("default")
            if stated not in (None, [], "", False) and not isinstance(stated, dict):
                stated = "true" if stated is True else stated
                value["description"] = f"{value.get('description', '')} (unless stated: {stated})".strip()
    text = (
        MADE + "# The spec of an index\n\nWhat `leitai score` reads; [how to](../how-to/score-an-index.md).\n"
    )
    text += keys("The file", whole)
    for name, part in sorted(whole["$defs"].items()):
        text += keys(name, part)
    for title, table in (("Ways to points", METHODS), ("Treatments", TREATMENTS)):
        text += f"\n## {title}\n\n| by | needs | may have |\n| --- | --- | --- |\n"
        for by, (needed, allowed) in table.items():
            text += row(f"`{by}`", *(", ".join(f"`{one}`" for one in names) for names in (needed, allowed)))
    # A number may be written as text too; nobody needs to be told at every key.
    return text.replace("number or string or string", "number or text").replace("number or string", "number")


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


def django_ready() -> None:
    """Django loaded, and English spoken, for pages made from rooms rather than from the core."""
    import django
    from django.utils import translation

    django.setup()
    translation.activate("en")


def events() -> str:
    """Every kind of event: what it is called, what writes it, what a rule that listens to it may ask."""
    django_ready()
    from leitai.rules.regime.vocabulary import EVENTS, VERBS
    from leitai.web.events import WORDS

    text = (
        MADE
        + "# Events\n\nWhat the ledger may hold, by kind; `rule` marks those that a rule may listen to.\n\n"
    )
    text += row("kind", "what happened", "written by", "") + "| --- | --- | --- | --- |\n"
    for event, homes in sorted(writers().items()):
        by = (f"`{home}` {', '.join(sorted(names))}".strip() for home, names in sorted(homes.items()))
        text += row(f"`{event}`", WORDS.get(event, ""), "; ".join(by), "rule" if event in EVENTS else "")
    text += "\n## What a rule may ask\n\n" + row("on", "names in `if`") + "| --- | --- |\n"
    for event, facts in sorted(EVENTS.items()):
        text += row(f"`{event}`", ", ".join(f"`{name}` {kind}" for name, kind in facts.items()))
    text += "\n## What a rule may do\n\n" + row("do", "once for each", "meaning") + "| --- | --- | --- |\n"
    return text + "".join(row(f"`{verb.pattern}`", verb.scope, verb.meaning) for verb in VERBS)


def row(*cells: str) -> str:
    """One line of a table."""
    return f"| {' | '.join(one.replace('|', chr(92) + '|') for one in cells)} |\n"


def wordless(kinds: Iterable[str], words: Mapping[str, str]) -> list[str]:
    """The kinds of event that no page could name."""
    return sorted(set(kinds) - set(words))


def writers() -> dict[str, dict[str, set[str]]]:
    """For each kind the modules that write it and, where they say so, the actions that do.

    An action declares its kinds; what is written beside them, or by the drive, is found in the source.
    """
    from leitai.rules.regime.vocabulary import EVENTS

    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    apps = ROOT / "src/leitai/apps"
    pages = ROOT / "src/leitai/web"
    sources = sorted(
        (*apps.glob("*/actions.py"), *apps.glob("*/actions/[!_]*.py"), *pages.rglob("actions.py"))
    )
    for path in sources:
        home = path.relative_to(ROOT / "src/leitai").as_posix()
        module = importlib.import_module("leitai." + home.removesuffix(".py").replace("/", "."))
        for name, value in vars(module).items():
            if getattr(value, "__module__", "") == module.__name__:
                for declared in getattr(value, "__leitai_action__", ()):
                    found[declared][home].add(name)
    for path in [*sources, *sorted((ROOT / "src/leitai/drive").glob("*.py"))]:
        home = path.relative_to(ROOT / "src/leitai").as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            said = [node.value] if isinstance(node, ast.Constant) else []
            written = (
                [k.value for k in node.keywords if k.arg == "kind"] if isinstance(node, ast.Call) else []
            )
            said += [v.value for v in written if isinstance(v, ast.Constant)]
            for word in said:
                is_kind = isinstance(word, str) and re.fullmatch(r"[a-z]+\.[a-z_]+", word)
                # A bare word counts only where a room writes it; the drive names kinds that it merely reads.
                if is_kind and (written or (word in EVENTS and home.startswith("apps/"))):
                    found[word].setdefault(home, set())
    return found


def states() -> str:
    """Every flow drawn, those of the shipped rule-books' own too, and which kind of case goes through which."""
    from leitai.rules.casework import FLOWS
    from leitai.rules.merits import FLOW
    from leitai.rules.regime.parse import parse

    text = (
        MADE
        + "# States\n\nThe flows of cases (`src/leitai/rules/flows/tables.py`), of the shipped rule-books' own "
    )
    text += (
        "(`flows:` in the file) and of merit files (`src/leitai/rules/merits/flow.py`), drawn as they run.\n"
    )
    kinds = (
        "\n## Kinds of case\n\n" + row("place", "kind", "on screens", "flow", "clocks") + f"|{' --- |' * 5}\n"
    )
    own = ""
    for file in sorted(ROOT.glob("regimes/*/regime.yaml")):
        place, book = file.parent.name, parse(file.read_text(encoding="utf-8")).regime
        assert book is not None, f"{file} cannot be read"
        for key, spec in book.cases.items():
            name = f"{spec.flow} ({place})" if spec.own_flow else spec.flow
            link = f"[{name}](#{re.sub('[()]', '', name).replace(' ', '-')})"
            kinds += row(
                place, f"`{key}`", both(spec.name), link, ", ".join(f"`{one}`" for one in spec.clocks)
            )
        for key, flow in book.flows.items():
            own += drawn(flow.table(key), f"{key} ({place})")
    return (
        text + kinds + "".join(drawn(flow, flow.key) for flow in FLOWS.values()) + own + drawn(FLOW, FLOW.key)
    )


def both(text: Any) -> str:
    """A name in both languages, as far as it has them."""
    return " · ".join(filter(None, (text.zh, text.en)))


def drawn(flow: Any, title: str) -> str:
    """One flow: its diagram, who holds what, and every move with what it needs and writes."""
    from leitai.rules.casework import FIELDS, ROLES, diagram

    text = f"\n## {title}\n\n{both(flow.label)}. Milestones: {', '.join(flow.milestones)}.\n\n"
    text += f"```mermaid\n{diagram(flow)}```\n\n"
    text += row("state", "on screens", "held by") + "| --- | --- | --- |\n"
    for state in flow.states:
        text += row(f"`{state.key}`", both(state.label), ROLES[state.owner].show("en"))
    text += "\n" + row("move", "from", "to", "by", "needs", "writes", "milestone")
    text += "| --- | --- | --- | --- | --- | --- | --- |\n"
    for move in flow.moves:
        text += row(
            both(move.label),
            ", ".join(move.from_states),
            move.to_state,
            ", ".join(ROLES[role].show("en") for role in move.by),
            ", ".join(FIELDS[name].show("en") for name in move.needs),
            f"`{move.event}`",
            " ".join(filter(None, (move.milestone, f"(undoes {move.undoes})" if move.undoes else ""))),
        )
    return text


def permissions() -> str:
    """Who may do what, and the addresses that ask for it."""
    django_ready()
    from leitai.apps.people.access import PERMISSIONS
    from leitai.apps.people.models import Role

    asked: dict[str, list[str]] = defaultdict(list)
    for address, view in addresses():
        if getattr(view, "permission", None):
            asked[view.permission].append(f"`{address}`")
    text = MADE + "# Permissions\n\nDenied unless granted (`src/leitai/apps/people/access.py`). "
    text += "● over the whole place, ○ over one's own unit and those below it.\n"
    text += "Citizens and enterprises have no account: they come by a code on a wall, or by a link.\n\n"
    text += row("permission", *(str(role.label) for role in Role), "asked at the door of")
    text += f"| --- |{' :-: |' * len(Role)} --- |\n"
    for name, (everywhere, own) in PERMISSIONS.items():
        marks = ("●" if role in everywhere else "○" if role in own else "" for role in Role)
        text += row(f"`{name}`", *marks, ", ".join(sorted(asked[name])))
    return text


def addresses(patterns: Any = None, before: str = "/") -> Iterator[tuple[str, Any]]:
    """Every address with its view; Django's own administration has doors of its own and is left out."""
    from django.urls import URLResolver, get_resolver

    for one in get_resolver().url_patterns if patterns is None else patterns:
        address = before + re.sub(r"<[a-z]+:", "<", str(one.pattern))
        if not isinstance(one, URLResolver):
            yield address, one.callback
        elif one.namespace != "admin":
            yield from addresses(one.url_patterns, address)


def settings() -> str:
    """The environment variables, with the words of the docstring that explains each."""
    explained: dict[str, str] = {}
    read: dict[str, set[str]] = defaultdict(set)
    for path in sorted((ROOT / "src/leitai").rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        docstring = ast.get_docstring(ast.parse(source)) or ""
        explained |= dict(re.findall(r"^(LEITAI_[A-Z_]+) {2,}(\S.*)$", docstring, re.MULTILINE))
        for name in re.findall(r"environ(?:\.get\(|\[)\"(LEITAI_[A-Z_]+)\"", source):
            read[name].add(f"`{path.relative_to(ROOT).as_posix()}`")
    text = (
        MADE + "# Settings\n\nAll from the environment; each has a default that is right for one machine.\n\n"
    )
    text += row("variable", "meaning", "read by") + "| --- | --- | --- |\n"
    for name, files in sorted(read.items()):
        text += row(f"`{name}`", explained.get(name, ""), ", ".join(sorted(files)))
    return text


def api() -> str:
    """The HTTP interface."""
    django_ready()
    from tools.reference_api import page

    return MADE + page()


PAGES: list[tuple[str, Callable[[], str]]] = [
    ("cli.md", cli),
    ("regime-schema.json", schema),
    ("regime.md", regime),
    ("score-spec.md", score_spec),
    ("events.md", events),
    ("states.md", states),
    ("permissions.md", permissions),
    ("settings.md", settings),
    ("api.md", api),
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
    from leitai.web.events import WORDS

    for kind in (nameless := wordless(writers(), WORDS)):
        print(f"reference: the event {kind} has no words in src/leitai/web/events.py")
    return 1 if stale or nameless else 0


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main())
