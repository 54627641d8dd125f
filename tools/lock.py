"""Writes requirements/*.lock anew from pyproject.toml: every package, every platform, every hash.

uv solves for all platforms at once; it is fetched into .cache, since only this script needs it. The lock for
development is solved within the other, so that tests run on the versions that people run.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UV = ROOT / ".cache/uv"
OPTIONS = ["--universal", "--generate-hashes", "--no-annotate", "--python-version", "3.11", "--quiet"]
OPTIONS += ["--no-emit-index-url", "--no-emit-find-links", "--cache-dir", str(ROOT / ".cache/uv-cache")]


def main() -> int:
    """Solves both locks; `--upgrade` takes the newest versions instead of keeping those locked."""
    upgrade = [word for word in sys.argv[1:] if word == "--upgrade"]
    if not (UV / "bin/uv").is_file():
        print("lock: fetching uv into .cache", flush=True)
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-cache-dir", "--target", str(UV), "uv"]
        subprocess.run(pip, check=True)
    solve("run.lock", ["--group", "build"], upgrade)
    groups = ["--group", "build", "--group", "check", "--group", "test"]
    solve("dev.lock", [*groups, "--constraint", "requirements/run.lock"], upgrade)
    return 0


def solve(name: str, groups: list[str], upgrade: list[str]) -> None:
    """Writes one lock file from the project's dependencies and the named groups."""
    print(f"lock: solving requirements/{name}", flush=True)
    out = ["--output-file", f"requirements/{name}", "--custom-compile-command", "make lock"]
    command = [str(UV / "bin/uv"), "pip", "compile", "pyproject.toml", *groups, *OPTIONS, *out, *upgrade]
    subprocess.run(command, cwd=ROOT, check=True, env={**os.environ, "UV_NO_CONFIG": "1"})
    text = (ROOT / "requirements" / name).read_text()
    if "://" in text:
        raise SystemExit(f"lock: requirements/{name} names a host; it may hold names, versions, hashes")


if __name__ == "__main__":
    sys.exit(main())
