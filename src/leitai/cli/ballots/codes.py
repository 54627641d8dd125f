"""`leitai ballots codes`: the signs of a place's points, drawn into a ZIP of SVG files for whoever prints them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Annotated, Any
from urllib.parse import urlsplit

import typer

from ..django import fail, is_quiet, now_of, place_of, setup

AT_ONCE = 1000  # points read from the database at a time


def codes(
    place: Annotated[str, typer.Argument(help="key of the place")],
    archive: Annotated[Path, typer.Option("--zip", help="file to write; one that is there is replaced")],
    hall: Annotated[int | None, typer.Option(help="number of a service hall: it and what lies in it")] = None,
    unit: Annotated[str, typer.Option(help="key of a unit: its points and those of all below it")] = "",
    every: Annotated[bool, typer.Option("--all", help="all points in use")] = False,
    url: Annotated[
        str, typer.Option(help="address that the codes lead to; without it LEITAI_PUBLIC_URL")
    ] = "",
) -> None:
    """Draw codes to hang up: one SVG file for each point, A6, in a folder for each unit."""
    if [hall is not None, bool(unit), every].count(True) != 1:
        raise fail("say which points: one of --hall NUMBER, --unit KEY and --all")
    setup()
    from django.conf import settings

    from leitai.apps.ballots import queries
    from leitai.apps.ballots.signs import Signs, zipped

    row = place_of(place)
    base = _address(url or settings.PUBLIC_URL)
    points = queries.picked(row, queries.PointPick(unit=unit, hall=hall))
    total = points.count()
    if not total:
        raise fail(f"{place} has no such points in use", 1)
    started = monotonic()
    with _bar(archive, total) as seen:
        try:
            pieces = zipped(
                Signs(row, base), seen(points.iterator(AT_ONCE)), now_of(row).astimezone(row.zone)
            )
            size = _write(archive, pieces)
        except OSError as fault:
            raise fail(f"{archive} cannot be written: {fault.strerror}") from None
    seconds = monotonic() - started
    typer.echo(
        f"{archive}: {total:,} codes, {size / 1e6:,.1f} MB; {seconds:.1f} s, {total / seconds:,.0f} a second"
    )


def _address(url: str) -> str:
    """The address, if it can be printed. Exits where it cannot."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise fail("say which address the codes lead to: --url https://… or LEITAI_PUBLIC_URL")
    return url


def _write(archive: Path, pieces: Iterator[bytes]) -> int:
    """Write the archive beside its place and move it there once it is whole; its bytes."""
    draft = archive.with_name(f".{archive.name}.{os.getpid()}")
    try:
        with draft.open("wb") as file:
            size = sum(file.write(piece) for piece in pieces)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(archive)
    finally:
        draft.unlink(missing_ok=True)
    return size


@contextmanager
def _bar(archive: Path, total: int) -> Iterator[Any]:
    """What counts points as they pass, with a progress bar on standard error while somebody looks."""
    if is_quiet():
        yield lambda points: points
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    parts = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*parts, console=Console(stderr=True)) as bar:
        yield lambda points: bar.track(points, total=total, description=archive.name)
