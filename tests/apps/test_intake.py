"""The ballot door as a real server: what it takes, what it refuses in which words, and what it does when it cannot."""

from __future__ import annotations

import socket
import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection, transaction

from leitai.apps.ballots import actions, queries
from leitai.apps.ballots.models import Ballot, Point, Stray, Ticket
from leitai.apps.ballots.tallies import kept, recounted
from leitai.apps.ledger import log
from leitai.rules.ballots import make_visit_token
from tests.intake.door import WAIT, WEB, Door, door, slip
from tests.pages.place import BY, Shan, found

ONCE, OTHER = "a-key-of-22-characters", "another-key-of-the-sort"


@pytest.fixture
def shan(leitai_environment: dict[str, str]) -> Shan:
    """The small place, committed, so that another process sees it."""
    return found()


def forged(code: str) -> str:
    """The code with its last symbol another one."""
    return code[:-1] + ("0" if code[-1] != "0" else "1")


def whole(place: Any) -> None:
    """The log, the rows and the counts say the same."""
    assert [one for one in queries.check(place, []) if one is not None] == []
    assert kept(place) == dict(recounted(place))


def test_a_verdict_is_taken_once_and_its_receipt_is_shown_in_the_manner_of_the_form(
    shan: Shan, leitai_environment: dict[str, str]
) -> None:
    with door(leitai_environment) as at:
        status, headers, _text = at.ask("GET", f"/b/{shan.code}?lang=en")
        assert (status, headers["location"]) == (307, f"{WEB}/b/{shan.code}?lang=en")
        status, headers, _text = at.ask("POST", f"/b/{shan.code}", slip(ONCE, big="1"))
        receipt = Ballot.objects.get().receipt
        assert (status, headers["location"]) == (303, f"{WEB}/r/{receipt}?lang=en&big=1")
        assert headers["cache-control"] == "no-store"
        assert at.vote(shan.code.lower(), ONCE) == receipt
        status, headers, _text = at.ask("POST", f"/b/{shan.code}", slip(ONCE), accept="application/json")
        assert (status, headers["access-control-allow-origin"]) == (201, WEB)
    row = Ballot.objects.get()
    assert (row.grade, row.channel, row.index) == ("satisfied", "standing", 0)
    whole(shan.place)


def test_bad_input_is_refused_in_clear_words_and_leaves_the_log_as_it_was(
    shan: Shan, leitai_environment: dict[str, str]
) -> None:
    later = datetime.now(UTC) + timedelta(hours=1)
    cases: list[tuple[str, str | bytes, int, str]] = [
        ("hello", slip(OTHER), 404, "code-malformed"),
        (forged(shan.code), slip(OTHER), 404, "code-wrong-signature"),
        (shan.code, slip(OTHER, "marvellous"), 422, "unknown-grade"),
        (shan.code, slip("short"), 400, "form-incomplete"),
        (shan.code, slip(OTHER, "Very Good"), 400, "form-incomplete"),
        (shan.code, b"", 400, "form-incomplete"),
        (shan.code, f"once={OTHER}&grade=satisfied&words=\xff".encode("latin-1"), 400, "form-broken"),
        (shan.code, f"once={OTHER}&grade=satisfied&words=%C3%28", 400, "form-broken"),
        (shan.code, "&".join(f"field{n}=1" for n in range(99)), 400, "form-broken"),
        (shan.code, slip(OTHER, words="x" * 20_000), 413, "too-long"),
        (shan.code, slip(OTHER, words="x" * 10_000_000), 413, "too-long"),
        (shan.code, slip(OTHER, at=later.isoformat()), 422, "time-in-the-future"),
        (shan.code, slip(OTHER, at="2024-13-45"), 422, "time-malformed"),
        (shan.code, slip(OTHER, at="2024-04-10T08:00:00"), 422, "time-malformed"),
        (shan.code, slip(OTHER, at="2024-04-10T08:00:00Z"), 422, "time-too-old"),
    ]
    with door(leitai_environment) as at:
        at.vote(shan.code, ONCE)
        for code, body, status, why in cases:
            got, told = at.post(code, body)
            assert (got, told.get("code")) == (status, why), (code, body[:80], told)
            assert told["error"] and "%(" not in told["error"]
        # What is told to a person is told in words, in the language of the form.
        status, headers, text = at.ask("POST", f"/b/{shan.code}", slip(OTHER, "marvellous"))
        assert (status, headers["content-type"]) == (422, "text/plain; charset=utf-8")
        assert text == "There is no grade marvellous here; there are satisfied, dissatisfied.\n"
        chunked = iter([slip(OTHER, words="x" * 9_000).encode(), b"y" * 9_000])
        assert at.post(shan.code, chunked)[1]["code"] == "too-long"  # type: ignore[arg-type]
        assert at.post(shan.code, "{}", content_type="application/json")[1]["code"] == "not-a-form"
        for method, path, want in (
            ("DELETE", f"/b/{shan.code}", 405),
            ("POST", "/elsewhere", 404),
            ("POST", f"/b/{shan.code}/more", 404),
            ("GET", "/b/" + quote("码"), 307),
        ):
            assert at.ask(method, path, slip(ONCE) if method == "POST" else None)[0] == want, path
        assert at.vote(shan.code, ONCE) == Ballot.objects.get().receipt
    whole(shan.place)


def test_a_form_may_say_when_it_was_filled_in_and_counts_from_when_it_came(
    shan: Shan, leitai_environment: dict[str, str]
) -> None:
    before = datetime.now(UTC)
    at_home = before - timedelta(hours=30)
    with door(leitai_environment) as at:
        assert at.post(shan.code, slip(ONCE, at=at_home.isoformat()))[0] == 201
    assert Ballot.objects.get().cast_at >= before


def test_a_ticket_is_used_once_and_says_what_became_of_it(
    shan: Shan, leitai_environment: dict[str, str]
) -> None:
    tickets = actions.issue_tickets(
        place=shan.place,
        asks=[actions.TicketAsk(shan.point.number, "visit", f"queue-{n}") for n in range(2)],
        by=BY,
        now=shan.now,
    )
    first, late = (queries.token_of(one) for one in tickets)
    Ticket.objects.filter(pk=tickets[1].pk).update(
        issued_at=shan.now - timedelta(days=9), expires_at=shan.now - timedelta(days=1)
    )
    from leitai.apps.ballots.keys import KEY_ID, signing_keys

    never = make_visit_token(signing_keys()[KEY_ID], KEY_ID, shan.point.number, 77)
    with door(leitai_environment) as at:
        receipt = at.vote(first, ONCE)
        assert at.vote(first, ONCE) == receipt, "the same form again is the same verdict"
        for token, status, why in (
            (first, 409, "ticket-used"),
            (late, 410, "ticket-expired"),
            (never, 404, "ticket-unknown"),
            (forged(first), 404, "code-wrong-signature"),
        ):
            got, told = at.post(token, slip(OTHER))
            assert (got, told["code"]) == (status, why)
    row = Ballot.objects.get()
    assert (row.channel, row.ticket.pk) == ("visit", tickets[0].pk)
    whole(shan.place)


def test_a_code_taken_down_is_told_so_and_the_house_learns_of_refused_codes(
    shan: Shan, leitai_environment: dict[str, str]
) -> None:
    with door(leitai_environment) as at:
        at.vote(shan.code, ONCE)
        actions.retire_point(point=shan.point, by=BY, now=shan.now)
        end = time.monotonic() + WAIT
        while (told := at.post(shan.code, slip(OTHER)))[0] == 201:  # the door knows its points for a second
            assert time.monotonic() < end
        assert told == (410, {"code": "code-retired", "error": "This code has been taken down."})
        taken = Ballot.objects.count()
        assert at.post(shan.code, slip("a-third-key-of-the-sort"))[0] == 410
        assert at.post(forged(shan.code), slip(OTHER))[0] == 404
        while Stray.objects.count() < 2:
            assert time.monotonic() < end and at.healthy()
    assert dict(Stray.objects.values_list("kind", "number")) == {
        "retired": shan.point.number,
        "altered": shan.point.number,
    }
    assert Ballot.objects.count() == taken <= 2
    whole(shan.place)


def test_a_connection_that_broke_costs_nobody_a_verdict(
    shan: Shan, leitai_environment: dict[str, str]
) -> None:
    with door(leitai_environment) as at:
        receipts = {at.vote(shan.code, ONCE)}
        if connection.vendor == "postgresql":  # SQLite has none that could break
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
                assert cursor.fetchall()
        receipts.add(at.vote(shan.code, OTHER))
    assert set(Ballot.objects.values_list("receipt", flat=True)) == receipts


def test_where_a_verdict_came_from_is_kept_as_digests_by_the_hop_that_is_trusted(
    shan: Shan, leitai_environment: dict[str, str]
) -> None:
    origins = {}
    with door({**leitai_environment, "LEITAI_TRUSTED_PROXY": "1"}) as at:
        for who, hops, agent in (
            ("one", "203.0.113.7", "telephone"),
            ("neighbour", "203.0.113.8", "telephone"),
            ("liar", "198.51.100.1, 203.0.113.7", "telephone"),
            ("far", "198.51.100.1", "telephone"),
        ):
            receipt = at.vote(shan.code, f"{who:->22}", x_forwarded_for=hops, user_agent=agent)
            (origins[who],) = Ballot.objects.filter(receipt=receipt).values_list("network", "device")
    assert {len(one) for origin in origins.values() for one in origin} == {16}
    assert origins["one"] == origins["liar"], "only the last hop was written by the proxy"
    assert origins["one"][0] == origins["neighbour"][0] != origins["far"][0]
    assert len({device for _, device in origins.values()}) == 3


def test_while_the_database_stands_still_nobody_is_thanked_and_afterwards_each_verdict_is_there_once(
    shan: Shan, leitai_environment: dict[str, str]
) -> None:
    people = 12
    answers: list[tuple[int, str | None, str]] = []

    def knock(at: Door, who: int) -> None:
        status, headers, text = at.ask(
            "POST", f"/b/{shan.code}", slip(f"a-patient-citizen-{who:04}"), accept="application/json"
        )
        answers.append((status, headers["retry-after"], text))

    with door(leitai_environment) as at:
        at.vote(shan.code, ONCE)
        with transaction.atomic():
            log.lock(shan.place)  # nobody else can write a verdict until this ends
            threads = [threading.Thread(target=knock, args=(at, who)) for who in range(people)]
            for one in threads:
                one.start()
            for one in threads:
                one.join(WAIT)
            assert [(status, again) for status, again, _ in answers] == [(503, "2")] * people
            assert all("busy" in text for _, _, text in answers)
            before = time.monotonic()
            knock(at, 0)
            assert answers.pop()[0] == 503
            assert time.monotonic() - before < 2, "whoever comes while it stands still hears so at once"
            assert at.healthy()
        end = time.monotonic() + WAIT
        while at.post(shan.code, slip("a-patient-citizen-0000"))[0] == 503:
            assert time.monotonic() < end
        receipts = {at.vote(shan.code, f"a-patient-citizen-{who:04}") for who in range(people)}
    assert len(receipts) == people
    assert Ballot.objects.count() == people + 1
    whole(shan.place)


def test_a_form_that_does_not_come_to_an_end_is_not_waited_for(
    shan: Shan, leitai_environment: dict[str, str]
) -> None:
    with door(leitai_environment) as at, socket.create_connection(("127.0.0.1", at.port), WAIT) as line:
        head = f"POST /b/{shan.code} HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n"
        line.sendall(f"{head}Content-Type: application/x-www-form-urlencoded\r\n\r\nonce=".encode())
        assert line.recv(100).startswith(b"HTTP/1.1 408 ")
        assert at.vote(shan.code, ONCE)


def test_points_of_several_places_are_written_in_one_batch_each_to_its_own_log(
    shan: Shan, leitai_environment: dict[str, str]
) -> None:
    from tests.factories import build

    town = build()
    point = Point.objects.get(pk=town.points["tax-window"].pk)
    codes = {shan.place.pk: shan.code, town.place.pk: queries.code_of(point)}
    with door(leitai_environment) as at:
        threads = [
            threading.Thread(target=at.vote, args=(code, f"{place:03}-citizen-of-{who:08}"))
            for who in range(8)
            for place, code in codes.items()
        ]
        for one in threads:
            one.start()
        for one in threads:
            one.join(WAIT)
    for place in (shan.place, town.place):
        assert Ballot.objects.filter(place=place).count() == 8
        whole(place)
