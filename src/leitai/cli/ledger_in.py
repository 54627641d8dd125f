"""What `leitai import ledger` does: an office's ledger in Excel opened as cases, with a file of what cannot be."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import typer

from .django import fail, now_of

NOTHING_TAKEN = 1
SHOWN = 5


def run(
    file: Path,
    kind: str,
    place: Any,
    rejects: Path | None,
    dry_run: bool,
    progress: Callable[[int, int], None] | None,
) -> int:
    """Open the rows of a workbook as cases of a kind; the exit code. Exits where the file or the kind is none."""
    from leitai.apps.casework.ledger_in import Reading, cells, read
    from leitai.apps.casework.ledger_open import take, unit_finder
    from leitai.apps.ledger.errors import Refused, tell
    from leitai.apps.regimes import queries as regimes
    from leitai.rules import casework as core
    from leitai.rules.kernel import nearest

    now = now_of(place)
    known = regimes.regime_on(place, now.astimezone(place.zone).date()).cases
    if kind not in known:
        raise fail(f"the rule-book has no kind of case {kind}; the nearest is {nearest(kind, known) or '-'}")
    flow = core.flow_of(known[kind])
    straight = flow.state(flow.start).owner == "unit"
    try:
        rows = cells(file.read_bytes())
    except OSError as why:
        raise fail(f"{file}: {why.strerror}") from None
    except Refused as why:
        raise fail(f"{file}: {why}") from None
    sheet = read(rows, Reading(kind, place.zone, now, unit_finder(place), straight))
    opened = already = 0
    wrong = list(sheet.rejects)
    if not dry_run:
        total = len(sheet.rows)
        told = (lambda done: progress(done, total)) if progress else (lambda _done: None)
        done = take(place, kind, sheet.rows, by="import", now=now, told=told)
        opened, already = done.opened, done.already
        wrong += done.rejects
    if dry_run:
        typer.echo(
            f"ledger: {len(sheet.rows):,} rows can be opened, {len(wrong):,} rejected (dry run: nothing was kept)"
        )
    else:
        typer.echo(f"ledger: {opened:,} opened, {already:,} already here, {len(wrong):,} rejected")
    counts = Counter((f"{one.column}: " if one.column else "") + tell(one.finding) for one in wrong)
    for reason, count in counts.most_common(SHOWN):
        typer.echo(f"  {count:,} × {reason}")
    if wrong and (rejects is not None or not dry_run):
        away = rejects or Path(f"rejects-{file.name.split('.')[0]}.csv")
        with away.open("w", encoding="utf-8-sig", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(["line", "column", "value", "reason"])
            writer.writerows([one.line or "", one.column, one.value, tell(one.finding)] for one in wrong)
        typer.echo(f"rejected rows: {away}")
    return NOTHING_TAKEN if wrong and not (opened or already or (dry_run and sheet.rows)) else 0
