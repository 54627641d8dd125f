"""What units try in order to look better than they are on their cases, each played as it was seen, and what catches it.

The numbers are those of the catalogue of abuses; closings that are copies (A9) are in test_likeness.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from leitai.apps.casework import actions, queries
from leitai.apps.casework.accounts import told
from leitai.apps.casework.models import Case, Clock, Request, Slip
from leitai.apps.ledger.models import Event
from leitai.apps.ledger.queries import data
from leitai.apps.measures.case_facts import report
from leitai.apps.people import actions as people
from leitai.apps.people.access import viewer_of
from leitai.apps.people.models import Unit
from leitai.apps.regimes import actions as regimes
from tests.factories import BY, DAY, HOUR, MINUTE, NOW, Town, refused, text

CLERK, OFFICE, ROADS = "account:clerk", "account:office", "account:roads-clerk"
WHY = "The ground is frozen half a metre deep"
REPLY = {"owner": "Li Hua", "next_step": "Send a crew out tomorrow", "time": "2024-04-12"}
SECOND = timedelta(seconds=1)


def hole(town: Town, unit: str = "water", at: Any = NOW, where: str = "Mill Lane 3", **more: Any) -> Case:
    """A hole in the road: eight working hours from Wednesday at ten, a slip at the warning, the due time and later."""
    case = town.case("hole", None, at=at, where=where, **more)
    return town.move(case, "dispatch", "office", at, unit=unit)


def finding(town: Town, unit: str = "water", at: Any = NOW, **more: Any) -> Case:
    """A finding: three days from its dispatch."""
    return town.move(town.case("finding", None, at=at, **more), "dispatch", "office", at, unit=unit)


def running(case: Case) -> Clock:
    return Clock.objects.get(case=case, void_at__isnull=True)


def pause(town: Town, case: Case, begin: Any, until: Any) -> Request:
    """A pause for frost, agreed to by the office at once."""
    asked = actions.ask(
        case=case, kind="pause", ground="frost", text=WHY, until=until, unit=case.unit, by=CLERK, now=begin
    )
    return grant(asked, begin)


def grant(asked: Request, at: Any = NOW, role: str = "office", by: str = OFFICE) -> Request:
    return actions.answer_request(request=asked, granted=True, role=role, by=by, now=at)


def ask(town: Town, case: Case, kind: str, at: Any = NOW, **more: Any) -> Request:
    return actions.ask(case=case, kind=kind, text=WHY, unit=case.unit, by=CLERK, now=at, **more)


def breaches(case: Case) -> list[Any]:
    rows = Event.objects.filter(subject=f"case:{case.ref}", kind="clock.breached").order_by("id")
    return [row.at for row in rows]


# A6


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({}, "field-missing"),
        ({"owner": "收到", "next_step": "尽快处理", "time": "近期"}, "says-nothing"),
        (REPLY | {"owner": "收到！"}, "says-nothing"),
        (REPLY | {"next_step": "正在处理，谢谢"}, "says-nothing"),
        (REPLY | {"time": "asap"}, "says-nothing"),
        (REPLY | {"time": "2024-04-10T09:00"}, "promise-past"),
    ],
)
def test_a6_received_at_minute_nine_stops_no_clock(town: Town, form: dict[str, str], code: str) -> None:
    case = town.case("question")
    with refused(code):
        town.move(case, "reply", "unit", NOW + 9 * MINUTE, **form)
    with refused("says-nothing"):
        town.move(case, "answer", "unit", NOW + 9 * MINUTE, done="收到，已处理")
    town.drive(NOW + HOUR)
    assert breaches(case) == [NOW + 10 * MINUTE]


def test_a6_a_reply_that_names_who_what_and_when_does(town: Town) -> None:
    case = town.move(town.case("question"), "reply", "unit", NOW + 9 * MINUTE, **REPLY)
    town.drive(NOW + HOUR)
    assert breaches(case) == []


# A7


def test_a7_nothing_is_parked_by_saying_so(town: Town) -> None:
    case = hole(town)
    due = running(case).due_at
    for ground in ("pending", "", "holiday"):
        with refused("no-pause"):
            ask(town, case, "pause", ground=ground, until=NOW + DAY)
    asked = ask(town, case, "pause", ground="frost", until=NOW + 5 * DAY)
    with refused("own-request"):
        grant(asked, by=CLERK)
    with refused("request-not-yours"):
        grant(asked, role="unit", by="account:a-colleague")
    town.drive(due + DAY)
    assert breaches(case) == [due], "what was only asked for stops nothing"


def test_a7_who_has_a_post_at_the_unit_countersigns_nothing_by_another_post(town: Town) -> None:
    case = hole(town)
    asked = ask(town, case, "pause", ground="frost", until=NOW + 5 * DAY)
    both = people.appoint(
        place=town.place, username="both", role="office", password="pass the long way", by=BY, now=NOW
    )
    assert queries.answers_as(asked, viewer_of(both.account, town.place)) == "office"
    people.appoint(place=town.place, username="both", role="clerk", unit=town.units["water"], by=BY, now=NOW)
    assert queries.answers_as(asked, viewer_of(both.account, town.place)) == ""


def test_a7_pauses_of_one_reason_add_up_to_what_the_rule_book_gives_however_they_are_cut(town: Town) -> None:
    case = hole(town)
    at = NOW + HOUR
    for days in (12, 6):  # granted, ended early by the unit, asked for anew
        pause(town, case, at, at + days * DAY)
        at += (days - 1) * DAY
        actions.resume(case=case, role="unit", by=CLERK, now=at)
    with refused("pause-long"):  # 11 and 5 of twenty days are gone
        ask(town, case, "pause", at, ground="frost", until=at + 4 * DAY + SECOND)
    pause(town, case, at, at + 4 * DAY)
    town.drive(at + 4 * DAY + SECOND)
    with refused("pause-long"):
        ask(town, case, "pause", at + 4 * DAY + 2 * SECOND, ground="frost", until=at + 4 * DAY + MINUTE)
    town.drive(NOW + 40 * DAY)
    assert len(breaches(case)) == 1, "the clock cannot be stretched for ever"


def test_a7_the_paused_share_is_shown(town: Town) -> None:
    case = hole(town)
    pause(town, case, NOW + HOUR, NOW + 5 * DAY)
    town.drive(NOW + 6 * DAY)
    assert told(case, NOW + 6 * DAY, days_only=False).paused
    span = int(NOW.timestamp()), int((NOW + 10 * DAY).timestamp())
    fact = report(town.place, "hole", *span, [town.units["water"]]).facts["cases.paused_share"]
    assert 0.39 < float(fact.values[0]) < 0.5


def test_a7_a_yes_to_what_was_overtaken_is_refused(town: Town) -> None:
    case = finding(town)
    Request.objects.create(
        case=case, kind="extension", ground="settle", text=WHY, from_unit=case.unit, answerer="office",
        until=NOW + 4 * DAY, asked_by=CLERK, asked_at=NOW,
    )  # fmt: skip
    with refused("no-extension"):
        grant(Request.objects.get())
    parked = hole(town, where="")
    asked = ask(town, parked, "extension", ground="mend", until=running(parked).due_at + DAY)
    pause(town, parked, NOW + HOUR, NOW + 15 * DAY)
    with refused("extension-out-of-range"):  # the due time lies behind the pause by now
        grant(asked, NOW + 2 * HOUR)
    late = hole(town, where="Harbour 1")
    asked = ask(town, late, "extension", ground="mend", until=running(late).due_at + DAY)
    with refused("too-late"):
        grant(asked, running(late).due_at + SECOND)


# Passing it round


def test_what_was_asked_ends_when_the_case_leaves_the_hands_of_who_asked(town: Town) -> None:
    case = hole(town)
    asked = ask(town, case, "transfer", ground="by-law", to_unit=town.units["roads"])
    case = town.move(case, "hand-back", "unit", NOW + HOUR, reason="The lane belongs to the province")
    with refused("request-answered"):
        grant(asked, NOW + HOUR, "unit", ROADS)
    case = town.move(case, "dispatch", "office", NOW + 2 * HOUR, unit="tax")
    ask(town, case, "transfer", NOW + 2 * HOUR, ground="by-law", to_unit=town.units["roads"])
    assert list(case.requests.values_list("state", flat=True).order_by("id")) == ["withdrawn", "open"]


def test_a_case_is_not_slipped_to_another_unit_after_it_was_answered(town: Town) -> None:
    case = town.case("question")
    Request.objects.create(
        case=case, kind="transfer", ground="by-law", text=WHY, from_unit=case.unit, to_unit=town.units["roads"],
        answerer="unit", asked_by=CLERK, asked_at=NOW,
    )  # fmt: skip
    town.move(case, "answer", "unit", NOW + MINUTE, done="The pipe was replaced")
    with refused("not-held"):
        grant(Request.objects.get(), NOW + HOUR, "unit", ROADS)
    assert Case.objects.get().unit == town.units["water"]


def test_transfers_in_a_ring_buy_no_time_and_are_counted(town: Town) -> None:
    case = hole(town)
    due = running(case).due_at
    for n, unit in enumerate(("roads", "tax", "water"), 1):
        asked = ask(town, case, "transfer", NOW + n * MINUTE, ground="by-law", to_unit=town.units[unit])
        grant(asked, NOW + n * MINUTE, "unit", ROADS)
        case.refresh_from_db()
    assert (running(case).due_at, case.transfers) == (due, 3)
    assert told(case, NOW + HOUR, days_only=False).passes == 1


def test_a_case_handed_back_comes_back_to_its_unit_with_the_time_that_was_left(town: Town) -> None:
    case = finding(town)
    for day in (2, 4):  # each time after two days of three, or one more
        at = NOW + day * DAY
        town.move(case, "hand-back", "unit", at, reason="The lane belongs to the province")
        case = town.move(case, "dispatch", "office", at + DAY, unit="water")
        if day == 2:
            assert running(case).due_at == at + DAY + DAY
    assert running(case).due_at == NOW + 5 * DAY + SECOND, "nothing was left, and nothing was given"
    account = told(case, NOW + 5 * DAY, days_only=False)
    assert account.holds and account.lines(running(case))
    case = town.move(case, "hand-back", "unit", NOW + 5 * DAY, reason="The lane belongs to the province")
    case = town.move(case, "dispatch", "office", NOW + 6 * DAY, unit="roads")
    assert running(case).due_at == NOW + 9 * DAY, "another unit has the whole time"


def test_a_breach_is_not_washed_off_by_handing_back_and_is_told_once(town: Town) -> None:
    case = hole(town)
    due = running(case).due_at
    town.drive(due + HOUR)
    town.move(case, "hand-back", "unit", due + HOUR, reason="The lane belongs to the province")
    case = town.move(case, "dispatch", "office", due + 2 * HOUR, unit="water")
    town.drive(due + 9 * DAY)
    case.refresh_from_db()
    again = running(case)
    assert (again.due_at, again.breached_at, case.due_at) == (due, due, due)
    assert breaches(case) == [due]
    assert list(Slip.objects.filter(case=case).order_by("rung").values_list("colour", flat=True)) == [
        "blue",
        "yellow",
        "red",
    ]
    account = told(case, due + 9 * DAY, days_only=False)
    assert account.holds and any(limit.late for limit in account.limits)


@pytest.mark.parametrize("way", ["hand-back", "transfer"])
def test_who_lets_go_before_the_worker_looks_is_late_all_the_same(town: Town, way: str) -> None:
    case = hole(town)
    due = running(case).due_at
    if way == "transfer":
        asked = ask(town, case, "transfer", ground="by-law", to_unit=town.units["roads"])
        grant(asked, due + SECOND, "unit", ROADS)
    else:
        town.move(case, "hand-back", "unit", due + SECOND, reason="The lane belongs to the province")
    (event,) = Event.objects.filter(kind="clock.breached")
    assert (event.at, data(event)["unit.key"]) == (due, "water")
    assert {slip.unit for slip in Slip.objects.filter(case=case)} == {town.units["water"]}


def test_a_pause_that_nobody_ended_ends_at_its_own_instant(town: Town) -> None:
    case = hole(town)
    pause(town, case, NOW + HOUR, NOW + DAY)
    town.move(case, "reply", "unit", NOW + DAY + HOUR, **REPLY)
    assert case.steps.get(move="resume").at == NOW + DAY
    assert Event.objects.get(kind="case.resumed").at == NOW + DAY


def test_nothing_is_parked_with_a_unit_that_is_no_more(town: Town) -> None:
    Unit.objects.filter(key="roads").update(active=False)
    case = town.case("finding", None)
    with refused("unknown-unit"):
        town.move(case, "dispatch", "office", unit="roads")


# A8


def closed(town: Town, **more: Any) -> Case:
    case = town.case("hole", None, **more)
    Case.objects.filter(pk=case.pk).update(
        state="closed", holder="none", closed_at=NOW + DAY, next_due_at=None, unit=town.units["water"]
    )
    return case


SPOT = {"latitude": 36.5, "longitude": 118.5}


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ({"where": "Mill Lane 3"}, {"where": "mill lane, 3."}, True),
        ({"where": "Mill Lane 3"}, {"where": "Ｍill Lane ３"}, True),
        ({"where": "Mill Lane 3"}, {"where": "Mill Lane No. 3, in front of the school"}, True),
        ({"where": "Mill Lane 3"}, {"where": "Mill Lane 3, in front of the school"}, True),
        ({"where": "北京路三号"}, {"where": "临山县北京路3号"}, True),
        ({"where": "Mill Lane 3"}, {"where": "Mill Lane 4"}, False),
        ({"where": "Mill Lane 3"}, {"where": "Mill Lane 33"}, False),
        ({"where": "3"}, {"where": "Mill Lane 3"}, False),
        ({"where": "Mill Lane"}, {"where": "Mill Lane bridge"}, False),
        (SPOT, {"latitude": 36.5003, "longitude": 118.4997}, True),
        (SPOT, {"latitude": 36.501, "longitude": 118.5}, False),
        (
            SPOT | {"where": "Mill Lane 3"},
            {"latitude": 36.501, "longitude": 118.5, "where": "Mill Lane 3"},
            True,
        ),
        (
            SPOT | {"where": "Main Street 3"},
            {"latitude": 36.6, "longitude": 118.5, "where": "Main Street 3"},
            False,
        ),
        (SPOT | {"where": "Mill Lane 3"}, {"where": "Mill Lane 3"}, True),
    ],
)
def test_a8_closed_and_opened_again_as_new_is_linked(
    town: Town, old: dict[str, Any], new: dict[str, Any], same: bool
) -> None:
    first = closed(town, **old)
    again = town.case("hole", None, at=NOW + 9 * DAY, title="Something else altogether", **new)
    assert again.relapse_of == (first if same else None)
    events = [data(row) for row in Event.objects.filter(kind="case.relapsed")]
    assert [one["unit.key"] for one in events] == (["water"] if same else []), "it marks who closed it"


def test_a8_nobody_takes_the_key_by_which_a_reporter_opens_again(town: Town) -> None:
    first = closed(town, where="Mill Lane 3", tracking=True)
    with refused("key-reserved"):
        town.case("question", once=f"again-{first.pk}", enterprise=town.firm)
    again = actions.say_not_over(case=first, text="It is as deep as ever", by="anyone", now=NOW + 2 * DAY)
    assert again.relapse_of == first and again.tracking
    assert actions.say_not_over(case=first, text="Still", by="anyone", now=NOW + 3 * DAY) == again


# A12


def test_a12_closing_what_is_in_time_and_leaving_the_rest_makes_no_hundred_percent(town: Town) -> None:
    for n in range(12):
        case = town.case("errand", None, title=f"E{n}", given_due=NOW + DAY)
        case = town.move(case, "dispatch", "office", unit="water")
        if n < 4:
            town.move(case, "answer", "unit", NOW + HOUR, done="The pipe was replaced")
            town.move(case, "close", "office", NOW + 2 * HOUR, evidence="Seen on the spot")
    span = int((NOW - DAY).timestamp()), int((NOW + 3 * DAY).timestamp())
    three = report(town.place, "errand", *span, [town.units["water"]]).in_time
    shares = [float(one[0]) for one in (three.closed_only, three.with_overdue, three.survival)]
    assert shares == pytest.approx([1, 4 / 12, 4 / 12]), "the eight that are overdue are in it"


# A14


def test_a14_a_calendar_edited_afterwards_takes_no_breach_away(town: Town) -> None:
    case = hole(town)
    due = running(case).due_at
    town.drive(due + DAY)
    days = ", ".join(f'2024-04-{day:02}: "放假"' for day in range(11, 31))
    book = text().replace("  office:\n    holidays: CN", "  office:\n    holidays: {" + days + "}", 1)
    assert "放假" in book
    regimes.load(place=town.place, text=book, by=BY, now=due + 2 * DAY)
    town.place.refresh_from_db()
    town.drive(due + 3 * DAY)
    case = queries.case(town.place, case.ref) or case
    account = told(case, due + 3 * DAY, days_only=False)
    assert breaches(case) == [due] and running(case).due_at == due
    assert account.holds and any(limit.late for limit in account.limits), (
        "and it comes out again from what was then"
    )
