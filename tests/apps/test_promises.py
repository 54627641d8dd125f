"""A promise is for a time to come; what is set aside runs no clock and is on time with none."""

from __future__ import annotations

import pytest

from tests.factories import DAY, HOUR, NOW, Town, build, refused

REPLY = {"owner": "Zhang Ming of the tax window", "next_step": "look up the file at noon"}


@pytest.fixture
def town(db: None) -> Town:
    """The small place."""
    return build("town")


def test_a_promise_for_a_time_gone_by_is_refused(town: Town) -> None:
    case = town.case("question")
    with refused("promise-past"):
        town.move(case, "reply", "unit", NOW + HOUR, **REPLY, time=(NOW - DAY).isoformat())
    assert (
        town.move(case, "reply", "unit", NOW + HOUR, **REPLY, time=(NOW + DAY).isoformat()).state == "replied"
    )


def test_what_is_set_aside_was_neither_kept_nor_missed(town: Town) -> None:
    case = town.case("errand", given_due=NOW + DAY)
    assert case.due_at == NOW + DAY
    case = town.move(case, "set-aside", "office", NOW + HOUR, reason="It is the harbour's, not this county's")
    (clock,) = case.clocks.all()
    assert (clock.met_at, clock.breached_at, clock.void_at) == (None, None, NOW + HOUR)
    assert case.due_at is None  # it falls due in no period, so no rate counts it


def test_what_was_late_before_it_was_set_aside_stays_late(town: Town) -> None:
    case = town.case("errand", given_due=NOW + HOUR)
    case = town.move(case, "set-aside", "office", NOW + DAY, reason="It is the harbour's, not this county's")
    (clock,) = case.clocks.all()
    assert (clock.breached_at, clock.void_at) == (NOW + HOUR, NOW + DAY)
