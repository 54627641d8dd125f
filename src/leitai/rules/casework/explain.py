"""The account of a whole case: every run of its clocks day by day, what was agreed, who held it, and the verdict.

It is written for two readers who do not trust each other, the inspector and the one who is accused. Both must be able
to check each line with a wall calendar and a pencil, in their own language, and to see that the verdict comes out of
the lines again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from leitai.rules.kernel import Text
from leitai.rules.worktime import Calendar, parse_within, spoken

from .hands import UNIT, Hold, hands, passes
from .replay import OUTCOMES, Replayed, Verdict, judged, replay
from .runs import GIVEN, NO_PINS, Clock, Pins
from .sheets import TimeSheet, shown, time_sheet
from .steps import COLOURS, REQUESTS


@dataclass(frozen=True, slots=True)
class Asked:
    """A pause or more time that was asked for: `ground` is its reason's name, `state` open, granted, refused or
    withdrawn, `until` the end of the pause or the new due time."""

    kind: str
    ground: Text | None
    until: datetime
    asked_by: str
    asked_at: datetime
    state: str
    answered_by: str = ""
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """A slip that was given on a clock: to whom, and when it was signed for, if it was."""

    clock: str
    colour: str
    to: str
    at: datetime
    seen_by: str = ""
    seen_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Matter:
    """Everything that is asked of a case to explain it. `holds` run until `end`: its closing, or now.

    `resumed` are the instants at which a pause ended. `names` are the limits' names, `holders` those of the keys of
    `holds`; what has none goes by its key. `edited` are the calendars, by key and version, that were altered after they
    had been written down.
    """

    clocks: Sequence[Clock]
    end: datetime
    holds: Sequence[Hold] = ()
    asked: Sequence[Asked] = ()
    resumed: Sequence[datetime] = ()
    slips: Sequence[Given] = ()
    names: Mapping[str, Text] | None = None
    holders: Mapping[str, Text] | None = None
    edited: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Account:
    """A case explained, ready to be shown in either language or as JSON. Durations are whole seconds.

    `passes` is how often it came back to a unit that had had it and let it go; that the office looks at what a unit
    did, or agrees to a pause, is no pass.
    """

    matter: Matter
    zone: ZoneInfo
    runs: tuple[tuple[Replayed, TimeSheet], ...]
    verdicts: Mapping[str, Verdict]
    hands: Mapping[str, int]
    passes: int
    paused: int

    @property
    def holds(self) -> bool:
        """Whether every verdict comes out again as it is stored."""
        return not self.matter.edited and all(one.holds for one in self.verdicts.values())

    def text(self, language: str = "en") -> tuple[str, ...]:
        """The account as lines for people."""
        return tuple(_lines(self, language))

    def plain(self, language: str = "en") -> dict[str, Any]:
        """The account as values that JSON can hold: instants as ISO 8601 in the place's zone."""
        return _plain(self, language)


def account(
    matter: Matter,
    calendars: Mapping[str, Calendar],
    now: datetime,
    zone: ZoneInfo,
    pins: Pins = NO_PINS,
) -> Account:
    """Explain a case as of `now`. Runs are counted by `pins`, the calendars as they stood when each was set, and by
    `calendars` of now where that was not kept."""
    again = replay(matter.clocks, calendars, now, pins)
    sheets = tuple((one, time_sheet(one.clock, one.calendar, now, one.before)) for one in again)
    return Account(
        matter,
        zone,
        sheets,
        judged(again, now),
        hands(matter.holds, matter.end) if matter.holds else {},
        passes([hold for hold in matter.holds if hold.holder.startswith(UNIT)]),
        _paused(matter),
    )


def _paused(matter: Matter) -> int:
    """Seconds in which the case stood still with the other side's consent."""
    total = timedelta()
    for one in matter.asked:
        if one.kind == "pause" and one.state == "granted" and one.answered_at is not None:
            start = one.answered_at
            ends = [one.until, matter.end, *(at for at in matter.resumed if at > start)]
            total += max(timedelta(), min(ends) - start)
    return total // timedelta(seconds=1)


def _lines(found: Account, language: str) -> Iterable[str]:
    zh = language.lower().startswith("zh")
    for key, verdict in found.verdicts.items():
        own = [(one, sheet) for one, sheet in found.runs if one.clock.key == key]
        yield f"{_name(found.matter.names, key, language)} · {OUTCOMES[verdict.outcome].show(language)}"
        for number, (one, sheet) in enumerate(own, 1):
            if len(own) > 1:
                run = f"第{number}段，共{len(own)}段" if zh else f"run {number} of {len(own)}"
                yield f"  {run} · {_limit(one, language)}"
            else:
                yield f"  {_limit(one, language)}"
            yield from (f"    {line}" for line in sheet.text(language))
            yield from (f"    ! {fault.show(language)}" for fault in one.faults)
    for title, lines in (
        (
            Text(zh="暂停与延期", en="Pauses and more time"),
            [_asked(one, found.zone) for one in found.matter.asked],
        ),
        (Text(zh="督办单", en="Slips"), [_given(one, found) for one in found.matter.slips]),
    ):
        if lines:
            yield title.show(language)
            yield from (f"  {line.show(language)}" for line in lines)
    for key, version in sorted(found.matter.edited):
        yield "! " + _EDITED.show(language) % f"{key} {version}"
    if found.hands:
        yield Text(zh="在谁手里多久", en="In whose hands, how long").show(language)
        for holder, seconds in found.hands.items():
            if seconds:
                yield f"  {_name(found.matter.holders, holder, language)}: {spoken(seconds).show(language)}"
        yield f"  {_life(found).show(language)}"
    yield _conclusion(found).show(language)


_EDITED = Text(
    zh="日历%s写定之后被改动过：与台账所存摘要不符",
    en="Calendar %s was altered after it had been written down: it is not the one whose digest the ledger keeps",
)


def _limit(one: Replayed, language: str) -> str:
    clock = one.clock
    if clock.within == GIVEN:
        return Text(zh="到期时间已给定", en="due time given").show(language)
    said = parse_within(clock.within).text.show(language)
    return said + f" · {clock.calendar} {clock.calendar_version}".rstrip()


def _asked(one: Asked, zone: ZoneInfo) -> Text:
    kind, ground = REQUESTS[one.kind], one.ground or Text(zh="未写理由", en="no ground")
    until, asked = shown(one.until, zone), shown(one.asked_at, zone)
    zh = f"{kind.show('zh')}（{ground.show('zh')}）至{until}：{one.asked_by}于{asked}提出"
    en = f"{kind.show('en')} ({ground.show('en')}) until {until}: asked by {one.asked_by} at {asked}"
    if one.answered_at is None or one.state not in ("granted", "refused"):
        state = (
            Text(zh="未答复", en="not answered") if one.state == "open" else Text(zh="已撤回", en="withdrawn")
        )
        return Text(zh=f"{zh}，{state.zh}", en=f"{en}; {state.en}")
    said = {"granted": Text(zh="同意", en="agreed"), "refused": Text(zh="不同意", en="refused")}[one.state]
    answered = shown(one.answered_at, zone)
    return Text(
        zh=f"{zh}，{one.answered_by}于{answered}{said.zh}",
        en=f"{en}; {said.en} by {one.answered_by} at {answered}",
    )


_TO = {
    "unit": Text(zh="责任单位", en="the unit"),
    "head": Text(zh="单位主要负责人", en="the unit's head"),
    "leader": Text(zh="分管领导", en="the leader in charge"),
    "office": Text(zh="督查室", en="the office"),
}


def _given(one: Given, found: Account) -> Text:
    colour, to, at = COLOURS[one.colour], _TO[one.to], shown(one.at, found.zone)
    clock = [_name(found.matter.names, one.clock, language) for language in ("zh", "en")]
    zh, en = f"{at} {colour.zh}发{to.zh}（{clock[0]}）", f"{at} {colour.en} to {to.en} ({clock[1]})"
    if one.seen_at is None:
        return Text(zh=f"{zh}，未签收", en=f"{en}, not signed for")
    seen = shown(one.seen_at, found.zone)
    return Text(zh=f"{zh}，{one.seen_by}于{seen}签收", en=f"{en}, signed for by {one.seen_by} at {seen}")


def _life(found: Account) -> Text:
    whole, paused = spoken(sum(found.hands.values())), spoken(found.paused)
    return Text(
        zh=f"合计{whole.zh}，其中暂停{paused.zh}；回到经手过的单位{found.passes}次",
        en=f"{whole.en} in all, of which paused {paused.en}; back to a unit that had had it: {found.passes}",
    )


def _conclusion(found: Account) -> Text:
    if found.holds:
        return Text(
            zh="按各段自身的起点、时限和当时的日历复算，结论与记录一致",
            en="Counted again from each run's own start, limit and calendar, every verdict is the one that is stored",
        )
    wrong = [key for key, one in found.verdicts.items() if not one.holds]
    wrong += [f"{key} {version}" for key, version in sorted(found.matter.edited)]
    zh, en = ("、".join(wrong), ", ".join(wrong))
    return Text(
        zh=f"复算与记录不一致：{zh}。以记录为准，不一致之处见上",
        en=f"Counted again it is not what is stored: {en}. What is stored stands; see above where it differs",
    )


def _name(names: Mapping[str, Text] | None, key: str, language: str) -> str:
    found = (names or {}).get(key)
    return found.show(language) if found is not None else key


def _plain(found: Account, language: str) -> dict[str, Any]:
    def at(instant: datetime | None) -> str | None:
        return instant.astimezone(found.zone).isoformat() if instant is not None else None

    def run(one: Replayed, sheet: TimeSheet) -> dict[str, Any]:
        clock = one.clock
        return {
            "within": clock.within,
            "calendar": clock.calendar,
            "calendar_version": clock.calendar_version,
            "calendar_kept": clock.within == GIVEN or clock.calendar_version == one.calendar.version,
            "provisional": clock.provisional,
            "started": at(clock.started),
            "due": at(clock.due),
            "due_again": at(one.due),
            "met": at(clock.met),
            "breached": at(clock.breached),
            "void": at(clock.void),
            "void_why": clock.void_why,
            "lines": list(sheet.text(language)),
            "faults": [fault.show(language) for fault in one.faults],
        }

    matter = found.matter
    return {
        "holds": found.holds,
        "clocks": [
            {
                "key": key,
                "name": _name(matter.names, key, language),
                "verdict": verdict.outcome,
                "replayed": verdict.replayed,
                "holds": verdict.holds,
                "runs": [run(one, sheet) for one, sheet in found.runs if one.clock.key == key],
            }
            for key, verdict in found.verdicts.items()
        ],
        "edited_calendars": [f"{key} {version}" for key, version in sorted(matter.edited)],
        "agreed": [_asked(one, found.zone).show(language) for one in matter.asked],
        "slips": [_given(one, found).show(language) for one in matter.slips],
        "hands": [
            {"holder": key, "name": _name(matter.holders, key, language), "seconds": seconds}
            for key, seconds in found.hands.items()
        ],
        "passes": found.passes,
        "paused_seconds": found.paused,
        "life_seconds": sum(found.hands.values()),
        "conclusion": _conclusion(found).show(language),
    }
