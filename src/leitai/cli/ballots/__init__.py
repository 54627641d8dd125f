"""`leitai ballots`: codes and tickets, the count, the screens, the weekly ten; each group of commands is a module."""

from __future__ import annotations

import typer

app = typer.Typer(no_args_is_help=True)
