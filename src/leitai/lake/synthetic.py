"""Makes sealed days of verdicts that nobody cast, to try a recount and to measure it; every file says so.

Units differ in how many verdicts they get (Zipf's law) and how bad these are; some bad ones are verified days
later, and a few of those decisions are turned round. The same arguments give the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa

from leitai.rules.ledger import Frontier

from .schema import ADDITIONS_SCHEMA, SCHEMA, SET_ASIDE, STANDINGS_SCHEMA, UPHELD, DayHead
from .seal import write_day

PLACE = SOURCE = "synthetic"
ZONE = "Etc/GMT-8"  # eight hours ahead of UTC: a day here is not one there
GRADES = ("very-satisfied", "satisfied", "fairly-satisfied", "dissatisfied", "very-dissatisfied")
CHANNELS = ("standing", "ticket", "invitation")
_BAD = 3  # the first grade that is a bad verdict
_DAY = 86_400_000_000  # microseconds
_VERIFIED, _REVERSED, _ADDED = 0.3, 0.05, 0.02
_WAIT = 5  # days until the last decision about a day's verdicts
Pending = dict[int, list[tuple[np.ndarray, str]]]


def make(
    folder: Path,
    *,
    ballots: int,
    units: int = 3200,
    months: int = 13,
    first: date = date(2025, 1, 1),
    seed: int = 1,
    place: str = PLACE,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> int:
    """Seal so many verdicts at so many units over so many months from `first` on; returns the number of days."""
    chance = np.random.default_rng(seed)
    days = list(_days(first, months))
    names = pa.array([f"unit-{n:05d}" for n in range(1, units + 1)])
    weight = 1 / np.arange(1, units + 1) ** 0.6
    limits = np.cumsum(weight / weight.sum())
    badness = chance.beta(2, 30, units)
    frontier, size, pending = Frontier(), 0, {}
    shares = np.linspace(0, ballots, len(days) + 1).astype(np.int64)
    for number, day in enumerate(days):
        count = int(shares[number + 1] - shares[number])
        total = count + int(count * _ADDED)
        index = np.sort(chance.choice(total, count, replace=False)) if total > count else np.arange(count)
        raw = np.frombuffer(chance.bytes(total * 32), dtype=np.uint8).reshape(-1, 32)
        data = raw.tobytes()
        frontier = frontier.extend([data[start : start + 32] for start in range(0, len(data), 32)])
        unit = np.minimum(np.searchsorted(limits, chance.random(count)), units - 1).astype(np.int32)
        bad = chance.random(count) < badness[unit]
        grade = np.where(
            bad, _BAD + (chance.random(count) < 0.2), (chance.random(count) ** 2 * 3).astype(int)
        )
        channel = np.minimum(chance.geometric(0.7, count) - 1, 2)
        midnight = int(datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(ZONE)).timestamp()) * 1_000_000
        cast = pa.RecordBatch.from_arrays(
            [
                pa.array(index + size),
                pa.array(np.sort(chance.integers(0, _DAY, count)) + midnight).cast(SCHEMA.field("at").type),
                pa.array(np.full(count, (day - date(1970, 1, 1)).days, dtype=np.int32)).cast(pa.date32()),
                _text(names, unit),
                pa.array(unit + 1),
                _text(pa.array(GRADES), grade),
                pa.array(bad),
                _text(pa.array(CHANNELS), channel),
                _hashes(raw[index]),
                _text(pa.array([SOURCE]), np.zeros(count)),
            ],
            schema=SCHEMA,
        )
        rest = np.setdiff1d(np.arange(total), index, assume_unique=True)
        more = pa.RecordBatch.from_arrays(
            [pa.array(rest + size), _hashes(raw[rest])], schema=ADDITIONS_SCHEMA
        )
        _foresee(pending, number, index[bad] + size, chance)
        decided = _decided(pending.pop(number, []), midnight)
        head = DayHead(place, day, ZONE, size, count, size + total, frontier.root().hex(), synthetic=True)
        write_day(folder, head, [cast], [decided], [more])
        size += total
        progress(number + 1, len(days))
    return len(days)


def _days(first: date, months: int) -> Iterator[date]:
    """Each day of so many months, from the first of a month on."""
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    day = first.replace(day=1)
    while day < date(year, month + 1, 1):
        yield day
        day += timedelta(days=1)


def _foresee(pending: Pending, number: int, bad: np.ndarray, chance: np.random.Generator) -> None:
    """Which of a day's bad verdicts are decided on which of the days to come, and which decisions turn round."""
    some = bad[chance.random(len(bad)) < _VERIFIED]
    after = chance.integers(1, _WAIT, len(some))
    upheld = chance.random(len(some)) < 0.8
    back = chance.random(len(some)) < _REVERSED
    for wait in range(1, _WAIT):
        for standing, other, which in ((UPHELD, SET_ASIDE, upheld), (SET_ASIDE, UPHELD, ~upheld)):
            chosen = which & (after == wait)
            pending.setdefault(number + wait, []).append((some[chosen], standing))
            pending.setdefault(number + wait + _WAIT, []).append((some[chosen & back], other))


def _decided(some: list[tuple[np.ndarray, str]], midnight: int) -> pa.RecordBatch:
    """A day's decisions, by verdict, made through the afternoon."""
    index = np.concatenate([np.empty(0, np.int64), *(which for which, _ in some)])
    standing = [name for which, name in some for _ in which]
    order = np.argsort(index)
    at = midnight + _DAY // 2 + np.arange(len(index)) * 1000
    return pa.RecordBatch.from_arrays(
        [
            pa.array(index[order]),
            pa.array(standing, pa.string()).take(pa.array(order)),
            pa.array(at).cast(STANDINGS_SCHEMA.field("decided_at").type),
        ],
        schema=STANDINGS_SCHEMA,
    )


def _text(names: pa.Array, which: np.ndarray) -> pa.Array:
    return names.take(pa.array(which.astype(np.int32)))


def _hashes(raw: np.ndarray) -> pa.Array:
    data = pa.py_buffer(np.ascontiguousarray(raw))
    return pa.Array.from_buffers(pa.binary(32), len(raw), [None, data])
