"""Published heads hold the ledger to what it was: a tail cut, and the sealer's own row set back, is found."""

from __future__ import annotations

import pytest

from leitai.apps.ledger import queries
from leitai.apps.ledger.models import Chain, Event, Head
from leitai.apps.ledger.sealing import publish_head, seal
from tests.factories import NOW, Town, build


@pytest.fixture
def town(db: None) -> Town:
    """A small place with a published head."""
    found = build("town")
    found.verdict()
    while seal(found.place):
        pass
    publish_head(found.place, now=NOW)
    return found


def codes(town: Town) -> list[str]:
    return [one.code for one in queries.verify(town.place).findings]


def test_an_untouched_ledger_is_whole(town: Town) -> None:
    assert codes(town) == []


def test_a_cut_tail_is_found_by_the_published_head(town: Town) -> None:
    chain = Chain.objects.get(place=town.place)
    last = Event.objects.get(place=town.place, seq=chain.size)
    before = Event.objects.get(place=town.place, seq=chain.size - 1)
    last.delete()
    Chain.objects.filter(place=town.place).update(size=before.seq, link=before.link)
    assert codes(town) == ["published-beyond"]


def test_a_head_of_another_history_is_found(town: Town) -> None:
    head = Head.objects.get(place=town.place)
    Head.objects.filter(pk=head.pk).update(root="00" * 32)
    assert codes(town) == ["published-differs"]
    Head.objects.filter(pk=head.pk).update(root=head.root, link="00" * 32)
    assert codes(town) == ["published-differs"]


def test_the_last_events_alone_are_held_against_the_head_too(town: Town) -> None:
    Head.objects.filter(place=town.place).update(link="00" * 32)
    assert [one.code for one in queries.verify(town.place, last=2).findings] == ["published-differs"]
