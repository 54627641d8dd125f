"""`leitai regime replay`: what another rule-book would have made of past periods, before it is announced.

The same as the office's page asks (`apps/tables/queries/replay.py`); here as sentences, and as files for whoever wants
to count for themselves: lines.csv, units.csv, deeds.csv and events.csv.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from .django import fail, place_of, setup

MOST = 10  # lines of each list on the screen; the files have all


def replay(
    place: Annotated[str, typer.Option(help="key of the place")],
    regime: Annotated[str, typer.Option(help="the rule-book in question: a file or a folder")],
    first: Annotated[str, typer.Option("--from", help="first month; default: that of the first table")] = "",
    last: Annotated[str, typer.Option("--to", help="last month; default: that of the last table")] = "",
    out: Annotated[Path | None, typer.Option(help="a folder for the files")] = None,
) -> None:
    """Compute past tables by another rule-book: who gains, who loses, who is named, which rules act."""
    setup()
    from leitai.apps.tables import queries
    from leitai.rules.kernel import Period, PeriodError

    home = place_of(place)
    rows = [Period.parse(row.period) for row in queries.tables(home, limit=100_000)]
    if not rows:
        raise fail(f"{home.key} has published no tables yet", 1)
    try:
        start = Period.parse(first).first if first else min(one.first for one in rows)
        end = Period.parse(last).last if last else max(one.last for one in rows)
    except PeriodError as fault:
        raise fail(f"--from, --to: {fault}") from None
    if start > end:
        raise fail(f"--from {first} is after --to {last}")
    found = queries.replay(home, _regime(regime, home.key), start, end)
    _say(found, start.isoformat(), end.isoformat())
    if out is not None:
        try:
            _write(found, out)
        except OSError as fault:
            raise fail(f"--out {out}: {fault.strerror}") from None


def _regime(path: str, place: str) -> Any:
    """The rules in question as they stand on their last day; of another place they cannot be asked."""
    from leitai.rules.regime.book import Book, RegimeError

    file = Path(path)
    if file.is_dir():
        file /= "regime.yaml"
    try:
        found = Book({str(file): file.read_text(encoding="utf-8")}).latest()
    except OSError as fault:
        raise fail(f"--regime {file}: {fault.strerror}") from None
    except (RegimeError, UnicodeDecodeError) as fault:
        raise fail(fault) from None
    if found.place.key != place:
        raise fail(f"--regime {file}: it is the rule-book of {found.place.key}, not of {place}")
    return found


def _say(found: Any, start: str, end: str) -> None:
    changed = sum(bool(one.moved) for one in found.tables)
    typer.echo(f"{start} to {end}: {len(found.tables)} tables computed again, {changed} come out otherwise")
    for one in found.skipped:
        why = "the rule-book has no such arena" if one.why == "no-arena" else "it is told for another period"
        typer.echo(f"  left out: {one.table.arena} {one.table.period}: {why}")
    fresh = sorted({f"{one.table.arena}: {key}" for one in found.tables for key in one.fresh})
    if fresh:
        typer.echo("  not frozen then, read as the rows are now: " + "; ".join(fresh))
    units = list(found.units().values())
    gain = [one for one in units if one.gained > one.lost]
    lose = [one for one in reversed(units) if one.lost > one.gained]
    _some("who gains", [f"{one.unit}: {one.gained - one.lost:+d} places" for one in gain])
    _some("who loses", [f"{one.unit}: {one.gained - one.lost:+d} places" for one in lose])
    named = [(row, one) for row, one in found.lines() if _named(one.new) and not _named(one.old)]
    cleared = [(row, one) for row, one in found.lines() if _named(one.old) and not _named(one.new)]
    _some(
        "named among the worst who was not", [f"{one.unit}: {row.arena} {row.period}" for row, one in named]
    )
    _some("named no more", [f"{one.unit}: {row.arena} {row.period}" for row, one in cleared])
    deeds = [(one.table, deed) for one in found.tables for deed in one.deeds]
    _some(
        "rules on tables",
        [
            f"{row.arena} {row.period}: {deed.what}: {deed.do}{f' ({deed.unit})' if deed.unit else ''}"
            for row, deed in deeds
        ],
    )
    _some(
        "rules on other events",
        [
            f"{one.event}: {one.do}: {one.would} times instead of {one.did}, of {one.of}"
            for one in found.rules
        ],
    )
    if found.unanswered:
        typer.echo(f"  of {found.unanswered} events the kept values do not answer the conditions")


def _named(row: Any) -> bool:
    return row is not None and row.named_worst


def _some(head: str, lines: Sequence[str]) -> None:
    typer.echo(f"{head}: {len(lines) or 'none'}")
    for line in lines[:MOST]:
        typer.echo(f"  {line}")
    if len(lines) > MOST:
        typer.echo(f"  and {len(lines) - MOST} more")


def _write(found: Any, out: Path) -> None:
    """The files, each whole: what the screen shows the beginning of."""
    out.mkdir(parents=True, exist_ok=True)

    def line(row: Any, key: str) -> Any:
        return "" if row is None else getattr(row, key)

    columns = ("score", "rank", "rank_low", "rank_high", "named_worst", "named_best")
    _csv(
        out / "lines.csv",
        ["period", "arena", "edition", "unit", "group", "gained"]
        + [f"{when}_{key}" for key in columns for when in ("was", "would")],
        (
            [row.period, row.arena, row.edition, one.unit, one.group, one.gained]
            + [line(side, key) for key in columns for side in (one.old, one.new)]
            for row, one in found.lines()
        ),
    )
    _csv(
        out / "units.csv",
        ["unit", "gained", "lost", "named", "cleared"],
        ([one.unit, one.gained, one.lost, one.named, one.cleared] for one in found.units().values()),
    )
    _csv(
        out / "deeds.csv",
        ["period", "arena", "unit", "what", "do", "source"],
        (
            [one.table.period, one.table.arena, deed.unit, deed.what, deed.do, deed.source]
            for one in found.tables
            for deed in one.deeds
        ),
    )
    _csv(
        out / "events.csv",
        ["event", "do", "source", "did", "would", "of"],
        ([one.event, one.do, one.source, one.did, one.would, one.of] for one in found.rules),
    )
    typer.echo(f"{out}: lines.csv, units.csv, deeds.csv, events.csv")


def _csv(file: Path, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(head)
        writer.writerows(["" if value is None else value for value in row] for row in rows)
