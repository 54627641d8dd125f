"""Writing the route of a scoring and who scores on it; each scorer comes in by a link that is shown once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from leitai.apps.ledger.actions import action, record
from leitai.apps.ledger.errors import refuse
from leitai.apps.occasions import queries as occasions
from leitai.rules.kernel import N_
from leitai.rules.ledger import canonical
from leitai.rules.regime.gatherings import ScoringSpec
from leitai.rules.scoring.judges import FEWEST_SHEETS, routes

from ..links import link_digest
from ..models import Scorer, Scoring, Site

MOST_SITES, MOST_SCORERS = 100, 500


@action("peers.laid")
def lay(*, occasion: Any, sites: Sequence[tuple[Any, str]], by: str, now: datetime) -> list[Site]:
    """Lay the route anew: units and the names of their sites, in the order of visiting. Until the scoring is open."""
    _spec(occasion)
    _not_open(occasion)
    names = [name.strip()[:200] for _unit, name in sites]
    if not 2 <= len(sites) <= MOST_SITES:
        raise refuse("route-size", N_("A route has from 2 to %(most)s sites."), most=MOST_SITES)
    if not all(names):
        raise refuse("site-no-name", N_("Give every site a name."))
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise refuse("site-twice", N_("“%(name)s” is on the route twice."), name=twice)
    Site.objects.filter(occasion=occasion).delete()
    rows = [
        Site(occasion=occasion, unit=unit, turn=turn, name=name)
        for turn, ((unit, _given), name) in enumerate(zip(sites, names, strict=True), 1)
    ]
    Site.objects.bulk_create(rows)
    record(
        place=occasion.place,
        kind="peers.laid",
        by=by,
        now=now,
        subject=f"occasion:{occasion.pk}",
        data={"occasion.key": occasion.key, "sites": [[row.unit.key, row.name] for row in rows]},
    )
    return rows


@action("peers.opened")
def open_scoring(
    *, occasion: Any, units: Sequence[Any], groups: int, secrets: Sequence[str], by: str, now: datetime
) -> list[Scorer]:
    """Name the scorers, one for each of `units`, who travel in so many groups, and open the scoring.

    `secrets` are the secrets of their links, drawn by whoever calls; only their digests are kept.
    """
    spec = _spec(occasion)
    _not_open(occasion)
    count = Site.objects.filter(occasion=occasion).count()
    if not count:
        raise refuse("no-route", N_("Lay the route first."))
    if not FEWEST_SHEETS <= len(units) <= MOST_SCORERS:
        raise refuse(
            "scorers-size",
            N_("From %(least)s to %(most)s scorers score."),
            least=FEWEST_SHEETS,
            most=MOST_SCORERS,
        )
    if not 1 <= groups <= min(len(units), 2 * count):
        raise refuse("groups-size", N_("There are as many groups as scorers at most."))
    if len(set(secrets)) != len(units):
        raise refuse("links-not-one-each", N_("Every scorer has a link of their own."))
    Scoring.objects.create(
        occasion=occasion, terms=canonical(_terms(spec)).decode(), opened_at=now, opened_by=by
    )
    rows = [
        Scorer(
            occasion=occasion,
            unit=unit,
            number=number,
            start=start,
            backwards=backwards,
            link_digest=link_digest(secret),
        )
        for number, (unit, secret, (start, backwards)) in enumerate(
            zip(units, secrets, routes(len(units), count, groups), strict=True), 1
        )
    ]
    Scorer.objects.bulk_create(rows)
    record(
        place=occasion.place,
        kind="peers.opened",
        by=by,
        now=now,
        subject=f"occasion:{occasion.pk}",
        data={
            "occasion.key": occasion.key,
            "sites": count,
            "groups": groups,
            "scorers": [row.unit.key for row in rows],
        },
    )
    return list(Scorer.objects.filter(occasion=occasion).select_related("unit").order_by("number"))


@action("peers.link_renewed")
def renew_link(*, scorer: Scorer, secret: str, by: str, now: datetime) -> Scorer:
    """Give a scorer a new link; the old one ends at once, what they gave stays."""
    row = Scorer.objects.select_for_update(of=("self",)).select_related("occasion__place").get(pk=scorer.pk)
    if row.handed_in_at is not None:
        raise refuse("handed-in", N_("This sheet was handed in; nothing can be changed any more."))
    row.link_digest = link_digest(secret)
    row.save(update_fields=["link_digest"])
    record(
        place=row.occasion.place,
        kind="peers.link_renewed",
        by=by,
        now=now,
        subject=f"occasion:{row.occasion_id}",
        data={"scorer": row.number},
    )
    return row


def _spec(occasion: Any) -> ScoringSpec:
    """What the rule-book says of the scoring. Refuses where there is none, or the occasion is over."""
    spec = occasions.spec_of(occasion)
    if spec is None or spec.scoring is None:
        raise refuse("no-scoring", N_("The rule-book has no scoring for this occasion."))
    if occasion.held_at is not None or occasion.cancelled_at is not None:
        raise refuse("occasion-over", N_("The occasion is over."))
    return spec.scoring


def _not_open(occasion: Any) -> None:
    if Scoring.objects.filter(occasion=occasion).exists():
        raise refuse("scoring-open", N_("The scoring is open; its route and scorers stay as they are."))


def _terms(spec: ScoringSpec) -> dict[str, Any]:
    return {
        "criteria": [
            {"key": key, "most": str(one.most), "name": {"zh": one.name.zh, "en": one.name.en}}
            for key, one in spec.criteria.items()
        ],
        "level": str(spec.level),
        "least": str(spec.least),
    }
