"""Cases through their three flows: who may move them on, what their clocks do, and what is told of it once."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from leitai.apps.casework import actions, queries, queues
from leitai.apps.casework.models import Case, Clock
from leitai.apps.ledger.actions import UNCHANGED
from leitai.apps.ledger.models import Event
from leitai.apps.ledger.queries import data
from tests.factories import BY, DAY, HOUR, MINUTE, NOW, Town, at_once, build, refused

REPLY = {"owner": "Li Hua", "next_step": "Send a crew out tomorrow", "time": "2024-04-12"}
DONE = {"done": "The pipe was replaced on Friday"}
EVIDENCE = {"evidence": "Photographs of 12 April"}


def clock(case: Any, key: str) -> Clock:
    return Clock.objects.filter(case=case, key=key).latest("started_at")


def told(town: Town, kind: str) -> list[Event]:
    return list(Event.objects.filter(place=town.place, kind=kind).order_by("at", "id"))


def tick(town: Town, now: datetime, limit: int = 500) -> Any:
    return actions.tick_clocks(place=town.place, limit=limit, by="drive", now=now)


# Opening


def test_a_question_goes_straight_to_its_unit_and_its_clocks_run(town: Town) -> None:
    case = town.case("question", complex=True, enterprise=town.firm)
    assert (case.state, case.unit, case.ref) == ("opened", town.units["water"], f"2404-{case.pk}")
    assert clock(case, "reply").due_at == NOW + 10 * MINUTE
    # Three workdays after Wednesday the 10th: the end of Monday the 15th.
    assert clock(case, "solve").due_at == datetime(2024, 4, 15, 9, 30, tzinfo=UTC)
    assert case.due_at == clock(case, "solve").due_at
    assert data(told(town, "case.opened")[0])["unit.key"] == "water"


def test_a_clock_with_a_condition_runs_only_where_it_holds(town: Town) -> None:
    assert set(town.case("question").clocks.values_list("key", flat=True)) == {"reply"}


def test_a_given_deadline_is_the_records_own(town: Town) -> None:
    case = town.case("errand", None, given_due=NOW + 3 * DAY)
    assert clock(case, "given").due_at == case.due_at == NOW + 3 * DAY
    assert town.case("errand", None).due_at is None


def test_a_case_opened_late_starts_its_clocks_when_it_happened(town: Town) -> None:
    case = town.case("question", at=NOW - HOUR, now=NOW)
    assert clock(case, "reply").started_at == NOW - HOUR
    event = told(town, "case.opened")[0]
    assert (event.at, event.noted_at) == (NOW - HOUR, NOW)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"kind": "questions"}, "unknown-kind"),
        ({"kind": "question", "title": "  "}, "no-title"),
        ({"kind": "question", "unit": None}, "no-unit"),
    ],
)
def test_opening_is_refused(town: Town, values: dict[str, Any], code: str) -> None:
    with refused(code):
        town.case(**values)
    assert not Case.objects.exists()


# The three flows


def test_a_problem_from_the_patrol_to_the_striking_off(town: Town) -> None:
    case = town.case("finding", None)
    assert not case.clocks.exists(), "its clock runs from the dispatch"
    case = town.move(case, "dispatch", "office", unit="roads")
    assert (case.unit, clock(case, "settle").due_at) == (town.units["roads"], NOW + 3 * DAY)
    case = town.move(case, "reply", "unit", NOW + HOUR, **REPLY)
    case = town.move(case, "answer", "unit", NOW + DAY, **DONE)
    case = town.move(case, "return", "office", NOW + DAY + HOUR, reason="The road is still closed on the map")
    assert (case.state, case.returns, case.closed_at) == ("working", 1, None)
    case = town.move(case, "answer", "unit", NOW + 2 * DAY, **DONE)
    case = town.move(case, "close", "office", NOW + 2 * DAY + HOUR, **EVIDENCE)
    assert (case.state, case.closed_at) == ("closed", NOW + 2 * DAY + HOUR)
    assert next(line.label.en for line in queries.timeline(case)) == "Opened"
    assert [row.kind for row in Event.objects.filter(subject=f"case:{case.ref}").order_by("id")] == [
        "case.opened",
        "case.dispatched",
        "case.replied",
        "case.answered",
        "case.returned",
        "case.answered",
        "case.closed",
    ]


def test_a_returned_answer_gets_the_time_that_was_left_and_no_more(town: Town) -> None:
    case = town.move(town.case("finding", None), "dispatch", "office", unit="roads")
    town.move(case, "answer", "unit", NOW + 2 * DAY, **DONE)
    assert clock(case, "settle").met_at == NOW + 2 * DAY
    case = town.move(case, "return", "office", NOW + 10 * DAY, reason="Nothing was done there")
    again = clock(case, "settle")
    assert (again.started_at, again.due_at, again.met_at) == (NOW + 10 * DAY, NOW + 11 * DAY, None)
    assert case.due_at == again.due_at
    assert case.clocks.filter(void_at__isnull=False).count() == 1


def test_a_unit_hands_back_what_is_not_its_business(town: Town) -> None:
    case = town.move(town.case("finding", None), "dispatch", "office", unit="roads")
    case = town.move(case, "hand-back", "unit", NOW + HOUR, reason="The lane belongs to the harbour")
    assert case.state == "received"
    assert tick(town, NOW + 30 * DAY) is UNCHANGED, "nobody holds it, so nobody's clock runs"
    case = town.move(case, "dispatch", "office", NOW + DAY, unit="harbour")
    assert clock(case, "settle").due_at == NOW + 4 * DAY


def test_an_answer_given_at_once_is_a_reply_too(town: Town) -> None:
    case = town.move(town.case("question", complex=True), "answer", "unit", NOW + 5 * MINUTE, **DONE)
    assert all(row.met_at == NOW + 5 * MINUTE for row in case.clocks.all())
    case = town.move(case, "confirm", "enterprise", NOW + HOUR)
    assert case.state == "closed"


def test_a_bad_verdict_is_called_back_and_only_a_review_sets_it_aside(town: Town) -> None:
    case = town.case("bad-verdict")
    assert case.next_due_at == NOW + DAY
    case = town.move(case, "doubt", "caller", note="The caller meant another window")
    for role in ("unit", "office", "caller"):
        with refused("wrong-role"):
            town.move(case, "set-aside", role, reason="It was not us that day", **EVIDENCE)
    case = town.move(case, "set-aside", "reviewer", reason="It was another window", **EVIDENCE)
    assert (case.state, case.closed_at) == ("set-aside", NOW)


# Refusals


@pytest.mark.parametrize(
    ("move", "role", "form", "code"),
    [
        ("answer", "office", DONE, "wrong-role"),
        ("close", "office", EVIDENCE, "wrong-state"),
        ("answer", "unit", {}, "field-missing"),
        ("answer", "unit", {"done": "收到"}, "says-nothing"),
    ],
)
def test_a_move_is_refused_with_its_reason(
    town: Town, move: str, role: str, form: dict[str, str], code: str
) -> None:
    case = town.case("question")
    with refused(code):
        town.move(case, move, role, **form)
    case.refresh_from_db()
    assert (case.state, case.steps.count()) == ("opened", 1)


def test_whoever_answered_for_the_unit_does_not_judge_the_answer(town: Town) -> None:
    case = town.move(town.case("finding", None), "dispatch", "office", unit="roads")
    actions.move_case(case=case, move="answer", role="unit", form=DONE, by="account:both", now=NOW)
    for move, form in (("close", EVIDENCE), ("return", {"reason": "Not done"})):
        with refused("own-work"):
            actions.move_case(case=case, move=move, role="office", form=form, by="account:both", now=NOW)
    assert town.move(case, "close", "office", **EVIDENCE).state == "closed"


def test_a_form_that_is_sent_twice_opens_one_case(town: Town, vale: Town) -> None:
    first = town.case("question", once="the-same-form")
    events = len(town.kinds())
    assert town.case("question", once="the-same-form", title="Other words").pk == first.pk
    assert len(town.kinds()) == events
    assert vale.case("question", once="the-same-form").pk != first.pk


def test_a_dispatch_names_a_unit_of_the_place(town: Town, vale: Town) -> None:
    case = town.case("finding", None)
    with refused("unknown-unit"):
        town.move(case, "dispatch", "office", unit="nowhere")
    assert town.move(case, "dispatch", "office", unit="roads").unit.place == town.place


def test_what_is_over_stays_over(town: Town) -> None:
    case = town.move(town.case("question"), "answer", "unit", **DONE)
    case = town.move(case, "confirm", "enterprise")
    for move, role, form in (("return", "office", {"reason": "Not so"}), ("reply", "unit", REPLY)):
        with refused("wrong-state"):
            town.move(case, move, role, **form)


def test_the_ledger_has_a_digest_of_the_words_and_not_the_words(town: Town) -> None:
    town.move(town.case("question"), "reply", "unit", **REPLY)
    assert "Li Hua" not in "".join(Event.objects.values_list("data", flat=True))
    assert len(data(told(town, "case.replied")[0])["words"]) == 64


# Clocks


def test_a_warning_and_a_breach_are_told_once_each_at_their_own_instants(town: Town) -> None:
    town.case("question")
    assert tick(town, NOW + 5 * MINUTE) is UNCHANGED, "not yet after it"
    assert tick(town, NOW + 3 * DAY) == 1
    assert tick(town, NOW + 4 * DAY) is UNCHANGED
    (warned,), (breached,) = told(town, "clock.warned"), told(town, "clock.breached")
    assert (warned.at, warned.noted_at) == (NOW + 5 * MINUTE, NOW + 3 * DAY)
    assert (breached.at, breached.noted_at) == (NOW + 10 * MINUTE, NOW + 3 * DAY)
    assert data(breached)["clock.key"] == "reply"


def test_on_the_due_instant_is_in_time(town: Town) -> None:
    case = town.case("question")
    town.move(case, "reply", "unit", NOW + 10 * MINUTE, **REPLY)
    assert not told(town, "clock.breached")
    late = town.case("question")
    town.move(late, "reply", "unit", NOW + 10 * MINUTE + timedelta(seconds=1), **REPLY)
    (event,) = told(town, "clock.breached")
    assert event.at == NOW + 10 * MINUTE
    assert tick(town, NOW + DAY) is UNCHANGED, "a breach found by the reply is not told again by the tick"


def test_a_tick_costs_what_is_due_not_what_is_open(town: Town, django_assert_num_queries: Any) -> None:
    for n in range(12):
        town.case("finding", None, title=f"F{n}")
    town.case("question", at=NOW - DAY)
    with django_assert_num_queries(5):  # savepoint, read, write, event, release
        assert tick(town, NOW) == 1


def test_a_tick_is_bounded_and_the_next_goes_on(town: Town) -> None:
    for n in range(7):
        town.case("question", title=f"Q{n}")
    assert [tick(town, NOW + DAY, limit=3) or 0 for _ in range(4)] == [3, 3, 1, 0]
    assert len(told(town, "clock.breached")) == 7


@pytest.mark.django_db(transaction=True)
def test_a_reply_and_a_tick_at_once_tell_one_breach() -> None:
    """On PostgreSQL both really run at once; on SQLite the second waits for the first from its beginning."""
    town = build()
    case = town.case("question")
    late = NOW + HOUR
    ticked, go, moved = threading.Event(), threading.Event(), threading.Event()

    def worker() -> None:
        with transaction.atomic():
            tick(town, late)
            ticked.set()
            assert go.wait(20)

    def clerk() -> None:
        try:
            assert ticked.wait(20)
            town.move(case, "reply", "unit", late, **REPLY)
        finally:
            moved.set()

    def watcher() -> None:
        """Lets the worker commit once the clerk waits for it, or wrongly did not."""
        assert ticked.wait(20)
        while connection.vendor == "postgresql" and not moved.is_set():
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM pg_locks WHERE NOT granted")
                if cursor.fetchone():
                    break
        go.set()

    at_once(worker, clerk, watcher)
    assert len(told(town, "clock.breached")) == 1
    assert len(told(town, "clock.warned")) == 1
    assert clock(case, "reply").met_at == late


# Import


def record(n: int, town: Town, **more: Any) -> actions.CaseRecord:
    values = {"unit_id": town.units["water"].pk, "title": f"Case {n}", "opened": NOW - 9 * DAY}
    return actions.CaseRecord(source_id=str(n), **values | more)


def import_(town: Town, *records: actions.CaseRecord, source: str = "old") -> Any:
    return actions.import_cases(
        place=town.place, kind="errand", source=source, records=records, by=BY, now=NOW
    )


def test_another_systems_cases_come_in_once(town: Town) -> None:
    rows = [record(n, town, due=NOW - DAY, closed=NOW - 2 * DAY) for n in range(5)]
    assert import_(town, *rows) == 5
    assert import_(town, *rows) is UNCHANGED
    assert import_(town, *rows, record(5, town)) == 1
    assert [data(event)["count"] for event in told(town, "cases.imported")] == [5, 1]
    assert import_(town, *rows, source="older") == 5, "another source has ids of its own"


def test_history_sets_nothing_going_and_what_is_open_does(town: Town) -> None:
    import_(
        town,
        record(1, town, due=NOW - 3 * DAY, closed=NOW - 2 * DAY),  # closed late, long ago
        record(2, town, due=NOW - HOUR),  # open, and late by now
        record(3, town, due=NOW + DAY),
    )
    assert tick(town, NOW) == 1
    (event,) = told(town, "clock.breached")
    assert (event.subject, event.at) == ("case:old-2", NOW - HOUR)
    late = Clock.objects.get(case__source_id="1")
    assert (late.breached_at, late.met_at) == (NOW - 3 * DAY, NOW - 2 * DAY)


def test_the_same_id_in_two_places_is_two_cases(town: Town, vale: Town) -> None:
    assert import_(town, record(1, town)) == import_(vale, record(1, vale)) == 1


# Reading


def test_moves_are_offered_to_whom_they_belong(town: Town) -> None:
    case = town.case("question")

    def keys(role: str) -> set[str]:
        return {move.key for move in queries.moves(case, town.viewer(role))}

    assert keys("clerk") == {"reply", "answer"}
    assert keys("office") == keys("leader") == keys("patrol") == set()
    other = town.case("question", "roads")
    assert queries.moves(other, town.viewer("clerk")) == ()


def test_a_desk_has_what_waits_for_the_viewer_due_first_first(town: Town) -> None:
    second, first = town.case("question", title="2"), town.case("question", at=NOW - 9 * MINUTE, title="1")
    answered = town.move(town.case("question", title="3"), "answer", "unit", **DONE)
    town.case("question", "roads")
    desk = queries.desk(town.viewer("clerk"), town.place, NOW)
    assert [view.case for view in desk.mine] == [first, second]
    assert [view.case for view in desk.rest] == [answered], "what the enterprise has to confirm"
    assert (desk.waiting, desk.others, desk.late, desk.soon) == (2, 1, 0, 1)
    later = queries.desk(town.viewer("clerk"), town.place, NOW + 5 * MINUTE)
    assert (later.late, later.soon) == (1, 1)
    office = queries.desk(town.viewer("office"), town.place, NOW)
    assert (office.waiting, office.others) == (0, 4)


def test_lights_turn_yellow_then_red(town: Town) -> None:
    case = town.case("question")
    lights = [queries.clocks(case, NOW + n * MINUTE)[0].light for n in (1, 6, 11)]
    assert lights == ["green", "yellow", "red"]
    assert queries.clocks(case, NOW + 11 * MINUTE)[0].seconds_left == -60


def test_the_office_sees_its_queues(town: Town) -> None:
    received = town.case("finding", None, title="A lamp is out")
    town.move(town.case("question"), "answer", "unit", **DONE)
    overdue = town.case("question", "roads")
    sent = town.move(town.case("finding", None), "dispatch", "office", unit="tax")
    checked = town.move(sent, "answer", "unit", **DONE)
    now = NOW + HOUR

    def stand(key: str, **more: str) -> list[Case]:
        return list(queues.queue(town.place, key, now, **more))

    assert stand("undispatched") == [received]
    assert stand("to_verify") == [checked]
    assert stand("overdue") == [overdue]
    assert queues.counts(town.place, now) == queues.Counts(
        4, {"undispatched": 1, "to_verify": 1, "overdue": 1}
    )
    assert stand("undispatched", text="lamp") == [received] and stand("undispatched", text="pipe") == []
    assert stand("overdue", kind="finding") == []
    assert [key for key, _ in queues.kinds(town.place, "overdue", now)] == ["question"]


def test_one_places_cases_are_not_in_anothers_queries(town: Town, vale: Town) -> None:
    mine = town.case("question", enterprise=town.firm)
    town.case("finding", None)
    assert queries.case(vale.place, mine.ref) is None
    assert queries.desk(vale.viewer("office"), vale.place, NOW).others == 0
    assert queues.counts(vale.place, NOW + DAY).open == 0
    assert queries.of_unit(vale.units["water"], NOW) == []
    assert queries.of_enterprise(vale.firm) == []
    assert queries.arrays(vale.place).opened.size == 0
    tick(vale, NOW + DAY)
    assert not told(vale, "clock.breached") and not told(town, "clock.breached")
