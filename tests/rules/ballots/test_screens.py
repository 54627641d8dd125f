"""Each abuse, played on an honest month, is reported; the honest month is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from leitai.rules.ballots.screens import (
    ABUSES,
    SCREENS,
    Abuse,
    Ballots,
    Channels,
    Daily,
    Decisions,
    Lead,
    Month,
    Texts,
    Tickets,
    bursts,
    channels,
    clean,
    hidden,
    refused,
    silent,
    talked_away,
    words,
)
from leitai.rules.ballots.screens.hidden import missing_numbers
from leitai.rules.ballots.screens.words import likeness, tidy

FIRST = date(2026, 3, 2)


@pytest.fixture(scope="module")
def month() -> Month:
    return clean(np.random.default_rng(3), units=100)


@pytest.fixture(scope="module")
def honest(month: Month) -> dict[str, tuple[Lead, ...]]:
    return {name: screen(month, 0.05) for name, screen in SCREENS.items()}


def large(month: Month) -> int:
    """A unit larger than nine in ten."""
    return int(np.argsort(month.scans.counts.sum(axis=1))[90])


def ints(*numbers: int) -> np.ndarray:
    return np.array(numbers, dtype=np.int64)


def test_an_honest_month_gives_no_lead(honest: dict[str, tuple[Lead, ...]]) -> None:
    assert honest == dict.fromkeys(SCREENS, ())


@pytest.mark.parametrize("abuse", ABUSES, ids=lambda abuse: abuse.key)
def test_each_abuse_is_reported(abuse: Abuse, month: Month) -> None:
    unit = large(month)
    leads = SCREENS[abuse.screen](abuse.play(month, np.random.default_rng(1), unit), 0.05)
    bent = {
        "ring": "",
        "bend-a-caller": month.calls.deciders[unit % len(month.calls.deciders)],
        "overturn": month.appeals.deciders[unit % len(month.appeals.deciders)],
    }.get(abuse.key, month.units[unit])
    assert {str(lead.values.get("decider") or lead.unit) for lead in leads} == {bent}
    for lead in leads:
        assert lead.screen == abuse.screen
        assert 0 < lead.p < 0.001
        assert lead.score >= 0
        assert lead.day == date(2026, 3, 31)
        assert "%(" not in lead.text
        assert str(lead.values["seen"]) in lead.text
    assert [lead.score for lead in leads] == sorted((lead.score for lead in leads), reverse=True)


@pytest.mark.parametrize("key", ["one-device", "ring", "one-network", "at-once"])
def test_a_burst_names_exactly_its_ballots(key: str, month: Month) -> None:
    abuse = next(abuse for abuse in ABUSES if abuse.key == key)
    after = abuse.play(month, np.random.default_rng(2), large(month))
    told = {number for lead in SCREENS["bursts"](after, 0.05) for number in lead.evidence[0].numbers}
    played = set(range(len(month.ballots.at), len(after.ballots.at)))
    if key == "at-once":  # whoever honestly voted in the same quarter of an hour is in it too
        assert len(told & played) >= 18
        assert len(told - played) <= 5
    else:
        assert told == played


def test_a_smaller_alarm_tells_less(month: Month) -> None:
    after = next(abuse for abuse in ABUSES if abuse.key == "cover").play(
        month, np.random.default_rng(1), large(month)
    )
    (lead,) = silent(after.scans)
    assert silent(after.scans, alarm=0.05 / 10 ** (lead.score + 0.1)) == ()
    assert len(silent(after.scans, alarm=0.05 / 10 ** (lead.score - 0.1))) == 1
    with pytest.raises(ValueError):
        silent(after.scans, alarm=0.0)


def test_a_closed_counter_and_a_holiday_are_not_silent(month: Month) -> None:
    closed, over = month.scans.counts.copy(), month.scans.counts.astype(float) * 12
    unit = large(month)
    closed[unit, -7:], over[unit, -7:] = 0, 0
    assert silent(replace(month.scans, counts=closed, over=over)) == ()
    slow = month.scans.counts.copy()
    slow[:, -2:] //= 4  # the place as a whole scans less
    assert silent(replace(month.scans, counts=slow)) == ()


def test_what_has_no_measure_is_refused(month: Month) -> None:
    bare = replace(month.scans, over=None)
    for screen in (silent, refused):
        with pytest.raises(ValueError):
            screen(bare)


def test_a_place_with_few_units_is_not_judged() -> None:
    few = clean(np.random.default_rng(1), units=6)
    dead = few.scans.counts.copy()
    dead[2] = 0
    assert silent(replace(few.scans, counts=dead)) == ()


def day_of(hour: float, day: int = 0) -> int:
    at = datetime(2026, 3, 2, tzinfo=UTC) + timedelta(days=day, hours=hour)
    return int(at.timestamp())


def made(ballots: list[tuple[int, int, int, int]]) -> Ballots:
    """Good ballots of (unit, seconds, device, network)."""
    unit, at, device, network = (ints(*column) for column in zip(*ballots, strict=True))
    names = tuple(f"u{number}" for number in range(20))
    return Ballots(names, unit, at, np.zeros(len(at), dtype=bool), device, network, UTC)


def quiet(days: int = 14) -> list[tuple[int, int, int, int]]:
    """Six ballots a day at each of 20 units, half of them over the hall's network 7, no device twice."""
    return [
        (unit, day_of(8 + 1.5 * nth + unit / 40, day), 1000 * day + 50 * nth + unit, 7 if nth % 2 else serial)
        for day in range(days)
        for unit in range(20)
        for nth in range(6)
        for serial in [10_000 + 1000 * day + 50 * nth + unit]
    ]


def test_a_halls_network_is_no_burst() -> None:
    busy = [(3, day_of(8 + nth / 3, 13), 90_000 + nth, 7) for nth in range(12)]
    assert bursts(made(quiet() + busy)) == ()


def test_an_offices_network_is() -> None:
    stuffed = [(3, day_of(8 + nth / 3, 13), 90_000 + nth, 777) for nth in range(30)]
    (lead,) = bursts(made(quiet() + stuffed))
    assert (lead.code, lead.unit, lead.day) == ("bursts-network", "u3", date(2026, 3, 15))
    assert lead.evidence[0].numbers == tuple(range(1680, 1710))


def test_ballots_without_device_or_network_are_grouped_by_neither() -> None:
    kiosk = [(3, day_of(8 + nth / 4, 13), -1, -1) for nth in range(30)]
    assert bursts(made(quiet() + kiosk)) == ()
    same = [(3, at, 5_000_000, -1) for _, at, _, _ in kiosk]
    assert [lead.code for lead in bursts(made(quiet() + same))] == ["bursts-device"]


def test_one_bad_verdict_breaks_a_ring() -> None:
    ballots = made(quiet() + [(unit, day_of(9 + unit / 4, 13), 5_000_000, -1) for unit in range(10)])
    assert [lead.code for lead in bursts(ballots)] == ["bursts-ring"]
    bad = ballots.bad.copy()
    bad[-1] = True
    assert bursts(replace(ballots, bad=bad)) == ()


def test_only_the_recent_days_are_told() -> None:
    ballots = made(quiet() + [(3, day_of(9 + nth / 4, 11), 5_000_000, -1) for nth in range(12)])
    assert bursts(ballots) == ()
    assert bursts(ballots, recent=2) == ()
    (lead,) = bursts(ballots, recent=3)
    assert lead.day == date(2026, 3, 13)


def test_days_are_those_of_the_places_clock() -> None:
    at = ints(*(int(datetime(2026, 3, 29, hour, tzinfo=UTC).timestamp()) for hour in (0, 1, 23)))
    none = ints(-1, -1, -1)
    ballots = Ballots(("u",), ints(0, 0, 0), at, np.zeros(3, bool), none, none, ZoneInfo("Europe/Paris"))
    assert (ballots.wall() - at).tolist() == [3600, 7200, 7200]
    assert [(wall // 86400 - at[0] // 86400) for wall in ballots.wall().tolist()] == [0, 0, 1]


def test_missing_numbers_lie_between_a_days_first_and_last() -> None:
    tickets = Tickets(
        FIRST,
        3,
        (("a", 1), ("b", 2)),
        ints(0, 0, 0, 0, 0, 1, 1),
        ints(0, 0, 0, 0, 2, 2, 2),
        ints(9, 5, 7, 7, 80, 4_000_000_000, 4_000_000_001),
    )
    missing, issued = missing_numbers(tickets)
    assert missing.tolist() == [[2, 0, 0], [0, 0, 0]]
    assert issued.tolist() == [[5, 0, 1], [0, 0, 2]]


def test_one_number_mistyped_does_not_miss_a_million(month: Month) -> None:
    old = month.tickets
    serial = old.serial.copy()
    serial[-1] = 4_000_000_000
    missing, issued = missing_numbers(replace(old, serial=serial))
    assert missing.max() == 10_000
    assert issued.max() < 20_000


def test_a_gap_shows_the_numbers_missing(month: Month) -> None:
    unit, tickets = large(month), month.tickets
    gone = (tickets.row == unit) & (tickets.serial % 3 == 0)
    kept = replace(tickets, row=tickets.row[~gone], day=tickets.day[~gone], serial=tickets.serial[~gone])
    (lead,) = hidden(kept, None, None)
    numbers = next(one.numbers for one in lead.evidence if one.kind == "missing-numbers")
    assert {3, 6, 9, 12} <= set(numbers)
    assert (lead.code, lead.unit) == ("hidden-gaps", month.units[unit])


def test_invited_who_grumble_everywhere_accuse_no_one() -> None:
    standing, invited = np.full(30, 400), np.full(30, 60)
    given = Channels(
        FIRST,
        tuple(map(str, range(30))),
        standing_bad=np.full(30, 12),
        standing=standing,
        invited_bad=np.full(30, 10),
        invited=invited,
    )
    assert channels(given) == ()
    bad = np.full(30, 12)
    bad[4] = 0
    assert [lead.unit for lead in channels(replace(given, standing_bad=bad))] == ["4"]


def test_texts_are_alike_beyond_case_width_and_punctuation() -> None:
    assert tidy("ＡＢＣ，服务 很好！") == "abc服务很好"
    one, other = "工作人员很热情办事效率高环境整洁", "工作人员很热情办事效率高环境很整洁"
    rows = [
        row.tolist() for row in likeness([tidy(one), tidy(other), tidy("材料反复要求补交跑了三趟没办成")])
    ]
    assert rows == [[True, True, False], [True, True, False], [False, False, True]]


def test_short_texts_are_alike_by_nature() -> None:
    unit = np.repeat(np.arange(20), 10)
    own = [f"{chr(0x4E00 + n) * 3}这是第几号窗口{chr(0x5E00 + n) * 9}" for n in range(200)]
    assert words(Texts(FIRST, tuple(map(str, range(20))), unit, tuple(own))) == ()
    for same, named in (("很好很满意", []), ("工作人员态度很好办事效率很高", ["7"])):
        said = tuple(same if 70 <= at < 79 else text for at, text in enumerate(own))
        leads = words(Texts(FIRST, tuple(map(str, range(20))), unit, said))
        assert [lead.unit for lead in leads] == named
        assert all(lead.evidence[0].numbers == tuple(range(70, 79)) for lead in leads)


def test_a_caller_who_bends_one_unit_alone_is_told_with_it() -> None:
    unit, caller = (grid.ravel() for grid in np.meshgrid(np.arange(20), np.arange(12), indexing="ij"))
    unit, caller = np.repeat(unit, 10), np.repeat(caller, 10)
    against = np.arange(len(unit)) % 5 == 0
    names, callers = tuple(f"u{n}" for n in range(20)), tuple(f"c{n}" for n in range(12))
    given = Decisions(FIRST, names, callers, unit, caller, against)
    assert talked_away(given) == ()
    bent = replace(given, against=against | ((unit == 3) & (caller == 5)))
    (lead,) = talked_away(bent)
    assert (lead.code, lead.unit, lead.values["decider"]) == ("talked-away-both", "u3", "c5")
    assert len(lead.evidence[0].numbers) == 10


def test_nothing_gives_nothing() -> None:
    none, empty = ints(), np.zeros((0, 30), dtype=np.int64)
    daily = Daily(FIRST, (), empty, empty.astype(float))
    bad = np.zeros(0, dtype=bool)
    assert silent(daily) == refused(daily) == ()
    assert bursts(Ballots((), none, none, bad, none, none, UTC)) == ()
    assert hidden(Tickets(FIRST, 30, (), none, none, none), daily, daily) == hidden(None, None, None) == ()
    assert channels(Channels(FIRST, (), none, none, none, none)) == ()
    assert words(Texts(FIRST, (), none, ())) == ()
    assert talked_away(Decisions(FIRST, (), (), none, none, bad)) == ()


def test_columns_that_do_not_fit_are_refused() -> None:
    one, two = ints(0), ints(0, 0)
    bad = np.zeros(1, dtype=bool)
    for wrong in (
        lambda: Daily(FIRST, (("a", None),), np.zeros((2, 3), dtype=np.int64)),
        lambda: Daily(FIRST, (("a", None),), np.zeros((1, 3), dtype=np.int64), np.zeros((1, 2))),
        lambda: Daily(FIRST, (("a", None),), np.full((1, 3), -1)),
        lambda: Ballots(("a",), one, two, bad, one, one, UTC),
        lambda: Ballots(("a",), ints(1), one, bad, one, one, UTC),
        lambda: Tickets(FIRST, 1, (("a", 1),), one, ints(1), one),
        lambda: Tickets(FIRST, 1, (("a", 1),), one, one, ints(-1)),
        lambda: Channels(FIRST, ("a",), ints(2), ints(1), one, one),
        lambda: Texts(FIRST, ("a",), one, ()),
        lambda: Decisions(FIRST, ("a",), (), one, one, bad),
    ):
        with pytest.raises(ValueError):
            wrong()
