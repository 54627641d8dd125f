"""Scoring on the spot: the route, whom a scorer may score, marks that arrive late and twice, sheets, the result."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from leitai.apps.ledger.errors import Refused
from leitai.apps.ledger.models import Event
from leitai.apps.peers import actions, queries
from leitai.apps.peers.models import Mark, Result, Scorer
from tests.apps.peers_town import SCORERS, SITES, filled, give, laid, opened, peers_town, said, secret, tour
from tests.factories import BY, DAY, HOUR, MINUTE, NOW, Town, at_once, refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(db: None) -> Town:
    return peers_town()


def test_a_route_is_laid_and_laid_anew_until_the_scoring_is_open(town: Town) -> None:
    row = laid(town)
    two = [(town.units["north"], "A"), (town.units["south"], "B")]
    actions.lay(occasion=row, sites=two, by=BY, now=NOW)
    assert [(one.turn, one.name) for one in queries.sites(row)] == [(1, "A"), (2, "B")]
    actions.open_scoring(
        occasion=row,
        units=[town.units[key] for key in ("roads", "tax", "water")],
        groups=1,
        secrets=["a", "b", "c"],
        by=BY,
        now=NOW,
    )
    with refused("scoring-open"):
        actions.lay(occasion=row, sites=two, by=BY, now=NOW)
    assert town.kinds()[-3:] == ["peers.laid", "peers.laid", "peers.opened"]


@pytest.mark.parametrize(
    ("names", "code"),
    [(["A"], "route-size"), (["A", " "], "site-no-name"), (["A", "A "], "site-twice")],
)
def test_a_route_that_cannot_be_is_refused(town: Town, names: list[str], code: str) -> None:
    with refused(code):
        sites = [(town.units["north"], name) for name in names]
        actions.lay(occasion=tour(town), sites=sites, by=BY, now=NOW)


def test_an_occasion_without_scoring_in_the_rule_book_has_none(town: Town) -> None:
    from leitai.apps.occasions.models import Occasion

    row = Occasion.objects.filter(place=town.place, key="review").select_related("place").first()
    with refused("no-scoring"):
        actions.lay(occasion=row, sites=[], by=BY, now=NOW)


@pytest.mark.parametrize(
    ("units", "groups", "secrets", "code"),
    [
        (["water", "roads"], 1, ["a", "b"], "scorers-size"),
        (["water", "roads", "tax"], 0, ["a", "b", "c"], "groups-size"),
        (["water", "roads", "tax"], 4, ["a", "b", "c"], "groups-size"),
        (["water", "roads", "tax"], 2, ["a", "a", "b"], "links-not-one-each"),
    ],
)
def test_scorers_that_cannot_be_are_refused(
    town: Town, units: list[str], groups: int, secrets: list[str], code: str
) -> None:
    row, named = laid(town), [town.units[key] for key in units]
    with refused(code):
        actions.open_scoring(occasion=row, units=named, groups=groups, secrets=secrets, by=BY, now=NOW)


def test_half_of_the_scorers_go_the_other_way_round(town: Town) -> None:
    row = opened(town)
    ways = [(one.start, one.backwards) for one in queries.scorers(row)]
    assert ways == [(1, False), (5, True)] * 3
    first, second = queries.scorers(row)[:2]
    assert [stop.site.turn for stop in queries.sheet(first)] == [1, 2, 3, 4, 5]
    assert [stop.site.turn for stop in queries.sheet(second)] == [5, 4, 3, 2, 1]


def test_own_unit_and_those_above_and_below_are_left_out(town: Town) -> None:
    row = opened(town)
    unit = dict(enumerate(SCORERS, 1))
    of = {turn: key for turn, (key, _name) in enumerate(SITES, 1)}
    assert {(unit[number], of[turn]): why for (number, turn), why in queries.barred(row).items()} == {
        ("water", "water"): "own",
        ("tax", "tax-window"): "above",
        ("north", "north"): "own",
        ("south", "south"): "own",
        ("harbour", "harbour"): "own",
    }
    with refused("own-unit"):
        give(row, 1, 4, "scale", "50")
    with refused("own-unit"):
        give(row, 3, 5, "scale", "50")
    assert [(one.asked, one.barred) for one in queries.progress(row)][:3] == [(8, 1), (10, 0), (8, 1)]


def test_a_mark_is_one_however_often_it_arrives_and_a_changed_one_is_another(town: Town) -> None:
    row = opened(town)
    first = give(row, 2, 1, "scale", "50", once="the-first-one")
    assert give(row, 2, 1, "scale", "50", once="the-first-one") == first
    give(row, 2, 1, "scale", "45.5", once="the-second-one", at=NOW + timedelta(minutes=1))
    assert give(row, 2, 1, "scale", "50", once="the-first-one") == first
    assert Mark.objects.count() == 2
    assert queries.sheet(queries.scorer_by_number(row, 2))[4].marks["scale"].points == Decimal("45.5")
    assert town.kinds().count("peers.marked") == 2


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"points": Decimal(61)}, "bad-points"),
        ({"points": Decimal(-1)}, "bad-points"),
        ({"points": Decimal("1.234")}, "bad-points"),
        ({"points": Decimal("NaN")}, "bad-points"),
        ({"criterion": "beauty"}, "no-criterion"),
        ({"once": "short"}, "bad-once"),
        ({"now": NOW - DAY}, "too-early"),
    ],
)
def test_a_mark_that_cannot_be_is_refused(town: Town, more: dict[str, Any], code: str) -> None:
    row = opened(town)
    values = {
        "scorer": queries.scorer_by_number(row, 2),
        "site": queries.site(row, 1),
        "criterion": "scale",
        "points": Decimal(5),
        "once": "a-key-of-its-own",
        "at": NOW,
        "by": "scorer:2",
        "now": NOW,
    }
    with refused(code):
        actions.mark(**values | more)


def test_a_site_of_another_route_is_refused(town: Town) -> None:
    row, other = opened(town), tour(town, "2024-05")
    sites = [(town.units["north"], "A"), (town.units["south"], "B")]
    actions.lay(occasion=other, sites=sites, by=BY, now=NOW)
    with refused("not-on-route"):
        actions.mark(
            scorer=queries.scorer_by_number(row, 2),
            site=queries.site(other, 1),
            criterion="scale",
            points=Decimal(5),
            once="a-key-of-its-own",
            at=NOW,
            by="scorer:2",
            now=NOW,
        )


@pytest.mark.parametrize(("off", "before"), [(DAY, False), (-DAY, True)])
def test_a_phones_time_that_cannot_be_is_kept_beside_that_of_arrival_and_told(
    town: Town, off: timedelta, before: bool
) -> None:
    row = opened(town)
    found = said(row, 2, 1, "scale", "5", NOW + off)
    assert (found.at, found.received_at) == (NOW + off, NOW)
    event = Event.objects.filter(kind="peers.marked").get()
    assert event.at == NOW, "the ledger has it when it arrived"
    said(row, 2, 2, "scale", "5", NOW + off)
    said(row, 4, 2, "scale", "5", NOW)
    (odd,) = queries.odd_clocks(row)
    assert (odd.first, odd.before, odd.count) == (found, before, 2)


@pytest.mark.parametrize("off", [-2 * MINUTE, 0 * MINUTE, 2 * MINUTE])
def test_a_phones_clock_that_is_off_by_no_more_than_clocks_are_is_nothing_to_tell(
    town: Town, off: timedelta
) -> None:
    row = opened(town)
    said(row, 2, 1, "scale", "5", NOW + off)
    assert queries.odd_clocks(row) == []


def test_a_phones_clock_changes_nothing_in_the_result_and_not_which_mark_is_the_last(town: Town) -> None:
    right, wrong = opened(town), opened(peers_town("vale"))
    for row, back in ((right, 0), (wrong, 1)):
        barred = queries.barred(row)
        for number, turn in ((n, t) for n in range(1, 7) for t in range(1, 6) if (n, t) not in barred):
            # By this phone the sites were visited the other way round, and the first try came after the second.
            clock = NOW + back * (number * DAY - turn * HOUR)
            said(row, number, turn, "scale", "9", clock + back * DAY, "first-try")
            points = 50 - 4 * turn - number + (number * 7 + turn * 3) % 4
            said(row, number, turn, "scale", str(points), clock, now=NOW + MINUTE)
            said(row, number, turn, "speed", str(30 - number), clock, now=NOW + MINUTE)
        for one in queries.scorers(row):
            actions.hand_in(scorer=one, by=f"scorer:{one.number}", now=NOW + MINUTE)
    results = [actions.work_out(occasion=row, by=BY, now=NOW + MINUTE) for row in (right, wrong)]
    assert results[0].inputs == results[1].inputs and results[0].outcome == results[1].outcome
    assert json.loads(results[0].outcome)["order"] is not None
    assert queries.odd_clocks(right) == [] and len(queries.odd_clocks(wrong)) == 6


def test_nothing_is_changed_after_the_sheet_was_handed_in(town: Town) -> None:
    row = opened(town)
    scorer = queries.scorer_by_number(row, 2)
    with refused("sheet-empty"):
        actions.hand_in(scorer=scorer, by="scorer:2", now=NOW)
    give(row, 2, 1, "scale", "50")
    actions.hand_in(scorer=scorer, by="scorer:2", now=NOW)
    assert not actions.hand_in(scorer=scorer, by="scorer:2", now=NOW)
    with refused("handed-in"):
        give(row, 2, 2, "scale", "50")
    with refused("handed-in"):
        actions.renew_link(scorer=scorer, secret="another", by=BY, now=NOW)
    assert give(row, 2, 1, "scale", "50").points == 50, "what had arrived has arrived"


def test_a_new_link_ends_the_old_one_and_keeps_the_marks(town: Town) -> None:
    row = opened(town)
    give(row, 2, 1, "scale", "50")
    actions.renew_link(scorer=queries.scorer_by_number(row, 2), secret="another", by=BY, now=NOW)
    assert queries.scorer_by_link(town.place, secret(town, 2)) is None
    found = queries.scorer_by_link(town.place, "another")
    assert found is not None and found.marks.count() == 1
    assert not Scorer.objects.filter(link_digest="another").exists(), "the secret is not kept"


def test_a_link_lets_nobody_into_another_place(town: Town) -> None:
    opened(town)
    vale = peers_town("vale")
    assert queries.scorer_by_link(vale.place, secret(town, 1)) is None


def test_the_result_is_frozen_and_comes_out_again(town: Town) -> None:
    row = opened(town)
    with refused("too-few-sheets"):
        actions.work_out(occasion=row, by=BY, now=NOW)
    filled(row)
    made = actions.work_out(occasion=row, by=BY, now=NOW)
    assert queries.holds(made)
    outcome = json.loads(made.outcome)
    ranks = {one["turn"]: one["rank"] for one in outcome["sites"]}
    assert ranks[1] == 1 and ranks[5] == 5
    assert outcome["order"] is not None
    with refused("result-made-already"):
        actions.work_out(occasion=row, by=BY, now=NOW)
    event = town.kinds()[-1]
    assert event == "peers.worked_out"
    for field, value in (("outcome", made.outcome.replace('"rank":1', '"rank":2', 1)), ("digest", "0" * 64)):
        altered = Result.objects.get()
        setattr(altered, field, value)
        assert not queries.holds(altered)


def test_only_sheets_that_were_handed_in_count(town: Town) -> None:
    row = opened(town)
    filled(row)
    Scorer.objects.filter(number=6).update(handed_in_at=None)
    outcome = json.loads(actions.work_out(occasion=row, by=BY, now=NOW).outcome)
    assert [one["number"] for one in outcome["judges"]] == [1, 2, 3, 4, 5]
    with refused("result-made"):
        give(row, 6, 1, "scale", "10", once="late-to-the-day")


def test_too_few_sheets_make_no_result_and_the_refusal_has_the_numbers(town: Town) -> None:
    row = opened(town)
    filled(row)
    Scorer.objects.filter(number__gt=2).update(handed_in_at=None)
    with refused("too-few-sheets"):
        actions.work_out(occasion=row, by=BY, now=NOW)
    with pytest.raises(Refused) as told_why:
        actions.work_out(occasion=row, by=BY, now=NOW)
    assert all(number in str(told_why.value) for number in "263"), "2 of 6, where 3 are needed"
    actions.hand_in(scorer=queries.scorer_by_number(row, 3), by="scorer:3", now=NOW)
    assert queries.holds(actions.work_out(occasion=row, by=BY, now=NOW))
    told = json.loads(Event.objects.get(kind="peers.worked_out").data)
    assert (told["sheets"], told["needed"], told["scorers"]) == (3, 3, 6)


def test_the_rule_book_may_ask_for_more_sheets_and_it_is_as_it_was_when_the_scoring_was_opened(
    db: None,
) -> None:
    row = opened(peers_town(least="0.9"))
    filled(row)
    assert queries.terms_of(row).least == Decimal("0.9")
    Scorer.objects.filter(number=6).update(handed_in_at=None)
    with refused("too-few-sheets"):
        actions.work_out(occasion=row, by=BY, now=NOW)
    actions.hand_in(scorer=queries.scorer_by_number(row, 6), by="scorer:6", now=NOW)
    assert queries.holds(actions.work_out(occasion=row, by=BY, now=NOW))


def test_too_few_marks_make_no_result(town: Town) -> None:
    row = opened(town)
    for number, turn in ((1, 1), (2, 2), (4, 3)):  # each at a site of their own
        give(row, number, turn, "scale", "50")
        give(row, number, turn, "speed", "30")
        actions.hand_in(scorer=queries.scorer_by_number(row, number), by=f"scorer:{number}", now=NOW)
    with refused("too-few-marks"):
        actions.work_out(occasion=row, by=BY, now=NOW)
    assert queries.result(row) is None


def test_where_all_go_one_way_the_result_says_that_order_is_not_told(town: Town) -> None:
    row = opened(town, groups=1)
    filled(row)
    outcome = json.loads(actions.work_out(occasion=row, by=BY, now=NOW).outcome)
    assert outcome["order"] is None and "order-untold" in outcome["notes"]


@pytest.mark.django_db(transaction=True)
def test_a_mark_sent_twice_in_the_same_moment_is_one(town: Town) -> None:
    row = opened(town)
    first, second = at_once(*[lambda: give(row, 2, 1, "scale", "50")] * 2)
    assert first == second and Mark.objects.count() == 1
    assert town.kinds().count("peers.marked") == 1
