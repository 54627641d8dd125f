"""`leitai case`: the account of a case's clocks, line by line."""

from __future__ import annotations

from typing import Annotated

import typer

from .django import fail, now_of, place_of, setup

app = typer.Typer(no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Look into cases."""


@app.command()
def explain(
    ref: Annotated[str, typer.Argument(help="reference of the case")],
    place: Annotated[str, typer.Option(help="key of the place")],
    lang: Annotated[str, typer.Option(help="zh or en")] = "en",
) -> None:
    """How each clock of a case was counted and what became of it."""
    setup()
    from leitai.apps.casework import queries

    row = place_of(place)
    found = queries.case(row, ref)
    if found is None:
        raise fail(f"{ref}: no such case in {place}")
    now = now_of(row)
    typer.echo(f"{found.ref}: {found.title} [{found.state}]")
    for view in queries.clocks(found, now):
        typer.echo(f"\n{view.label.show(lang)}: {view.row.within}, {view.light}")
        for line in queries.time_sheet(view.row, now, lang):
            typer.echo(f"  {line}")
