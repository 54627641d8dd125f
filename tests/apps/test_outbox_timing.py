"""When a message goes out: at once, with a digest, and never in the quiet hours."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leitai.apps.outbox.timing import Manner, is_quiet, slot

SHANGHAI = ZoneInfo("Asia/Shanghai")
NIGHT = {"quiet_from": time(20), "quiet_to": time(7, 30)}


def at(clock: str, day: int = 10) -> datetime:
    return datetime(2024, 4, day, *map(int, clock.split(":")), tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("manner", "now", "out"),
    [
        (Manner(), at("03:00"), None),
        (Manner(**NIGHT), at("19:59"), None),
        (Manner(**NIGHT), at("20:00"), at("7:30", 11)),
        (Manner(**NIGHT), at("23:59"), at("7:30", 11)),
        (Manner(**NIGHT), at("0:00"), at("7:30")),
        (Manner(**NIGHT), at("7:29"), at("7:30")),
        (Manner(**NIGHT), at("7:30"), None),
        (Manner(quiet_from=time(12), quiet_to=time(14)), at("13:00"), at("14:00")),
        (Manner("hourly"), at("9:00"), at("10:00")),
        (Manner("hourly"), at("9:59"), at("10:00")),
        (Manner("hourly", **NIGHT), at("19:10"), at("7:30", 11)),
        (Manner("hourly", **NIGHT), at("6:10"), at("7:30")),
        (Manner("hourly", **NIGHT), at("7:10"), at("8:00")),
        (Manner("daily", time(8)), at("7:59"), at("8:00")),
        (Manner("daily", time(8)), at("8:00"), at("8:00", 11)),
        (Manner("daily", time(8), **NIGHT), at("21:15"), at("8:00", 11)),
    ],
)
def test_worked_cases(manner: Manner, now: datetime, out: datetime | None) -> None:
    assert slot(manner, now, SHANGHAI) == out


clocks = st.times().map(lambda one: one.replace(second=0, microsecond=0, tzinfo=None))
pairs = st.tuples(clocks, clocks).filter(lambda pair: pair[0] != pair[1])
zones = st.sampled_from(
    ["Asia/Shanghai", "Asia/Kathmandu", "Europe/London", "America/New_York", "Australia/Lord_Howe"]
)
instants = st.integers(0, 2 * 366 * 24 * 3600).map(
    lambda seconds: datetime(2023, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)


@given(st.sampled_from(["", "hourly", "daily"]), clocks, st.none() | pairs, instants, zones)
def test_a_slot_is_soon_never_past_and_never_quiet(
    digest: str, daily: time, quiet: tuple[time, time] | None, now: datetime, name: str
) -> None:
    zone = ZoneInfo(name)
    begin, end = quiet or (None, None)
    manner = Manner(digest, daily if digest == "daily" else None, begin, end)
    out = slot(manner, now, zone)
    if out is None:
        assert digest == "" and not is_quiet(manner, now.astimezone(zone).time())
        return
    assert now < out <= now + timedelta(days=2, hours=1)
    local = out.astimezone(zone)
    shifting = local.utcoffset() != (out - timedelta(hours=3)).astimezone(zone).utcoffset() or (
        local.utcoffset() != (out + timedelta(hours=3)).astimezone(zone).utcoffset()
    )
    assert shifting or not is_quiet(manner, local.time())


@given(st.sampled_from(["hourly", "daily"]), clocks, instants, zones)
def test_all_that_happens_before_a_digest_goes_out_joins_the_same_one(
    digest: str, daily: time, now: datetime, name: str
) -> None:
    zone = ZoneInfo(name)
    manner = Manner(digest, daily if digest == "daily" else None)
    out = slot(manner, now, zone)
    assert out is not None
    assert slot(manner, now + (out - now) * 0.999, zone) == out
    later = slot(manner, out, zone)
    assert later is not None and later > out
