"""Reading by what is scored, and whom a scorer may not score."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from leitai.apps.occasions import queries as occasions
from leitai.apps.people import queries as people
from leitai.rules.kernel import Text

from ..models import Scoring


@dataclass(frozen=True)
class Criterion:
    """One thing that is scored, from 0 to `most`."""

    key: str
    name: Text
    most: Decimal


@dataclass(frozen=True)
class Terms:
    """The criteria, the level at which ranks are told, and the share of scorers whose sheet a result needs."""

    criteria: tuple[Criterion, ...]
    level: Decimal
    least: Decimal

    @property
    def most(self) -> Decimal:
        """The points that a site can have."""
        return sum((one.most for one in self.criteria), Decimal(0))


def terms_of(occasion: Any) -> Terms:
    """As they were when the scoring was opened; before that as the rule-book has them. Raises LookupError for none."""
    row = Scoring.objects.filter(occasion=occasion).first()
    if row is not None:
        kept = json.loads(row.terms)
        criteria = [
            Criterion(one["key"], Text(**one["name"]), Decimal(one["most"])) for one in kept["criteria"]
        ]
        # What was opened before there was such a share has the usual one.
        return Terms(tuple(criteria), Decimal(kept["level"]), Decimal(kept.get("least", "0.5")))
    spec = occasions.spec_of(occasion)
    if spec is None or spec.scoring is None:
        raise LookupError(occasion.key)
    found = [Criterion(key, one.name, Decimal(str(one.most))) for key, one in spec.scoring.criteria.items()]
    return Terms(tuple(found), Decimal(str(spec.scoring.level)), Decimal(str(spec.scoring.least)))


def why_barred(place: Any, scorer: int, site: int, below: dict[int, frozenset[int]] | None = None) -> str:
    """Why a scorer of a unit may not score a site of another, by ids: "own", "above" or "below" it; or nothing."""
    if scorer == site:
        return "own"
    below = below if below is not None else people.descendants(place)
    if site in below[scorer]:
        return "above"
    return "below" if scorer in below[site] else ""
