"""`leitai demo`: a place brought up from its folder with a year of records."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from time import monotonic
from typing import Annotated, Any

import typer

from .django import fail, setup
from .places import PlaceError, place_dir
from .wall import BOUNDARIES, keep_boundaries


def add_to(app: typer.Typer) -> None:
    """Place this command at the top level."""
    app.command()(demo)


def demo(
    place: Annotated[str, typer.Option(help="name of a folder in ./regimes, or a path")],
    records: Annotated[
        Path | None, typer.Option(help="file of real records, where the place asks for one")
    ] = None,
    rejects: Annotated[
        Path | None, typer.Option(help="where records that could not be taken are written")
    ] = None,
    boundaries: Annotated[
        Path | None,
        typer.Option(help="GeoJSON of outlines for the wall's map; default: the folder's, if any"),
    ] = None,
) -> None:
    """Bring up a place: rule-book, units, records, months of tables, and what follows from them."""
    setup()
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    built = bring_up(place, records, rejects, boundaries)
    typer.echo(f"{built.place.key}: {built.tables} tables published; `leitai run` shows them")
    for login, password, role in built.logins:
        typer.echo(f"  {role:<14} {login}  {password}")
    for path in built.links:
        typer.echo(f"  {'enterprise':<14} {path}")


def bring_up(
    place: str, records: Path | None = None, rejects: Path | None = None, boundaries: Path | None = None
) -> Any:
    """`demo` for a program: builds, remembers log-ins, says what is wrong and exits where something is."""
    from django.utils import timezone
    from rich.console import Console

    from leitai.apps.ledger.errors import Refused
    from leitai.bulk import FileFault
    from leitai.bulk.folder import PlaceError as FolderError
    from leitai.demo.build import build
    from leitai.demo.script import DemoError

    console = Console(stderr=True, highlight=False)
    started = monotonic()

    def tell(line: str) -> None:
        console.print(f"[dim]{monotonic() - started:6.1f} s[/dim]  {line}")

    try:
        built = build(place_dir(place), records=records, clock=timezone.now, tell=tell, rejects=rejects)
    except (PlaceError, FolderError, DemoError, FileFault, Refused) as fault:
        raise fail(fault) from None
    if boundaries is not None or (place_dir(place) / BOUNDARIES).is_file():
        keep_boundaries(built.place, place, boundaries)
    remember(logins_file(), built.logins)
    remember(links_file(), [(built.place.key, path) for path in built.links])
    return built


def logins_file() -> Path:
    """Where a demonstration's log-ins are kept, for their owner to read."""
    from django.conf import settings

    return Path(settings.VAR) / "demo-logins.json"


def links_file() -> Path:
    """Where the links by which a demonstration's enterprises come in are kept, likewise."""
    return logins_file().with_name("demo-links.json")


def remember(path: Path, fresh: Sequence[tuple[str, ...]]) -> None:
    """Keep what lets somebody into a demonstration beside its database, readable by its owner only."""
    if not fresh:
        return
    known = json.loads(path.read_text()) if path.exists() else []
    path.touch(mode=0o600)
    path.write_text(json.dumps([*known, *fresh]))
