"""`leitai readings`: workbooks made and taken in, how much units are asked for, and what the screens of figures see."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from .django import fail, now_of, place_of, setup

app = typer.Typer(no_args_is_help=True)

Place = Annotated[str, typer.Option(help="key of the place")]
PeriodKey = Annotated[str, typer.Option("--period", help="2022-W05, 2022-03, 2022-Q1, 2022-H1 or 2022")]
REJECTED = 1


def _period(text: str) -> Any:
    from leitai.rules.kernel import Period, PeriodError

    try:
        return Period.parse(text)
    except PeriodError as why:
        raise fail(f"--period {why}") from None


@app.command()
def template(
    place: Place,
    period: PeriodKey,
    out: Annotated[Path, typer.Option(help="file to write, .xlsx")],
    unit: Annotated[
        list[str] | None, typer.Option(help="key of a unit; may be repeated; without it all")
    ] = None,
) -> None:
    """Write the workbook that units fill in for a period."""
    setup()
    from leitai.apps.ledger.errors import Refused
    from leitai.apps.measures.workbook import template as made
    from leitai.apps.people import queries as people
    from leitai.apps.regimes import queries as regimes

    row, of = place_of(place), _period(period)
    there = {one.key: one for one in people.units(row)}
    for key in unit or []:
        if key not in there:
            raise fail(f"--unit {key}: no such unit in {place}")
    units = [there[key] for key in unit] if unit else list(there.values())
    try:
        out.write_bytes(made(row, units, regimes.regime_on(row, of.last), of, now_of(row)))
    except Refused as why:
        raise fail(why, 1) from None
    typer.echo(out)


@app.command()
def take(
    file: Annotated[Path, typer.Argument(help="a filled workbook")],
    place: Place,
) -> None:
    """Take a filled workbook in: what is held already is left alone, each cell that cannot be taken is told."""
    setup()
    from leitai.apps.ledger.errors import Refused, tell
    from leitai.apps.measures import incoming
    from leitai.apps.measures.workbook import filled
    from leitai.apps.regimes import queries as regimes

    row = place_of(place)
    try:
        content = file.read_bytes()
    except OSError as why:
        raise fail(f"{file}: {why.strerror}") from None
    try:
        lines, faults, of = filled(row, content, lambda one: regimes.regime_on(row, one.last))
    except Refused as why:
        raise fail(why) from None
    told = incoming.take(row, lines, lambda _unit: True, by="cli", now=now_of(row))
    rejected = [*faults, *told.rejected]
    typer.echo(f"{of.key}: {told.taken} taken, {told.known} held already, {len(rejected)} rejected")
    for where, finding in rejected:
        typer.echo(f"  {where}: {tell(finding)}")
    if rejected:
        raise typer.Exit(REJECTED)


@app.command()
def burden(
    place: Place,
    weeks: Annotated[int, typer.Option(min=1, max=106, help="how many weeks back, this one included")] = 13,
) -> None:
    """How many figures each unit is asked for: unit, all of the weeks, and week by week, as CSV."""
    setup()
    from leitai.apps.measures import queries
    from leitai.apps.regimes import queries as regimes
    from leitai.rules.kernel import Period

    row = place_of(place)
    today = now_of(row).astimezone(row.zone).date()
    span = [Period.containing("week", today)]
    while len(span) < weeks:
        span.insert(0, span[0].previous())
    typer.echo(",".join(["unit", "all", *(week.key for week in span)]))
    for one in queries.burden(row, regimes.regime_on(row, today), span):
        typer.echo(",".join([one.unit.key, str(one.total), *map(str, one.weeks)]))


@app.command()
def screens(place: Place, period: PeriodKey) -> None:
    """What looks odd among figures over the twelve periods up to one; a reason to look, and no finding."""
    setup()
    from django.utils.translation import gettext as _

    from leitai.apps.ledger.errors import Refused
    from leitai.apps.measures import queries
    from leitai.apps.regimes import queries as regimes

    row, of = place_of(place), _period(period)
    try:
        found = queries.screened(row, regimes.regime_on(row, of.last), of)
    except Refused as why:
        raise fail(why, 1) from None
    for one in found:
        who = one.unit.key if one.unit else "*"
        said = _(one.sign.message) % one.sign.values
        typer.echo(f"{one.sign.screen}\t{who}\t{one.measure}\tp={one.sign.p:.1e}\t{said}")
    typer.echo(f"{len(found)} signs")
