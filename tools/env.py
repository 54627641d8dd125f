"""Builds .venv from the lock files, and nothing outside the checkout.

Run by the machine's own Python (3.11 or newer), so it uses the standard library alone. What was installed is
kept as a stamp: when locks, project table and place are unchanged, this returns in a blink.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOCKS = {"run": ROOT / "requirements/run.lock", "dev": ROOT / "requirements/dev.lock"}


def main() -> int:
    """`env.py run` for running Leitai, `env.py dev` for its tests and checks as well."""
    kind = sys.argv[1] if len(sys.argv) == 2 else ""
    if kind not in LOCKS:
        print("usage: env.py run|dev", file=sys.stderr)
        return 2
    (ROOT / ".cache").mkdir(exist_ok=True)
    with (ROOT / ".cache/env.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return build(kind)


def build(kind: str) -> int:
    """Brings .venv to what the lock of `kind` says; 0 when it is there."""
    if not sound():
        print(f"env: making .venv with Python {sys.version.split()[0]}", flush=True)
        shutil.rmtree(VENV, ignore_errors=True)
        run([sys.executable, "-m", "venv", str(VENV)])
    # The development lock holds everything of the other, so having it is enough for both.
    if not any(stamp(name) == wanted(name) for name in {kind, "dev"}):
        lock = LOCKS[kind]
        total = sum(1 for line in lock.read_text().splitlines() if re.match(r"\S+==", line))
        print(f"env: installing up to {total} packages from requirements/{lock.name}", flush=True)
        install(["--require-hashes", "-r", str(lock)], total)
        (VENV / f"leitai-{kind}.stamp").write_text(wanted(kind))
    if stamp("project") != wanted("project"):
        print("env: putting the leitai command into .venv/bin", flush=True)
        install(["--no-deps", "--no-build-isolation", "-e", str(ROOT)], 1)
        (VENV / "leitai-project.stamp").write_text(wanted("project"))
    return 0


def sound() -> bool:
    """Whether .venv has a Python that starts: it breaks when the machine's Python or the checkout moves."""
    pip = VENV / "bin/pip"
    if not ((VENV / "pyvenv.cfg").is_file() and (VENV / "bin/python").exists() and pip.is_file()):
        return False
    return str(VENV) in pip.read_text(errors="replace")


def stamp(name: str) -> str:
    """What was installed last, as the stamp file says; empty where nothing was."""
    path = VENV / f"leitai-{name}.stamp"
    return path.read_text() if path.is_file() else ""


def wanted(name: str) -> str:
    """What the stamp must say now: a digest of everything the installation depends on."""
    digest = hashlib.sha256(f"{VENV}\n{(VENV / 'pyvenv.cfg').read_text()}".encode())
    if name == "project":
        table = tomllib.loads((ROOT / "pyproject.toml").read_text())
        digest.update(repr((table["project"], table["build-system"], table["tool"]["hatch"])).encode())
        digest.update((ROOT / "src/leitai/__init__.py").read_bytes())
    else:
        digest.update(LOCKS[name].read_bytes())
    return digest.hexdigest()


def install(arguments: list[str], total: int) -> None:
    """Runs pip, showing one line of progress instead of its many."""
    command = [str(VENV / "bin/python"), "-m", "pip", "install", "--no-cache-dir", "--no-input", *arguments]
    done, lines = 0, []
    with subprocess.Popen(
        command, env=environment(), text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=ROOT
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            lines.append(line)
            if line.startswith(("Collecting ", "Requirement already satisfied: ")):
                done += 1
                name = line.removeprefix("Collecting ").removeprefix("Requirement already satisfied: ")
                show(f"env: {min(done, total)}/{total} {name.split()[0]}")
            elif line.startswith("Installing collected"):
                show("env: unpacking")
    show("")
    if process.returncode:
        sys.stderr.write("".join(lines))
        raise SystemExit(process.returncode)


def show(text: str) -> None:
    """Rewrites the progress line where a person watches; stays silent in a log."""
    if sys.stdout.isatty():
        print(f"\r\x1b[K{text}", end="", flush=True)


def run(command: list[str]) -> None:
    """Runs a command quietly; on failure shows what it said and stops."""
    done = subprocess.run(command, env=environment(), text=True, capture_output=True)
    if done.returncode:
        sys.stderr.write(done.stdout + done.stderr)
        raise SystemExit(done.returncode)


def environment() -> dict[str, str]:
    """The machine's environment without what would send packages elsewhere than .venv."""
    away = {"PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV"}
    return {**{k: v for k, v in os.environ.items() if k not in away}, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


if __name__ == "__main__":
    sys.exit(main())
