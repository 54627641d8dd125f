"""What parties of a case ask of each other, and what a yes does: transfer, help, pause, more time; slips and roots."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from leitai.apps.casework import actions
from leitai.apps.casework.branches import answer_branches
from leitai.apps.casework.models import Case, Clock, Request, Slip, Step
from leitai.apps.ledger.models import Event
from leitai.apps.ledger.queries import data
from tests.factories import DAY, HOUR, MINUTE, NOW, Town, refused

CLERK, OFFICE = "account:clerk", "account:office"
WHY = "The road belongs to the province since 2020"


def hole(town: Town, unit: str = "water", at: datetime = NOW, **more: Any) -> Case:
    case = town.case("hole", None, at=at, where="Mill Lane 3", **more)
    return town.move(case, "dispatch", "office", at, unit=unit)


def clock(case: Case) -> Clock:
    return Clock.objects.get(case=case, key="mend", void_at__isnull=True)


def ask(town: Town, case: Case, kind: str, at: datetime = NOW, **more: Any) -> Request:
    more = {"text": WHY, "by": CLERK, "unit": case.unit} | more
    return actions.ask(case=case, kind=kind, now=at, **more)


def grant(request: Request, role: str, at: datetime = NOW, by: str = OFFICE, **more: Any) -> Request:
    return actions.answer_request(request=request, granted=True, role=role, by=by, now=at, **more)


def kinds(case: Case) -> list[str]:
    rows = Event.objects.filter(subject=f"case:{case.ref}").order_by("id")
    return [row.kind for row in rows]


# Transfer


def test_a_case_changes_hands_only_when_the_other_unit_accepts(town: Town) -> None:
    case = hole(town)
    asked = ask(town, case, "transfer", ground="by-law", to_unit=town.units["roads"])
    case.refresh_from_db()
    assert case.unit == town.units["water"], "whoever received it first answers for it until then"
    grant(asked, "unit", NOW + HOUR, by="account:roads-clerk")
    case.refresh_from_db()
    assert (case.unit, case.first_unit, case.transfers) == (town.units["roads"], town.units["water"], 1)
    assert clock(case).started_at == NOW, "a transfer buys no time"
    assert "case.transferred" in kinds(case)
    assert case.steps.get(move="transfer").unit == town.units["roads"]


def test_a_transfer_needs_a_ground_another_unit_and_words(town: Town) -> None:
    case = hole(town)
    roads = town.units["roads"]
    with refused("no-ground"):
        ask(town, case, "transfer", ground="no-time", to_unit=roads)
    with refused("same-unit"):
        ask(town, case, "transfer", ground="by-law", to_unit=town.units["water"])
    with refused("says-nothing"):
        ask(town, case, "transfer", ground="by-law", to_unit=roads, text="尽快处理")
    with refused("no-unit"):
        ask(town, case, "transfer", ground="by-law")


def test_nobody_answers_what_they_asked_nor_twice(town: Town) -> None:
    case = hole(town)
    asked = ask(town, case, "transfer", ground="by-law", to_unit=town.units["roads"])
    with refused("asked-already"):
        ask(town, case, "transfer", ground="by-law", to_unit=town.units["tax"])
    with refused("own-request"):
        grant(asked, "unit", by=CLERK)
    with refused("request-not-yours"):
        grant(asked, "office")
    actions.answer_request(request=asked, granted=False, reply=WHY, role="unit", by=OFFICE, now=NOW)
    with refused("request-answered"):
        grant(asked, "unit", by="account:other")
    assert Case.objects.get(pk=case.pk).unit == town.units["water"]


# Help


def test_help_is_asked_of_several_units_and_answered_in_words(town: Town) -> None:
    case = hole(town)
    one = ask(town, case, "help", to_unit=town.units["roads"])
    ask(town, case, "help", to_unit=town.units["tax"])
    with refused("says-nothing"):
        grant(one, "unit", by="account:roads-clerk")
    grant(
        one,
        "unit",
        by="account:roads-clerk",
        reply="The plan of the pipes is attached to our letter of 10 April",
    )
    step = case.steps.get(move="help")
    assert "letter of 10 April" in step.form["note"]
    assert Case.objects.get(pk=case.pk).unit == town.units["water"]


# Pauses


def test_a_pause_stops_the_clock_from_the_counter_signature_on(town: Town) -> None:
    case = hole(town)  # Wednesday 10:00 in Shanghai; eight working hours
    before = clock(case)
    asked = ask(town, case, "pause", ground="frost", until=NOW + 7 * DAY)
    assert clock(case).due_at == before.due_at, "asking alone stops nothing"
    grant(asked, "office", NOW + HOUR)
    case.refresh_from_db()
    run = clock(case)
    assert case.paused_until == run.started_at == NOW + 7 * DAY
    assert case.steps.get(move="pause").holder == "office", "who agreed to wait holds the time of it"
    # One hour was used; the seven that are left run from Wednesday the 17th, 10:00: 2 + 4 hours, then 1 on the 18th.
    assert run.due_at == datetime(2024, 4, 18, 1, 30, tzinfo=UTC)
    assert Clock.objects.get(pk=before.pk).void_why == "paused"
    town.drive(NOW + 8 * DAY)
    case.refresh_from_db()
    assert case.paused_until is None
    assert case.steps.get(move="resume").at == NOW + 7 * DAY, "a pause ends at its own instant"
    assert [row.at for row in Event.objects.filter(kind="case.resumed")] == [NOW + 7 * DAY]


def test_a_pause_granted_after_the_due_time_undoes_no_breach(town: Town) -> None:
    case = hole(town)
    due = clock(case).due_at
    asked = ask(town, case, "pause", due - timedelta(seconds=1), ground="frost", until=due + 5 * DAY)
    grant(asked, "office", due + HOUR)
    town.drive(due + HOUR)
    assert clock(case).breached_at == due
    assert [row.at for row in Event.objects.filter(kind="clock.breached")] == [due]


def test_a_pause_one_second_before_the_due_time_leaves_one_second(town: Town) -> None:
    case = hole(town)
    due = clock(case).due_at
    late = due - timedelta(seconds=1)
    until = NOW + 6 * DAY
    grant(ask(town, case, "pause", late - MINUTE, ground="frost", until=until), "office", late)
    run = clock(case)
    assert run.breached_at is None and run.started_at == until
    assert until < run.due_at <= until + MINUTE


def test_a_move_ends_a_pause_and_so_does_either_side(town: Town) -> None:
    case = hole(town)
    grant(ask(town, case, "pause", ground="frost", until=NOW + 9 * DAY), "office", NOW + HOUR)
    actions.resume(case=case, role="unit", by=CLERK, now=NOW + DAY)
    case.refresh_from_db()
    assert case.paused_until is None and clock(case).started_at == NOW + DAY
    with refused("not-paused"):
        actions.resume(case=case, role="unit", by=CLERK, now=NOW + DAY)


def test_a_reason_the_book_does_not_know_or_too_long_a_pause_is_refused(town: Town) -> None:
    case = hole(town)
    with refused("no-pause"):
        ask(town, case, "pause", ground="holiday", until=NOW + DAY)
    with refused("pause-long"):
        ask(town, case, "pause", ground="frost", until=NOW + 21 * DAY)
    with refused("pause-past"):
        ask(town, case, "pause", ground="frost", until=NOW)


# More time


def test_more_time_is_given_by_the_office_within_what_the_book_allows(town: Town) -> None:
    case = hole(town)
    due = clock(case).due_at
    with refused("extension-out-of-range"):
        ask(town, case, "extension", ground="mend", until=due + 30 * DAY)
    asked = ask(town, case, "extension", ground="mend", until=due + 2 * DAY)
    grant(asked, "office", NOW + HOUR)
    case.refresh_from_db()
    assert clock(case).due_at == due + 2 * DAY == case.next_due_at
    with refused("extended"):
        ask(town, case, "extension", ground="mend", until=due + 3 * DAY)


def test_more_time_is_not_asked_for_when_it_is_too_late(town: Town) -> None:
    case = hole(town)
    due = clock(case).due_at
    with refused("too-late"):
        ask(town, case, "extension", due + MINUTE, ground="mend", until=due + 2 * DAY)


# Slips


def test_each_rung_is_given_once_at_its_own_instant_to_a_higher_one(town: Town) -> None:
    case = hole(town)
    row = clock(case)
    town.drive(NOW + 9 * DAY)
    town.drive(NOW + 10 * DAY)
    slips = list(Slip.objects.filter(case=case).order_by("rung"))
    assert [(one.colour, one.to) for one in slips] == [
        ("blue", "unit"),
        ("yellow", "head"),
        ("red", "leader"),
    ]
    assert [one.at for one in slips[:2]] == [row.warn_at, row.due_at]
    # Two workdays after Thursday the 11th: the end of Monday the 15th.
    assert slips[2].at == datetime(2024, 4, 15, 9, 30, tzinfo=UTC)
    assert Case.objects.get(pk=case.pk).slip == "red"
    told = [data(one) for one in Event.objects.filter(kind="slip.issued").order_by("at")]
    assert [one["slip.colour"] for one in told] == ["blue", "yellow", "red"]
    signed = actions.sign_slip(slip=slips[2], by="account:leader", now=NOW + 10 * DAY)
    assert signed.seen_by == "account:leader"
    with refused("slip-seen"):
        actions.sign_slip(slip=signed, by="account:other", now=NOW + 10 * DAY)


def test_an_answer_in_time_stops_the_ladder(town: Town) -> None:
    case = town.case("finding", None)
    town.move(case, "dispatch", "office", unit="water")
    town.drive(NOW + 9 * DAY)
    assert not Slip.objects.filter(case=case).exists(), "a kind without a ladder gives none"


# Photos, relapse, roots


def test_a_report_without_the_photos_that_the_kind_asks_for_is_refused(town: Town) -> None:
    case = hole(town)
    with refused("photo-after"):
        town.move(case, "answer", "unit", NOW + HOUR, done="Filled with warm asphalt on Wednesday")


def test_what_comes_back_within_the_window_is_linked_to_what_was_closed(town: Town) -> None:
    old = town.case("errand", None)
    first = hole(town)
    Case.objects.filter(pk=first.pk).update(
        state="closed", holder="none", closed_at=NOW + DAY, next_due_at=None
    )
    again = town.case("hole", None, at=NOW + 9 * DAY, where="mill lane  3")
    assert again.relapse_of == first and again.relapse_of != old
    told = Event.objects.get(kind="case.relapsed")
    assert told.subject == f"case:{first.ref}" and data(told)["unit.key"] == "water"
    later = town.case("hole", None, at=NOW + 40 * DAY, where="Mill Lane 3")
    assert later.relapse_of is None


def test_the_same_spot_is_the_same_place(town: Town) -> None:
    first = town.case("hole", None, latitude=36.5, longitude=118.5)
    Case.objects.filter(pk=first.pk).update(state="closed", holder="none", closed_at=NOW + DAY)
    near = town.case("hole", None, at=NOW + 2 * DAY, latitude=36.5003, longitude=118.5003)
    far = town.case("hole", None, at=NOW + 2 * DAY, latitude=36.51, longitude=118.5)
    assert (near.relapse_of, far.relapse_of) == (first, None)


def test_many_of_one_root_are_answered_each_by_itself(town: Town) -> None:
    root = town.case("errand", None, title="The main under Mill Lane is too old")
    leaks = [town.case("finding", None, title=f"Leak {n}") for n in range(3)]
    for leak in leaks[:2]:
        town.move(leak, "dispatch", "office", unit="water")
    actions.join(root=root, cases=leaks, by=OFFICE, now=NOW)
    done, refusals = answer_branches(
        root=root,
        form={"done": "The main was replaced on Friday"},
        unit=town.units["water"],
        by=CLERK,
        now=NOW + DAY,
    )
    assert [case.pk for case in done] == [leak.pk for leak in leaks[:2]] and not refusals
    assert Step.objects.filter(move="answer").count() == 2
    other = town.case("errand", None)
    with refused("cannot-join"):
        actions.join(root=other, cases=[root], by=OFFICE, now=NOW)
    with refused("root-below"):
        actions.join(root=leaks[2], cases=[leaks[0]], by=OFFICE, now=NOW)
    actions.leave(case=leaks[2], by=OFFICE, now=NOW)
    with refused("no-root"):
        actions.leave(case=leaks[2], by=OFFICE, now=NOW)


def test_answers_to_the_kinds_own_questions_are_held_to_them(town: Town) -> None:
    case = town.case("hole", None, form={"depth": "deep", "width": "40", "colour": "red"})
    assert case.form == {"depth": "deep", "width": "40"}
    with refused("answer-wrong"):
        town.case("hole", None, form={"depth": "bottomless"})


def test_time_in_hands_is_kept_with_every_step(town: Town) -> None:
    case = hole(town)
    steps = [(one.move, one.holder, one.unit) for one in case.steps.order_by("at", "id")]
    assert steps == [("open", "office", None), ("dispatch", "unit", town.units["water"])]
