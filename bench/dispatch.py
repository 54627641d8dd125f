"""A suggested unit, learned from a city's own dispatches and held to the months that came after.

    python -m bench dispatch RECORDS.csv[.gz] [TEST-FROM]

RECORDS are service requests as Boston publishes them (columns open_dt, case_title, queue, department, location). It
learns from those opened before TEST-FROM (2011-11-01: four months of the second half of 2011) and is tested on the
rest: title to queue, title to department, and title with the address to queue. Beside it stand the floor, which always
says the commonest, and the ceiling, which knows for each title of the tested months what was commonest then.
"""

from __future__ import annotations

import csv
import gzip
import sys
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import TextIO

from leitai.rules.casework.suggesting import FLOOR, Measured, learn, measure

Row = dict[str, str]
TASKS: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("title to queue", ("case_title",), "queue"),
    ("title to department", ("case_title",), "department"),
    ("title and address to queue", ("case_title", "location_street_name", "location"), "queue"),
)


def opened(path: Path) -> TextIO:
    """The records, unpacked where they are packed."""
    open_it: Callable[..., TextIO] = gzip.open if path.suffix == ".gz" else open  # type: ignore[assignment]
    return open_it(path, "rt", encoding="utf-8", newline="")


def task(before: list[Row], after: list[Row], columns: tuple[str, ...], label: str) -> None:
    """Learn one and print how it did."""

    def texts(rows: list[Row]) -> list[str]:
        return ["\n".join(row[name] for name in columns) for row in rows]

    start = perf_counter()
    model = learn(texts(before), [row[label] for row in before])
    learned = perf_counter()
    told = measure(model, texts(after), [row[label] for row in after])
    done = perf_counter()
    ceiling: dict[str, Counter[str]] = defaultdict(Counter)
    for text, row in zip(texts(after), after, strict=True):
        ceiling[text][row[label]] += 1
    best = sum(counted.most_common(1)[0][1] for counted in ceiling.values())
    show(told, best, len(model.labels), len(columns) == 1)
    print(f"  learned in {learned - start:.1f} s, {(done - learned) / told.tested * 1e6:,.0f} µs a text")


def show(told: Measured, best: int, labels: int, has_ceiling: bool) -> None:
    """The figures of one task."""
    of = told.tested
    print(f"  {labels} units, {of:,} tested")
    print(
        f"  right at once          {told.first / of:.3f}   (always the commonest: {told.majority / of:.3f}",
        end="",
    )
    print(f"; nobody could do better than {best / of:.3f})" if has_ceiling else ")")
    print(f"  among the three surest {told.three / of:.3f}")
    print(
        f"  spoken of (from {FLOOR:.0%})   {told.spoken / of:.3f}   right when spoken: {told.right / told.spoken:.3f}"
    )
    print("  confidence      texts   mean    right")
    for one in told.bins:
        print(f"  {one.low:.1f} to {one.low + 0.1:.1f}  {one.n:>7,}  {one.confidence:.3f}   {one.right:.3f}")


def main(arguments: list[str]) -> None:
    """Measure all three; without records nothing is measured, and said."""
    if not arguments:
        print("not measured: say where the records are, python -m bench dispatch RECORDS.csv.gz")
        return
    day = arguments[1] if len(arguments) > 1 else "2011-11-01"
    with opened(Path(arguments[0])) as file:
        rows = sorted(csv.DictReader(file), key=lambda row: row["open_dt"])
    before, after = ([row for row in rows if (row["open_dt"] < day) is early] for early in (True, False))
    print(f"{len(before):,} requests learned from, {len(after):,} from {day} on")
    for name, columns, label in TASKS:
        print(f"\n{name}")
        task(before, after, columns, label)


if __name__ == "__main__":
    main(sys.argv[1:])
