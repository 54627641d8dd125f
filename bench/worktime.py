"""Working time per second, beside numpy's own calendar and a plain Python peer in the same run.

    python bench/worktime.py [MILLIONS]

Speeds of one machine mean little by themselves; the ratios say whether the array method is worth its room.
numpy's busday_offset is given the same holidays and make-up workdays (every day off of the years as a holiday
of a seven-day week); the peer finds a due time by bisection over the windows' running total.
"""

from __future__ import annotations

import sys
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from time import perf_counter

import numpy as np

from leitai.rules.worktime import Within, between_many, due, due_many, office
from leitai.rules.worktime.clock import spans

CALENDAR = office("office", "Asia/Shanghai")
FIRST, LAST = date(2020, 1, 1), date(2026, 12, 31)
DAYS = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]


def rate(count: int, work: Callable[[], object], again: int = 3) -> float:
    """Answers per second, the best of a few runs after one that warms up."""
    work()
    best = float("inf")
    for _ in range(again):
        before = perf_counter()
        work()
        best = min(best, perf_counter() - before)
    return count / best


def bisect_peer() -> Callable[[int, int], int]:
    """A due time in seconds by bisection over the open windows: the usual fast way in plain Python."""
    windows = [(int(a.timestamp()), int(b.timestamp())) for day in DAYS for a, b in spans(day, CALENDAR)]
    opens, closes = [a for a, _ in windows], [b for _, b in windows]
    totals = np.cumsum([b - a for a, b in windows]).tolist()

    def answer(start: int, seconds: int) -> int:
        at = bisect_right(closes, start)
        target = totals[at] - (closes[at] - max(start, opens[at])) + seconds
        until = bisect_left(totals, target)
        return int(closes[until] - (totals[until] - target))

    return answer


def main(count: int) -> None:
    generator = np.random.default_rng(7)
    begin, end = (int(datetime(year, 6, 1, tzinfo=UTC).timestamp()) for year in (2021, 2026))
    starts = generator.integers(begin, end, count)
    hours, workdays, few = Within(240, "minutes"), Within(3, "workdays"), starts[:20_000].tolist()
    instants = [datetime.fromtimestamp(one, UTC) for one in few]
    off = np.array([day for day in DAYS if not CALENDAR.day(day).working], dtype="datetime64[D]")
    numpys = np.busdaycalendar(weekmask="1111111", holidays=off)
    dates = ((starts + 8 * 3600) // 86400).astype("datetime64[D]")
    peer = bisect_peer()

    # The peers answer the same question, or the ratio means nothing.
    found = due_many(starts, workdays, CALENDAR)
    offset = np.busday_offset(dates, 3, roll="backward", busdaycal=numpys)
    assert np.array_equal(((found + 8 * 3600) // 86400).astype("datetime64[D]"), offset)
    assert [peer(one, 240 * 60) for one in few] == due_many(starts[:20_000], hours, CALENDAR).tolist()

    rows = [
        (
            "numpy busday_offset, workdays",
            count,
            lambda: np.busday_offset(dates, 3, "backward", busdaycal=numpys),
        ),
        ("due_many, 3 workdays", count, lambda: due_many(starts, workdays, CALENDAR)),
        ("due_many, 4 hours", count, lambda: due_many(starts, hours, CALENDAR)),
        ("due_many, 5 days", count, lambda: due_many(starts, Within(5, "days"), CALENDAR)),
        ("between_many", count, lambda: between_many(starts, starts[::-1], CALENDAR)),
        ("plain Python bisection, 4 hours", len(few), lambda: [peer(one, 14400) for one in few]),
        ("due one by one, 4 hours", len(few), lambda: [due(one, hours, CALENDAR) for one in instants]),
        ("due one by one, 3 workdays", len(few), lambda: [due(one, workdays, CALENDAR) for one in instants]),
    ]
    speeds = [(name, rate(size, work)) for name, size, work in rows]
    limit = speeds[0][1]
    print(f"{count:,} instants of five years, China's holidays and make-up workdays")
    for name, speed in speeds:
        print(f"{name:<34}{speed:>14,.0f} a second{speed / limit:>9.3g} × numpy busday_offset")


if __name__ == "__main__":
    main(int(float(sys.argv[1]) * 1_000_000) if len(sys.argv) > 1 else 1_000_000)
