"""Two at once on one case: one yes, one breach, no two that wait for each other for ever.

On PostgreSQL they really run at once; on SQLite the second waits for the first from its beginning.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from leitai.apps.casework import actions
from leitai.apps.casework.models import Case, Slip
from leitai.apps.ledger.errors import Refused
from leitai.apps.ledger.models import Event
from tests.factories import DAY, HOUR, NOW, Town, at_once, build

pytestmark = pytest.mark.django_db(transaction=True)
WHY = "The road belongs to the province since 2020"


def said(work: Callable[[], Any]) -> Callable[[], str]:
    """What a refusal is called, "" where it went through."""

    def inner() -> str:
        try:
            work()
        except Refused as told:
            return told.finding.code
        return ""

    return inner


def hole(town: Town) -> Case:
    case = town.case("hole", None, where="Mill Lane 3")
    return town.move(case, "dispatch", "office", unit="water")


def test_two_answers_to_one_request_are_one() -> None:
    town = build()
    case = hole(town)
    asked = actions.ask(
        case=case, kind="pause", ground="frost", text=WHY, until=NOW + 5 * DAY, unit=case.unit,
        by="account:clerk", now=NOW,
    )  # fmt: skip

    def answer(by: str, granted: bool) -> Callable[[], str]:
        return said(
            lambda: actions.answer_request(
                request=asked, granted=granted, reply=WHY, role="office", by=by, now=NOW + HOUR
            )
        )

    told = at_once(answer("account:one", True), answer("account:two", False), answer("account:three", True))
    assert sorted(told) == ["", "request-answered", "request-answered"]
    assert Event.objects.filter(kind="case.decided").count() == 1
    assert Event.objects.filter(kind="case.paused").count() <= 1


def test_a_sweep_that_gives_slips_and_a_move_do_not_wait_for_each_other_for_ever() -> None:
    town = build()
    late = NOW + 9 * DAY
    for _ in range(6):
        cases = [hole(town) for _ in range(4)]

        def sweep() -> None:
            actions.tick_clocks(place=town.place, by="drive", now=late)

        def back(case: Case) -> Callable[[], Any]:
            return lambda: town.move(case, "hand-back", "unit", late, reason=WHY)

        at_once(sweep, *(back(case) for case in cases), sweep)
        sweep()
        for case in cases:
            rows = Event.objects.filter(subject=f"case:{case.ref}", kind="clock.breached")
            assert rows.count() == 1
            assert list(Slip.objects.filter(case=case).order_by("rung").values_list("rung", flat=True)) == [
                1,
                2,
                3,
            ]
            assert Case.objects.get(pk=case.pk).slip == "red"


def test_two_who_join_the_same_cases_crosswise_both_get_an_answer() -> None:
    town = build()
    for _ in range(5):
        one, two = (town.case("errand", None, title=f"Main {n}") for n in range(2))

        def join(root: Case, case: Case) -> Callable[[], str]:
            return said(lambda: actions.join(root=root, cases=[case], by="account:office", now=NOW))

        assert sorted(at_once(join(one, two), join(two, one))) in (["", "root-below"], ["", "cannot-join"])
