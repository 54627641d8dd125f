"""A whole year of a place at speed: minutes, peak memory and counts, beside goals of ten and twenty minutes.

    python -m bench year [PLACE YEAR MINUTES]

Each place in a process of its own, on a database of its own that is thrown away. A goal is of a machine of two cores
with nothing else to do. The command itself says where a count is not as the rule-book's calendar says.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.lines import head, line

YEARS = (("linqu", "2022", 10.0), ("xining", "2021", 20.0))


def played(place: str, year: str, goal: float) -> bool:
    """Play a year and print what it took; whether its counts were right."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / place
        command = [
            sys.executable,
            "-m",
            "leitai",
            "simulate",
            "--place",
            place,
            "--year",
            year,
            "--out",
            str(out),
        ]
        subprocess.run(command, stdout=subprocess.DEVNULL)
        told = out / "simulated.json"
        if not told.exists():
            print(f"{place} {year}: the command failed")
            return False
        found = json.loads(told.read_text())
    minutes = found["minutes"]
    line(
        f"{place} {year}: {found['events']:,} events",
        f"{minutes:.1f} min",
        f"goal: {goal:g} min",
        f"{minutes / goal:.2f}",
    )
    line("  events a second", f"{found['events'] / minutes / 60:,.0f}", "", "")
    line("  peak memory", f"{found['peak_mib']:.0f} MiB", "", "")
    line("  counts as the calendar says", "yes" if found["right"] else "NO", "", "")
    return bool(found["right"])


def main(arguments: list[str]) -> int:
    """0 where every count was right."""
    head()
    asked = [(arguments[0], arguments[1], float(arguments[2]))] if arguments else YEARS
    right = [played(*one) for one in asked]
    return int(not all(right))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
