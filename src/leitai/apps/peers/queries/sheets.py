"""Reading routes, scorers and their sheets."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import F, Q

from leitai.apps.occasions import queries as occasions
from leitai.apps.people import queries as people
from leitai.rules.scoring.judges import place_in_route

from ..links import link_digest
from ..models import Mark, Scorer, Scoring, Site
from .terms import terms_of, why_barred

SLACK = timedelta(minutes=2)  # by which telephones' clocks are off without anything being the matter


@dataclass(frozen=True)
class Stop:
    """A site in a scorer's own order, with what they gave it by criterion, or why they may not."""

    site: Site
    place: int
    barred: str
    marks: dict[str, Mark]


@dataclass(frozen=True)
class Progress:
    """How far a scorer's sheet is filled: marks `given` of `asked`; sites left out by unit."""

    scorer: Scorer
    given: int
    asked: int
    barred: int


@dataclass(frozen=True)
class OddClock:
    """A telephone's clock that cannot be right: `first` of `count` marks, made `before` the opening, or not yet."""

    first: Mark
    before: bool
    count: int


def scoring(occasion: Any) -> Scoring | None:
    """That the scoring of an occasion was opened, and when; None before."""
    return Scoring.objects.filter(occasion=occasion).first()


def sites(occasion: Any) -> list[Site]:
    """The route in order."""
    return list(Site.objects.filter(occasion=occasion).select_related("unit").order_by("turn"))


def site(occasion: Any, number: int) -> Site | None:
    """A site of the route by its turn."""
    return Site.objects.filter(occasion=occasion, turn=number).select_related("unit").first()


def scorers(occasion: Any) -> list[Scorer]:
    """Who scores, by number."""
    return list(Scorer.objects.filter(occasion=occasion).select_related("unit").order_by("number"))


def scorer_by_link(place: Any, secret: str) -> Scorer | None:
    """Whose link this is. Found by a digest of 256 bits, so that how long the search takes says nothing."""
    rows = Scorer.objects.filter(occasion__place=place, link_digest=link_digest(secret))
    return rows.select_related("occasion__place", "unit").first()


def scorer_by_number(occasion: Any, number: int) -> Scorer | None:
    """A scorer of an occasion by number."""
    rows = Scorer.objects.filter(occasion=occasion, number=number)
    return rows.select_related("occasion__place", "unit").first()


def default_units(occasion: Any) -> list[Any]:
    """The units that score by the rule-book; those that come, where it does not say."""
    spec = occasions.spec_of(occasion)
    if spec is not None and spec.scoring is not None and spec.scoring.scorers is not None:
        return people.picked(occasion.place, spec.scoring.scorers)
    return occasions.comers(occasion)


def barred(occasion: Any) -> dict[tuple[int, int], str]:
    """Why which scorer (by number) may not score which site (by turn)."""
    below, route = people.descendants(occasion.place), sites(occasion)
    pairs = {
        (scorer.number, one.turn): why_barred(occasion.place, scorer.unit_id, one.unit_id, below)
        for scorer in scorers(occasion)
        for one in route
    }
    return {pair: why for pair, why in pairs.items() if why}


def sheet(scorer: Scorer) -> list[Stop]:
    """A scorer's sheet in the order of their own route."""
    route, below = sites(scorer.occasion), people.descendants(scorer.occasion.place)
    given: dict[int, dict[str, Mark]] = {}
    for mark in Mark.objects.filter(scorer=scorer).order_by("received_at", "pk"):
        given.setdefault(mark.site_id, {})[mark.criterion] = mark
    stops = [
        Stop(
            one,
            place_in_route(one.turn, len(route), scorer.start, scorer.backwards),
            why_barred(scorer.occasion.place, scorer.unit_id, one.unit_id, below),
            given.get(one.pk, {}),
        )
        for one in route
    ]
    return sorted(stops, key=lambda stop: stop.place)


def odd_clocks(occasion: Any) -> list[OddClock]:
    """Scorers with marks that their telephone says were made before the scoring was open, or after they arrived."""
    opened = scoring(occasion)
    if opened is None:
        return []
    marks = Mark.objects.filter(scorer__occasion=occasion).select_related("scorer__unit", "site")
    early, late = Q(at__lt=opened.opened_at - SLACK), Q(at__gt=F("received_at") + SLACK)
    found: dict[tuple[int, bool], list[Mark]] = {}
    for mark in marks.filter(early | late).order_by("scorer__number", "received_at", "pk"):
        found.setdefault((mark.scorer_id, mark.at < opened.opened_at), []).append(mark)
    return [OddClock(rows[0], before, len(rows)) for (_scorer, before), rows in found.items()]


def progress(occasion: Any) -> list[Progress]:
    """How far every sheet is filled, by number."""
    turns, criteria = len(sites(occasion)), len(terms_of(occasion).criteria)
    out = Counter(number for number, _turn in barred(occasion))
    pairs = Mark.objects.filter(scorer__occasion=occasion).values_list("scorer", "site", "criterion")
    filled = Counter(scorer for scorer, _site, _criterion in set(pairs))
    return [
        Progress(one, filled[one.pk], (turns - out[one.number]) * criteria, out[one.number])
        for one in scorers(occasion)
    ]
