"""`leitai ballots demo-load`: a sample place as busy as a large city, to see pages and counts under it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Annotated

import typer

from ..demo import logins_file, remember
from ..django import fail, is_quiet, now_of, setup


def demo_load(
    points: Annotated[
        int, typer.Option(min=1, max=100_000, help="units, each with a code of its own")
    ] = 3200,
    ballots: Annotated[int, typer.Option(min=1, help="verdicts at them")] = 1_000_000,
    place: Annotated[str, typer.Option(help="key of the sample place, which is made if need be")] = "sample",
    days: Annotated[
        int, typer.Option(min=8, max=3660, help="days over which they lie, up to yesterday")
    ] = 365,
    seed: Annotated[int, typer.Option(min=0, help="another number, other verdicts")] = 1,
) -> None:
    """Fill a sample place with a year of made-up verdicts. Run again, it finishes what was broken off."""
    setup()
    from django.core.management import call_command
    from django.utils import timezone

    from leitai.apps.ledger.errors import Refused
    from leitai.demo import crowd

    call_command("migrate", interactive=False, verbosity=0)
    size = crowd.Crowd(points, ballots, days, seed)
    started = monotonic()
    try:
        row = crowd.put_sample(place, size, timezone.now())
    except Refused as why:
        raise fail(why) from None
    now = now_of(row)
    logins = crowd.accounts(row, now)
    remember(logins_file(), logins)
    with _bar(ballots) as step:
        stored = crowd.load(row, size, now, step)
    took = monotonic() - started
    speed = f", {stored / took:,.0f} a second" if stored else ""
    typer.echo(
        f"{place}: {stored:,} verdicts stored, {ballots - stored:,} were there already; {took:.1f} s{speed}"
    )
    for login, password, role in logins:
        typer.echo(f"  {role:<8} {login}  {password}")
    typer.echo(f"  /{place}/verdicts/week shows the ten of the week; `leitai run` serves it")


@contextmanager
def _bar(total: int) -> Iterator[Callable[[int], None]]:
    """A progress bar on standard error while somebody looks; what is yielded moves it on."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    parts = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*parts, console=Console(stderr=True), disable=is_quiet()) as bar:
        task = bar.add_task("verdicts", total=total)
        yield lambda count: bar.advance(task, count)
