"""`leitai ledger`: is what was written still what is there?"""

from __future__ import annotations

import json
from typing import Annotated

import typer

from .django import is_quiet, place_of, setup

app = typer.Typer(no_args_is_help=True)


@app.command()
def verify(
    place: Annotated[str, typer.Option(help="key of the place")],
    last: Annotated[int | None, typer.Option(help="only the last so many events")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """Recompute the chain over every event; names each that was altered, removed or reordered. Exit 1 if any."""
    setup()
    from rich.console import Console

    from leitai.apps.ledger import queries

    row = place_of(place)
    console = Console(stderr=True, quiet=is_quiet() or as_json)
    with console.status("recomputing"):
        checked = queries.verify(row, last=last)
    if as_json:
        found = [{"code": one.code, "text": one.text} for one in checked.findings]
        typer.echo(json.dumps({"events": checked.count, "link": checked.head.link.hex(), "findings": found}))
    else:
        for one in checked.findings:
            typer.echo(str(one))
        whole = "whole" if not checked.findings else "BROKEN"
        waiting = queries.unsealed(row)
        more = f"; {waiting} more wait to be sealed by the worker" if waiting else ""
        typer.echo(f"{place}: {checked.count} events, {whole}; last link {checked.head.link.hex()}{more}")
    if checked.findings:
        raise typer.Exit(1)


@app.command()
def head(place: Annotated[str, typer.Option(help="key of the place")]) -> None:
    """Seal what waits and print the chain's head, to be kept elsewhere."""
    setup()
    from leitai.apps.ledger import queries
    from leitai.apps.ledger.sealing import seal

    row = place_of(place)
    while seal(row):
        pass
    chain = queries.chain(row)
    typer.echo(
        json.dumps(
            {"place": place, "events": chain.size if chain else 0, "link": chain.link if chain else ""}
        )
    )
