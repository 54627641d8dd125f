"""Where a verdict came from: comparable within a day, nobody's address, by hops that are trusted, forgotten in time."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leitai.apps.ballots import actions
from leitai.apps.ballots.models import Ballot
from leitai.apps.ballots.origin import NOWHERE, address_of, origin_of
from leitai.apps.ledger import queries as ledger
from leitai.apps.ledger.models import Event
from tests.factories import BY, DAY, HOUR, NOW, Town, build

MONDAY = date(2024, 4, 8)


@given(st.ip_addresses(v=4), st.ip_addresses(v=4))
def test_addresses_of_one_24_and_no_others_share_a_network(one: object, other: object) -> None:
    same = str(one).rpartition(".")[0] == str(other).rpartition(".")[0]
    found, second = (origin_of(str(address), "telephone", MONDAY) for address in (one, other))
    assert (found.network == second.network) == same
    assert (found.device == second.device) == (one == other)
    assert len(found.network) == len(found.device) == 16


@given(st.ip_addresses(v=6), st.ip_addresses(v=6))
def test_addresses_of_one_48_and_no_others_share_a_network(one: object, other: object) -> None:
    if any(str(address).startswith("::ffff:") for address in (one, other)):
        return
    networks = [origin_of(str(address), "", MONDAY).network for address in (one, other)]
    assert (networks[0] == networks[1]) == (one.packed[:6] == other.packed[:6])  # type: ignore[attr-defined]


def test_days_and_browsers_are_told_apart_and_what_is_no_address_is_nowhere() -> None:
    monday = origin_of("203.0.113.7", "telephone", MONDAY)
    tuesday = origin_of("203.0.113.7", "telephone", MONDAY + timedelta(days=1))
    tablet = origin_of("203.0.113.7", "tablet", MONDAY)
    assert monday.network == tablet.network == tuesday.network
    assert len({monday.device, tuesday.device, tablet.device}) == 3
    assert origin_of("::ffff:203.0.113.7", "telephone", MONDAY) == monday
    for text in ("", "unknown", "203.0.113", "203.0.113.7.1", "2001:db8::/32", "\x00"):
        assert origin_of(text, "telephone", MONDAY) == NOWHERE


@pytest.mark.parametrize(
    ("peer", "forwarded", "proxies", "expected"),
    [
        ("203.0.113.7:51200", "198.51.100.1", 0, "203.0.113.7"),
        ("[2001:db8::7]:51200", "", 0, "2001:db8::7"),
        ("10.0.0.1:80", "198.51.100.1", 1, "198.51.100.1"),
        ("10.0.0.1:80", "made up, 198.51.100.1", 1, "198.51.100.1"),
        ("10.0.0.1:80", "made up, 198.51.100.1, 10.0.0.2", 2, "198.51.100.1"),
        ("10.0.0.1:80", "2001:db8::7", 1, "2001:db8::7"),
        ("10.0.0.1:80", "198.51.100.1:4711", 1, "198.51.100.1"),
        ("10.0.0.1:80", "198.51.100.1", 2, "10.0.0.1"),
        ("10.0.0.1:80", "", 1, ""),
    ],
)
def test_the_address_is_what_the_outermost_trusted_proxy_saw(
    peer: str, forwarded: str, proxies: int, expected: str
) -> None:
    assert address_of(peer, forwarded, proxies) == expected


def cast(town: Town, count: int, days_ago: int) -> None:
    at = NOW - days_ago * DAY
    drafts = [
        actions.BallotDraft(
            town.units["tax-window"], "satisfied", f"{days_ago:03}-days-ago-number-{n:04}", network="n" * 16,
            device="d" * 16,
        )
        for n in range(count)
    ]  # fmt: skip
    actions.cast_many(place=town.place, drafts=drafts, by="anyone", now=at)


@pytest.mark.django_db
def test_after_thirty_days_it_is_forgotten_a_part_at_a_time_and_only_there() -> None:
    town, vale = build("town"), build("vale")
    for days_ago in (40, 31, 29):
        cast(town, 3, days_ago)
    cast(vale, 1, 40)
    done = [actions.purge_origins(place=town.place, limit=4, by=BY, now=NOW) for _ in range(3)]
    assert done[:2] == [4, 2]
    assert not done[2]
    left = Ballot.objects.exclude(network="", device="")
    assert {(row.place.key, (NOW - row.cast_at).days) for row in left} == {("town", 29), ("vale", 40)}
    events = Event.objects.filter(kind="ballots.origins_purged").order_by("id")
    assert [ledger.data(one)["count"] for one in events] == [4, 2]
    town.drive(NOW)
    # What was sealed is where the next one begins; two days later the rest is due.
    assert not actions.purge_origins(place=town.place, by=BY, now=NOW + HOUR)
    assert actions.purge_origins(place=town.place, by=BY, now=NOW + 2 * DAY) == 3
    assert not Ballot.objects.filter(place=town.place).exclude(device="").exists()
