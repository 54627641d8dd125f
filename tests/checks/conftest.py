"""A copy of the tree in which a check's own tests can plant a fault."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture
def planted(tmp_path: Path) -> Callable[[str, str], Path]:
    """`planted(name, text)` adds text to a file in a copy of the source and gives the copy's root."""

    def plant(name: str, text: str) -> Path:
        if not (tmp_path / "src").exists():
            away = shutil.ignore_patterns("__pycache__", "vendor", "*.mo", "locale")
            shutil.copytree(ROOT / "src", tmp_path / "src", ignore=away)
            shutil.copy(ROOT / "pyproject.toml", tmp_path)
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(text)
        return tmp_path

    return plant
