"""Chains put from a file, figures put right, gaps as work from opening to their end."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from leitai.apps.chains import actions, queries
from leitai.apps.chains.models import Gap, Link, Member
from leitai.apps.ledger.errors import Refused
from leitai.apps.ledger.models import Event
from tests.apps.chains_town import FILE, data, gap, link, town
from tests.factories import BY, DAY, NOW, Town

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def here(db: None) -> Town:
    return town()


def last(town: Town, kind: str) -> dict[str, Any]:
    import json

    row = Event.objects.filter(place=town.place, kind=kind).order_by("-id").first()
    assert row is not None
    return dict(json.loads(row.data) if isinstance(row.data, str) else row.data)


def put(town: Town, **changes: Any) -> Any:
    return actions.put_chain(place=town.place, chain="metal", data=data(**changes), by=BY, now=NOW)


def refused(expected: str, **named: Any) -> None:
    with pytest.raises(Refused) as told:
        named.pop("act")(**named, by=BY, now=NOW)
    assert told.value.finding.code == expected


def test_a_chain_as_put_reads_as_the_file_says(here: Town) -> None:
    chain = queries.chain(here.place, "metal", NOW)
    assert chain is not None
    metal = next(one for one in chain.links if one.key == "metal")
    assert metal.made == 50 and metal.of_whole == D("0.25") and metal.bought_outside == 1
    assert chain.edges == (("ore", "metal"), ("metal", "wheels"), ("wheels", "tyres"))
    assert chain.ends.both and chain.missing == 2 and chain.firms == 3
    assert [(one.link, one.kind) for one in chain.gaps] == [
        ("ore", "fill"),
        ("metal", "extend"),
        ("tyres", "fill"),
    ]
    assert chain.critical["metal"].share == D("0.5")


def test_the_same_file_again_changes_nothing_and_another_says_what_it_changed(here: Town) -> None:
    before = Event.objects.count()
    assert not put(here)
    assert Event.objects.count() == before
    wider = FILE["wheels"] | {"needs": {"metal": {"name": "Sheet", "from": {"metal": 40}}}}
    assert put(here, wheels=wider, ore=None, metal=FILE["metal"] | {"needs": {}}) == 3
    told = last(here, "chain.put")
    assert (told["added"], told["gone"]) == (0, 1) and told["changed"] == 5  # two needs; three links moved up
    assert queries.chain(here.place, "metal", NOW).critical["metal"].share == 0  # type: ignore[union-attr]


def test_a_link_with_work_is_not_left_out(here: Town) -> None:
    gap(here)
    with pytest.raises(Refused) as told:
        put(here, tyres=None)
    assert told.value.finding.code == "link-with-gaps" and Link.objects.filter(key="tyres").exists()


def test_later_figures_of_a_firm_are_kept_against_an_older_file(here: Town) -> None:
    row = Member.objects.get(key="smelter")
    figures = {"capacity": D(45), "building": None, "output": D(10) ** 9}
    act = {"member": row, "figures": figures, "produces": True, "as_of": NOW.date(), "source": "its own word"}
    actions.note_firm(**act, by=BY, now=NOW)
    assert last(here, "chain.firm_noted")["changed"]["capacity"] == ["30.0000", "45"]
    put(here)
    row.refresh_from_db()
    assert row.capacity == 45 and row.source == "its own word"
    newer = FILE["metal"] | {
        "firms": {"smelter": FILE["metal"]["firms"]["smelter"] | {"as_of": "2024-04-11", "capacity": 50}}
    }
    put(here, metal=newer)
    row.refresh_from_db()
    assert row.capacity == 50 and not Member.objects.filter(key="forge").exists()


def test_a_figure_needs_a_source_a_day_and_an_amount_that_can_be(here: Town) -> None:
    act = {
        "act": actions.note_firm,
        "member": Member.objects.get(key="smelter"),
        "figures": {"capacity": D(1)},
        "produces": True,
        "as_of": NOW.date(),
        "source": "letter",
    }
    refused("no-source", **act | {"source": " "})
    refused("not-yet", **act | {"as_of": NOW.date() + DAY})
    refused("older", **act | {"as_of": date(2024, 1, 30)})
    for value in (D(-1), D("NaN"), D(10) ** 13):
        refused("bad-amount", **act | {"figures": {"capacity": value}})


def test_a_chain_that_the_rule_book_has_not_is_refused(here: Town) -> None:
    refused("no-chain", act=actions.put_chain, place=here.place, chain="glass", data=data())


def test_a_gap_goes_from_opening_to_its_end(here: Town) -> None:
    row = gap(here)
    later = NOW + 3 * DAY
    actions.say(gap=row, text="Two makers visited", by=BY, now=later)
    actions.change_gap(
        gap=row, unit=here.units["tax"], due=date(2024, 9, 30), why="Moved there", by=BY, now=later
    )
    actions.end_gap(gap=row, done=True, how="The line runs since May", by=BY, now=later)
    row.refresh_from_db()
    assert (row.state, row.unit.key, row.said_on) == ("done", "tax", later.date())
    assert here.kinds()[-4:] == ["gap.opened", "gap.spoken", "gap.changed", "gap.ended"]
    refused("gap-over", act=actions.say, gap=row, text="More")
    assert gap(here).pk != row.pk  # it may be opened anew


def test_what_cannot_be_opened(here: Town) -> None:
    gap(here)
    act = {
        "act": actions.open_gap,
        "link": link(here, "metal"),
        "kind": "extend",
        "text": "x",
        "unit": here.units["water"],
        "due": NOW.date(),
    }
    refused("gap-open", **act | {"link": link(here, "tyres"), "kind": "fill"})
    refused("no-kind", **act | {"kind": "mend"})
    refused("no-words", **act | {"text": " "})
    refused("day-over", **act | {"due": NOW.date() - DAY})
    refused("not-yet", **act | {"since": NOW.date() + DAY})
    assert actions.open_gap(**{k: v for k, v in act.items() if k != "act"}, by=BY, now=NOW)


def test_two_places_do_not_leak(here: Town) -> None:
    vale = town("vale")
    assert [chain.firms for chain in queries.board(vale.place, NOW)] == [3, 0]
    refused(
        "other-place",
        act=actions.open_gap,
        link=link(here),
        kind="extend",
        text="x",
        unit=vale.units["water"],
        due=NOW.date(),
    )
    row = gap(here)
    assert queries.gap(vale.place, row.pk) is None and queries.works(vale.place, NOW) == []


def test_cases_stand_in_its_way_until_they_are_closed(here: Town) -> None:
    row = gap(here)
    case = here.case("question")
    actions.tie(gap=row, what="case", code=case.ref, by=BY, now=NOW)
    own = here.case("question", title="Power", about=f"gap:{row.pk}")
    work = queries.work(here.place, row.pk, NOW)
    assert work is not None
    assert {view.case.ref for _tie, view in work.cases} == {case.ref, own.ref}
    refused("no-such-tie", act=actions.tie, gap=row, what="lead", code="nobody")
    refused("no-such-tie", act=actions.tie, gap=row, what="wish", code=case.ref)
    refused("no-reason", act=actions.untie, tie=row.ties.get(), why="")
    assert not actions.tie(gap=row, what="case", code=case.ref, by=BY, now=NOW)
    actions.untie(tie=row.ties.get(), why="Another matter", by=BY, now=NOW)
    assert queries.work(here.place, row.pk, NOW).cases[0][1].case.ref == own.ref  # type: ignore[union-attr]


def test_the_chief_is_told_what_to_push(here: Town) -> None:
    assert queries.chiefs(here.viewer("leader"), here.place, NOW) == ("metal",)
    assert queries.chiefs(here.viewer("office"), here.place, NOW) == ()
    late, quiet = gap(here, due="2024-04-10"), gap(here, "metal", "extend")
    chains = queries.board(here.place, NOW)
    found = queries.pressing(here.place, chains, NOW + timedelta(days=31))
    assert [(one.work.row.pk, one.reasons) for one in found] == [
        (late.pk, ("late", "quiet", "bare")),
        (quiet.pk, ("quiet", "bare")),
    ]
    assert found[1].critical == D("0.5")
    assert Gap.objects.count() == 2 and [w.row.pk for w in queries.of_unit(here.units["water"], NOW)] == [
        late.pk,
        quiet.pk,
    ]
