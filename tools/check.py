"""Runs every check that needs no database of records, and says at the end which of them failed.

Each is a command a person can run alone; all run even if one fails, so that one look shows everything.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv/bin"
CHECKS: tuple[tuple[str, list[str]], ...] = (
    ("lint", [str(BIN / "ruff"), "check", "--quiet", "."]),
    ("format", [str(BIN / "ruff"), "format", "--check", "--quiet", "."]),
    ("types", [str(BIN / "mypy"), "--no-error-summary"]),
    ("layers", [str(BIN / "lint-imports"), "--no-cache"]),
    ("translations", [sys.executable, "tools/messages.py", "check"]),
    ("reference", [sys.executable, "tools/reference.py", "--check"]),
    ("house", [sys.executable, "-m", "pytest", "-q", "-n", "2", "tests/checks"]),
)


def main() -> int:
    """Runs the checks named as arguments, or all."""
    names = sys.argv[1:] or [name for name, _ in CHECKS]
    failed = []
    for name, command in CHECKS:
        if name not in names:
            continue
        start = time.monotonic()
        done = subprocess.run(command, cwd=ROOT, text=True, capture_output=True)
        verdict = "FAILED" if done.returncode else "ok"
        print(f"check: {name:13} {verdict:6} {time.monotonic() - start:5.1f} s", flush=True)
        if done.returncode:
            failed.append(name)
            print(done.stdout + done.stderr, flush=True)
    print(f"check: {', '.join(failed)} failed" if failed else "check: all well", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
