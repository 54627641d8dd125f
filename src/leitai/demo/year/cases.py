"""Cases of a simulated year: opened by whoever would, worked on by clerks, struck off or sent back by the office.

How fast a unit works follows from how good it is; nobody asks what the rule-book will make of it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from leitai.apps.casework import actions as casework
from leitai.apps.casework import queries as cases
from leitai.apps.casework.queries import rechecks
from leitai.apps.ledger.models import Event
from leitai.rules import casework as core
from leitai.rules.flows import MOVE_EVENTS, Move
from leitai.rules.kernel import Text
from leitai.rules.regime.model import CaseSpec

from ..enterprises import by_turns
from ..seeded import answering
from . import words
from .world import SHORT, World

BY = "anyone"
SENT_BACK, HANDED_BACK, MORE_TIME = 0.06, 0.02, 0.05
_DAY = timedelta(days=1)
_EVIDENCE = Text(zh="现场核实：{done}", en="Seen on the spot: {done}")


def plan(world: World) -> None:
    """What citizens, patrols, enterprises and the office will bring up in the year, each at its own instant."""
    seeded = world.script.seeded
    assert seeded is not None
    days = (world.last - world.first).days
    by_events = {rule.do.split()[-1] for rule in world.regime.rules if rule.on == "reading.reported"}
    units = answering(world.place, world.regime)
    kinds = dict(seeded.cases) | {
        kind: count for kind, count in seeded.open_cases.items() if kind not in seeded.cases
    }
    for kind, count in kinds.items():
        spec = world.regime.cases.get(kind)
        if spec is None or spec.flow == "verdict" or kind in by_events or not spec.doors:
            continue
        many = max(1, round((count if kind in seeded.cases else 4 * count) * world.scale))
        rng = world.chance.of("cases", kind)
        # Few units have many and many have few.
        heavy = [world.chance.of("load", kind, unit.key).lognormvariate(0, 1) for unit in units]
        chosen = rng.choices(units, heavy, k=many)
        firms = by_turns(world.place, seeded.enterprises, kind)
        for n in range(many):
            door = world.chance.one(spec.doors, "door", kind, n)
            day = world.first + timedelta(days=int(rng.random() * max(days, 1)))
            at = world.wall(day, rng.randint(8, 19), rng.randint(0, 59))
            if door in ("office", "patrol"):
                at = world.in_hours(at)
            firm = firms[n % len(firms)] if firms else None
            world.at(at, partial(_open, world, kind, chosen[n], n, door, firm))


def _open(world: World, kind: str, unit: Any, n: int, door: str, firm: Any, now: datetime) -> None:
    rng = world.chance.of("open", kind, n)
    spec: CaseSpec = world.regime.cases[kind]
    by = {
        "patrol": world.one_of("patrol", kind, n),
        "office": world.one_of("office", kind, n),
        "enterprise": f"enterprise:{firm.key}" if firm is not None else BY,
    }.get(door, BY)
    flow = core.flow_of(spec)
    given = flow.state(flow.start).owner == "unit" or door in ("office", "patrol")
    case = casework.open_case(
        place=world.place,
        kind=kind,
        unit=unit if given else None,
        title=f"{spec.name.show(world.place.language)}：{world.say(words.matter(rng))}",
        where=world.say(words.spot(rng)) if firm is None else "",
        channel=door,
        complex=rng.random() < 0.2,
        enterprise=firm,
        given_due=world.wall(world.workdays(world.local(now).date(), rng.randint(4, 15)), 17, 30),
        form=_answers(world, spec, now),
        draw=world.chance.bytes_of("case", kind, n),
        by=by,
        now=now,
    )
    if spec.photos == "before-after":
        casework.add_photo(case=case, data=words.photo(rng), when="before", by=by, now=now)


def _answers(world: World, spec: CaseSpec, now: datetime) -> dict[str, str]:
    """Answers to the questions of a kind's form that must be answered."""
    day = world.local(now).date().isoformat()
    rng = world.chance.of("form", day)
    plain = {"date": day, "number": "2"}
    return {
        key: next(iter(one.options), plain.get(one.kind) or world.say(words.matter(rng)))
        for key, one in spec.form.items()
        if one.needed
    }


def turned(world: World, event: Event) -> None:
    """A case is in somebody's hands: they will do something about it when they get to it."""
    case = cases.case(world.place, event.subject.partition(":")[2])
    if case is None or case.source or case.closed_at is not None:
        return
    state = cases.flow(case).state(case.state)
    if state.owner not in ("office", "unit", "enterprise"):
        return  # callers and reviewers decide about the verdict; the case follows
    world.at(_when(world, case, state.owner), partial(_act, world, case.ref, case.state, case.returns))


def _when(world: World, case: Any, owner: str) -> datetime:
    """When whoever holds a case gets to it."""
    rng = world.chance.of("when", case.ref, case.state, case.returns, case.transfers)
    if owner != "unit":
        hours = rng.uniform(0.5, 4) if owner == "office" else rng.uniform(2, 24)
        return world.after(world.now, hours if rng.random() > 0.02 else 20)
    if case.next_due_at is None or case.next_due_at <= world.now:
        return world.after(world.now, rng.uniform(2, 24))
    span = case.next_due_at - world.now
    good = world.quality(case.unit.key, world.local(world.now).date())
    late = rng.random() < 1 / (1 + 2.718 ** (3.4 + 0.9 * good))
    took = 1.05 + min(rng.expovariate(2), 1.5) if late else rng.betavariate(2, 3)
    return world.in_hours(world.now + span * took, fine=span < SHORT)


def _act(world: World, ref: str, state: str, returns: int, now: datetime) -> None:
    """The next move on a case, unless it went on without whoever meant to take it."""
    case = cases.case(world.place, ref)
    if case is None or (case.state, case.returns) != (state, returns) or case.paused_until is not None:
        return
    flow = cases.flow(case)
    owner = flow.state(state).owner
    rng = world.chance.of("move", ref, state, returns, case.transfers)
    if owner == "unit" and rng.random() < MORE_TIME and _asks_for_time(world, case, rng, now):
        world.at(world.after(now, 8), partial(_act, world, ref, state, returns))
        return
    open_to = [move for move in flow.moves if state in move.from_states and owner in move.by]
    move = _chosen(open_to, owner, rng, returns)
    if move is None:
        return
    by = {
        "unit": lambda: world.clerk(case.unit),
        "office": lambda: world.one_of("office", ref, state, returns),
        "enterprise": lambda: f"enterprise:{case.enterprise.key}" if case.enterprise else "",
    }[owner]()
    role = owner
    if owner == "enterprise" and case.enterprise is None:
        # Nobody can confirm what the office itself registered: the office does.
        role, by = "office", world.one_of("office", ref, state, returns)
        move = next((one for one in flow.moves if state in one.from_states and one.key == "close"), None)
        if move is None:
            return
    if move.milestone == "answered":
        _show_photos(case, by, rng, now)
    form = {name: _said(world, name, case, rng, now) for name in move.needs}
    casework.move_case(case=case, move=move.key, role=role, form=form, by=by, now=now)


def _chosen(moves: list[Move], owner: str, rng: Any, returns: int) -> Move | None:
    """Which move somebody takes: mostly the one that brings the case on."""
    on = [one for one in moves if one.undoes is None and one.to_state not in ("set-aside", "refused")]
    back = [one for one in moves if one.undoes is not None]
    share = SENT_BACK if owner != "unit" else HANDED_BACK
    if back and returns < 2 and rng.random() < share:
        return back[0]
    # A unit says first what it will do, and later what it did.
    return on[0] if on else back[0] if back else None


def _asks_for_time(world: World, case: Any, rng: Any, now: datetime) -> bool:
    """Ask for more time where the rule-book gives it and the clock still runs; whether it was asked for."""
    spec = cases.spec_of(case)
    running = [
        one for one in case.clocks.all() if one.met_at is None and one.void_at is None and one.due_at > now
    ]
    if spec.extend is None or not running or case.requests.exists():
        return False
    clock = max(running, key=lambda one: one.due_at)
    row = casework.ask(
        case=case,
        kind="extension",
        ground=clock.key,
        text=world.say(words.cause(rng)),
        until=clock.due_at + 4 * _DAY,
        unit=case.unit,
        by=world.clerk(case.unit),
        now=now,
    )
    world.at(world.after(now, rng.uniform(1, 5)), partial(_grant, world, row, rng.random() < 0.7))
    return True


def _grant(world: World, row: Any, granted: bool, now: datetime) -> None:
    rng = world.chance.of("grant", row.pk)
    casework.answer_request(
        request=row,
        granted=granted,
        reply=world.say(words.fault(rng)),
        role="office",
        by=world.one_of("office", "grant", row.pk),
        now=now,
    )


def _show_photos(case: Any, by: str, rng: Any, now: datetime) -> None:
    wanted = cases.spec_of(case).photos
    if wanted == "before-after" and not case.photos.filter(when="before").exists():
        casework.add_photo(case=case, data=words.photo(rng), when="before", by=by, now=now)
    if wanted != "none":
        casework.add_photo(case=case, data=words.photo(rng), when="after", by=by, now=now)


def _said(world: World, name: str, case: Any, rng: Any, now: datetime) -> str:
    """What is filled into a field of a move."""
    if name == "unit":
        return case.unit.key if case.unit is not None else _whose(world, case)
    if name == "time":
        return (
            world.in_hours(now + timedelta(days=rng.randint(1, 6))).astimezone(world.place.zone).isoformat()
        )
    if name == "evidence":
        return world.say(_EVIDENCE).format(done=cases.said(case, "answer").get("done", case.ref))
    text = {"owner": words.who, "next_step": words.step, "reason": words.fault}.get(name)
    return world.say(text(rng) if text is not None else words.done(rng, case.ref))


def _whose(world: World, case: Any) -> str:
    """The unit that the office gives a case to that came in without one."""
    units = answering(world.place, world.regime)
    if case.enterprise is not None and case.enterprise.liaison is not None:
        return str(case.enterprise.liaison.key)
    heavy = [world.chance.of("load", case.kind, unit.key).lognormvariate(0, 1) for unit in units]
    return str(world.chance.of("whose", case.ref, case.returns).choices(units, heavy)[0].key)


def drawn(world: World, event: Event) -> None:
    """Closed cases were drawn to be looked at again: patrols go there in the days after."""
    period = event.subject.partition(":")[2]
    for n, row in enumerate(rechecks.to_do(world.place, world.one_of("patrol", period))):
        if row.period == period:
            at = world.after(world.now, 2 + world.chance.share("recheck", row.pk) * 60)
            world.at(at, partial(_look_again, world, row, n))


def _look_again(world: World, row: Any, n: int, now: datetime) -> None:
    rng = world.chance.of("recheck", row.pk)
    good = world.quality(row.unit.key, world.local(now).date())
    over = rng.random() > 1 / (1 + 2.718 ** (3.2 + good))
    casework.finish_recheck(
        recheck=row,
        outcome="over" if over else "not-over",
        note=world.say(words.done(rng, row.case.ref) if over else words.fault(rng)),
        by=world.one_of("patrol", "recheck", n),
        now=now,
    )


def slip_given(world: World, event: Event) -> None:
    """A slip is signed for within a day by whoever it went to."""
    case = cases.case(world.place, event.subject.partition(":")[2])
    if case is not None and case.unit is not None:
        at = world.after(world.now, 1 + 6 * world.chance.share("sign", event.seq))
        world.at(at, partial(_sign, world, case))


def _sign(world: World, case: Any, now: datetime) -> None:
    for row in case.slips.filter(seen_at__isnull=True):
        office = row.to == "office"
        by = world.one_of("office", "slip", row.pk) if office else world.clerk(case.unit)
        casework.sign_slip(slip=row, by=by, now=now)


REACTIONS = {
    **dict.fromkeys(
        ("case.opened", "case.transferred", *(one for one in MOVE_EVENTS if one != "case.closed")), (turned,)
    ),
    "rechecks.drawn": (drawn,),
    "slip.issued": (slip_given,),
}
