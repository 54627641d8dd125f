"""`leitai wall`: the outlines that a place's wall is drawn on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from .django import fail, place_of, setup
from .places import PlaceError, place_dir, read_text

app = typer.Typer(no_args_is_help=True)
BOUNDARIES = "boundaries.geojson"


@app.callback()
def _group() -> None:
    """Outlines of the wall's map."""


@app.command()
def boundaries(
    place: Annotated[str, typer.Option(help="key of the place")],
    file: Annotated[
        Path | None, typer.Option(help=f"GeoJSON of outlines; default: {BOUNDARIES} of the place's folder")
    ] = None,
) -> None:
    """Keep outlines for the map of a place's wall. You must have the right to show them."""
    setup()
    typer.echo(f"{place}: {keep_boundaries(place_of(place), place, file)} outlines are kept")


def keep_boundaries(row: Any, folder: str, file: Path | None) -> int:
    """Keep the outlines of a file, or of the place's folder; how many. Says what is wrong and exits where it is."""
    from leitai.web.wall import boundaries as kept
    from leitai.web.wall.geometry import OutlineError

    try:
        return len(kept.keep(row, read_text(file if file is not None else place_dir(folder) / BOUNDARIES)))
    except (PlaceError, OutlineError) as fault:
        raise fail(fault) from None
