"""`leitai forecast`: what the forecast of a year's end promises beside what it keeps, on made-up years."""

from __future__ import annotations

from typing import Annotated

import typer


def add_to(app: typer.Typer) -> None:
    """Mount the command."""
    app.command()(forecast)


def forecast(
    runs: Annotated[int, typer.Option(min=100, help="How many made-up years of each world.")] = 4000,
    level: Annotated[float, typer.Option(help="The chance that the interval states.")] = 0.9,
    seed: Annotated[int, typer.Option(help="What the years are made up from.")] = 1,
) -> None:
    """How often the interval of a year's end holds the year's end, in worlds as assumed and in others."""
    if not 0.5 <= level < 1:
        typer.echo(f"--level {level:g}: a level lies from 0.5 to below 1, such as 0.9", err=True)
        raise typer.Exit(2)
    import numpy as np
    from rich.console import Console
    from rich.table import Table

    from leitai.rules.scoring.forecast_trials import ASSUMED, trials

    table = Table(title=f"{runs:,} made-up years of each world")
    for name in ("world", "months known", "stated", "achieved", "standard error", ""):
        table.add_column(name, justify="left" if name in ("world", "") else "right")
    kept = True
    for one in trials(np.random.default_rng(seed), runs, level):
        below = one.achieved < one.stated - 3 * one.error
        assumed = one.world in ASSUMED
        kept = kept and not (assumed and below)
        word = "" if not below else "BELOW" if assumed else "not as assumed: below"
        table.add_row(
            one.world, str(one.known), f"{one.stated:.3f}", f"{one.achieved:.4f}", f"{one.error:.4f}", word
        )
    Console(width=110).print(table)
    raise typer.Exit(0 if kept else 1)
