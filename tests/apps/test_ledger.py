"""The ledger: every act leaves its event in its own transaction, and what is numbered never changes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.db import transaction

from leitai.apps.ledger import queries, sealing
from leitai.apps.ledger.actions import UNCHANGED, ActionError, action, nothing_new, record
from leitai.apps.ledger.models import Chain, Event, Head
from leitai.apps.people.models import Unit
from leitai.rules import ledger as core
from tests.factories import BY, DAY, NOW, Town, at_once, build


def seal(town: Town) -> None:
    while sealing.seal(town.place, batch=3):
        pass


# The frame of every act


@action("test.done")
def rename(*, town: Town, name: str, tell: str = "test.done", by: str, now: datetime) -> Any:
    if name == "":
        return UNCHANGED
    Unit.objects.filter(pk=town.units["water"].pk).update(name_en=name)
    if name == "as it was":
        nothing_new()
        return name
    if tell:
        record(place=town.place, kind=tell, by=by, now=now, subject="unit:water", data={"name": name})
    if name == "fails":
        raise RuntimeError("after the event")
    return name


def test_an_act_and_its_event_are_one(town: Town) -> None:
    assert rename(town=town, name="Wells", by=BY, now=NOW) == "Wells"
    assert town.kinds()[-1] == "test.done"


@pytest.mark.parametrize(("name", "tell"), [("Wells", ""), ("Wells", "test.other"), ("fails", "test.done")])
def test_without_the_declared_event_nothing_stays(town: Town, name: str, tell: str) -> None:
    before = town.kinds()
    with pytest.raises((ActionError, RuntimeError)):
        rename(town=town, name=name, tell=tell, by=BY, now=NOW)
    assert town.kinds() == before
    assert Unit.objects.get(pk=town.units["water"].pk).name_en == "Water Bureau"


def test_an_act_that_changes_nothing_says_so(town: Town) -> None:
    before = town.kinds()
    assert rename(town=town, name="", by=BY, now=NOW) is UNCHANGED
    assert not UNCHANGED
    assert rename(town=town, name="as it was", by=BY, now=NOW) == "as it was"
    assert town.kinds() == before


def test_an_act_within_an_act_counts_for_both(town: Town) -> None:
    @action("test.done")
    def outer(*, by: str, now: datetime) -> None:
        rename(town=town, name="Wells", by=by, now=now)

    @action("test.done")
    def idle(*, by: str, now: datetime) -> None:
        rename(town=town, name="as it was", by=by, now=now)

    outer(by=BY, now=NOW)
    with pytest.raises(ActionError):
        idle(by=BY, now=NOW)


def test_an_act_is_keyword_only_and_told_who_and_when() -> None:
    with pytest.raises(ActionError):
        action("x.y")(lambda by, now: None)
    with pytest.raises(ActionError):

        @action("x.y")
        def nobody(*, now: datetime) -> None: ...


@pytest.mark.django_db(transaction=True)
def test_an_event_is_recorded_inside_a_transaction() -> None:
    place = build().place
    with pytest.raises(ActionError):
        record(place=place, kind="x.y", by=BY, now=NOW, subject="x:1")


# Numbers, links, heads


def test_events_are_numbered_without_gaps_in_the_order_they_were_written(town: Town) -> None:
    seal(town)
    rows = list(Event.objects.filter(place=town.place).order_by("id"))
    assert [row.seq for row in rows] == list(range(1, len(rows) + 1))
    assert len({row.link for row in rows}) == len(rows)
    assert sealing.seal(town.place) == 0


def test_the_chain_is_what_the_core_says_it_is(town: Town) -> None:
    seal(town)
    link, leaves = core.genesis("town").link, []
    for seq, body, kept in queries.rows(town.place):
        link = core.link(link, body)
        leaves.append(core.leaf_hash(body))
        assert kept == link.hex(), seq
    chain = queries.chain(town.place)
    assert (chain.size, chain.link) == (len(leaves), link.hex())
    head = sealing.publish_head(town.place, now=NOW)
    assert bytes.fromhex(head.root) == core.root(leaves)
    assert core.verify_inclusion(
        leaves[2], 2, len(leaves), core.inclusion_proof(leaves, 2), bytes.fromhex(head.root)
    )


def test_what_is_numbered_keeps_its_number(town: Town) -> None:
    seal(town)
    before = list(Event.objects.order_by("id").values_list("id", "seq", "link"))
    town.case("question")
    seal(town)
    assert list(Event.objects.order_by("id").values_list("id", "seq", "link"))[: len(before)] == before


def test_a_head_is_kept_once_per_size(town: Town) -> None:
    assert sealing.publish_head(town.place, now=NOW) is None
    seal(town)
    first = sealing.publish_head(town.place, now=NOW)
    assert sealing.publish_head(town.place, now=NOW + DAY) == first
    town.case("question")
    seal(town)
    assert sealing.publish_head(town.place, now=NOW + DAY).size > first.size
    assert [head.size for head in queries.heads(town.place)] == sorted(
        (head.size for head in Head.objects.all()), reverse=True
    )


def test_a_whole_ledger_is_whole_and_so_is_its_end(town: Town) -> None:
    assert queries.verify(town.place).count == 0, "nothing sealed is nothing broken"
    seal(town)
    assert queries.verify(town.place).findings == ()
    assert queries.verify(town.place).count == Event.objects.count()
    assert queries.verify(town.place, last=3).count == 3
    assert queries.verify(town.place, last=3).findings == ()


@pytest.mark.parametrize(
    ("change", "code", "seq"),
    [
        (lambda rows: rows.filter(seq=4).update(data='{"sample":true}'), "altered", 4),
        (lambda rows: rows.filter(seq=4).update(by="account:other"), "altered", 4),
        (lambda rows: rows.filter(seq=4).update(at=NOW + DAY), "altered", 4),
        (lambda rows: rows.filter(seq=4).update(cause="event:1/x"), "altered", 4),
        (lambda rows: rows.filter(seq=4).delete(), "removed", 4),
        (lambda rows: rows.filter(seq=rows.count()).delete(), "head-missing", None),
    ],
)
def test_a_hand_on_the_database_is_seen(town: Town, change: Any, code: str, seq: int | None) -> None:
    seal(town)
    change(Event.objects.filter(place=town.place))
    (finding,) = queries.verify(town.place).findings
    assert finding.code == code
    assert seq is None or str(seq) in finding.text


def test_two_events_that_change_places_are_named(town: Town) -> None:
    seal(town)
    rows = Event.objects.filter(place=town.place)
    fourth, sixth = rows.get(seq=4), rows.get(seq=6)
    rows.filter(pk=fourth.pk).update(seq=1000)
    rows.filter(pk=sixth.pk).update(seq=4)
    rows.filter(pk=fourth.pk).update(seq=6)
    findings = queries.verify(town.place).findings
    assert {one.code for one in findings} == {"reordered"}
    assert {"4", "6"} <= {word.strip(",.:") for one in findings for word in one.text.split()}


def test_the_event_of_another_place_does_not_fit(town: Town, vale: Town) -> None:
    for one in (town, vale):
        seal(one)
    Event.objects.filter(place=town.place, seq=4).delete()
    Event.objects.filter(place=vale.place, seq=4).update(place=town.place)
    assert queries.verify(town.place).findings


def test_each_place_has_its_own_numbers(town: Town, vale: Town) -> None:
    seal(town)
    seal(vale)
    for one in (town, vale):
        assert list(
            Event.objects.filter(place=one.place).order_by("seq").values_list("seq", flat=True)
        ) == list(range(1, Event.objects.filter(place=one.place).count() + 1))
    assert {row.place_id for row in queries.events(town.place)} == {town.place.pk}
    assert {row.place_id for row in queries.after(vale.place, 1, 99)} == {vale.place.pk}
    assert queries.road(vale.place, "place:town") == []
    assert Chain.objects.count() == 2


def test_events_are_read_by_kind_and_thing_newest_first(town: Town) -> None:
    case = town.case("question")
    town.move(case, "reply", "unit", owner="Li Hua", next_step="Send a crew out", time="2024-04-11")
    assert queries.events(town.place, subject=f"case:{case.ref}") == [], "not before it is sealed"
    assert [row.kind for row in queries.road(town.place, f"case:{case.ref}")] == [
        "case.opened",
        "case.replied",
    ]
    seal(town)
    seqs = [row.seq for row in queries.events(town.place, limit=3)]
    assert seqs == sorted(seqs, reverse=True) and len(seqs) == 3
    assert [row.kind for row in queries.events(town.place, kind="case.replied")] == ["case.replied"]
    assert all(row.seq < 4 for row in queries.events(town.place, before_seq=4))


@pytest.mark.django_db(transaction=True)
def test_two_sealers_give_out_each_number_once() -> None:
    town = build()
    for n in range(40):
        town.verdict(grade="satisfied", once=f"sealers-{n:08d}")

    def work() -> None:
        while sealing.seal(town.place, batch=5):
            pass

    at_once(work, work)
    assert sealing.seal(town.place) == 0
    assert queries.verify(town.place).findings == ()
    assert queries.verify(town.place).count == Event.objects.count()


@transaction.atomic
def half_done(town: Town) -> float:
    rename(town=town, name="Wells", by=BY, now=NOW)
    return 1 / 0


def test_a_transaction_that_fails_leaves_no_number_behind(town: Town) -> None:
    with pytest.raises(ZeroDivisionError):
        half_done(town)
    town.case("question")
    seal(town)
    assert queries.verify(town.place).findings == ()
