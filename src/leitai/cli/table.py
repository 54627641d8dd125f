"""`leitai table`: freeze, publish, explain and recompute tables from the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from leitai import __version__

from .django import fail, now_of, place_of, setup

app = typer.Typer(no_args_is_help=True)

Place = Annotated[str, typer.Option(help="key of the place")]
Arena = Annotated[str, typer.Option(help="key of the arena")]
PeriodKey = Annotated[
    str, typer.Option("--period", help="2022-03, 2022-Q1, 2022-H1, 2022 or 2022-W05; default: the latest")
]


def _table(place: Any, arena: str, period: str) -> Any:
    """The table that is meant: of this arena and period, or the latest there is."""
    from leitai.apps.tables import queries
    from leitai.rules.kernel import Period, PeriodError, nearest

    rows = queries.tables(place, drafts=True, limit=10_000)
    if not rows:
        raise fail(f"{place.key} has no tables yet", 1)
    arenas = {row.arena for row in rows}
    if arena and arena not in arenas:
        raise fail(
            f"--arena {arena}: no such table; nearest is {nearest(arena, arenas) or ', '.join(sorted(arenas))}"
        )
    rows = [row for row in rows if not arena or row.arena == arena]
    if period:
        try:
            key = Period.parse(period).key
        except PeriodError as fault:
            raise fail(f"--period {fault}") from None
        rows = [row for row in rows if row.period == key]
        if not rows:
            raise fail(f"--period {period}: no table of that period", 1)
    newest = max(rows, key=lambda row: (Period.parse(row.period).last, row.pk))
    return queries.table(place, newest.pk)


@app.command("list")
def list_(place: Place) -> None:
    """All tables, the newest first."""
    setup()
    from leitai.apps.tables import queries

    for row in queries.tables(place_of(place), drafts=True, limit=10_000):
        state = "published" if row.published_at else "frozen"
        typer.echo(f"{row.pk}\t{row.arena}\t{row.period}\tedition {row.edition}\t{state}\t{row.digest[:16]}")


@app.command()
def freeze(place: Place, arena: Arena, period: PeriodKey, why: str = "", by: str = "cli") -> None:
    """Freeze an arena's table for a period that has ended."""
    setup()
    from leitai.apps.ledger.errors import Refused
    from leitai.apps.tables import actions
    from leitai.rules.kernel import Period, PeriodError

    row = place_of(place)
    try:
        frozen = actions.freeze(
            place=row, arena=arena, period=Period.parse(period), why=why, by=by, now=now_of(row)
        )
    except (Refused, PeriodError) as fault:
        raise fail(fault) from None
    typer.echo(f"table {frozen.pk}: {arena} {frozen.period} edition {frozen.edition}, digest {frozen.digest}")


@app.command()
def publish(place: Place, arena: Arena, period: PeriodKey, by: str = "cli-second") -> None:
    """Publish a frozen table; someone else than who froze it."""
    setup()
    from leitai.apps.ledger.errors import Refused
    from leitai.apps.tables import actions

    row = place_of(place)
    try:
        done = actions.publish(table=_table(row, arena, period), by=by, now=now_of(row))
    except Refused as refused:
        raise fail(refused) from None
    typer.echo(f"table {done.pk}: published")


@app.command()
def explain(
    place: Place,
    arena: Arena = "",
    period: PeriodKey = "",
    unit: Annotated[str, typer.Option(help="key of one unit; default: every unit of the table")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """The reason for each rank: what the score is made of, the distance to the neighbours, how sure it is."""
    setup()
    from leitai.apps.ledger.errors import tell
    from leitai.apps.people import queries as people
    from leitai.apps.tables import queries
    from leitai.rules.kernel import Finding, nearest

    row = _table(place_of(place), arena, period)
    result = row.computed()
    keys = [line.unit for line in result.rows]
    if unit and unit not in keys:
        raise fail(f"--unit {unit}: not in this table; nearest is {nearest(unit, keys) or keys[0]}")
    found = [queries.explain(row, key, result) for key in ([unit] if unit else keys)]
    if as_json:
        typer.echo(
            json.dumps(
                {
                    "arena": row.arena,
                    "period": row.period,
                    "edition": row.edition,
                    "digest": row.digest,
                    "units": [_as_json(one) for one in found],
                },
                ensure_ascii=False,
            )
        )
        return
    typer.echo(f"{row.arena} {row.period}, edition {row.edition}, digest {row.digest}")
    names = {unit.key: unit.name for unit in people.units(row.place)}
    for one in found:
        typer.echo(f"\n{one.row.unit} {names.get(one.row.unit, '')} [{one.row.group}]")
        for line in one.lines:
            typer.echo(f"  {tell(Finding('', line.message, values=line.values))}")
        if unit:
            _more(row, unit)


def _more(row: Any, unit: str) -> None:
    """Why the unit moved since the period before, and what one figure alone would have to be to gain a place."""
    from leitai.apps.ledger.errors import tell
    from leitai.apps.tables import queries
    from leitai.rules.kernel import Finding

    found = queries.change_account(row, unit)
    if found is not None:
        typer.echo(f"since {found.earlier.period}:")
        for line in found.account.lines:
            typer.echo(f"  {tell(Finding('', line.message, values=line.values))}")
    for one in queries.climbs(row, unit):
        what = "to gain a place" if one.climb.goal == "place" else "not to be named"
        if one.climb.to is None:
            typer.echo(f"{what}: not by {one.climb.measure} alone")
        else:
            where = f"rank {one.climb.rank}"
            typer.echo(f"{what}: {one.climb.measure} {one.climb.to} instead of {one.climb.start} ({where})")


def _as_json(one: Any) -> dict[str, Any]:
    def gap(side: Any) -> Any:
        if side is None:
            return None
        parts = {part.measure or "rounding": str(part.shown) for part in side.parts}
        return {"unit": side.other, "rank": side.rank, "gap": str(side.gap), "parts": parts}

    return one.row.to_json() | {
        "of": one.count,
        "above": gap(one.above),
        "below": gap(one.below),
        "alike": list(one.alike),
        "lines": [line.text for line in one.lines],
    }


@app.command()
def verify(
    place: Place,
    arena: Arena = "",
    period: PeriodKey = "",
    every: Annotated[bool, typer.Option("--all", help="every table")] = False,
) -> None:
    """Recompute a table from its frozen inputs, byte for byte. Exit 1 where it differs."""
    setup()
    from leitai.apps.tables import queries

    row = place_of(place)
    chosen = (
        [queries.table(row, one.pk) for one in queries.tables(row, drafts=True, limit=100_000)]
        if every
        else [_table(row, arena, period)]
    )
    wrong = 0
    for one in chosen:
        found = queries.verify(one)
        wrong += not found.same
        said = "identical, byte for byte" if found.same else f"DIFFERS: recomputed {found.computed}"
        typer.echo(f"{one.arena} {one.period} edition {one.edition}: {found.digest} {said}")
    if wrong:
        raise typer.Exit(1)


@app.command()
def pack(
    place: Place,
    out: Annotated[Path, typer.Option(help="file to write: .zip for a pack, .json for one JSON value")],
    arena: Arena = "",
    period: PeriodKey = "",
) -> None:
    """Write all that anyone needs to recompute a table: `leitai table recompute` does, on any machine."""
    setup()
    from leitai.apps.tables import queries
    from leitai.apps.tables.zips import zipped

    row = _table(place_of(place), arena, period)
    try:
        if out.suffix == ".json":
            out.write_text(json.dumps(queries.pack(row), ensure_ascii=False, indent=1), encoding="utf-8")
        else:
            out.write_bytes(zipped(queries.pack_files(row)))
    except OSError as fault:
        raise fail(f"--out {out}: {fault.strerror}") from None
    typer.echo(f"{out}: {row.arena} {row.period} edition {row.edition}, digest {row.digest}")


@app.command()
def recompute(
    file: Annotated[Path, typer.Argument(help="a pack: FILE.zip")],
    digest: Annotated[
        str, typer.Option(help="the digest on the table's page, to be held against the pack's")
    ] = "",
    most: Annotated[int, typer.Option(min=1, help="how many differences to print")] = 20,
) -> None:
    """Recompute a table from its pack, without a database. Exit 1 where it differs, 2 where it cannot be read."""
    from leitai.apps.tables.zips import unzipped
    from leitai.rules.scoring.packs import PackError, follows, read_pack, recount

    try:
        found = read_pack(unzipped(file.read_bytes()))
        again = recount(found.spec, found.inputs, found.result, same_code=found.code == __version__)
    except OSError as fault:
        raise fail(f"{file}: {fault.strerror}") from None
    except PackError as fault:
        raise fail(f"{file}: {fault}") from None
    except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError) as fault:
        raise fail(f"{file}: the pack cannot be computed: {fault}") from None
    typer.echo(f"{found.place} {found.arena} {found.period} edition {found.edition}: {found.digest}")
    if found.code != __version__:
        typer.echo(f"frozen by Leitai {found.code}, recomputed by {__version__}")
    for path in again.added:
        typer.echo(f"  {path}: not in the pack; only this version writes it")
    for path in again.unknown:
        typer.echo(f"  {path}: this version does not know it; recompute with Leitai {found.code}")
    for one in again.differences[:most]:
        typer.echo(f"  {one.where}: kept {one.kept}, computed {one.computed}")
    if len(again.differences) > most:
        typer.echo(f"  and {len(again.differences) - most} more")
    wrong = not again.same
    said = follows(found)
    if said is not None:
        words = "as the rule-book in the pack says" if said else "NOT what the rule-book in the pack says"
        typer.echo(f"the specification is {words}")
        wrong = wrong or (not said and found.code == __version__)
    if digest and digest.strip().lower() != found.digest:
        typer.echo(f"NOT the table of the digest {digest}")
        wrong = True
    typer.echo("the result: identical, byte for byte" if again.same else "the result: DIFFERS")
    if wrong:
        raise typer.Exit(1)


@app.command()
def diff(
    place: Place,
    arena: Arena = "",
    period: PeriodKey = "",
    old: Annotated[int, typer.Option("--from", help="edition; default: the one before the other")] = 0,
    new: Annotated[int, typer.Option("--to", help="edition; default: the newest")] = 0,
) -> None:
    """What differs between two editions of a table: rules, inputs, and whose score or rank moved."""
    setup()
    from leitai.apps.tables import queries

    editions = {row.edition: row for row in queries.editions(_table(place_of(place), arena, period))}
    last = new or max(editions)
    first = old or last - 1
    for number in (first, last):
        if number not in editions:
            there = ", ".join(map(str, editions))
            raise fail(f"there is no edition {number} of this table (there are: {there})", 1)
    found = queries.difference(editions[first], editions[last], limit=10_000)
    typer.echo(f"{found.new.arena} {found.new.period}, edition {first} to {last}: {found.new.why}")
    for rule in found.rules:
        typer.echo(f"  rule {rule.where}: {rule.kept} -> {rule.computed}")
    for cell in found.cells:
        one = cell.cell
        typer.echo(f"  input {one.unit} {one.measure}: {_cell(one.old)} -> {_cell(one.new)}")
    for line in found.lines:
        was, now = line.moved.old, line.moved.new
        typer.echo(f"  line {line.moved.unit}: {_line(was)} -> {_line(now)}")


def _cell(cell: Any) -> str:
    if cell is None:
        return "none"
    said = {key: value for key, value in cell.to_json().items() if key not in ("source", "state")}
    return " ".join([*(f"{key} {value}" for key, value in said.items()), cell.state])


def _line(row: Any) -> str:
    if row is None:
        return "not in the table"
    if row.rank is None:
        return f"not ranked ({row.reason})"
    named = " named worst" if row.named_worst else " named best" if row.named_best else ""
    return f"{row.score}, rank {row.rank} ({row.rank_low} to {row.rank_high}){named}"


@app.command()
def bulletin(
    place: Place,
    out: Annotated[Path, typer.Option(help=".docx to write")],
    arena: Arena = "",
    period: PeriodKey = "",
) -> None:
    """The Word bulletin of a published table."""
    setup()
    from leitai.apps.bulletins import actions, queries
    from leitai.apps.ledger.errors import Refused

    home = place_of(place)
    row = _table(home, arena, period)
    try:
        actions.draw(table=row, by="cli", now=now_of(home))
    except Refused as refused:
        raise fail(refused) from None
    out.write_bytes(queries.word(queries.of_table(row), now_of(home)))
    typer.echo(f"{out}: {queries.of_table(row).title}")
