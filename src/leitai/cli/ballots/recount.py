"""`leitai ballots recount`: are the counts that every page shows still what the verdicts and the log say?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer

from ..django import is_quiet, place_of, setup

SHOWN = 100


def recount(
    place: Annotated[str, typer.Argument(help="key of the place")],
    as_json: Annotated[bool, typer.Option("--json", help="print JSON, with every difference")] = False,
) -> None:
    """Count all verdicts anew, hold the kept counts against them, and them against the log. Exit 1 if any differs.

    What became of each verdict is held against the ledger by `leitai ledger audit`.
    """
    setup()
    from leitai.apps.ballots import queries
    from leitai.apps.ledger import log
    from leitai.apps.ledger.errors import tell

    row = place_of(place)
    tree = log.of(row)
    size = tree.size if tree is not None else 0
    with _bars(as_json) as bars:
        counting = bars.add_task("verdicts counted anew", total=None)
        counted = queries.recount(row)
        bars.update(counting, total=counted.verdicts, completed=counted.verdicts)
        checking = bars.add_task("held against the log", total=size)
        wrong = []
        for number, finding in enumerate(queries.check(row), 1):
            if finding is not None:
                wrong.append(finding)
            if number % 1000 == 0:
                bars.update(checking, completed=min(number, size))
        bars.update(checking, completed=size)
    findings = [*counted.findings, *wrong]
    if as_json:
        said = {
            "place": place,
            "verdicts": counted.verdicts,
            "tallies": counted.cells,
            "leaves": size,
            "unlogged": counted.unlogged,
            "findings": [
                {"code": one.code, "text": tell(one)}
                | {name: _plain(value) for name, value in one.values.items()}
                for one in findings
            ],
        }
        typer.echo(json.dumps(said, ensure_ascii=False))
    else:
        for one in findings[:SHOWN]:
            typer.echo(tell(one))
        if len(findings) > SHOWN:
            typer.echo(f"and {len(findings) - SHOWN:,} more; --json lists them all")
        waiting = f"; {counted.unlogged:,} older ones are not in the log yet" if counted.unlogged else ""
        told = "all the same" if not findings else f"{len(findings):,} DIFFER"
        typer.echo(
            f"{place}: {counted.verdicts:,} verdicts, {counted.cells:,} tallies, {size:,} leaves: {told}{waiting}"
        )
    if findings:
        raise typer.Exit(1)


def _plain(value: Any) -> Any:
    """A value as JSON has it; days as text."""
    return value if isinstance(value, (bool, int, float, str)) else str(value)


@contextmanager
def _bars(silent: bool) -> Iterator[Any]:
    """Progress bars on standard error while somebody looks."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    parts = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*parts, console=Console(stderr=True), disable=silent or is_quiet()) as bars:
        yield bars
