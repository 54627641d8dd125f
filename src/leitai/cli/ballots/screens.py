"""`leitai ballots screens`: the screens over a place's last month, or how often they are wrong."""

from __future__ import annotations

from collections import deque
from datetime import date, timedelta
from typing import Annotated

import typer

from ..django import fail, is_quiet, now_of, place_of, setup


def screens(
    place: Annotated[str, typer.Option(help="key of the place to screen")] = "",
    day: Annotated[
        str, typer.Option(help="last day to look at, such as 2026-11-20; without it yesterday")
    ] = "",
    calibrate: Annotated[
        bool, typer.Option("--calibrate", help="measure false alarms on honest months that are made up")
    ] = False,
    runs: Annotated[int, typer.Option(min=1, help="how many made-up months")] = 40,
    units: Annotated[int, typer.Option(min=2, help="of how many units each")] = 200,
    seed: Annotated[int, typer.Option(help="the same seed, the same months")] = 1,
) -> None:
    """Look for abused verdicts and keep what is found as leads; with --calibrate, measure how often that is wrong."""
    if calibrate == bool(place):
        raise fail("say --place KEY to screen a place, or --calibrate to measure the screens themselves")
    setup()
    if calibrate:
        _calibrate(runs, units, seed)
    else:
        _screen(place, day)


def _screen(key: str, day: str) -> None:
    from leitai.drive.screening import screen

    place = place_of(key)
    now = now_of(place)
    today = now.astimezone(place.zone).date()
    try:
        last = date.fromisoformat(day) if day else today - timedelta(days=1)
    except ValueError:
        raise fail(f"--day {day}: write a day as 2026-11-20") from None
    if last >= today:
        raise fail(f"--day {last}: this day has not ended")
    found = screen(place, last, now=now)
    for row in found:
        typer.echo(
            f"{row.screen}  {row.unit.key if row.unit else '-'}  p={row.p:.2g}  {row.message % row.values}"
        )
    typer.echo(f"{key}: {len(found)} new leads up to {last}")


def _calibrate(runs: int, units: int, seed: int) -> None:
    import numpy as np
    from rich.console import Console
    from rich.progress import track
    from rich.table import Table

    from leitai.rules.ballots.screens import calibrate

    chances = np.random.default_rng(seed).spawn(runs)
    told = track(
        calibrate(chances, units), "screening", total=runs, disable=is_quiet(), console=Console(stderr=True)
    )
    (known,) = deque(told, maxlen=1)
    console = Console(width=None if not is_quiet() else 100)
    table = Table(title=f"{runs} honest months of {known.units} units and {known.days} days")
    for name in ("screen", "months with a false lead", "95 %", "promised", "units falsely named"):
        table.add_column(name, justify="left" if name == "screen" else "right")
    for name, share in known.runs.items():
        low, high = share.interval
        named = known.named[name]
        table.add_row(
            name,
            f"{share.hits} of {share.of} = {share.share:.1%}",
            f"{low:.1%} to {high:.1%}",
            f"at most {known.alarm:.0%}",
            f"{named.hits} of {named.of}",
        )
    console.print(table)
    played = Table(title="Each abuse played once a month on one unit")
    played.add_column("abuse")
    played.add_column("reported", justify="right")
    for name, share in known.found.items():
        played.add_row(name, f"{share.hits} of {share.of} = {share.share:.0%}")
    console.print(played)
