"""The settings are fit for a public server, and the migrations are those of the models."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def django(*arguments: str, var: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """A command of Django's under settings of its own."""
    whole = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "leitai.config.settings",
        "LEITAI_VAR": str(var),
        **environment,
    }
    whole["LEITAI_DATABASE_URL"] = f"sqlite:///{var}/leitai.sqlite3"
    return subprocess.run(
        [sys.executable, "-m", "django", *arguments], env=whole, capture_output=True, text=True, cwd=var
    )


def test_nothing_warns_of_an_unsafe_server(tmp_path: Path) -> None:
    public = {"LEITAI_HTTPS": "1", "LEITAI_HOSTS": "leitai.example.org", "LEITAI_DEBUG": ""}
    done = django("check", "--deploy", "--fail-level", "WARNING", var=tmp_path, **public)
    assert done.returncode == 0, done.stderr


def test_debugging_on_a_server_is_found(tmp_path: Path) -> None:
    done = django("check", "--deploy", "--fail-level", "WARNING", var=tmp_path, LEITAI_DEBUG="1")
    assert done.returncode == 1
    assert "security.W018" in done.stderr


def test_migrations_are_complete(tmp_path: Path) -> None:
    done = django("makemigrations", "--check", "--dry-run", var=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
