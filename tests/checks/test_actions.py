"""Every write is an action: keyword-only, told who and when, and leaving an event."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

HOUSE = Path(__file__).resolve().parents[2] / "src/leitai"
# The ledger is what actions are made with; its own functions write events, and an event leaves no event.
ROOMS = sorted(
    path.relative_to(HOUSE.parent).with_suffix("").as_posix().replace("/", ".")
    for path in (*HOUSE.glob("apps/*/actions.py"), *HOUSE.glob("apps/*/actions/[!_]*.py"))
    if path.parent.name != "ledger"
)


def public(module: ModuleType) -> Iterator[tuple[str, Callable[..., object]]]:
    """The functions that a module itself offers."""
    for name, value in vars(module).items():
        if not name.startswith("_") and inspect.isfunction(value) and value.__module__ == module.__name__:
            yield name, value


def faults(module: ModuleType) -> list[str]:
    """What keeps a module's functions from being actions."""
    wrong = []
    for name, function in public(module):
        parameters = inspect.signature(function).parameters
        loose = [p.name for p in parameters.values() if p.kind is not p.KEYWORD_ONLY]
        if loose:
            wrong.append(f"{name}: {', '.join(loose)} may be given by position")
        wrong += [f"{name}: takes no {word}" for word in ("by", "now") if word not in parameters]
        if not getattr(function, "__leitai_action__", ()):
            wrong.append(f"{name}: declares no event")
    return wrong


def test_there_are_rooms_to_look_at() -> None:
    assert {"leitai.apps.people.actions.accounts", "leitai.apps.ballots.actions.casting"} <= set(ROOMS)


@pytest.mark.parametrize("room", ROOMS)
def test_every_public_function_of_a_rooms_actions_is_an_action(room: str) -> None:
    assert faults(importlib.import_module(room)) == []


def test_a_function_that_is_no_action_is_found() -> None:
    def move(row: object, *, by: str) -> None:
        """Written as no action may be."""

    module = ModuleType("planted")
    move.__module__ = module.__name__
    module.move = move  # type: ignore[attr-defined]
    assert faults(module) == [
        "move: row may be given by position",
        "move: takes no now",
        "move: declares no event",
    ]
