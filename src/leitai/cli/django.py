"""Django, ready to be used from a command, and the few questions every such command asks."""

from __future__ import annotations

import os
import sys
from datetime import datetime
from typing import Any

import typer


def setup() -> None:
    """Load settings and rows. Called inside a command, never at import: `leitai worktime` needs none of it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leitai.config.settings")
    import django

    django.setup()
    from django.utils import translation

    # The command line speaks the language of the shell; pages speak that of their reader.
    shell = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    translation.activate("zh-hans" if shell.lower().startswith("zh") else "en")


def fail(sentence: object, code: int = 2) -> typer.Exit:
    """Say what is wrong on standard error; raise what this returns."""
    typer.echo(f"leitai: {sentence}", err=True)
    return typer.Exit(code)


def place_of(key: str) -> Any:
    """The place of a key. Exits with the places there are where it is none of them."""
    from django.db import OperationalError, ProgrammingError

    from leitai.apps.people import queries as people

    try:
        known = {row.key: row for row in people.places()}
    except (OperationalError, ProgrammingError):
        raise fail("the database has no tables yet: run `leitai migrate` first") from None
    if key not in known:
        there = ", ".join(known) or "none yet: `leitai demo --place NAME` makes one"
        raise fail(f"--place {key}: no such place here (there are: {there})")
    return known[key]


def now_of(place: Any) -> datetime:
    """The place's present."""
    from django.utils import timezone

    return place.now(timezone.now())


def is_quiet() -> bool:
    """Whether progress is not to be drawn: nobody is looking."""
    return not sys.stderr.isatty()
