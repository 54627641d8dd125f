"""Verdicts of a simulated year: cast through the door four times a day, and what is called, appealed and objected to.

Few units have many visitors and many have few. How many bad ones there are by month is the script's; which of them
are found true is for callers and reviewers, who decide each by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import numpy as np

from leitai.apps.ballots import actions as ballots
from leitai.apps.ballots import queries as verdicts
from leitai.apps.ledger.models import Event
from leitai.rules.kernel import Period, Text

from ..script import Ballots
from ..seeded import worst_points
from . import words
from .world import World

BY = "anyone"
SLOTS = ((10, 0), (12, 0), (15, 0), (17, 30))
WITHIN = 50 * 60  # seconds before a slot in which its verdicts were given, so that words can still be added
EACH = 64  # verdicts of a point in a year, where the script asks for fewer: enough to be judged by, for most
WEEK = np.array([1.1, 1.0, 1.0, 0.95, 0.95, 0.35, 0.15])
OUTCOMES = ("upheld", "not-upheld", "mistaken", "malicious", "out-of-remit", "unreachable")
_FOUND = Text(
    zh="回访：群众说{said}，与窗口记录一致",
    en="Called back: the citizen says “{said}”, and the record agrees",
)
_OTHER = Text(
    zh="回访：群众说点错了，事情当场已办",
    en="Called back: pressed by mistake, the matter was settled on the spot",
)
_APPEAL = Text(
    zh="当日录像{n}号显示全程{m}分钟，没有推诿",
    en="Recording {n} of the day shows {m} minutes from start to end",
)
_RULE = Text(zh="评议规则第{n}条", en="Article {n} of the rules on verdicts")


@dataclass(frozen=True)
class Drawn:
    """The verdicts of a year in order of time, a column each: slot counts from the first day, four to a day."""

    slot: Any
    second: Any
    unit: Any
    bad: Any

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.slot)


def plan(world: World) -> int:
    """Draw the year's verdicts and have each slot's cast at its end. Returns how many there will be."""
    seeded = world.script.seeded
    assert seeded is not None
    if seeded.ballots is None:
        return 0
    points = verdicts.points(world.place)
    drawn = _draw(world, seeded.seed, seeded.ballots, points)
    grades = verdicts.scale(world.place, world.first).grades
    starts = np.flatnonzero(np.diff(drawn.slot, prepend=-1))
    ends = [*starts[1:].tolist(), drawn.count]
    for start, end in zip(starts.tolist(), ends, strict=True):
        slot = int(drawn.slot[start])
        at = world.wall(world.first + timedelta(days=slot // len(SLOTS)), *SLOTS[slot % len(SLOTS)])
        if at < world.end:
            world.at(at, partial(_cast, world, drawn, points, grades, start, end))
    return int(np.sum(drawn.slot < (world.local(world.end).date() - world.first).days * len(SLOTS)))


def _draw(world: World, seed: int, spec: Ballots, points: Any) -> Drawn:
    rng = np.random.default_rng([world.chance.seed, seed, 7])
    months = [one for one in _months(spec) if one.last >= world.first and one.first <= world.last]
    # The worst are those of the demonstration, whatever the seed of this year is.
    worst = worst_points(seed, spec, [point.unit for point in points])
    world.worst = frozenset(points[n].unit.key for n in worst)
    pinned = {pin.unit: pin for pin in spec.pins}
    index = {point.unit.key: n for n, point in enumerate(points)}
    usual = [n for n, point in enumerate(points) if n not in worst and point.unit.key not in pinned]
    share = len(months) / max(len(_months(spec)), 1)
    total = round(max(spec.total, EACH * len(points)) * world.scale * share)
    weight = rng.lognormal(0, 0.8 if spec.heavy_tail else 0.2, len(usual))
    unit = rng.choice(usual, total, p=weight / weight.sum())
    month = rng.integers(0, len(months), total)
    # As many bad ones in a month as the script says, however many verdicts there are.
    shares = np.geomspace(spec.bad_share.first_month, spec.bad_share.last_month, len(_months(spec)))
    shares = (
        shares[[_months(spec).index(one) for one in months]]
        * spec.total
        / max(spec.total, EACH * len(points))
    )
    bad = rng.random(total) < shares[month]
    parts = [(unit, month, bad)]
    for n in sorted(worst):
        many = max(1, round(spec.worst_ballots * min(world.scale, 1) * share))
        parts.append(
            (np.full(many, n), rng.integers(0, len(months), many), rng.random(many) < spec.worst_bad_share)
        )
    for key, pin in pinned.items():
        first, last = (Period.parse(one) for one in pin.months.split(".."))
        inside = [at for at, one in enumerate(months) if first.first <= one.first <= last.first]
        if key in index and inside:
            own = np.arange(pin.total) < pin.bad
            parts.append((np.full(pin.total, index[key]), rng.choice(inside, pin.total), own))
    unit, month, bad = (np.concatenate([part[n] for part in parts]) for n in range(3))
    slot = np.zeros(len(unit), np.int64)
    for at, one in enumerate(months):
        own = np.flatnonzero(month == at)
        first = max(one.first, world.first)
        days = (min(one.last, world.last) - first).days + 1
        busy = WEEK[[(first + timedelta(days=n)).weekday() for n in range(days)]]
        day = rng.choice(days, len(own), p=busy / busy.sum()) + (first - world.first).days
        slot[own] = day * len(SLOTS) + rng.integers(0, len(SLOTS), len(own))
    second = rng.integers(0, WITHIN, len(unit))
    order = np.lexsort((unit, -second, slot))
    return Drawn(slot[order], second[order], unit[order], bad[order])


def _months(spec: Ballots) -> list[Period]:
    found = [Period.parse(spec.from_)]
    while found[-1].last < Period.parse(spec.to).last:
        found.append(found[-1].next())
    return found


def _cast(world: World, drawn: Drawn, points: Any, grades: Any, start: int, end: int, now: datetime) -> None:
    """One slot's verdicts, as the door casts what it gathered."""
    by_kind = {is_bad: [one.key for one in grades if one.bad is is_bad] for is_bad in (False, True)}
    rows = range(start, end)
    drafts = [
        ballots.BallotDraft(
            points[drawn.unit[n]].unit,
            by_kind[bool(drawn.bad[n])][n % len(by_kind[bool(drawn.bad[n])])],
            f"sim-{world.chance.seed}-{n}",
            points[drawn.unit[n]],
            "standing",
            None,
            now - timedelta(seconds=int(drawn.second[n])),
        )
        for n in rows
    ]
    ballots.cast_many(place=world.place, drafts=drafts, by=BY, now=now)


def bad(world: World, event: Event) -> None:
    """Of those who are not satisfied most say why, within the hour, and leave a telephone number."""
    ballot = verdicts.by_subject(world.place, event.subject)
    rng = world.chance.of("words", event.subject)
    if ballot is None or rng.random() > 0.6:
        return
    reasons = list(world.regime.ballots.reasons)
    said = world.say(words.complaint(rng))
    given = rng.sample(reasons, min(1, len(reasons)))
    phone = f"139{rng.randrange(10**8):08d}"
    salt = world.chance.bytes_of("salt", event.subject)

    def add(now: datetime) -> None:
        ballots.add_words(ballot=ballot, reasons=given, words=said, phone=phone, draw=salt, by=BY, now=now)

    world.at(world.now, add)


def to_call(world: World, event: Event) -> None:
    """Somebody was drawn to call; they do within a working day."""
    at = world.after(world.now, 0.5 + 5 * world.chance.share("call", event.subject, event.seq))
    world.at(at, partial(_call, world, event.subject, 0))


def _call(world: World, subject: str, tries: int, now: datetime) -> None:
    ballot = verdicts.by_subject(world.place, subject)
    call = verdicts.call_of(ballot) if ballot is not None else None
    if ballot is None or call is None or call.outcome:
        return
    by = f"account:{call.caller.username}"
    outcome = _outcome(world, ballot)
    if outcome == "unreachable" and tries < world.regime.ballots.tries:
        ballots.try_call(ballot=ballot, nth=tries + 1, by=by, now=now)
        world.at(world.in_hours(now + timedelta(hours=2)), partial(_call, world, subject, tries + 1))
        return
    rng = world.chance.of("found", subject)
    said = world.say(words.complaint(rng))
    reason = world.say(_FOUND).format(said=said) if outcome == "upheld" else world.say(_OTHER)
    ballots.finish_call(ballot=ballot, outcome=outcome, reason=reason, by=by, now=now)


def _outcome(world: World, ballot: Any) -> str:
    """What a call finds: mostly that it is true, and of the worst units nearly always."""
    rng = world.chance.of("outcome", ballot.pk)
    worst = ballot.unit.key in world.worst
    weights = (94, 2, 1, 0, 1, 2) if worst else (66, 10, 12, 2, 3, 7)
    return str(
        rng.choices(
            ("upheld", "not-upheld", "mistaken", "malicious", "out-of-remit", "unreachable"), weights
        )[0]
    )


def upheld(world: World, event: Event) -> None:
    """Some units have another version, and appeal."""
    if world.chance.share("appeal", event.subject) < 0.06:
        world.at(world.after(world.now, 10), partial(_appeal, world, event.subject))


def _appeal(world: World, subject: str, now: datetime) -> None:
    ballot = verdicts.by_subject(world.place, subject)
    rng = world.chance.of("appeal-text", subject)
    text = world.say(_APPEAL).format(n=rng.randint(1, 40), m=rng.randint(3, 25))
    ballots.appeal(ballot=ballot, text=text, by=world.clerk(ballot.unit), now=now)


def aside(world: World, event: Event) -> None:
    """Some citizens object to their verdict being set aside."""
    if world.chance.share("objection", event.subject) < 0.05:
        world.at(world.after(world.now, 12), partial(_object, world, event.subject))


def _object(world: World, subject: str, now: datetime) -> None:
    ballot = verdicts.by_subject(world.place, subject)
    text = world.say(words.complaint(world.chance.of("objection-text", subject)))
    ballots.object_to(ballot=ballot, text=text, by=BY, now=now)


def to_review(world: World, event: Event) -> None:
    """A reviewer who had no part in it decides within a day."""
    at = world.after(world.now, 1 + 6 * world.chance.share("review", event.subject, event.kind))
    world.at(at, partial(_review, world, event.subject))


def _review(world: World, subject: str, now: datetime) -> None:
    ballot = verdicts.by_subject(world.place, subject)
    review = next((one for one in verdicts.reviews_of(ballot) if one.granted is None), None)
    if review is None:
        return
    call = verdicts.call_of(ballot)
    rng = world.chance.of("review", review.pk)
    hands = {one.decided_by for one in verdicts.reviews_of(ballot)} | {review.opened_by}
    hands |= {f"account:{call.caller.username}"} if call is not None else set()
    pool = [f"account:{login}" for role in ("office", "leader", "inspector") for login in world.staff[role]]
    by = rng.choice([one for one in pool if one not in hands])
    granted = rng.random() < {"proposal": 0.8, "appeal": 0.25, "objection": 0.3}[review.ask]
    said = world.say(_OTHER) if granted else world.say(_FOUND).format(said=world.say(words.complaint(rng)))
    rule = world.say(_RULE).format(n=rng.randint(6, 14))
    ballots.decide(review=review, granted=granted, reason=said, rule=rule, by=by, now=now)


def leads(world: World, _event: Event) -> None:
    """What the screens found is looked at by the office in the days after."""
    world.at(world.after(world.now, 6), partial(_decide_leads, world))


def _decide_leads(world: World, now: datetime) -> None:
    for row in verdicts.leads(world.place):
        world.at(now, partial(_decide_lead, world, row))


def _decide_lead(world: World, row: Any, now: datetime) -> None:
    about = str(row.values.get("decider", ""))
    pool = [login for login in world.staff["office"] if login not in about]
    said = world.say(words.done(world.chance.of("lead", row.pk), str(row.pk)))
    by = f"account:{world.chance.one(pool, 'lead', row.pk)}"
    ballots.decide_lead(lead=row, confirmed=False, reason=said, by=by, now=now)


REACTIONS = {
    "ballot.bad": (bad,),
    "ballot.call_drawn": (to_call,),
    "ballot.upheld": (upheld,),
    "ballot.set_aside": (aside,),
    "ballot.doubted": (to_review,),
    "ballot.appealed": (to_review,),
    "ballot.objected": (to_review,),
    "leads.found": (leads,),
}
