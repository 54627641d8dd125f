"""Rows of scoring on the spot that the database must refuse."""

from __future__ import annotations

from typing import Any

from leitai.apps.peers.models import Mark, Scorer, Site
from tests.apps.bad import again, bad
from tests.apps.bad_occasions import occasion
from tests.factories import NOW, Town


def site(town: Town, **more: Any) -> Site:
    row = more.pop("occasion", None) or occasion(town)
    values = {"occasion": row, "unit": town.units["north"], "turn": 1, "name": "Works"}
    return Site.objects.create(**values | more)


def scorer(town: Town, **more: Any) -> Scorer:
    row = more.pop("occasion", None) or occasion(town)
    values = {"occasion": row, "unit": town.units["water"], "number": 1, "link_digest": "a" * 64}
    return Scorer.objects.create(**values | more)


def mark(town: Town, **more: Any) -> Mark:
    row = site(town)
    by = scorer(town, occasion=row.occasion)
    values = {
        "site": row,
        "scorer": by,
        "of_unit": row.unit,
        "by_unit": by.unit,
        "criterion": "scale",
        "points": 5,
        "at": NOW,
        "received_at": NOW,
        "once": "one-mark",
    }
    return Mark.objects.create(**values | more)


def two_sites(town: Town, **more: Any) -> Any:
    row = site(town)
    return site(town, occasion=row.occasion, **more)


bad(Site, "site_turn_once")(lambda t: two_sites(t, name="Hospital"))
bad(Site, "site_name_once")(lambda t: two_sites(t, turn=2))
bad(Scorer, "scorer_number_once")(lambda t: scorer(t, occasion=scorer(t).occasion, link_digest="b" * 64))
bad(Scorer, "scorer_begins_on_the_route")(lambda t: scorer(t, start=0))
bad(Mark, "mark_once")(lambda t: again(mark(t)))
bad(Mark, "mark_not_below_zero")(lambda t: mark(t, points=-1))
bad(Mark, "mark_not_of_own_unit")(lambda t: mark(t, of_unit=t.units["water"]))
