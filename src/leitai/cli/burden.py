"""`leitai regime burden`: what a rule-book costs each unit by itself in a year, before anybody is asked anything."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from leitai.rules.cadence.burden import CAUSES, MONTHS, Caused, caused
from leitai.rules.regime.model import Regime
from leitai.rules.regime.units import Unit, picked, read_units

from .places import UNITS, PlaceError, load_regime, place_dir, read_text

UNUSABLE = 2
WORST = 10
HOUR = 60
WIDE = 120  # letters in a line, below which a year is shown by quarter


def burden(
    place: Annotated[str, typer.Argument(help="The name of a place, or its folder with units.csv.")],
    year: Annotated[int, typer.Option(help="The calendar year; without it the rule-book's first.")] = 0,
    lang: Annotated[str, typer.Option(help="zh or en.")] = "en",
    as_json: Annotated[
        bool, typer.Option("--json", help="Print minutes of every unit and line as JSON.")
    ] = False,
) -> None:
    """Count the figures, meetings, preparations, statements and inspections that a rule-book causes by itself.

    By group and month, by cause, the ten most burdened units, against the rule-book's ceiling. Answers in cases, other
    asks and meetings that events call are not in it: the burden page counts those as they happen.
    """
    try:
        regime, units, year = _read(place, year)
    except PlaceError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(UNUSABLE) from None
    found = caused(regime, units, year)
    if as_json:
        typer.echo(json.dumps(_plain(regime, found), ensure_ascii=False, indent=1))
    else:
        _print(regime, units, found, lang)


def _read(place: str, year: int) -> tuple[Regime, dict[str, Unit], int]:
    """The rule-book of a year and the units it is for. Raises PlaceError with a plain sentence."""
    if year and not 1901 <= year <= 2199:
        raise PlaceError(f"--year {year}: write a year such as 2022")
    folder: Path = place_dir(place)
    regime = load_regime(place, date(year, 12, 31) if year else None)
    units, findings = read_units(read_text(folder / UNITS), file=str(folder / UNITS))
    if findings:
        raise PlaceError("\n".join(map(str, findings)))
    return regime, units, year or regime.regime.in_force.year


def _plain(regime: Regime, found: Caused) -> dict[str, Any]:
    return {
        "place": regime.place.key,
        "year": found.year,
        "ceiling": found.ceiling,
        "units": {unit: [round(one, 2) for one in months] for unit, months in found.by_unit().items()},
        "lines": [
            {
                "cause": line.cause,
                "key": line.key,
                "units": len(line.units),
                "times": line.times,
                "minutes": round(line.minutes, 3),
            }
            for line in found.lines
        ],
        "uncounted": [name.show("en") for name in found.uncounted],
    }


def _print(regime: Regime, units: dict[str, Unit], found: Caused, lang: str) -> None:
    from rich.console import Console

    from .regime import translator

    console, say, minutes = Console(), translator(lang), found.by_unit()
    groups = {group.name.show(lang): picked(group.units, units) for group in regime.groups.values()}
    head = f"{regime.place.name.show(lang)}, {found.year}"
    wide = console.width >= WIDE
    kind = "month" if wide else "quarter"
    console.print(_months(f"{head}: hours of a unit by {kind}, on average", groups, minutes, wide=wide))
    console.print(_causes(f"{head}: hours of a unit in the year by cause, on average", groups, found, say))
    console.print(_lines(f"{head}: what takes most, all units together", found, say, lang))
    named = {unit: f"{units[unit].name.show(lang)} ({unit})" for unit in list(minutes)[:WORST]}
    console.print(
        _months(
            f"{head}: the most burdened",
            {named[one]: (one,) for one in named},
            minutes,
            many=False,
            wide=wide,
        )
    )
    total = sum(sum(own) for own in minutes.values())
    console.print(f"All {len(minutes)} units together: {total / HOUR:,.0f} hours in the year.")
    console.print(_ceiling(found, minutes))
    for name in found.uncounted:
        console.print(f"Not counted, for events call it as often as they happen: {name.show(lang)}.")
    console.print("Not counted either: answers in cases, and whatever is asked beside the rule-book.")


def _ceiling(found: Caused, minutes: dict[str, tuple[float, ...]]) -> str:
    if found.ceiling is None:
        return "The rule-book sets no ceiling."
    above = {unit: sum(one > found.ceiling for one in own) for unit, own in minutes.items()}
    least = f"The ceiling is {found.ceiling} minutes ({found.ceiling / HOUR:g} hours) of a unit in a month"
    if not any(above.values()):
        return f"{least}: by itself the rule-book stays below it for every unit in every month."
    told = ", ".join(f"{unit} {many}" for unit, many in above.items() if many)
    return f"{least}. By itself the rule-book is above it, units by months above: {told}."


def _table(title: str, *heads: str) -> Any:
    from rich.table import Table

    table = Table(title=title, title_justify="left")
    for number, head in enumerate(heads):
        table.add_column(head, justify="right" if number else "left", overflow="fold")
    return table


def _hours(minutes: float) -> str:
    return f"{minutes / HOUR:.1f}"


def _months(
    title: str,
    rows: dict[str, tuple[str, ...]],
    minutes: dict[str, tuple[float, ...]],
    *,
    many: bool = True,
    wide: bool,
) -> Any:
    each = 1 if wide else 3
    heads = [f"{number + 1:02}" if wide else f"Q{number + 1}" for number in range(MONTHS // each)]
    table = _table(title, "", *(["units"] if many else []), *heads, "year")
    nothing = (0.0,) * MONTHS
    for name, whose in rows.items():
        own = [minutes.get(unit, nothing) for unit in whose]
        means = [
            sum(sum(one[at : at + each]) for one in own) / max(len(own), 1) for at in range(0, MONTHS, each)
        ]
        table.add_row(name, *([str(len(own))] if many else []), *map(_hours, [*means, sum(means)]))
    return table


def _causes(title: str, groups: dict[str, tuple[str, ...]], found: Caused, say: Any) -> Any:
    """A line a cause, a column a group: of causes there are more than a screen is wide."""
    table = _table(title, "", *groups)
    own = [(found.by_cause(whose), max(len(whose), 1)) for whose in groups.values()]
    for cause in CAUSES:
        if any(line.cause == cause for line in found.lines):
            table.add_row(say(CAUSES[cause]), *(_hours(by.get(cause, 0.0) / many) for by, many in own))
    return table


def _lines(title: str, found: Caused, say: Any, lang: str) -> Any:
    table = _table(title, "", "cause", "units", "times", "minutes each", "hours")
    order = sorted(found.lines, key=lambda one: -len(one.units) * one.times * one.minutes)
    for one in order[:WORST]:
        hours = _hours(len(one.units) * one.times * one.minutes)
        cause = say(CAUSES[one.cause])
        table.add_row(
            one.name.show(lang), cause, str(len(one.units)), str(one.times), f"{one.minutes:g}", hours
        )
    return table
