"""`leitai import`: units, cases, verdicts, readings and services of another system, by a map of its columns;
and an office's own ledger, whose columns are known by their names."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from .django import fail, is_quiet, now_of, place_of, setup

app = typer.Typer(no_args_is_help=True)

NOTHING_TAKEN = 1
SHOWN = 5  # reasons of rejection in the summary; the file of rejected rows has them all

File = Annotated[Path, typer.Argument(help="CSV (also .gz), Excel or Parquet.")]
Map = Annotated[Path, typer.Option("--map", help="YAML file that says what the columns mean.")]
Place = Annotated[
    str, typer.Option(help="Key of the place; without it the map's folder, or the only place there is.")
]
Rejects = Annotated[
    Path | None,
    typer.Option(help="File for rows that cannot be taken; without it ./rejects-NAME.csv, if there are any."),
]
Batch = Annotated[int, typer.Option(min=1, max=10_000, help="Rows stored in one transaction.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Check everything and keep nothing.")]
Language = Annotated[str, typer.Option("--lang", help="en or zh; without it what LANG says.")]


@app.command()
def units(
    file: File,
    map: Map,  # noqa: A002
    place: Place = "",
    rejects: Rejects = None,
    batch: Batch = 2000,
    dry_run: DryRun = False,
    lang: Language = "",
) -> None:
    """Add units, or bring them up to date by their key."""
    _run("units", file, map, place, rejects, batch, dry_run, lang)


@app.command()
def cases(
    file: File,
    map: Map,  # noqa: A002
    place: Place = "",
    rejects: Rejects = None,
    batch: Batch = 2000,
    dry_run: DryRun = False,
    lang: Language = "",
) -> None:
    """Take another system's cases; those here already by their id are left alone."""
    _run("cases", file, map, place, rejects, batch, dry_run, lang)


@app.command()
def ballots(
    file: File,
    map: Map,  # noqa: A002
    place: Place = "",
    rejects: Rejects = None,
    batch: Batch = 2000,
    dry_run: DryRun = False,
    lang: Language = "",
) -> None:
    """Take another system's verdicts; those here already by their id are left alone."""
    _run("ballots", file, map, place, rejects, batch, dry_run, lang)


@app.command()
def readings(
    file: File,
    map: Map,  # noqa: A002
    place: Place = "",
    rejects: Rejects = None,
    batch: Batch = 2000,
    dry_run: DryRun = False,
    lang: Language = "",
) -> None:
    """Take readings of measures; those here already by their id are left alone."""
    _run("readings", file, map, place, rejects, batch, dry_run, lang)


@app.command()
def services(
    file: File,
    map: Map,  # noqa: A002
    place: Place = "",
    rejects: Rejects = None,
    batch: Batch = 2000,
    dry_run: DryRun = False,
    lang: Language = "",
) -> None:
    """Take services that were given, to invite a random part of those served; known ones are left alone."""
    _run("services", file, map, place, rejects, batch, dry_run, lang)


@app.command()
def chains(
    file: Annotated[Path, typer.Argument(help="YAML file of chains: links, firms, materials, gaps at work.")],
    place: Place = "",
    lang: Language = "",
) -> None:
    """Put a place's industrial chains as a file says them; what is there already is left alone."""
    speak(lang)
    from leitai.apps.ledger.errors import Refused
    from leitai.bulk import FileFault
    from leitai.bulk.chains import put_chains

    home = _place(place, file)
    try:
        put = put_chains(home, file, by="import", now=now_of(home))
    except (FileFault, Refused) as why:
        raise fail(why) from None
    typer.echo(f"chains: {put.changed} of {put.chains} changed, {put.opened} of {put.gaps} gaps opened")


@app.command()
def ledger(
    file: File,
    kind: Annotated[
        str, typer.Option(help="Key of the kind of case that the rows are, as in the rule-book.")
    ],
    place: Place = "",
    rejects: Rejects = None,
    dry_run: DryRun = False,
    lang: Language = "",
) -> None:
    """Open the rows of an office's ledger (台账) in Excel as cases; those opened before are left alone."""
    from .ledger_in import run

    speak(lang)
    with _bar(file) as progress:
        code = run(file, kind, _place(place, file), rejects, dry_run, progress)
    if code:
        raise typer.Exit(code)


def _run(
    what: str,
    file: Path,
    map_file: Path,
    place: str,
    rejects: Path | None,
    batch: int,
    dry_run: bool,
    lang: str,
) -> None:
    speak(lang)
    from django.utils import timezone

    from leitai.bulk import FileFault, Stopped, load, read_map

    away = rejects or Path(f"rejects-{file.name.split('.')[0]}.csv")
    try:
        parsed = read_map(map_file)
        named: Any = parsed.map
        if named.what != what:
            raise fail(f"{map_file} is a map of {named.what}: run `leitai import {named.what}`")
        home = _place(place, map_file)
        with _bar(file) as progress:
            summary = load(
                home,
                file,
                parsed,
                by="import",
                now=now_of(home),
                latest=timezone.now(),
                rejects=None if dry_run and rejects is None else away,
                progress=progress,
                batch=batch,
                dry_run=dry_run,
            )
    except Stopped as stopped:
        _tell(what, stopped.summary, away, dry_run)
        raise fail(stopped) from None
    except FileFault as why:
        raise fail(why) from None
    _tell(what, summary, None if dry_run and rejects is None else away, dry_run)
    if summary.rejected and not (summary.taken or summary.already):
        raise typer.Exit(NOTHING_TAKEN)


def speak(lang: str) -> None:
    """Start the house, and speak the language that is wanted, or what LANG says."""
    setup()
    from django.utils import translation

    wanted = lang or os.environ.get("LC_ALL") or os.environ.get("LANG") or "en"
    translation.activate("zh-hans" if wanted.lower().startswith("zh") else "en")


def _place(key: str, map_file: Path) -> Any:
    """The place that is meant. Exits where it cannot be told."""
    if key:
        return place_of(key)
    from leitai.apps.people import queries as people

    known = [row.key for row in people.places()]
    folder = map_file.resolve().parent.name
    if folder in known:
        return place_of(folder)
    if len(known) == 1:
        return place_of(known[0])
    raise fail(f"say which place with --place (there are: {', '.join(known) or 'none yet'})")


def _tell(what: str, summary: Any, away: Path | None, dry_run: bool) -> None:
    """The summary, on standard output."""
    speed = summary.rows / summary.seconds if summary.seconds else 0
    made = f", {summary.units:,} units made" if summary.units and what != "units" else ""
    kept = " (dry run: nothing was kept)" if dry_run else ""
    typer.echo(
        f"{what}: {summary.taken:,} taken, {summary.already:,} already here, {summary.rejected:,} rejected"
        f"{made}; {summary.seconds:.1f} s, {speed:,.0f} rows a second{kept}"
    )
    for reason, count in summary.reasons[:SHOWN]:
        typer.echo(f"  {count:,} × {reason}")
    if len(summary.reasons) > SHOWN:
        typer.echo(f"  and {len(summary.reasons) - SHOWN} reasons more")
    if summary.rejected and away is not None:
        typer.echo(f"rejected rows: {away}")


@contextmanager
def _bar(file: Path) -> Iterator[Any]:
    """A progress bar on standard error while somebody looks; else none."""
    if is_quiet():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    parts = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*parts, console=Console(stderr=True)) as bar:
        task = bar.add_task(file.name)
        yield lambda done, total: bar.update(task, completed=done, total=total)
