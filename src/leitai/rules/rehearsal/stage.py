"""What every scenario is played on: a rule-book, the scenario, and the words for what comes out otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from leitai.rules.kernel import N_, Finding, nearest
from leitai.rules.regime.model import Regime
from leitai.rules.regime.scenarios import Scenario
from leitai.rules.regime.vocabulary import CelType

# What a condition is told of what a scenario does not say.
BLANK: Mapping[CelType, object] = {"string": "", "int": 0, "double": 0.0, "bool": False}


@dataclass(frozen=True, slots=True)
class Stage:
    """One scenario on one regime."""

    regime: Regime
    scenario: Scenario

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.regime.place.timezone)

    def instant(self, moment: datetime) -> datetime:
        """Wall time of the place as an instant."""
        return moment.replace(tzinfo=self.zone).astimezone(UTC)

    def local(self, instant: datetime | None) -> str:
        """An instant as a scenario writes it; "never" for none."""
        if instant is None:
            return "never"
        return shown(instant.astimezone(self.zone).replace(tzinfo=None))

    def differs(self, what: str, wanted: object, found: object, *path: object) -> Finding:
        """The finding that something came out otherwise."""
        return Finding(
            "scenario-differs",
            N_("“%(name)s”: %(what)s should be %(wanted)s; by the rule-book it is %(found)s"),
            self.scenario.where("then", *path),
            {"name": self.scenario.name, "what": what, "wanted": wanted, "found": found},
        )

    def unknown(self, what: str, name: str, names: Iterable[str], *path: object) -> Finding:
        """The finding that a scenario names something that is not there."""
        known = tuple(names)
        near = nearest(name, known)
        values = {"what": what, "name": name, "near": near, "known": ", ".join(known)}
        message = (
            N_("there is no %(what)s “%(name)s”; nearest is “%(near)s”")
            if near
            else N_("there is no %(what)s “%(name)s”; there are %(known)s")
        )
        return Finding(f"unknown-{what}", message, self.scenario.where(*path), values)


def shown(moment: datetime) -> str:
    """A moment as a scenario writes it."""
    return moment.isoformat(" ", "minutes" if not (moment.second or moment.microsecond) else "seconds")
