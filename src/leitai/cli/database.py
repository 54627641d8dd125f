"""`leitai migrate`, `leitai appoint`, `leitai place`: setting up the database of a real place."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .django import fail, now_of, place_of, setup
from .places import regimes_dir


def add_to(app: typer.Typer) -> None:
    """Place these commands at the top level."""
    app.command()(migrate)
    app.command()(place)
    app.command()(appoint)


def migrate() -> None:
    """Bring the database up to this version; safe to run again."""
    setup()
    from django.core.management import call_command

    from leitai.apps.ballots import actions as ballots
    from leitai.apps.people import queries as people

    call_command("migrate", interactive=False, verbosity=0)
    for row in people.places():
        total = 0
        while taken := ballots.take_up(place=row, by="cli", now=now_of(row)):
            total += taken
        if total:
            typer.echo(f"{row.key}: {total} verdicts from before there was a log are in it now")
    typer.echo("database: up to date")


def place(
    folder: Annotated[
        str, typer.Argument(help="folder with regime.yaml (and units.csv), or the name of one in ./regimes")
    ],
) -> None:
    """Make a place from its rule-book, or bring its units and rule-book up to date."""
    setup()
    from django.utils import timezone

    from leitai.apps.ledger.errors import Refused
    from leitai.bulk.folder import PlaceError, put_place

    path = Path(folder) if Path(folder).exists() else regimes_dir() / folder
    try:
        row = put_place(path, by="cli", clock=timezone.now())
    except (PlaceError, Refused) as fault:
        raise fail(fault, 1) from None
    typer.echo(f"{row.key}: rule-book and units are in")


def appoint(
    username: Annotated[str, typer.Argument(help="name to sign in with")],
    place: Annotated[str, typer.Option(help="key of the place")],
    role: Annotated[str, typer.Option(help="clerk, office, patrol, leader, inspector or administrator")],
    unit: Annotated[str, typer.Option(help="key of the unit, for a clerk")] = "",
    name: Annotated[str, typer.Option(help="full name")] = "",
    password: Annotated[str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True)] = "",
) -> None:
    """Give someone a post, with an account where they have none."""
    setup()
    from leitai.apps.ledger.errors import Refused
    from leitai.apps.people import actions
    from leitai.apps.people import queries as people

    row = place_of(place)
    body = people.unit(row, unit) if unit else None
    if unit and body is None:
        raise fail(f"--unit {unit}: no such unit in {place}")
    known = bool(people.accounts([username]))
    try:
        actions.appoint(
            place=row,
            username=username,
            role=role,
            unit=body,
            full_name=name,
            password=password,
            by="cli",
            now=now_of(row),
        )
    except Refused as refused:
        raise fail(refused) from None
    kept = "; the account was there, its password is as it was" if known else ""
    typer.echo(f"{username}: {role} in {place}{kept}")
