"""The `leitai` command: each group of subcommands is a module; Django is loaded only by those that need it."""

from __future__ import annotations

import typer

from leitai import __version__

app = typer.Typer(
    name="leitai",
    help="Targets, verdicts, clocks, tables and consequences of a place, run from its rule-book.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"leitai {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Show the version."
    ),
) -> None:
    """Options before the subcommand."""


def main() -> None:
    """The console entry point; places its subcommands and runs."""
    complete()()


def complete() -> typer.Typer:
    """The command with all its subcommands in place."""
    from . import (
        api,
        ballots,
        case,
        database,
        demo,
        forecast,
        imports,
        lake,
        ledger,
        log,
        mail,
        rank,
        readings,
        regime,
        score,
        serve,
        simulate,
        table,
        wall,
        worktime,
    )

    if not app.registered_groups:
        app.add_typer(regime.app, name="regime", help="Check, compare and describe rule-books.")
        app.add_typer(worktime.app, name="worktime", help="Working days and due times.")
        app.add_typer(
            imports.app, name="import", help="Bring in units, cases, verdicts, readings and services."
        )
        app.add_typer(table.app, name="table", help="Freeze, publish, explain and recompute tables.")
        app.add_typer(case.app, name="case", help="Look into cases and their clocks.")
        app.add_typer(ballots.app, name="ballots", help="Codes, tickets, counts and screens of verdicts.")
        app.add_typer(ledger.app, name="ledger", help="Verify the ledger.")
        app.add_typer(api.app, name="api", help="Keys for other systems; the interface's description.")
        app.add_typer(lake.app, name="lake", help="Seal days as files; recount years of them.")
        app.add_typer(log.app, name="log", help="Heads and proofs of the log of verdicts.")
        app.add_typer(readings.app, name="readings", help="Workbooks of figures; asks; screens of figures.")
        app.add_typer(mail.app, name="mail", help="Take letters to the office.")
        app.add_typer(wall.app, name="wall", help="Outlines of the wall's map.")
        database.add_to(app)
        demo.add_to(app)
        forecast.add_to(app)
        rank.add_to(app)
        score.add_to(app)
        serve.add_to(app)
        simulate.add_to(app)
    return app
