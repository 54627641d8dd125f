"""How often honest closings are taken for copies, and what a closing costs, on a city's own closings.

    python -m bench likeness RECORDS.csv[.gz]

RECORDS are service requests as Boston publishes them (columns closure_reason, department, open_dt). Closings that are
the same to the letter, numbers apart, are stock phrases and count once. Of what is left, a text of one department that
is like an earlier one of another is a false alarm: their work has nothing in common. Texts of one department that are
alike are told apart from those, for nobody knows which of them were copied and which are a crew's habit.
"""

from __future__ import annotations

import csv
import re
import sys
from collections import defaultdict
from pathlib import Path
from time import perf_counter

from leitai.rules.casework.likeness import LINES, share, text_print

from .dispatch import opened

# What the city's system puts before the words that somebody wrote.
HEAD = re.compile(r"^(?:(?:Case|Internal) (?:Closed|Resolved|Invalid|Noted|Scheduled|Case)\b\s*)+")


def main(arguments: list[str]) -> None:
    """Measure; without records nothing is measured, and said."""
    if not arguments:
        print("not measured: say where the records are, python -m bench likeness RECORDS.csv.gz")
        return
    with opened(Path(arguments[0])) as file:
        rows = sorted(csv.DictReader(file), key=lambda row: row["open_dt"])
    closings = [(HEAD.sub("", row["closure_reason"]), row["department"]) for row in rows]
    prints: list[bytes] = []
    of: dict[bytes, set[str]] = defaultdict(set)
    shelf: dict[int, list[int]] = defaultdict(list)
    long, compared, within, across, pairs = 0, 0, 0, 0, 0
    start = perf_counter()
    for text, department in closings:
        made = text_print(text)
        if made is None:
            continue
        long += 1
        if made.data in of:
            of[made.data].add(department)
            continue
        others = {one for key in made.keys for one in shelf[key]}
        alike = [prints[one] for one in others if share("text", made.data, prints[one]) >= LINES["text"]]
        compared += len(others)
        across += any(department not in of[one] for one in alike)
        pairs += sum(department not in of[one] for one in alike)
        within += bool(alike)
        of[made.data].add(department)
        for key in made.keys:
            shelf[key].append(len(prints))
        prints.append(made.data)
    spent = perf_counter() - start
    many = len(prints)
    print(f"{len(closings):,} closings, {long:,} long enough to compare, {many:,} that differ")
    print(f"like an earlier one of another department: {across:,} = {across / many:.2%}, {pairs:,} pairs")
    print(f"like an earlier one of any:                {within:,} = {within / many:.2%}")
    print(f"compared with {compared / many:.1f} of {many:,} each; {spent / long * 1e6:,.0f} µs a closing")


if __name__ == "__main__":
    main(sys.argv[1:])
