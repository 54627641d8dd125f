"""The pages of the `leitai` command: one section for each of its commands, from what typer knows of them."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import Any, Literal, get_args, get_origin


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
