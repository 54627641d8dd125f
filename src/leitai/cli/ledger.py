"""`leitai ledger`: is what was written still what is there?"""

from __future__ import annotations

import json
from typing import Annotated

import typer

from .django import fail, is_quiet, place_of, setup

app = typer.Typer(no_args_is_help=True)


@app.command()
def verify(
    place: Annotated[str, typer.Option(help="key of the place")],
    last: Annotated[int | None, typer.Option(help="only the last so many events")] = None,
    head: Annotated[
        list[str] | None,
        typer.Option(help="a head you kept: EVENTS:ROOT or EVENTS:LINK, as the ledger page shows it"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """Recompute the chain over every event; names each that was altered, removed or reordered. Exit 1 if any."""
    setup()
    from rich.console import Console

    from leitai.apps.ledger import queries

    row = place_of(place)
    kept = dict(_head(one) for one in head or [])
    console = Console(stderr=True, quiet=is_quiet() or as_json)
    with console.status("recomputing"):
        checked = queries.verify(row, last=last, kept=kept)
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


def _head(text: str) -> tuple[int, str]:
    """A head as it was kept. Exits where it is none."""
    size, _, value = text.partition(":")
    if (
        not size.isdigit()
        or len(value) != 64
        or not all(letter in "0123456789abcdef" for letter in value.lower())
    ):
        raise fail(f"--head {text}: write the number of events, a colon, and the 64 letters of root or link")
    return int(size), value.lower()


@app.command()
def audit(place: Annotated[str, typer.Option(help="key of the place")]) -> None:
    """Hold verdicts, tables and rule-books, row by row, against what the ledger says of them. Exit 1 if any differs."""
    setup()
    from rich.console import Console

    from leitai.apps.ledger.errors import tell
    from leitai.drive.audit import audit as held

    row = place_of(place)
    with Console(stderr=True, quiet=is_quiet()).status("comparing"):
        report = held(row)
    for one in report.findings[:100]:
        typer.echo(tell(one))
    said = "all as the ledger says" if not report.findings else f"{len(report.findings)} DIFFER"
    typer.echo(f"{place}: {report.compared} rows compared, {said}")
    if report.findings:
        raise typer.Exit(1)


@app.command("head")
def head_(place: Annotated[str, typer.Option(help="key of the place")]) -> None:
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
