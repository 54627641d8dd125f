"""Meetings of a simulated year: made ready for, spoken at, minuted; what is promised there, shown and accepted."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from leitai.apps.ledger import queries as ledger
from leitai.apps.ledger.models import Event
from leitai.apps.measures import queries as measures
from leitai.apps.occasions import actions as occasions
from leitai.apps.occasions import queries as rows
from leitai.apps.peers import actions as peers
from leitai.apps.peers import queries as peer_rows
from leitai.rules.kernel import PERIOD_KINDS, Period, Text
from leitai.ui.words import period as period_name

from . import words
from .world import World

UNREADY, SILENT = 0.05, 0.04
SITES, SCORERS = 8, 16
_DAY = timedelta(days=1)
_READY = Text(zh="{what}已备齐，共{n}项，见第{n}号附件", en="{what}: ready, {n} items, see paper {n}")
_SAY = Text(
    zh="我单位{why}。下一步：{step}，第{n}周见效",
    en="Of us: {why}. What comes next: {step}, to be seen in week {n}",
)
_MINUTE = Text(zh="{name}：听取情况{n}项；{step}", en="{name}: {n} reports heard; {step}")
_HELD = Text(zh="按期召开，{n}家单位到会", en="Held as planned, {n} units came")
_FIGURE = Text(zh="{measure}在{period}达到{target}", en="{measure} of {period} comes to {target}")
_MOVED = Text(zh="会场检修，改期一天", en="The hall is being repaired: a day later")


def opened(world: World, event: Event) -> None:
    """An occasion is open: each prepares in time, but for a few."""
    row = rows.occasion(world.place, int(event.subject.partition(":")[2]))
    if row is None:
        return
    for one in rows.preparations_of(row):
        rng = world.chance.of("ready", row.key, row.nominal, one.key, one.unit.key if one.unit else "")
        share = rng.random()
        span = max(one.due - world.now, timedelta(minutes=30))
        # Most well before it is due; some after; a few never.
        at = world.now + span * (rng.betavariate(4, 2) if share > UNREADY else 1.05 + rng.random())
        if share > UNREADY / 3:
            world.at(at, partial(_prepare, world, one, rng.randint(3, 60)))
    spec = rows.spec_of(row)
    if spec is not None and spec.scoring is not None:
        world.at(world.after(world.now, 3), partial(_lay, world, row))
    if row.key == _first_weekly(world) and row.nominal.endswith("W26"):
        world.at(world.after(world.now, 1), partial(_shift, world, row))


def _first_weekly(world: World) -> str:
    """The weekly occasion with an opening: of its meetings one is moved."""
    found = (key for key, one in world.regime.cadence.items() if one.every == "week" and one.opens)
    return next(found, "")


def _shift(world: World, row: Any, now: datetime) -> None:
    later = world.workdays(world.local(row.at).date(), 1)
    at = datetime.combine(later, world.local(row.at).time(), world.place.zone)
    by = world.one_of("office", "shift", row.pk)
    occasions.shift(occasion=row, at=at, reason=world.say(_MOVED), by=by, now=now)


def _prepare(world: World, one: Any, n: int, now: datetime) -> None:
    by = world.clerk(one.unit) if one.unit is not None else world.one_of("office", "prepare", one.pk)
    text = world.say(_READY).format(what=rows.called(one).show(world.place.language), n=n)
    occasions.prepare(preparation=one, text=text, by=by, now=now)


def asked(world: World, event: Event) -> None:
    """A unit is asked to speak; it hands in what it will say before the meeting begins, or very seldom not."""
    row = rows.statement(world.place, ledger.data(event)["statement"])
    if row is None or world.chance.share("silent", row.pk) < SILENT:
        return
    span = max(row.due - world.now, timedelta(minutes=20))
    share = 0.3 + 0.6 * world.chance.share("say", row.pk)
    world.at(world.now + span * share, partial(_say, world, row))


def _say(world: World, row: Any, now: datetime) -> None:
    rng = world.chance.of("say-text", row.pk)
    text = world.say(_SAY).format(
        why=world.say(words.cause(rng)), step=world.say(words.step(rng)), n=rng.randint(2, 12)
    )
    occasions.give_statement(statement=row, text=text, by=world.clerk(row.unit), now=now)


def due(world: World, event: Event) -> None:
    """Its time has come: it is held, and minuted in the hour after it ended."""
    row = rows.occasion(world.place, int(event.subject.partition(":")[2]))
    spec = rows.spec_of(row) if row is not None else None
    if row is None or spec is None:
        return
    if spec.scoring is not None:
        _score(world, row, spec)
    end = row.at + timedelta(minutes=spec.minutes)
    world.at(max(end, world.now), partial(_minute, world, row))


def _minute(world: World, row: Any, now: datetime) -> None:
    """Minutes of each part, what was promised, and that it was held."""
    row = rows.occasion(world.place, row.pk)
    spec = rows.spec_of(row)
    if row is None or spec is None or row.state != "due":
        return
    rng = world.chance.of("minute", row.key, row.nominal)
    by = world.one_of("office", "minute", row.key, row.nominal)
    comes = len(rows.comers(row))
    told = bool(spec.who or comes)
    if comes or spec.opens:
        for part in spec.agenda:
            text = world.say(_MINUTE).format(
                name=spec.name.show(world.place.language),
                n=rng.randint(2, 20),
                step=world.say(words.step(rng)),
            )
            occasions.note(occasion=row, part=part, text=text, by=by, now=now)
    promised = _promise(world, row, spec, by, rng, now) if told and spec.decides is not None else 0
    note = world.say(_HELD).format(n=comes)
    occasions.hold(occasion=row, note=note, nothing=not promised, by=by, now=now)


def _promise(world: World, row: Any, spec: Any, by: str, rng: Any, now: datetime) -> int:
    """What units promise at a meeting: whoever spoke, else some of those who came, a figure or something to show."""
    after = rows.after(row)
    own = world.local(row.at).date()
    until = world.local(after.at).date() - _DAY if after is not None else None
    speakers = [one.unit for one in rows.statements_of(row) if one.kind != "experience"]
    comers = rows.comers(row)
    again = [
        one
        for one in rows.all_commitments(world.place)
        if one.verdict == "missed" and one.occasion.key == row.key and rows.promised_again(one) is None
    ][:2]
    made = 0
    for one in again:
        if one.kind == "evidence":
            due = until or own + 30 * _DAY
            if due > own:
                occasions.promise(
                    occasion=row, unit=one.unit, text=one.text, due=due, again=one, by=by, now=now
                )
                made += 1
    few = 1 if spec.every == "week" else 3
    units = (speakers or (rng.sample(comers, min(few, len(comers))) if comers else []))[:few]
    for n, unit in enumerate(units):
        aim = _aim(world, spec, unit, own, until) if n % 2 == 0 else None
        if aim is not None:
            measure, period, target, last = aim
            name = world.regime.measures[measure].name.show(world.place.language)
            text = world.say(_FIGURE).format(measure=name, period=period_name(period), target=target)
            occasions.promise(
                occasion=row,
                unit=unit,
                text=text,
                due=last,
                measure=measure,
                period=period,
                sense="ge" if world.regime.measures[measure].better == "more" else "le",
                target=target,
                by=by,
                now=now,
            )
        else:
            last = until if until is not None and until > own else own + 21 * _DAY
            text = world.say(words.step(rng))
            occasions.promise(occasion=row, unit=unit, text=text, due=last, by=by, now=now)
        made += 1
    return made


def _aim(
    world: World, spec: Any, unit: Any, own: date, until: date | None
) -> tuple[str, str, Decimal, date] | None:
    """A figure that a unit can promise: one that it reported last, a little better, of the period that runs."""
    kinds = {"month": "month", None: "quarter", "quarter": "quarter"}
    if spec.every not in kinds:
        return None
    kind = kinds[spec.every]
    asked = list(measures.asked_units(world.place, world.regime).items())
    world.chance.of("aim", unit.key, own).shuffle(asked)
    for key, units in asked:
        mine = world.regime.measures[key]
        if unit.pk not in {one.pk for one in units}:
            continue
        if PERIOD_KINDS.index(kind) < PERIOD_KINDS.index(mine.every):
            continue
        period = Period.containing(kind, own)
        last = max(period.last + _DAY, until or period.last + 12 * _DAY)
        seen = rows.last_value(unit, key, own)
        if seen is None or seen.seen.value is None:
            continue
        better = Decimal("1.02") if mine.better == "more" else Decimal("0.98")
        parts = len(period.within(mine.every)) if mine.sum else 1
        return key, period.key, round(Decimal(seen.seen.value) * parts * better, 2), last
    return None


def promised(world: World, event: Event) -> None:
    """What is shown by evidence is shown before its day, mostly, and somebody else looks at it."""
    row = rows.commitment(world.place, int(event.subject.partition(":")[2]))
    if row is None or row.kind != "evidence":
        return
    rng = world.chance.of("promise", row.pk)
    good = world.quality(row.unit.key, world.local(world.now).date())
    if rng.random() < 1 / (1 + 2.718 ** (1.7 + good)):
        return
    start, end = world.now, world.wall(row.due, 16)
    world.at(world.in_hours(start + (end - start) * rng.uniform(0.3, 0.85)), partial(_show, world, row))


def _show(world: World, row: Any, now: datetime) -> None:
    text = world.say(words.done(world.chance.of("shown", row.pk), str(row.pk)))
    occasions.show(commitment=row, evidence=text, by=world.clerk(row.unit), now=now)
    world.at(world.after(now, 2), partial(_accept, world, row))


def _accept(world: World, row: Any, now: datetime) -> None:
    rng = world.chance.of("accept", row.pk)
    yes = rng.random() > 0.08
    why = "" if yes else world.say(words.fault(rng))
    by = world.one_of("office", "accept", row.pk)
    occasions.accept(commitment=row, accepted=yes, why=why, by=by, now=now)


# Scoring on the spot by peers


def _lay(world: World, row: Any, now: datetime) -> None:
    """The office lays the route over units that come, and gives each scorer a link."""
    units = peer_rows.default_units(row)
    if len(units) < 4:
        return
    rng = world.chance.of("route", row.key, row.nominal)
    sites = [(unit, world.say(words.spot(rng))) for unit in rng.sample(units, min(SITES, len(units) // 2))]
    by = world.one_of("office", "route", row.pk)
    peers.lay(occasion=row, sites=sites, by=by, now=now)
    scorers = rng.sample(units, min(SCORERS, len(units)))
    links = [world.chance.secret("scorer", row.pk, unit.key) for unit in scorers]
    peers.open_scoring(occasion=row, units=scorers, groups=4, secrets=links, by=by, now=now)


def _score(world: World, row: Any, spec: Any) -> None:
    """Sheets come in over the time of the visit; the result is worked out at its end, before it is noted as held."""
    scorers = peer_rows.scorers(row)
    for n, one in enumerate(scorers):
        at = row.at + timedelta(minutes=spec.minutes * (0.5 + 0.4 * n / max(len(scorers), 1)))
        world.at(max(at, world.now), partial(_sheet, world, row, one))
    if scorers:
        end = row.at + timedelta(minutes=spec.minutes)
        world.at(max(end, world.now), partial(_work_out, world, row))


def _sheet(world: World, row: Any, scorer: Any, now: datetime) -> None:
    terms = peer_rows.terms_of(row)
    hard = world.chance.of("severity", row.pk, scorer.number).gauss(0, 0.06)
    for stop in peer_rows.sheet(scorer):
        if stop.barred:
            continue
        good = world.quality(stop.site.unit.key, world.local(now).date())
        for one in terms.criteria:
            rng = world.chance.of("mark", row.pk, scorer.number, stop.site.turn, one.key)
            share = 0.78 + 0.05 * good - hard + rng.gauss(0, 0.05) + 0.004 * stop.place
            points = round(one.most * Decimal(str(round(min(max(share, 0.2), 1.0), 3))), 1)
            once = f"sim-{row.pk}-{scorer.number}-{stop.site.turn}-{one.key}"
            peers.mark(
                scorer=scorer, site=stop.site, criterion=one.key, points=points, once=once, at=now,
                by=f"scorer:{scorer.number}", now=now,
            )  # fmt: skip
    peers.hand_in(scorer=scorer, by=f"scorer:{scorer.number}", now=now)


def _work_out(world: World, row: Any, now: datetime) -> None:
    peers.work_out(occasion=row, by=world.one_of("office", "result", row.pk), now=now)


REACTIONS = {
    "occasion.opened": (opened,),
    "statement.asked": (asked,),
    "occasion.due": (due,),
    "commitment.made": (promised,),
}
