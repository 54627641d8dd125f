"""A place with a table of thousands of units, two months of it, for `bench/pages.py`.

Five measures, two of them rates with a sampling error; one value in fifty is not there, so that the pages have what
they say of open values to work out too.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import numpy as np

UNITS, MEASURES, MONTHS = 3200, 5, ("2024-04", "2024-05")
ABSENT = 0.02
NOW = datetime(2024, 6, 3, tzinfo=UTC)


def book() -> str:
    """The rule-book: measures by target and rates by min-max, in turn, of equal weight."""
    points = ("{by: target, cap: 120}", "{by: min-max}")
    measures = "\n".join(
        f"  m{n}: {{name: Measure {n}, better: more, from: {('reported', 'readings.rate')[n % 2]}, "
        f"points: {points[n % 2]}, source: bench}}"
        for n in range(MEASURES)
    )
    weights = ", ".join(f"m{n}: {100 // MEASURES}" for n in range(MEASURES))
    return f"""leitai: 1
place: {{key: wide, name: Wide, timezone: Asia/Shanghai}}
regime: {{title: Wide, in_force: 2010-01-01, source: bench}}
calendars: {{always: {{holidays: none, windows: ["00:00-24:00"]}}}}
groups: {{all: {{name: All, units: {{all: true}}}}}}
measures:
{measures}
arenas:
  wide:
    name: Wide
    every: month
    groups: [all]
    weigh: {{{weights}}}
    best: {{take: 10, certain: true}}
    worst: {{take: 10, certain: true}}
"""


def build() -> tuple[Any, list[Any]]:
    """The place and its published tables, the newest last."""
    from leitai.apps.measures.actions import ReadingRecord, import_readings
    from leitai.apps.people import actions as people
    from leitai.apps.people.queries import units
    from leitai.apps.regimes.actions import load
    from leitai.apps.tables import actions as tables
    from leitai.rules.kernel import Period

    place = people.add_place(
        key="wide", name_zh="", name_en="Wide", timezone="Asia/Shanghai", by="bench", now=NOW
    )
    drafts = [people.UnitDraft(f"u{n:04}", name_en=f"Unit {n}", kind="office") for n in range(UNITS)]
    people.put_units(place=place, drafts=drafts, by="bench", now=NOW)
    load(place=place, text=book(), by="bench", now=NOW)
    rng = np.random.default_rng(7)
    good = rng.beta(60, 4, UNITS)
    made = []
    for month in MONTHS:
        records = []
        for row, unit in enumerate(units(place)):
            for n in range(MEASURES):
                if rng.random() < ABSENT:
                    continue
                if n % 2:
                    asked = int(rng.integers(30, 400))
                    values = {
                        "numerator": Decimal(int(rng.binomial(asked, good[row]))),
                        "denominator": Decimal(asked),
                    }
                else:
                    values = {"value": Decimal(str(round(rng.normal(90, 12), 2))), "target": Decimal(100)}
                records.append(ReadingRecord(f"{month}/{row}/{n}", unit.pk, f"m{n}", month, **values))
        import_readings(place=place, source="bench", records=records, by="bench", now=NOW)
        table = tables.freeze(place=place, arena="wide", period=Period.parse(month), by="one", now=NOW)
        tables.publish(table=table, by="two", now=NOW)
        made.append(table)
    return place, made
