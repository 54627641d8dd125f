"""The one corridor between rooms: events are read in order, and the rule-book says what follows.

A rule acts at most once on an event (and unit): the unique row of `Firing` is written in the transaction of
what the rule does, with the cursor that says how far the ledger was read. A kill at any instant leaves
either all of it or none, and the next run goes on from there.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import InterfaceError, OperationalError, connection, transaction

from leitai.apps.ballots import actions as ballots
from leitai.apps.casework import actions as casework
from leitai.apps.casework import queries as cases
from leitai.apps.ledger import log as log_of_verdicts
from leitai.apps.ledger import queries as ledger
from leitai.apps.ledger.actions import record
from leitai.apps.ledger.models import Event
from leitai.apps.ledger.sealing import publish_head, seal
from leitai.apps.merits import actions as merits
from leitai.apps.occasions import actions as occasions
from leitai.apps.outbox import queries as outbox
from leitai.apps.permits import actions as permits
from leitai.apps.regimes import queries as regimes
from leitai.apps.tables import queries as tables
from leitai.rules.regime.conditions import ConditionError
from leitai.rules.regime.matching import Match, matching
from leitai.rules.regime.model import Regime
from leitai.rules.regime.vocabulary import EVENTS

from . import messages
from .contests import run_contests
from .corrections import CORRECTING, correct_tables
from .deeds import BY, DEEDS, Occurrence
from .house import FOLLOWS
from .invitations import invite
from .models import Cursor, Firing
from .rechecks import draw_due

log = logging.getLogger(__name__)

BATCH = 200
HEAD_EVERY = timedelta(minutes=10)


@dataclass
class Progress:
    """What one run of the drive did."""

    sealed: int = 0
    read: int = 0
    fired: int = 0
    clocks: int = 0
    occasions: int = 0
    merits: int = 0

    def __bool__(self) -> bool:
        return any(vars(self).values())


def run(place: Any, *, now: datetime) -> Progress:
    """One round for a place: seal, apply rules to what is new, tell what is due and what is over.

    Bounded: what is left over is for the next round. `now` is the place's present, UTC.
    """
    done = Progress()
    for case in cases.pauses_over(place, now)[:BATCH]:
        done.clocks += bool(casework.end_pause(case=case, by=BY, now=now))
    done.clocks += casework.tick_clocks(place=place, by=BY, now=now) or 0
    done.clocks += permits.tick_duties(place=place, by=BY, now=now) or 0
    done.occasions = occasions.open_due(place=place, by=BY, now=now) or 0
    done.occasions += occasions.tell_due(place=place, by=BY, now=now) or 0
    done.occasions += occasions.tick_preparations(place=place, by=BY, now=now) or 0
    done.merits = merits.tell_over(place=place, by=BY, now=now) or 0
    done.sealed = seal(place)
    done.read, done.fired = apply_rules(place, now=now)
    return done


def run_until_idle(place: Any, *, now: datetime) -> Progress:
    """Rounds until nothing is left to do at `now`."""
    total = Progress()
    while done := run(place, now=now):
        for name, count in vars(done).items():
            setattr(total, name, getattr(total, name) + count)
    return total


def housekeeping(place: Any, *, now: datetime) -> None:
    """What is done now and then: occasions planned ahead, words purged, a sample invited, heads kept."""
    occasions.plan(place=place, by=BY, now=now)
    ballots.purge_words(place=place, by=BY, now=now)
    ballots.purge_contacts(place=place, by=BY, now=now)
    ballots.purge_notes(place=place, by=BY, now=now)
    while ballots.purge_origins(place=place, by=BY, now=now):
        pass
    casework.purge_reporters(place=place, by=BY, now=now)
    run_contests(place, now)
    draw_due(place, now=now)
    invite(place, now=now)
    heads = ledger.heads(place, 1)
    if not heads or now - heads[0].at >= HEAD_EVERY:
        publish_head(place, now=now)
    if log_of_verdicts.due(place, now):
        log_of_verdicts.publish(place, now=now)


def apply_rules(place: Any, *, now: datetime, batch: int = BATCH) -> tuple[int, int]:
    """Read the next sealed events and do what the rules say. Returns (events read, deeds done).

    One reader at a time per place; another worker finds the cursor locked and goes elsewhere.
    """
    Cursor.objects.get_or_create(place=place)
    with transaction.atomic():
        cursor = (
            Cursor.objects.select_for_update(
                skip_locked=connection.features.has_select_for_update_skip_locked
            )
            .filter(place=place)
            .first()
        )
        if cursor is None:
            return 0, 0
        rows = list(ledger.after(place, cursor.seq + 1, batch))
        if not rows:
            return 0, 0
        fired = sum(_handle(place, row, now) for row in rows)
        fired += _correct(place, [row for row in rows if row.kind in CORRECTING], now)
        cursor.seq = rows[-1].seq
        cursor.save()
        return len(rows), fired


def _handle(place: Any, row: Event, now: datetime) -> int:
    """Do what the rules say follows from an event. Returns how many deeds were done."""
    done = 0
    for name, deed in FOLLOWS.get(row.kind, {}).items():
        done += _once(place, row, name, "", now, lambda deed=deed: deed(place, row, now))
    if row.kind in messages.KINDS and outbox.is_told(place, row.kind):
        done += _once(place, row, "messages", "", now, lambda: messages.announce(place, row, now))
    return done + (_by_the_book(place, row, now) if row.kind in EVENTS else 0)


def _correct(place: Any, rows: list[Event], now: datetime) -> int:
    """Correct published tables once for all verdicts that were set aside or brought back since the last round."""
    if not rows:
        return 0
    return _once(place, rows[0], "correction", "", now, lambda: correct_tables(place, rows, now, by=BY))


def _by_the_book(place: Any, row: Event, now: datetime) -> int:
    """Do what the rule-book in force at the event says. Returns how many deeds were done."""
    regime = regimes.regime_on(place, row.at.astimezone(place.zone).date())
    if not any(rule.on == row.kind for rule in regime.rules):
        return 0
    seen: set[tuple[str, str]] = set()
    done = 0
    for unit, facts in _scopes(place, row):
        for match in _matching(place, regime, row, unit, facts, now):
            key = match.key
            scope = "" if match.do.target == "event" else unit
            if (key, scope) not in seen:
                seen.add((key, scope))
                one = Occurrence(place, regime, match.rule, match.key, row, facts, now)
                do = match.do
                done += _once(place, row, key, scope, now, lambda one=one, do=do: DEEDS[do.verb](one, do))
    return done


def _matching(
    place: Any, regime: Regime, row: Event, unit: str, facts: dict[str, Any], now: datetime
) -> tuple[Match, ...]:
    """The rules that are true of an event and have not led to it; a condition that cannot be answered is told of."""
    known = _ancestry(place, row)
    try:
        found = matching(regime, row.kind, facts)
    except ConditionError:
        # A division by zero in one rule's condition: the others are asked all the same.
        found = ()
        for rule in regime.rules:
            try:
                found += matching(regime.model_copy(update={"rules": (rule,)}), row.kind, facts)
            except ConditionError as fault:
                _failed(place, row, rule.key or rule.do, unit, now, fault)
    for match in found:
        if match.key in known:
            _failed(place, row, match.key, unit, now, RecursionError("the rule led to this event itself"))
    return tuple(match for match in found if match.key not in known)


def _ancestry(place: Any, row: Event) -> frozenset[str]:
    """The rules by which the drive alone came to an event; what a person did in between begins anew."""
    rules: set[str] = set()
    while row.by == BY and row.cause.startswith("event:"):
        number, _, rule = row.cause.partition("/")
        if rule in rules:
            break
        rules.add(rule)
        row = Event.objects.get(place=place, seq=int(number.removeprefix("event:")))
    return frozenset(rules)


def _once(place: Any, row: Event, rule: str, unit: str, now: datetime, deed: Callable[[], object]) -> int:
    """Carry out a deed unless it was before; 1 where something was done."""
    try:
        with transaction.atomic():
            _, new = Firing.objects.get_or_create(event=row, rule=rule, unit=unit)
            return int(new and deed() is not False)
    except (OperationalError, InterfaceError):
        raise  # the database is away or a lock was not had: the whole batch is tried again
    except Exception as fault:  # noqa: BLE001 - whatever keeps a deed from being done is told of
        # One rule that cannot be carried out must not stop the drive: the office is told, the rest goes on.
        _failed(place, row, rule, unit, now, fault)
        return 0


def _failed(place: Any, row: Event, rule: str, unit: str, now: datetime, fault: Exception) -> None:
    log.error("rule %s on event %s of %s", rule, row.seq, place.key, exc_info=fault)
    record(
        place=place,
        kind="rule.failed",
        by=BY,
        now=now,
        subject=row.subject,
        data={"rule": rule, "unit": unit, "why": f"{type(fault).__name__}: {fault}"[:300]},
        cause=f"event:{row.seq}",
    )


def _scopes(place: Any, row: Event) -> Iterator[tuple[str, dict[str, Any]]]:
    """What the rules are asked about: the event, or each unit of a table that was published."""
    facts = json.loads(row.data)
    if row.kind not in ("table.published", "table.corrected"):
        yield facts.get("unit.key") or "", facts
        return
    table = tables.table(place, int(row.subject.partition(":")[2]))
    for _, of_unit in tables.facts_of(table):
        yield of_unit["unit.key"], facts | of_unit
