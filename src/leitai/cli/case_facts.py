"""`leitai case facts`: what cases say of a place's units over a period, each figure with what it rests on."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .django import fail, is_quiet, now_of, place_of, setup

if TYPE_CHECKING:
    from leitai.apps.measures.case_facts import Report

RATES = {
    "cases.response_rate": "replied",
    "cases.solved_rate": "solved",
    "cases.satisfied_rate": "satisfied",
    "cases.relapse_share": "come back",
    "cases.overturned_share": "sent back",
    "cases.false_closing_share": "false",
    "cases.paused_share": "paused",
}
SURVIVAL = "cases.on_time_survival"
HOURS = {"cases.median_hours": "median h", "cases.p90_hours": "p90 h"}


def facts(
    place: Annotated[str, typer.Option(help="key of the place")],
    kind: Annotated[str, typer.Option(help="only cases of this kind of the rule-book")] = "",
    period: Annotated[
        str, typer.Option(help="2015, 2015-H1, 2015-Q1, 2015-03 or 2015-W05; without it all")
    ] = "",
    by: Annotated[str, typer.Option(help="unit, kind (of case), or a kind of unit such as department")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """Rates, hours and three on-time shares of cases, as they stood at the period's end.

    With `--by department` a record counts for the department at or above its unit; without --by for the place.
    """
    setup()
    from leitai.apps.measures.case_facts import report

    row = place_of(place)
    start, end = _span(row, period, now_of(row))
    lines: list[tuple[str, Report, int]] = []
    for key in _kinds(row, kind, by == "kind"):
        units = _units(row, by)
        told = report(row, key or None, start, end, units)
        for number, unit in enumerate(units or [None]):
            name = (key if by == "kind" else unit.name if unit is not None else row.name) or row.name
            if told.opened[number] or told.closed[number] or told.facts["cases.on_time_rate"].n[number]:
                lines.append((str(name), told, number))
    if as_json:
        said = {"place": place, "kind": kind, "period": period, "from": start, "until": end}
        found = [{"name": name} | _plain(told, number) for name, told, number in lines]
        typer.echo(json.dumps(said | {"rows": found}, ensure_ascii=False, indent=1))
        return
    _print(" ".join(one for one in (place, kind, period or "all") if one), lines)


def _span(place: Any, period: str, now: datetime) -> tuple[int, int]:
    """From when until when, epoch seconds; what is to come is not counted."""
    from leitai.rules.kernel import Period, PeriodError

    if not period:
        return 0, int(now.timestamp()) + 1
    try:
        start, end = Period.parse(period).bounds(place.zone)
    except PeriodError as fault:
        raise fail(f"--period {fault}") from None
    if start >= now:
        raise fail(f"--period {period}: it has not begun")
    return int(start.timestamp()), min(int(end.timestamp()), int(now.timestamp()) + 1)


def _kinds(place: Any, kind: str, each: bool) -> list[str]:
    """The kinds that are asked for, "" for all together."""
    from leitai.apps.casework import queries

    there = queries.kinds_of(place)
    if kind and kind not in there:
        raise fail(f"--kind {kind}: no such cases in {place.key} (there are: {', '.join(there) or 'none'})")
    return [kind] if kind or not each else there


def _units(place: Any, by: str) -> list[Any]:
    """The units that are compared; none for the place as a whole."""
    from leitai.apps.people import queries as people

    if by in ("", "kind"):
        return []
    found = [one for one in people.units(place) if by in ("unit", one.kind)]
    if not found:
        raise fail(f"--by {by}: write unit, kind, or a kind of unit of {place.key}")
    return found


def _plain(told: Report, number: int) -> dict[str, Any]:
    """One line as values; null where there is nothing to say."""

    def value(array: Any) -> float | None:
        one = float(array[number])
        return None if one != one else round(one, 6)

    shares = told.in_time
    return {
        "opened": int(told.opened[number]),
        "closed": int(told.closed[number]),
        "on_time": {
            "n": int(shares.n[number]),
            "closed_only": value(shares.closed_only),
            "with_overdue": value(shares.with_overdue),
            "survival": value(shares.survival),
            "error": value(told.facts[SURVIVAL].errors),
        },
        "facts": {
            name: {"value": value(one.values), "error": value(one.errors)}
            | ({"n": int(one.n[number])} if one.n is not None else {})
            for name, one in told.facts.items()
        },
    }


def _print(title: str, lines: list[tuple[str, Report, int]]) -> None:
    from rich.console import Console
    from rich.table import Table

    first = Table(title=f"{title}: done in time, of the cases opened")
    for name in ("", "cases", "running", "closed only", "with overdue", "survival", "error"):
        first.add_column(name, justify="right" if name else "left")
    second = Table(title=f"{title}: what else the cases say (share of n)")
    for name in ("", "opened", "closed", "overdue", *HOURS.values(), *RATES.values()):
        second.add_column(name, justify="right" if name else "left")
    for name, told, number in lines:
        one = told.in_time
        shares = (one.closed_only, one.with_overdue, one.survival, told.facts[SURVIVAL].errors)
        counts = (one.n, one.running)
        first.add_row(
            name, *(f"{each[number]:,}" for each in counts), *(_share(each[number]) for each in shares)
        )
        second.add_row(
            name,
            f"{told.opened[number]:,}",
            f"{told.closed[number]:,}",
            f"{told.facts['cases.overdue'].values[number]:,.0f}",
            *(_hours(told.facts[key].values[number]) for key in HOURS),
            *(
                f"{_share(told.facts[key].values[number])} of {told.facts[key].n[number]:,}"
                if told.facts[key].n[number]
                else "—"
                for key in RATES
            ),
        )
    console = Console(width=170 if is_quiet() else None)
    console.print(first)
    console.print(second)


def _share(value: float) -> str:
    return "—" if value != value else f"{value:.1%}"


def _hours(value: float) -> str:
    return "—" if value != value else f"{value:,.1f}"
