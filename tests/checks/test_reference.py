"""The reference pages' check names a page that no longer says what the code says."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tools import reference


def run(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """tools/reference.py as `make docs` runs it."""
    command = [sys.executable, str(root / "tools/reference.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=root, env=dict(os.environ))


def test_stale_and_missing_pages_are_named(root: Path, tmp_path: Path) -> None:
    assert run(root, "--to", str(tmp_path)).returncode == 0
    assert run(root, "--to", str(tmp_path), "--check").stdout == ""
    first, second = (tmp_path / name for name, _ in reference.PAGES[:2])
    first.write_text(first.read_text(encoding="utf-8") + "\nA word too many.\n", encoding="utf-8")
    second.unlink()
    done = run(root, "--to", str(tmp_path), "--check")
    assert done.returncode == 1
    assert [line.split(" ")[1] for line in done.stdout.splitlines()] == [str(first), str(second)]


def test_an_event_without_words_is_named() -> None:
    assert reference.wordless(["case.opened", "case.lost"], {"case.opened": "case opened"}) == ["case.lost"]
