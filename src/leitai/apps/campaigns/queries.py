"""Reading campaigns: each goal with its owner, its figure or evidence, its light and why, as of now."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from leitai.apps.ledger.errors import Refused
from leitai.apps.measures import queries as measures
from leitai.apps.people import queries as people
from leitai.apps.regimes import queries as regimes
from leitai.rules.kernel import Period
from leitai.rules.projects.campaigns import Figure, GoalLight, goal_light
from leitai.rules.regime.model import CampaignSpec, MeasureSpec, Regime
from leitai.rules.regime.ventures import GoalSpec

from .models import Proof

KINDS = ("campaign", "demonstration", "rectification", "bottom-line")
ORDER = ("red", "yellow", "none", "green", "done")


@dataclass(frozen=True)
class Goal:
    """A goal as it stands: `as_of` is the last period whose figure is in `value`, `proof` the last evidence."""

    key: str
    spec: GoalSpec
    owner: Any
    measure: MeasureSpec | None
    light: GoalLight
    value: Decimal | None
    as_of: str
    proof: Proof | None


@dataclass(frozen=True)
class Campaign:
    """A campaign with its goals, in the rule-book's order."""

    key: str
    spec: CampaignSpec
    goals: tuple[Goal, ...]

    @property
    def counts(self) -> list[tuple[str, int]]:
        """How many goals have each light, the worst first, those of which there are none left out."""
        found = Counter(one.light.colour for one in self.goals)
        return [(colour, found[colour]) for colour in ORDER if found[colour]]

    @property
    def worst(self) -> str:
        """The worst light of any goal."""
        return next(colour for colour, _n in self.counts)

    @property
    def done(self) -> int:
        """How many goals are reached."""
        return sum(one.light.colour == "done" for one in self.goals)


def campaigns(place: Any, now: datetime, key: str = "") -> list[Campaign]:
    """The campaigns of the rule-book in force, or the one of a key, with what is known of each goal."""
    today = now.astimezone(place.zone).date()
    regime = regimes.regime_on(place, today)
    wanted = {name: spec for name, spec in regime.campaigns.items() if key in ("", name)}
    if not wanted:
        return []
    units = {unit.key: unit for unit in people.units(place)}
    proofs: dict[tuple[str, str], Proof] = {}
    for row in Proof.objects.filter(place=place, campaign__in=list(wanted)).order_by("id"):
        proofs[row.campaign, row.goal] = row
    sources = measures.Sources(place)
    return [
        Campaign(
            name,
            spec,
            tuple(
                _goal(sources, regime, goal, one, units, proofs.get((name, goal)), today)
                for goal, one in spec.goals.items()
            ),
        )
        for name, spec in wanted.items()
    ]


def proof(place: Any, number: int) -> Proof | None:
    """Evidence by its number."""
    return Proof.objects.select_related("place").filter(place=place, pk=number).first()


def proofs(place: Any, campaign: str) -> list[Proof]:
    """All evidence of a campaign, the newest first."""
    return list(Proof.objects.filter(place=place, campaign=campaign).order_by("-id"))


def _goal(
    sources: Any,
    regime: Regime,
    key: str,
    spec: GoalSpec,
    units: dict[str, Any],
    proof: Proof | None,
    today: date,
) -> Goal:
    owner = units.get(spec.owner or "")
    figure, as_of = None, ""
    if spec.measure is not None and owner is not None:
        figure, as_of = _figure(sources, regime, spec.measure, owner, min(today, spec.by or today))
    light = goal_light(spec, today, figure, _shown(proof))
    measure = regime.measures.get(spec.measure or "")
    return Goal(key, spec, owner, measure, light, figure.value if figure else None, as_of, proof)


def _shown(proof: Proof | None) -> Any:
    return proof.state if proof is not None else ""


def _figure(sources: Any, regime: Regime, measure: str, owner: Any, day: date) -> tuple[Figure | None, str]:
    """The measure over the year of a day up to that day, and the last part of the year that is in it."""
    spec = regime.measures[measure]
    year = Period.containing("year", day)
    try:
        cell = measures.cells(sources, regime, measure, year, [owner])[owner.key]
    except Refused:
        return None, ""  # a letter about the measure was altered: none of its figures is shown as good
    if cell.value is None:
        return None, ""
    parts = [part.key for part in year.within(spec.every)]
    rows = [row.period for row in sources.readings(measure, parts) if row.unit_id == owner.pk]
    return Figure(cell.value, cell.state == "disputed"), max(rows, default=day.isoformat())
