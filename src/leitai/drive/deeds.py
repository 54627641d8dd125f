"""What a rule may do, each word of the rule-book's vocabulary as the action that carries it out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from leitai.apps.bulletins import actions as bulletins
from leitai.apps.casework import actions as casework
from leitai.apps.casework import queries as casework_rows
from leitai.apps.ledger.models import Event
from leitai.apps.merits import actions as merits
from leitai.apps.occasions import actions as occasions
from leitai.apps.people import queries as people
from leitai.apps.tables import queries as tables
from leitai.rules.regime.deeds import Do
from leitai.rules.regime.model import Regime, RuleSpec

from .reasons import reason

BY = "drive"


@dataclass(frozen=True)
class Occurrence:
    """An event that a rule has been found true of, with what the rule may know of it."""

    place: Any
    regime: Regime
    rule: RuleSpec
    rule_key: str
    event: Event
    facts: Mapping[str, Any]
    now: datetime

    @property
    def cause(self) -> str:
        """The event by number and the rule, as the ledger names what led to what."""
        return f"event:{self.event.seq}/{self.rule_key}"

    @property
    def unit(self) -> Any:
        """The unit the event is about: the dispatching office's where no unit has it yet. Raises LookupError."""
        key = self.facts.get("unit.key") or self.regime.place.office or ""
        row = people.unit(self.place, str(key))
        if row is None:
            raise LookupError(f"{self.event.kind} number {self.event.seq} names no unit")
        return row


def _open_case(one: Occurrence, do: Do) -> None:
    unit = one.unit
    language = one.place.language
    kind = one.regime.cases[do.argument].name.show(language)
    with translation.override(language):
        title = _("%(kind)s: %(unit)s") % {"kind": kind, "unit": unit.name}
    casework.open_case(
        place=one.place,
        kind=do.argument,
        unit=unit,
        title=title,
        text=one.rule.source,
        about=one.event.subject,
        at=one.event.at,
        cause=one.cause,
        by=BY,
        now=one.now,
    )


def _propose(one: Occurrence, do: Do) -> None:
    unit = one.unit
    day = one.event.at.astimezone(one.place.zone).date()
    merits.propose(
        place=one.place,
        unit=unit,
        official=people.head_on(unit, day) if do.target == "head" else None,
        number=one.rule.number or "",
        links=_links(one),
        merit=do.argument,
        target=do.target,
        rule=one.rule.source,
        reason=reason(one),
        evidence=one.cause,
        at=one.event.at,
        by=BY,
        now=one.now,
    )


def _links(one: Occurrence) -> list[str]:
    """What a consequence rests on: what the event is about, and what that is about."""
    found = [one.event.subject or f"event:{one.event.seq}"]
    room, _colon, ref = one.event.subject.partition(":")
    case = casework_rows.case(one.place, ref) if room == "case" else None
    if case is not None and case.about:
        found.append(case.about)
    return found


def _call(one: Occurrence, do: Do) -> None:
    occasions.call(
        place=one.place,
        key=do.argument,
        at=one.event.at,
        mark=f"event:{one.event.seq}",
        cause=one.cause,
        by=BY,
        now=one.now,
    )


def _bulletin(one: Occurrence, _: Do) -> None:
    row = tables.table(one.place, int(one.event.subject.partition(":")[2]))
    bulletins.draw(table=row, by=BY, now=one.now)


DEEDS: Mapping[str, Callable[[Occurrence, Do], None]] = {
    "open case": _open_case,
    "propose": _propose,
    "call": _call,
    "publish bulletin": _bulletin,
}
