"""`leitai ballots`: codes and tickets, the count, the screens, the weekly ten; each group of commands is a module."""

from __future__ import annotations

import typer

from . import codes, load, recount, screens

app = typer.Typer(no_args_is_help=True)
app.command("codes")(codes.codes)
app.command("demo-load")(load.demo_load)
app.command("recount")(recount.recount)
app.command("screens")(screens.screens)
