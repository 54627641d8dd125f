"""Inspections, contests and asks of a simulated year: visited, answered, nominated, voted, asked and replied to."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from leitai.apps.burden import actions as burden
from leitai.apps.burden import queries as asks
from leitai.apps.contests import actions as contests
from leitai.apps.contests import queries as contest_rows
from leitai.apps.inspections import actions as inspections
from leitai.apps.inspections import queries as rounds
from leitai.apps.ledger.models import Event
from leitai.apps.measures import queries as measures
from leitai.apps.people import queries as people
from leitai.apps.tables import queries as tables
from leitai.rules.kernel import Period, Text

from . import words
from .world import World

FOUND = 0.12  # share of the lines of a checklist that are not as they should be, of a middling unit
_ASK = Text(zh="{month}{what}情况统计", en="Count of {what}, {month}")
_BASIS = Text(zh="上级来文第{n}号", en="Letter number {n} of the higher office")
_DONE_WHY = Text(
    zh="{month}牵头完成{n}项，群众回访满意", en="Led {n} tasks in {month}; those concerned say so"
)
_EXHIBIT = Text(zh="第{n}号榜本单位位次", en="Place of the unit in table {n}")
_PAPER = Text(zh="事迹材料第{n}号", en="Paper {n} on what was done")
_DAY = timedelta(days=1)


# Inspections


def round_opened(world: World, event: Event) -> None:
    """The groups go where the round sends them, each visit on its day; the report is closed when all are over."""
    row = rounds.round_of(world.place, int(event.subject.partition(":")[2]))
    if row is None:
        return
    spec = rounds.spec_of(row)
    visits = [one for one in rounds.visits_of(row) if not one.dropped_why]
    seats: dict[tuple[Any, str], int] = {}
    end = world.now
    for one in visits:
        n = seats[one.planned, one.group] = seats.get((one.planned, one.group), -1) + 1
        start = world.wall(one.planned, 8, 30) + timedelta(minutes=30 * n)
        ends = start + timedelta(minutes=spec.minutes)
        world.at(start, partial(_begin, world, one))
        world.at(ends, partial(_end, world, one))
        end = max(end, ends)
    # Units have had two days to say what they have to say.
    world.at(world.after(end, 17), partial(_close, world, row))


def _visitor(world: World, visit: Any) -> str:
    """Who leads a group: one of the patrol, the same all year."""
    groups = list(rounds.spec_of(visit.round).groups)
    names = world.staff["patrol"]
    return f"account:{names[groups.index(visit.group) % len(names)]}"


def _begin(world: World, visit: Any, now: datetime) -> None:
    inspections.begin_visit(visit=visit, by=_visitor(world, visit), now=now)


def _end(world: World, visit: Any, now: datetime) -> None:
    """The checklist answered, what was found written down, the visit ended."""
    by = _visitor(world, visit)
    spec = rounds.spec_of(visit.round)
    rng = world.chance.of("visit", visit.round.period, visit.unit.key)
    good = world.quality(visit.unit.key, world.local(now).date())
    answers, found = {}, []
    for key, item in spec.checklist.items():
        if item.kind == "number":
            answers[key] = str(max(0, round(rng.gauss(3 - good, 2))))
        elif item.kind == "text":
            answers[key] = world.say(words.step(rng))
        else:
            wrong = rng.random() < FOUND * 2.0 ** (-good)
            answers[key] = "no" if wrong else "yes"
            found += [key] if wrong else []
    inspections.note(visit=visit, answers=answers, by=by, now=now)
    for key in found:
        inspections.find(visit=visit, item=key, text=world.say(words.fault(rng)), by=by, now=now)
    took = max(20, round(spec.minutes + rng.gauss(0, 15)) + 30 * len(found))
    inspections.end_visit(visit=visit, minutes=took, by=by, now=now)


def found(world: World, event: Event) -> None:
    """Most units have something to say to a finding."""
    row = rounds.finding(world.place, int(event.subject.partition(":")[2]))
    if row is not None and world.chance.share("has-words", row.pk) < 0.85:
        world.at(
            world.after(world.now, 2 + 12 * world.chance.share("finding", row.pk)),
            partial(_reply, world, row),
        )


def _reply(world: World, row: Any, now: datetime) -> None:
    text = world.say(words.cause(world.chance.of("finding-reply", row.pk)))
    inspections.reply(finding=row, text=text, by=world.clerk(row.visit.unit), now=now)


def _close(world: World, row: Any, now: datetime) -> None:
    inspections.close_round(row=row, by=world.one_of("office", "round", row.pk), now=now)


# Contests


def contest_called(world: World, event: Event) -> None:
    """Units and the office put people forward; a jury is named when that is over, and votes when the notice is."""
    row = contest_rows.contest(world.place, int(event.subject.partition(":")[2]))
    if row is None:
        return
    spec = contest_rows.spec_of(row)
    open_to = (
        people.picked(world.place, spec.who) if spec.who is not None else list(people.units(world.place))
    )
    open_to = [one for one in open_to if one.kind not in ("window", "hall", "point", "office")]
    day = world.local(world.now).date()
    rng = world.chance.of("contest", row.key)
    able = [one for one in open_to if people.officials_at(one, day)] if spec.of == "official" else open_to
    many = min(len(able), spec.seats + max(3, spec.seats // 3))
    # Those who are better are put forward more often.
    able.sort(
        key=lambda one: (
            -(world.quality(one.key, day) + world.chance.of("forward", row.key, one.key).gauss(0, 1))
        )
    )
    span = row.nominations_until - world.now
    for n, unit in enumerate(able[:many]):
        at = world.in_hours(world.now + span * rng.uniform(0.05, 0.9))
        world.at(min(at, row.nominations_until - timedelta(hours=1)), partial(_nominate, world, row, unit, n))
    world.at(row.nominations_until + timedelta(hours=1), partial(_jury, world, row))
    if rng.random() < 0.4:
        world.at(row.nominations_until + timedelta(hours=2), partial(_challenge, world, row))
    vote = row.vote_until - row.notice_until
    for n in range(max(spec.jury, 5)):
        at = world.in_hours(row.notice_until + vote * (0.1 + 0.7 * rng.random()))
        world.at(min(at, row.vote_until - timedelta(minutes=30)), partial(_vote, world, row, n))


def _nominate(world: World, row: Any, unit: Any, n: int, now: datetime) -> None:
    spec = contest_rows.spec_of(row)
    rng = world.chance.of("nominate", row.key, unit.key)
    official = None
    if spec.of == "official":
        found = people.officials_at(unit, world.local(now).date())
        official = found[rng.randrange(len(found))]
    office = "office" in spec.nominates and (n % 5 == 4 or "unit" not in spec.nominates)
    why = world.say(_DONE_WHY).format(month=row.period, n=rng.randint(3, 20))
    exhibits = [("", world.say(_PAPER).format(n=rng.randint(1, 300)))]
    last = tables.history(unit)[:1]
    exhibits += [(f"table:{one.table_id}", world.say(_EXHIBIT).format(n=one.table_id)) for one in last]
    contests.nominate(
        contest=row,
        unit=unit,
        official=official,
        why=why,
        exhibits=exhibits,
        office=office,
        by=world.one_of("office", "nominate", n) if office else world.clerk(unit),
        now=now,
    )


def _jurors(world: World, row: Any) -> list[str]:
    """Who judges, once nominations are over: nobody who put somebody forward."""
    least = max(contest_rows.spec_of(row).jury, 5)
    forward = {one.by for one in contest_rows.nominations(row)}
    pool = [
        login
        for role in ("leader", "inspector", "patrol", "office")
        for login in world.staff[role]
        if f"account:{login}" not in forward
    ]
    return sorted(pool, key=lambda login: world.chance.share("juror", row.key, login))[:least]


def _jury(world: World, row: Any, now: datetime) -> None:
    accounts = people.accounts(_jurors(world, row))
    by = world.one_of("office", "jury", row.key)
    contests.name_jury(contest=row, accounts=[accounts[one] for one in sorted(accounts)], by=by, now=now)


def _challenge(world: World, row: Any, now: datetime) -> None:
    standing = contest_rows.voted_on(row)
    if not standing:
        return
    rng = world.chance.of("challenge", row.key)
    about = standing[rng.randrange(len(standing))]
    made = contests.challenge(nomination=about, text=world.say(words.fault(rng)), by="anyone", now=now)
    upheld, said = rng.random() < 0.3, world.say(words.cause(rng))
    by = next(
        f"account:{one}" for one in world.staff["office"] if f"account:{one}" not in (about.by, made.by)
    )

    def answer(then: datetime) -> None:
        contests.answer_challenge(challenge=made, upheld=upheld, answer=said, by=by, now=then)

    world.at(world.after(now, 9), answer)


def _vote(world: World, row: Any, n: int, now: datetime) -> None:
    login = _jurors(world, row)[n]
    day = world.local(now).date()
    rng = world.chance.of("vote", row.key, login)
    liked = sorted(
        contest_rows.voted_on(row), key=lambda one: -(world.quality(one.unit.key, day) + rng.gauss(0, 0.8))
    )
    contests.vote(
        contest=contest_rows.contest(world.place, row.pk),
        account=people.accounts([login])[login],
        choices=[str(one.pk) for one in liked[: row.seats]],
        draw=lambda count: rng.randbytes(count).hex(),
        by=f"account:{login}",
        now=now,
    )


# Asks beside the rule-book


def plan_asks(world: World) -> None:
    """Once a month the office asks some units for something that the rule-book does not, and once tries it twice."""
    month = Period.containing("month", world.first)
    units = measures.asked_units(world.place, world.regime)
    asked = max(units.values(), key=len, default=[])
    while month.first <= world.last and asked:
        day = world.workdays(month.first + 9 * _DAY, 1)
        if day <= world.last:
            world.at(world.wall(day, 10), partial(_ask, world, month, asked))
            if month.first.month % 4 == 0:
                world.at(world.wall(day, 16), partial(_ask, world, month, asked))
        month = month.next()


def _ask(world: World, month: Period, units: list[Any], now: datetime) -> None:
    rng = world.chance.of("ask", month.key)
    what = world.say(words.matter(rng))
    some = rng.sample(units, min(15, len(units)))
    due = world.wall(world.workdays(world.local(now).date(), 3), 17, 30)
    row = burden.make(
        place=world.place,
        title=world.say(_ASK).format(month=month.key, what=what),
        basis=world.say(_BASIS).format(n=rng.randint(1, 90)),
        minutes=rng.choice((20, 30, 45)),
        due=due,
        units=some,
        period=month.key,
        by=world.one_of("office", "ask", month.key),
        now=now,
    )
    for unit in some:
        share = world.chance.share("ask-reply", month.key, unit.key)
        if share < 0.93:
            world.at(world.in_hours(now + (due - now) * share), partial(_answer, world, row, unit))


def _answer(world: World, row: Any, unit: Any, now: datetime) -> None:
    if asks.reply_of(row, unit.key) is not None:
        text = world.say(words.done(world.chance.of("ask-text", row.pk, unit.key), str(row.pk)))
        burden.reply(ask=row, unit=unit, text=text, by=world.clerk(unit), now=now)


REACTIONS = {
    "inspection.opened": (round_opened,),
    "inspection.found": (found,),
    "contest.called": (contest_called,),
}
