"""`leitai lake`: seal days of verdicts as files, check the files, and count years of them anew."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Annotated, Any

import typer

from .django import fail, is_quiet, now_of, place_of, setup

app = typer.Typer(no_args_is_help=True)

SHOWN = 20  # lines that differ

Place = Annotated[str, typer.Argument(help="key of the place")]
Folder = Annotated[Path | None, typer.Option(help="the lake's folder; default: lake in LEITAI_VAR")]


@app.command()
def seal(place: Place, folder: Folder = None) -> None:
    """Seal every day that has ended and is not sealed yet: its verdicts become a file that never changes."""
    setup()
    from leitai.apps.ledger.errors import Refused
    from leitai.lake.sealing import seal_due_days

    row, where = place_of(place), _folder(folder)
    try:
        with _bar("sealing") as progress:
            sealed = seal_due_days(row, where, now_of(row), by="cli", progress=progress)
    except (Refused, OSError) as fault:
        raise fail(fault, 1) from None
    for one in sealed:
        typer.echo(f"{one.path}: {one.rows:,} verdicts, digest {one.digest}")
    typer.echo(f"{place}: {len(sealed)} days sealed")


@app.command()
def verify(
    place: Place,
    folder: Folder = None,
    head: Annotated[
        list[str] | None, typer.Option(help="a head of the log of verdicts that you kept: LEAVES:ROOT")
    ] = None,
) -> None:
    """Check every sealed day: its digest, its rows, and that the leaves of all give each day's head. Exit 1 if not."""
    setup()
    from leitai.apps.ledger.errors import tell
    from leitai.lake import verify as check

    kept, digests = dict(_head(one) for one in head or []), _recorded(place)
    with _bar("verifying") as progress:
        checked = check(_folder(folder), place, digests=digests, heads=kept, progress=progress)
    for one in checked.findings:
        typer.echo(f"{one.where}: {tell(one)}" if one.where.file else tell(one))
    if digests is None:
        typer.echo(
            f"{place}: nothing is recorded here of these days; they were held against each other alone"
        )
    said = "whole" if not checked.findings else "NOT WHOLE"
    typer.echo(
        f"{place}: {checked.days} days, {checked.rows:,} verdicts, {said};"
        f" {checked.size} leaves, root {checked.root}"
    )
    if checked.findings or not checked.days:
        raise typer.Exit(1)


@app.command()
def recount(
    place: Place,
    folder: Folder = None,
    engine: Annotated[
        str, typer.Option(help="duckdb, or spark where there is more than one machine holds")
    ] = "duckdb",
    by: Annotated[str, typer.Option(help="unit-month, unit-day, grade, channel or standing")] = "unit-month",
    compare: Annotated[str, typer.Option(help="count on this engine too, and compare every number")] = "",
    output: Annotated[Path | None, typer.Option(help="write every line to this .csv or .parquet")] = None,
    memory: Annotated[str, typer.Option(help="the most an engine may use, such as 4GB")] = "",
    threads: Annotated[int, typer.Option(min=0, help="the most threads; 0: all there are")] = 0,
    master: Annotated[
        str, typer.Option(help="Spark's master, such as spark://HOST:7077; default: this machine")
    ] = "",
) -> None:
    """Count the verdicts of all sealed days anew. Exit 1 where two engines differ, or a day is missing."""
    setup()
    from leitai.apps.ledger.errors import Refused
    from leitai.lake import BY, NUMBERS, differences, whole_days
    from leitai.rules.kernel import nearest

    if by not in BY:
        raise fail(f"--by {by}: nearest is {nearest(by, BY) or ', '.join(BY)}")
    if output is not None and output.suffix not in (".csv", ".parquet"):
        raise fail(f"--output {output}: write to a .csv or a .parquet")
    options = {"memory": memory, "threads": threads}
    try:
        sealed = whole_days(_folder(folder), place)
        found = _counted(engine, sealed, by, options, master)
        other = _counted(compare, sealed, by, options, master) if compare else None
    except Refused as refused:
        raise fail(refused, 1) from None
    first, last = sealed[0].head, sealed[-1].head
    made = " SYNTHETIC: made, not cast" if any(day.head.synthetic for day in sealed) else ""
    typer.echo(f"{place}: {len(sealed)} days, {first.day} to {last.day}{made}")
    _summary(found)
    if output is not None:
        _write(found, output)
        typer.echo(f"{output}: {found.num_rows:,} lines")
    if other is not None:
        wrong = differences(found, other, by)
        for one in wrong[:SHOWN]:
            keys = " ".join(str(key) for key in one.keys)
            typer.echo(f"{keys}: {engine} {one.one or 'nothing'}, {compare} {one.other or 'nothing'}")
        said = (
            f"{len(wrong):,} lines DIFFER"
            if wrong
            else f"all {found.num_rows * len(NUMBERS):,} numbers equal"
        )
        typer.echo(f"{engine} and {compare}: {said}")
        if wrong:
            raise typer.Exit(1)


@app.command()
def make(
    ballots: Annotated[int, typer.Option(min=1, help="how many verdicts")] = 1_000_000,
    folder: Folder = None,
    place: Annotated[str, typer.Option(help="key of the place that is none")] = "synthetic",
    units: Annotated[int, typer.Option(min=1, help="units that they are about")] = 3200,
    months: Annotated[int, typer.Option(min=1, help="months that they are spread over")] = 13,
    seed: Annotated[int, typer.Option(help="another number makes other verdicts")] = 1,
) -> None:
    """Make sealed days of verdicts that nobody cast, marked as such, to try a recount with."""
    setup()
    from leitai.lake.synthetic import make as made

    where = _folder(folder)
    if (where / place).exists():
        raise fail(f"--place {place}: {where / place} is there already; remove it, or choose another name")
    try:
        with _bar("making") as progress:
            days = made(
                where, ballots=ballots, units=units, months=months, seed=seed, place=place, progress=progress
            )
    except OSError as fault:
        raise fail(fault, 1) from None
    typer.echo(f"{where / place}: {ballots:,} SYNTHETIC verdicts in {days} days: made, not cast")


def _folder(given: Path | None) -> Path:
    """The lake's folder."""
    from django.conf import settings

    return given or Path(settings.VAR) / "lake"


def _head(text: str) -> tuple[int, str]:
    """A head as it was kept, by its leaves. Exits where it is none."""
    size, _, root = text.partition(":")
    if not (size.isdigit() and re.fullmatch(r"[0-9a-fA-F]{64}", root)):
        raise fail(f"--head {text}: write the number of leaves, a colon, and the 64 letters of the root")
    return int(size), root.lower()


def _recorded(key: str) -> dict[Any, str] | None:
    """The digest of each sealed day as the database has it; None where it does not know the place."""
    from django.db import OperationalError, ProgrammingError

    from leitai.apps.people import queries as people
    from leitai.lake.sealing import recorded

    try:
        place = next((row for row in people.places() if row.key == key), None)
        return recorded(place) if place is not None else None
    except (OperationalError, ProgrammingError):
        return None


def _counted(engine: str, sealed: Any, by: str, options: dict[str, Any], master: str) -> Any:
    """A recount on one engine, and how long it took, on standard error."""
    from rich.console import Console

    from leitai.lake import connect
    from leitai.lake import recount as counted

    console = Console(stderr=True, highlight=False)
    before = perf_counter()
    with (
        console.status(f"counting on {engine}") if not is_quiet() else _nothing(),
        connect(engine, **options, master=master if engine == "spark" else "") as there,
    ):
        ready = perf_counter()
        found = counted(there, sealed, by)
    console.print(
        f"{engine}: {found.num_rows:,} lines in {perf_counter() - ready:.1f} s, ready after {ready - before:.1f} s"
    )
    return found


def _summary(found: Any) -> None:
    """The counts of each month, over all units, and of all."""
    from leitai.lake import NUMBERS

    months: dict[str, list[int]] = {}
    key = "month" if "month" in found.column_names else "day"
    rows = zip(found[key].to_pylist(), *(found[name].to_pylist() for name in NUMBERS), strict=True)
    for when, *numbers in rows:
        total = months.setdefault(str(when)[:7], [0] * len(NUMBERS))
        months[str(when)[:7]] = [one + more for one, more in zip(total, numbers, strict=True)]
    lines = sorted(months.items())
    lines.append(
        ("all", [sum(column) for column in zip(*months.values(), strict=True)] or [0] * len(NUMBERS))
    )
    typer.echo(f"{'':<9}" + "".join(f"{name:>14}" for name in NUMBERS))
    for name, numbers in lines:
        typer.echo(f"{name:<9}" + "".join(f"{number:>14,}" for number in numbers))


def _write(found: Any, path: Path) -> None:
    """Every line of a recount as a file."""
    import pyarrow.csv
    import pyarrow.parquet

    try:
        if path.suffix == ".csv":
            pyarrow.csv.write_csv(found, path)
        else:
            pyarrow.parquet.write_table(found, path, compression="zstd")
    except OSError as fault:
        raise fail(f"--output {fault}", 1) from None


@contextmanager
def _nothing() -> Iterator[None]:
    yield


@contextmanager
def _bar(what: str) -> Iterator[Any]:
    """A progress bar in days, on standard error, while somebody looks."""
    if is_quiet():
        yield lambda _done, _total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    parts = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*parts, console=Console(stderr=True)) as bar:
        task = bar.add_task(what)
        yield lambda done, total: bar.update(task, completed=done, total=total)
