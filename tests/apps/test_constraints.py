"""The database holds the last line: every constraint of every room refuses the row it was made to refuse.

The bad rows are written past the actions, since the actions would never write them. A constraint without a bad
row here fails the first test.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from leitai.apps.ballots.models import Point, Words
from leitai.apps.bulletins.models import Bulletin
from leitai.apps.casework.models import Case, Clock
from leitai.apps.ledger.models import Chain, Event, Head
from leitai.apps.measures.models import Reading
from leitai.apps.occasions.models import Occasion
from leitai.apps.people.models import ApiKey, Enterprise, Place, Post, Sponsorship, Unit
from leitai.apps.regimes.models import Version
from leitai.apps.tables.models import Standing, Table
from leitai.drive.models import Cursor, Firing
from tests.apps import (  # noqa: F401  their rows are in BAD
    bad_bulletins,
    bad_burden,
    bad_campaigns,
    bad_cases,
    bad_chains,
    bad_contests,
    bad_inspections,
    bad_measures,
    bad_merits,
    bad_occasions,
    bad_outbox,
    bad_peers,
    bad_permits,
    bad_projects,
)
from tests.apps.bad import BAD, Bad, again, bad, changed
from tests.apps.bad_verdicts import ballot
from tests.factories import BY, DAY, HOUR, NOW, Town, database_refuses

# People

bad(Unit, "unit_once_in_place")(lambda t: again(t.units["water"]))
bad(Unit, "unit_not_its_own_parent")(lambda t: changed(t.units["water"], parent=t.units["water"]))
bad(Post, "post_once")(lambda t: again(t.posts["clerk"]))
bad(Post, "post_without_unit_once")(lambda t: again(t.posts["office"]))
bad(Post, "post_role_known")(lambda t: changed(t.posts["office"], role="king"))
bad(Post, "clerk_has_a_unit")(lambda t: changed(t.posts["clerk"], unit=None))
bad(ApiKey, "api_key_once")(
    lambda t: [ApiKey.objects.create(place=t.place, name="queue", digest=d, created_at=NOW) for d in "12"]
)
bad(Enterprise, "enterprise_once_in_place")(lambda t: again(t.firm))
bad(Sponsorship, "sponsorship_once")(lambda t: again(t.firm.sponsorships.get()))

# Ledger


def sealed(town: Town) -> Event:
    from leitai.apps.ledger.sealing import seal

    seal(town.place)
    return Event.objects.get(place=town.place, seq=2)


@bad(Head, "head_once_per_size")
def _(town: Town) -> Any:
    from leitai.apps.ledger.sealing import publish_head

    sealed(town)
    return again(publish_head(town.place, now=NOW))


bad(Event, "event_number_once")(lambda t: changed(sealed(t), seq=1))
bad(Event, "event_sealed_whole_or_not")(lambda t: changed(sealed(t), link=""))

# Rule-books, verdicts

bad(Version, "regime_text_once")(lambda t: again(Version.objects.get()))


# Cases

bad(Case, "case_ref_once")(lambda t: again(t.case("question")))
bad(Case, "case_source_once")(
    lambda t: [changed(t.case("question", title=n), source="old", source_id="1") for n in ("1", "2")]
)
bad(Case, "case_closed_after_opened")(
    lambda t: changed(
        t.case("question"), state="closed", holder="none", next_due_at=None, closed_at=NOW - HOUR
    )
)
bad(Case, "case_once")(lambda t: [changed(t.case("question", title=n), once="the-same") for n in ("1", "2")])
bad(Case, "case_open_has_holder")(lambda t: changed(t.case("question"), holder="none"))
bad(Case, "case_over_is_not_due")(
    lambda t: changed(t.case("question"), state="closed", holder="none", closed_at=NOW)
)


def clock(town: Town) -> Clock:
    return Clock.objects.get(case=town.case("question"))


bad(Clock, "clock_started_once")(lambda t: again(clock(t)))
bad(Clock, "clock_breaches_at_due")(lambda t: changed(clock(t), breached_at=NOW + DAY))
bad(Clock, "clock_met_after_start")(lambda t: changed(clock(t), met_at=NOW - HOUR))

# Measures and tables


def reading(town: Town, **more: Any) -> Reading:
    values = {
        "place": town.place,
        "unit": town.units["water"],
        "measure": "funds",
        "period": "2024-03",
        "value": Decimal(1),
        "reported_at": NOW,
        "reported_by": BY,
    }
    return Reading.objects.create(**values | more)


bad(Reading, "reading_source_once")(lambda t: [reading(t, source="old", source_id="1") for _ in range(2)])
bad(Reading, "reading_reported_once")(lambda t: [reading(t) for _ in range(2)])
bad(Reading, "reading_value_or_rate")(lambda t: reading(t, numerator=Decimal(1), denominator=Decimal(2)))


def table(town: Town, *, published: bool = False) -> Table:
    town.reports("2024-03", {"water": 12, "roads": 9, "tax": 5})
    return town.table("works", "2024-03", published=published)


def standing(town: Town, key: str = "water") -> Standing:
    return Standing.objects.get(table=table(town), unit__key=key)


bad(Table, "table_edition_once")(lambda t: again(table(t)))
bad(Table, "table_published_after_frozen")(
    lambda t: changed(table(t), published_at=NOW - DAY, published_by=BY)
)
bad(Table, "table_published_by_another")(
    lambda t: changed(table(t), published_at=NOW, published_by="account:office")
)
bad(Table, "table_later_edition_says_why")(lambda t: changed(table(t), edition=2))
bad(Standing, "standing_once")(lambda t: again(standing(t)))
bad(Standing, "standing_rank_has_interval")(lambda t: changed(standing(t), rank_low=2))
bad(Standing, "standing_named_is_ranked")(lambda t: changed(standing(t, "north"), named_worst=True))

# Occasions and consequences


def occasion(town: Town, **more: Any) -> Occasion:
    return Occasion.objects.create(place=town.place, key="dispatch", nominal="2024-W20", at=NOW, **more)


bad(Occasion, "occasion_once")(lambda t: [occasion(t) for _ in range(2)])
bad(Occasion, "occasion_held_has_instant")(lambda t: occasion(t, state="held"))

# Drive

bad(Firing, "rule_fires_once")(
    lambda t: [Firing.objects.create(event=sealed(t), rule="x", unit="water") for _ in range(2)]
)


def test_every_constraint_has_a_row_that_it_refuses() -> None:
    declared = {
        (model, one.name)
        for model in apps.get_models()
        if model.__module__.startswith("leitai.")
        for one in model._meta.constraints
    }
    assert set(BAD) == declared


@pytest.mark.parametrize(("model", "name"), BAD, ids=[name for _, name in BAD])
def test_the_database_refuses(town: Town, model: Any, name: str) -> None:
    with database_refuses(model, name):
        BAD[model, name](town)


@pytest.mark.parametrize(
    "write",
    [
        lambda t: again(t.place),
        lambda t: again(t.points["tax-window"], unit=t.units["water"]),
        lambda t: [ballot(t, receipt="AAAA") for _ in range(2)],
        lambda t: [
            Words.objects.create(ballot=b, sealed=b"x", keep_until=NOW.date()) for b in [t.verdict()] * 2
        ],
        lambda t: [reading(t, replaces=one, source_id=n, source="x") for one in [reading(t)] for n in "12"],
        lambda t: [
            Bulletin.objects.create(place=t.place, table=one, document=b"", drawn_at=NOW)
            for one in [table(t)] * 2
        ],
        lambda t: [Chain.objects.create(place=t.place, link="x") for _ in range(2)],
        lambda t: [Cursor.objects.create(place=t.place) for _ in range(2)],
    ],
    ids=["place", "point", "receipt", "words", "correction", "bulletin", "chain", "cursor"],
)
def test_what_there_is_once_is_there_once(town: Town, write: Bad) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        write(town)


def test_rows_that_records_point_at_stay(town: Town) -> None:
    from django.db.models import ProtectedError

    town.verdict()
    for row in (town.place, town.units["tax-window"], town.points["tax-window"]):
        with pytest.raises(ProtectedError):
            row.delete()
    assert Place.objects.count() == 1 and Point.objects.count() == 2
