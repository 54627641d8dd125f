"""The linters stop what the house forbids: a clock in the core, an import that goes the wrong way."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

BIN = Path(sys.executable).parent
Plant = Callable[[str, str], Path]


def run(copy: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """A linter at work in a copy of the tree."""
    environment = {**os.environ, "PYTHONPATH": str(copy / "src"), "NO_COLOR": "1", "COLUMNS": "400"}
    return subprocess.run(
        [BIN / command[0], *command[1:]], cwd=copy, env=environment, capture_output=True, text=True
    )


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("from datetime import datetime\nNOW = datetime.now(tz=None)", "Take `now` as an argument"),
        ("from datetime import date\nTODAY = date.today()", "Take the day as an argument"),
        ("import time", "The core reads no clock"),
        ("import random", "The core knows no chance"),
        ("import numpy as np\nDRAWN = np.random.default_rng(1)", "The core knows no chance"),
        ("import uuid", "Ids are given to the core"),
        ("from os import environ", "The core reads no environment"),
        ("TEXT = open('file').read()", "PTH123"),
    ],
)
def test_ruff_keeps_clock_chance_and_files_out_of_the_core(planted: Plant, line: str, says: str) -> None:
    copy = planted("src/leitai/rules/kernel/planted.py", f'"""Planted."""\n\n{line}\n')
    done = run(copy, "ruff", "check", "--no-cache", "src/leitai/rules/kernel/planted.py")
    assert done.returncode == 1
    assert says in done.stdout


@pytest.mark.parametrize(
    ("module", "line", "says"),
    [
        ("rules/kernel/planted.py", "from leitai.rules import regime", "leitai.rules.kernel"),
        ("rules/kernel/planted.py", "import pathlib", "pathlib"),
        ("rules/kernel/planted.py", "from leitai import config", "leitai.rules.kernel"),
        ("apps/people/planted.py", "from leitai.apps.tables import models", "leitai.apps.people"),
        ("apps/ballots/planted.py", "from leitai.apps.casework import models", "leitai.apps.ballots"),
        ("apps/people/planted.py", "from leitai import drive", "leitai.apps.people"),
        ("cellar/__init__.py", "", "cellar"),
    ],
)
def test_import_linter_keeps_the_direction(planted: Plant, module: str, line: str, says: str) -> None:
    done = run(planted(f"src/leitai/{module}", f'"""Planted."""\n{line}\n'), "lint-imports", "--no-cache")
    assert done.returncode == 1, done.stdout
    broken = done.stdout.partition("Broken contracts")[2]
    assert says in broken
    assert "planted" in broken or "cellar" in broken
