"""`leitai simulate`: a whole year of a place at speed, through the real actions and the real drive, from a seed."""

from __future__ import annotations

import gc
import json
import os
import resource
import sys
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from time import monotonic
from typing import Annotated, Any

import typer

from .django import fail, is_quiet, setup
from .places import PlaceError, place_dir

KEYS = ("data-key", "code-key", "log-key")
OURS = (
    "LEITAI_DATABASE_URL",
    "LEITAI_DATA_KEY",
    "LEITAI_CODE_KEY",
    "LEITAI_LOG_KEY",
    "LEITAI_LAKE",
    "LEITAI_NOTIFY",
)
WRONG = 1
SUMMARY = "simulated.json"


def add_to(app: typer.Typer) -> None:
    """Place this command at the top level."""
    app.command()(simulate)


def simulate(
    place: Annotated[str, typer.Option(help="name of a folder in ./regimes, or a path")],
    year: Annotated[int, typer.Option(min=1950, max=2190, help="the calendar year that is played")],
    seed: Annotated[
        int, typer.Option(min=0, help="the same seed gives the same year, to the ledger's head")
    ] = 1,
    out: Annotated[
        Path | None, typer.Option(help="new folder for the database; without it one that is thrown away")
    ] = None,
    scale: Annotated[
        float, typer.Option(min=0.001, max=100, help="of cases and verdicts: 0.1 is a tenth")
    ] = 1.0,
    weeks: Annotated[int, typer.Option(min=0, max=52, help="only the first so many weeks")] = 0,
) -> None:
    """Play a year: meetings, figures, verdicts, cases, inspections, contests, files and bulletins; count what came.

    Everything is done in a database of its own, never in yours. Exits 1 where a count is not as the rule-book's
    calendar says. `LEITAI_VAR=DIR leitai run` opens a year that was kept.
    """
    try:
        folder = place_dir(place)
    except PlaceError as fault:
        raise fail(fault) from None
    with _folder(out) as kept:
        _own(Path(kept), place, seed)
        setup()
        _play(folder, Path(kept), year, seed, scale, weeks, keep=out is not None)


def _folder(out: Path | None) -> AbstractContextManager[Any]:
    """Where the year is kept: a new folder, or one that is removed at the end."""
    if out is None:
        return tempfile.TemporaryDirectory(prefix="leitai-simulate-", ignore_cleanup_errors=True)
    if out.exists() and any(out.iterdir()):
        raise fail(f"--out {out}: there is something in it already; name a new folder")
    out.mkdir(mode=0o700, parents=True, exist_ok=True)
    return nullcontext(str(out))


def _own(folder: Path, place: str, seed: int) -> None:
    """A database and keys of the year's own, before any setting is read.

    The keys follow from the seed, since receipts and draws do from them: so they are worth nothing anywhere else, and
    no other database is given them. What log-ins are signed with is drawn as ever.
    """
    for name in OURS:
        os.environ.pop(name, None)
    os.environ["LEITAI_VAR"] = str(folder.resolve())
    for name in KEYS:
        text = sha256(f"leitai simulate/{name}/{Path(place).name}/{seed}".encode()).hexdigest()
        path = folder / name
        path.touch(mode=0o600)
        path.write_text(text)


def _play(folder: Path, kept: Path, year: int, seed: int, scale: float, weeks: int, *, keep: bool) -> None:
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.utils import timezone
    from rich.console import Console

    from leitai.apps.ledger.errors import Refused
    from leitai.bulk.folder import PlaceError as FolderError
    from leitai.demo.script import DemoError
    from leitai.demo.year import Asked
    from leitai.demo.year import simulate as play

    from .demo import logins_file, remember

    if Path(settings.VAR) != kept.resolve():
        raise fail("the settings were read before; run this command by itself")
    # What is lost when the machine dies is made again from the seed: no waiting for the disk.
    options = connection.settings_dict["OPTIONS"]
    options["init_command"] = f"{options['init_command']} PRAGMA synchronous=OFF;"
    call_command("migrate", interactive=False, verbosity=0)
    # What is loaded stays to the end, and a year makes millions of small things that are dropped at once.
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    console, started = Console(stderr=True, highlight=False), monotonic()

    def tell(line: str) -> None:
        console.print(f"[dim]{monotonic() - started:6.1f} s[/dim]  {line}")

    try:
        with _progress(console) as step:
            done = play(Asked(folder, year, seed, scale, weeks), clock=timezone.now(), tell=tell, step=step)
    except (FolderError, DemoError, Refused) as fault:
        raise fail(fault) from None
    if keep:
        remember(logins_file(), list(done.logins))
    minutes = (monotonic() - started) / 60
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    _print(done, minutes, peak)
    (kept / SUMMARY).write_text(json.dumps(_plain(done, minutes, peak), ensure_ascii=False, indent=1))
    if keep:
        typer.echo(f"LEITAI_VAR={kept} leitai run   opens it; log-ins:")
        for login, password, role in done.logins:
            typer.echo(f"  {role:<14} {login:<22} {password}")
    if not done.right:
        typer.echo("a count is not as the calendar says", err=True)
        raise typer.Exit(WRONG)


Step = Callable[[datetime, datetime, datetime], None]


class _progress:  # noqa: N801 - a context manager, as it is used
    """A bar of the year's days, where somebody looks."""

    def __init__(self, console: Any) -> None:
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TimeRemainingColumn(),
            console=console,
            disable=is_quiet(),
            transient=True,
        )
        self._task = self._bar.add_task("")

    def __enter__(self) -> Step:
        self._bar.start()
        return self._step

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def _step(self, start: datetime, now: datetime, end: datetime) -> None:
        total, past = (end - start).total_seconds(), (now - start).total_seconds()
        self._bar.update(self._task, total=total, completed=past, description=f"{now:%Y-%m-%d}")


def _print(done: Any, minutes: float, peak: float) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False, width=None if sys.stdout.isatty() else 120)
    table = Table(title=f"{done.place.name}: by the calendar", title_justify="left")
    for number, head in enumerate(("", "expected", "counted", "")):
        table.add_column(head, justify="right" if number in (1, 2) else "left")
    for one in done.counts:
        table.add_row(one.what, str(one.expected), str(one.counted), "" if one.right else "[red]not so[/red]")
    console.print(table)
    console.print("  ".join(f"{one.what} {one.counted}" for one in done.tallies if one.counted))
    if done.worst:
        console.print("\nNamed among the worst, with the places at one of which it truly is:")
    for one in done.worst:
        sure = f"rank {one.rank} of {one.of}, at {one.low} to {one.high}"
        console.print(f"  {one.arena} {one.period}  {one.unit}: {sure}{' (seeded)' if one.seeded else ''}")
    middle, most = done.hours
    console.print(
        f"\nBurden in the year: {middle:.1f} hours of a middling unit, {most:.1f} of the most burdened"
    )
    if done.refused:
        told = ", ".join(f"{code} {count}" for code, count in done.refused.most_common())
        console.print(f"People were refused: {told}")
    console.print(
        f"Ledger: {done.events} events, {'whole' if done.whole else '[red]NOT whole[/red]'}, head {done.head}"
    )
    console.print(f"{done.instants} instants in {minutes:.1f} minutes, peak memory {peak:.0f} MiB")


def _plain(done: Any, minutes: float, peak: float) -> dict[str, Any]:
    return {
        "place": done.place.key,
        "end": done.end.isoformat(),
        "counts": [[one.what, one.expected, one.counted] for one in done.counts],
        "tallies": {one.what: one.counted for one in done.tallies},
        "worst": [vars(one) for one in done.worst],
        "hours": done.hours,
        "events": done.events,
        "head": done.head,
        "whole": done.whole,
        "right": done.right,
        "instants": done.instants,
        "refused": dict(done.refused),
        "minutes": minutes,
        "peak_mib": peak,
    }
