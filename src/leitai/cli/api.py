"""`leitai api`: keys for other systems, and the interface's own description."""

from __future__ import annotations

import json
import secrets
from pathlib import Path
from typing import Annotated

import typer

from .django import fail, now_of, place_of, setup

app = typer.Typer(no_args_is_help=True)
key = typer.Typer(no_args_is_help=True)
app.add_typer(key, name="key", help="Make, list and revoke keys.")

PREFIX = "leitai_"  # so that a key that strayed into a file is found by its look
Place = Annotated[str, typer.Option(help="key of the place")]
Name = Annotated[str, typer.Option(help="what the system that comes by it is called")]


@key.command()
def add(
    place: Place,
    name: Name,
    scope: Annotated[
        list[str],
        typer.Option(
            help="tickets:issue, ballots:import, services:upload, readings:report, cases:open, "
            "cases:read, cases:hook, projects:read, projects:report or open311:post; "
            "may be repeated"
        ),
    ],
    unit: Annotated[
        str, typer.Option(help="key of a unit: only it and those below; else all of the place")
    ] = "",
) -> None:
    """Make a key and print its secret, which is shown this once and kept nowhere."""
    setup()
    from leitai.apps.ledger.errors import Refused
    from leitai.apps.people import actions, queries

    row = place_of(place)
    of = queries.unit(row, unit) if unit else None
    if unit and of is None:
        raise fail(f"--unit {unit}: no such unit in {place}")
    secret = PREFIX + secrets.token_urlsafe(32)
    try:
        actions.add_api_key(
            place=row, name=name, scopes=scope, unit=of, secret=secret, by="cli", now=now_of(row)
        )
    except Refused as why:
        raise fail(why) from None
    typer.echo(secret)


@key.command("list")
def list_(place: Place) -> None:
    """The keys of a place: name, scopes, unit, since when, and whether it was revoked."""
    setup()
    from leitai.apps.people import queries

    row = place_of(place)
    for one in queries.api_keys(row):
        of = one.unit.key if one.unit else "all units"
        since = one.created_at.astimezone(row.zone).date()
        ended = (
            f", revoked {one.revoked_at.astimezone(row.zone).date()}" if one.revoked_at is not None else ""
        )
        typer.echo(f"{one.name}: {', '.join(one.scopes)}; {of}; since {since}{ended}")


@key.command()
def revoke(place: Place, name: Name) -> None:
    """End a key at once."""
    setup()
    from leitai.apps.people import actions, queries

    row = place_of(place)
    found = next((one for one in queries.api_keys(row) if one.name == name), None)
    if found is None:
        raise fail(f"--name {name}: there is no such key in {place}")
    actions.revoke_api_key(key=found, by="cli", now=now_of(row))
    typer.echo(f"{name}: revoked")


@key.command()
def hook(place: Place, name: Name) -> None:
    """Print what a sender of webhooks signs with (Standard Webhooks), of a key for cases:hook."""
    setup()
    from leitai.api import webhook
    from leitai.apps.people import queries

    keys = (one for one in queries.api_keys(place_of(place)) if one.revoked_at is None)
    found = next((one for one in keys if one.name == name and webhook.SCOPE in one.scopes), None)
    if found is None:
        raise fail(f"--name {name}: there is no such key for {webhook.SCOPE} in use in {place}")
    typer.echo(webhook.secret(found))


@app.command()
def schema(
    file: Annotated[Path | None, typer.Argument(help="where to write it; else standard output")] = None,
) -> None:
    """The OpenAPI document, from which other systems make their clients."""
    setup()
    from leitai.api.app import schema as described

    text = json.dumps(described(), ensure_ascii=False, indent=1) + "\n"
    if file is None:
        typer.echo(text, nl=False)
    else:
        try:
            file.write_text(text, encoding="utf-8")
        except OSError as why:
            raise fail(f"{file}: {why.strerror}") from None
