"""`leitai rank`: ranks from a CSV file and how sure they are, without a server, a database or a rule-book.

Everything it is made of is read when the command runs, and Django not at all.
"""

from __future__ import annotations

import hashlib
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from .rank_data import Asked, RankError, Units, all_equal, read_units
from .together import write_together

UNUSABLE = 2


class Missing(StrEnum):
    drop = "drop"
    fail = "fail"


class Higher(StrEnum):
    better = "better"
    worse = "worse"


class Correction(StrEnum):
    holm = "holm"
    bonferroni = "bonferroni"


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("rank")(rank)


def rank(
    data: Annotated[Path | None, typer.Option(help="The data: CSV with one line for each unit.")] = None,
    value: Annotated[str, typer.Option(help="Column to rank by; without it the rate --count of --n.")] = "",
    se: Annotated[str, typer.Option(help="Column with the standard error of the value.")] = "",
    n: Annotated[str, typer.Option(help="Column with the number of cases.")] = "",
    count: Annotated[str, typer.Option(help="Column with how many of the cases count.")] = "",
    out: Annotated[
        Path | None, typer.Option(help="The folder to write to; made where it is not there.")
    ] = None,
    id_: Annotated[str, typer.Option("--id", help="Column with units' ids; else the first with text.")] = "",
    level: Annotated[float, typer.Option(help="Confidence, such as 0.95.")] = 0.95,
    draws: Annotated[int, typer.Option(min=100, help="How often errors are drawn.")] = 5000,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same draws.")] = 1,
    best: Annotated[int, typer.Option(min=0, help="Which units may be among the best so many.")] = 0,
    worst: Annotated[int, typer.Option(min=0, help="Which units may be among the worst so many.")] = 0,
    missing: Annotated[
        Missing, typer.Option(help="What to do with units that lack a number.")
    ] = Missing.fail,
    higher: Annotated[
        Higher, typer.Option(help="Whether a higher value ranks first or last.")
    ] = Higher.better,
    exact: Annotated[
        bool,
        typer.Option("--exact", help="Exact sets: of rates with --n, of counts of one whole without."),
    ] = False,
    correction: Annotated[
        Correction,
        typer.Option(help="Exact sets of counts: how many pairs are allowed for; csranks: bonferroni."),
    ] = Correction.holm,
    target: Annotated[
        float | None,
        typer.Option(help="With --n and --count: the rate that funnels stand around; else that of all."),
    ] = None,
    further: Annotated[
        int, typer.Option(min=0, help="With --n, --count and --worst: plan so many further verdicts.")
    ] = 0,
    calibrate: Annotated[
        bool, typer.Option("--calibrate", help="Measure every promise on made-up places.")
    ] = False,
    simulate: Annotated[
        bool, typer.Option("--simulate", help="Show how right lists of the worst are, rule by rule.")
    ] = False,
    units: Annotated[str, typer.Option(help="Sizes of made-up places, such as 49,81.")] = "",
    runs: Annotated[
        int, typer.Option(min=0, help="How many made-up places; 0: as many as fit the size.")
    ] = 0,
) -> None:
    """Rank units and say how sure each rank is: ranks.csv, and rates.csv where cases are counted."""
    if not 0.5 <= level < 1:
        raise _unusable(f"--level {level:g}: a level lies from 0.5 to below 1, such as 0.95")
    if calibrate or simulate:
        from . import rank_trials

        try:
            sizes = rank_trials.sizes(units, calibrate)
        except ValueError as error:
            raise _unusable(error) from None
        kept = (
            rank_trials.calibrated(sizes, runs, level, seed)
            if calibrate
            else rank_trials.simulated(sizes, runs, further or 5000, level, seed)
        )
        raise typer.Exit(0 if kept else 1)
    if data is None or out is None:
        raise _unusable("say what to rank, --data DATA.csv, and where to write, --out DIR")
    asked = Asked(value, se, n, count, id_)
    try:
        _sensible(asked, exact, bool(further), worst)
        if target is not None and not (asked.n and asked.count and 0 < target < 1):
            raise RankError(f"--target {target:g}: it is a rate between 0 and 1, of --n and --count")
        found = read_units(data, asked, drop=missing is Missing.drop)
        _enough(data, found, max(best, worst))
        from . import rank_files

        question = rank_files.Question(
            best,
            worst,
            level,
            draws,
            seed,
            higher is Higher.better,
            exact,
            correction.value,
            further,
            target,
        )
        files = rank_files.files(found, question, hashlib.sha256(data.read_bytes()).hexdigest())
        write_together(out, files.texts)
    except RankError as error:
        raise _unusable(error) from None
    except OSError as error:
        raise _unusable(f"--out {out}: {error.strerror or error}; choose another folder") from None
    for note in files.notes:
        typer.echo(note)
    typer.echo(f"wrote {', '.join(files.texts)} to {out}")


def _sensible(asked: Asked, exact: bool, further: bool, worst: int) -> None:
    counted = bool(asked.n and asked.count)
    if asked.n and not asked.count:
        raise RankError("--n alone is no rate: say which column counts, --count COLUMN")
    if asked.count and not asked.n and not exact:
        raise RankError(
            "--count needs the cases it is of, --n COLUMN; counts of one whole are ranked with --exact"
        )
    if exact and not asked.count:
        raise RankError("--exact needs counts: say --count COLUMN, and --n COLUMN for rates")
    if asked.value and not asked.se and counted and not exact:
        raise RankError(
            f"--value {asked.value} needs its standard error, --se COLUMN; to rank by the rate of --n and --count "
            "leave --value out"
        )
    if not exact and not counted and not (asked.value and asked.se):
        lacks = "--se COLUMN (its standard error)" if asked.value else "--value COLUMN --se COLUMN"
        raise RankError(f"say {lacks}, or --n COLUMN --count COLUMN for a rate")
    if further and not (counted and worst):
        raise RankError("--further needs --n and --count, and --worst K to look for")


def _enough(data: Path, found: Units, k: int) -> None:
    size = len(found.ids)
    if size == 0:
        raise RankError(f"{data}: no unit is left to rank; each line after the first is one")
    if size == 1:
        raise RankError(f"{data}: only {found.ids[0]!r} is there: a ranking takes two units or more")
    rates = [count / n for count, n in zip(found.counts, found.ns, strict=False)]
    values = found.values or rates or found.counts
    if all_equal(values):
        raise RankError(
            f"{data}: all {size} values are {values[0]:g}: nothing to rank by; choose another column"
        )
    if k >= size:
        raise RankError(f"{data}: of {size} units there are no best or worst {k}; ask for fewer")


def _unusable(sentence: object) -> typer.Exit:
    typer.echo(f"leitai: {sentence}", err=True)
    return typer.Exit(UNUSABLE)
