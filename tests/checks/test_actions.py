"""Every write is an action: keyword-only, told who and when, and leaving an event."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

HOUSE = Path(__file__).resolve().parents[2] / "src/leitai"


def modules(house: Path) -> list[str]:
    """Every module named actions, and every one of a package of that name, wherever in the house it stands.

    The ledger is what actions are made with; its own functions write events, and an event leaves no event.
    """
    names = (path.relative_to(house.parent).with_suffix("").parts for path in house.rglob("*.py"))
    found = (".".join(parts).removesuffix(".__init__") for parts in names if "actions" in parts)
    return sorted(set(found) - {"leitai.apps.ledger.actions"})


ROOMS = modules(HOUSE)


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
    expected = {
        "leitai.apps.people.actions.accounts",
        "leitai.apps.ballots.actions.casting",
        "leitai.apps.tables.actions",
        "leitai.web.wall.actions",
    }
    assert expected <= set(ROOMS)


def test_actions_are_looked_for_in_every_part_of_the_house(tmp_path: Path) -> None:
    house = tmp_path / "leitai"
    for name in (
        "web/new/actions.py",
        "drive/actions/deep/one.py",
        "apps/x/actions/__init__.py",
        "web/pages.py",
    ):
        (house / name).parent.mkdir(parents=True, exist_ok=True)
        (house / name).touch()
    assert modules(house) == [
        "leitai.apps.x.actions",
        "leitai.drive.actions.deep.one",
        "leitai.web.new.actions",
    ]


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
