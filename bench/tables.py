"""A table of 107 units by 40 measures: computed and frozen, beside a bare weighted sum of the same array in numpy.

    python -m bench tables

The sum is what a spreadsheet does with numbers that are points already. What the house adds: raw values to points,
weights, gaps, exact decimals, ranks, the interval of every rank, and the account of every score. Limits: half a
second to compute, two seconds to freeze (read the readings, compute, write the edition and its lines).
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from time import perf_counter

import numpy as np

from bench import house
from bench.lines import head, seconds, span

UNITS, MEASURES = 107, 40
COMPUTE, FREEZE = 0.5, 2.0
NOW = datetime(2024, 6, 1, tzinfo=UTC)


def book() -> str:
    """A rule-book with so many reported measures of equal weight."""
    measures = "\n".join(
        f"  m{n}: {{name: Measure {n}, better: more, from: reported, points: {{by: target, cap: 120}}, source: bench}}"
        for n in range(MEASURES)
    )
    weights = ", ".join(f"m{n}: {100 / MEASURES}" for n in range(MEASURES))
    return f"""leitai: 1
place: {{key: bench, name: Bench, timezone: Asia/Shanghai}}
regime: {{title: Bench, in_force: 2010-01-01, source: bench}}
calendars: {{always: {{holidays: none, windows: ["00:00-24:00"]}}}}
groups: {{all: {{name: All, units: {{kind: bureau}}}}}}
measures:
{measures}
arenas:
  wide: {{name: Wide, every: month, groups: [all], weigh: {{{weights}}}}}
"""


def main() -> None:
    with house.empty():
        from leitai.apps.measures.actions import ReadingRecord, import_readings
        from leitai.apps.people import actions as people
        from leitai.apps.people.queries import units
        from leitai.apps.regimes.actions import load
        from leitai.apps.tables import actions as tables
        from leitai.apps.tables import queries
        from leitai.rules.kernel import Period
        from leitai.rules.scoring import compute

        place = people.add_place(
            key="bench", name_zh="", name_en="Bench", timezone="Asia/Shanghai", by="bench", now=NOW
        )
        drafts = [people.UnitDraft(f"u{n}", name_en=f"Unit {n}", kind="bureau") for n in range(UNITS)]
        people.put_units(place=place, drafts=drafts, by="bench", now=NOW)
        load(place=place, text=book(), by="bench", now=NOW)
        values = np.random.default_rng(7).normal(90, 12, (UNITS, MEASURES)).round(2)
        records = [
            ReadingRecord(
                f"{row}/{n}",
                unit.pk,
                f"m{n}",
                "2024-05",
                value=Decimal(str(values[row, n])),
                target=Decimal(100),
            )
            for row, unit in enumerate(units(place))
            for n in range(MEASURES)
        ]
        import_readings(place=place, source="bench", records=records, by="bench", now=NOW)
        before = perf_counter()
        table = tables.freeze(place=place, arena="wide", period=Period.parse("2024-05"), by="one", now=NOW)
        frozen = perf_counter() - before
        spec, inputs = table.frozen()
        computed = seconds(lambda: compute(spec, inputs), 5)

        weights = np.full(MEASURES, 1 / MEASURES)
        bare = seconds(lambda: np.minimum(values, 120) @ weights, 1000)
        scores = np.minimum(values, 120) @ weights
        # The peer's sum is the same table, or the ratio means nothing.
        ours = {line.unit: float(line.score) for line in compute(spec, inputs).rows}
        keys = [unit.key for unit in units(place)]
        assert all(abs(ours[key] - score) < 0.02 for key, score in zip(keys, scores, strict=True))
        verified = seconds(lambda: queries.verify(table))
        head()
        span(f"table of {UNITS} × {MEASURES} computed", computed, "numpy weighted sum", bare)
        span("  beside its limit", computed, "limit", COMPUTE)
        span(f"table of {UNITS} × {MEASURES} frozen", frozen, "limit", FREEZE)
        span("  recomputed and compared byte for byte", verified, "limit", FREEZE)


if __name__ == "__main__":
    main()
