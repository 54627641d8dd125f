"""Runs the benches, each in a process of its own: `python -m bench`, or `python -m bench NAME [ARGUMENT…]`.

Each prints its figures beside a limit, or a peer in the same run. Nothing outside temporary folders is touched.
"""

from __future__ import annotations

import subprocess
import sys

BENCHES = {
    "worktime": "working time per second, beside numpy",
    "casework": "what clocks cost: arithmetic, a sweep among a million open cases, lateness",
    "tables": "a table of 107 units by 40 measures, beside a bare weighted sum",
    "ranks": "rank sets of 3,200 units, beside a bare numpy pass over the same arrays",
    "score": "107 units by 40 measures drawn 10,000 times, beside a bare numpy floor",
    "imports": "records imported per second, beside a bare executemany",
    "ledger": "events appended, sealed and verified, beside the bare database",
    "ballots": "verdicts durable per second at the door, beside the server, the disk and the ORM",
    "lake": "100 million verdicts recounted, beside bare DuckDB",
    "dispatch": "a suggested unit, learned and tested on a city's records",
    "likeness": "how often honest closings are taken for copies",
    "chains": "ten chains of sixty links laid out and shown, beside 200 ms",
    "projects": "pages of 10,000 projects on both databases, beside 200 ms",
    "year": "a whole year of two places at speed, in minutes and peak memory",
    "wall": "the wall with 10,000 projects, beside 200 ms; eight hours of it in a browser",
    "pages": "the server's time for each page, beside 50 ms",
}


def main(arguments: list[str]) -> int:
    """0 when every bench that was asked for ran to its end."""
    name, more = (arguments[0], arguments[1:]) if arguments else ("", [])
    if name and name not in BENCHES:
        print(
            f"there is no bench {name}; there are:",
            *(f"  {key:<10}{what}" for key, what in BENCHES.items()),
            sep="\n",
        )
        return 2
    failed = 0
    for key in [name] if name else BENCHES:
        print(f"\n{key}: {BENCHES[key]}", flush=True)
        failed += subprocess.run([sys.executable, "-m", f"bench.{key}", *more]).returncode != 0
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
