"""`leitai case learn`: learn from a place's own dispatches which unit a case goes to, and say how often it is right."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Annotated

import typer

from .django import fail, is_quiet, now_of, place_of, setup


def learn(
    place: Annotated[str, typer.Option(help="key of the place")],
    test_from: Annotated[
        str,
        typer.Option(
            help="first day of the cases to test on, such as 2026-11-01; without it the newest fifth"
        ),
    ] = "",
) -> None:
    """Learn suggested units anew, and print how they did on the newest cases, which nothing was learned from."""
    setup()
    from rich.console import Console
    from rich.table import Table

    from leitai.apps.casework import actions
    from leitai.apps.ledger.errors import Refused
    from leitai.rules.casework.suggesting import FLOOR

    row = place_of(place)
    try:
        first = date.fromisoformat(test_from) if test_from else None
    except ValueError:
        raise fail(f"--test-from {test_from}: write a day as 2026-11-01") from None
    start = datetime.combine(first, time(), row.zone) if first else None
    try:
        told = actions.learn(place=row, test_from=start, by="cli", now=now_of(row))
    except Refused as refusal:
        raise fail(str(refusal)) from None
    of, spoken = told.tested, max(told.spoken, 1)
    typer.echo(f"{place}: {of} cases tested, opened after those learned from")
    typer.echo(f"right at once {told.first / of:.1%}, among the three surest {told.three / of:.1%}")
    typer.echo(f"always the commonest unit would be right {told.majority / of:.1%}")
    typer.echo(
        f"a suggestion from {FLOOR:.0%} on: for {told.spoken / of:.1%}, right {told.right / spoken:.1%}"
    )
    table = Table(title="of those with a confidence, how many went there")
    for name in ("confidence", "cases", "mean", "right"):
        table.add_column(name, justify="right")
    for one in told.bins:
        table.add_row(
            f"{one.low:.0%} to {one.low + 0.1:.0%}", f"{one.n:,}", f"{one.confidence:.1%}", f"{one.right:.1%}"
        )
    Console(width=80 if is_quiet() else None).print(table)
