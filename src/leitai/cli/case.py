"""`leitai case`: the account of a case, line by line, and whether its verdict comes out again."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from .case_facts import facts
from .django import fail, now_of, place_of, setup
from .learn import learn

app = typer.Typer(no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Look into cases."""


app.command()(facts)
app.command()(learn)


@app.command()
def explain(
    ref: Annotated[str, typer.Argument(help="reference of the case")],
    place: Annotated[str, typer.Option(help="key of the place")],
    lang: Annotated[str, typer.Option(help="zh or en")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """How each clock of a case was counted, who held it how long, the verdict. Exit 1 if it does not come out again.

    Every run is counted by the calendar as it stood when the run was set, whatever became of the calendar since.
    """
    if lang[:2].lower() not in {"zh", "en"}:
        raise fail(f"--lang {lang}: write zh or en")
    setup()
    from leitai.apps.casework import queries
    from leitai.apps.casework.explain import explained

    row = place_of(place)
    found = queries.case(row, ref)
    if found is None:
        raise fail(f"{ref}: no such case in {place}")
    account = explained(found, now_of(row))
    if as_json:
        said = {"ref": found.ref, "title": found.title, "state": found.state} | account.plain(lang)
        typer.echo(json.dumps(said, ensure_ascii=False, indent=1))
    else:
        typer.echo(f"{found.ref}: {found.title} [{found.state}]")
        for line in account.text(lang):
            typer.echo(line)
    if not account.holds:
        raise typer.Exit(1)
