"""The drive: what follows from an event follows once, in the ledger's order, and nothing stops it for good."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import datetime
from typing import Any

import pytest
from django.db import connection, transaction

from leitai.apps.ballots.models import Ballot, CallBack
from leitai.apps.bulletins.models import Bulletin
from leitai.apps.casework.models import Case
from leitai.apps.ledger import queries as ledger
from leitai.apps.ledger.actions import record
from leitai.apps.ledger.models import Event
from leitai.apps.ledger.sealing import seal
from leitai.apps.merits.models import Proposal
from leitai.apps.occasions.models import Occasion
from leitai.apps.regimes.actions import load
from leitai.drive import worker
from leitai.drive.engine import apply_rules, housekeeping, run, run_until_idle
from leitai.drive.models import Cursor, Firing
from tests.factories import BY, DAY, HOUR, MINUTE, NOW, Town, at_once, build, text

VALUES = {"water": 12, "roads": 9, "tax": 5, "north": 10, "south": 7, "harbour": 3}


def with_rule(town: Town, *rules: str) -> None:
    """The town's rule-book with more rules at its end."""
    book = text(town.place.key) + "".join(f"  - {rule}\n" for rule in rules)
    load(place=town.place, text=book, by=BY, now=NOW)


def failures(town: Town) -> list[dict[str, Any]]:
    rows = Event.objects.filter(place=town.place, kind="rule.failed").order_by("id")
    return [ledger.data(row) for row in rows]


def whole(town: Town) -> None:
    """The ledger has no gap and every link holds."""
    rows = Event.objects.filter(place=town.place)
    assert list(rows.order_by("seq").values_list("seq", flat=True)) == list(range(1, rows.count() + 1))
    assert ledger.verify(town.place).findings == ()


# What follows


def test_a_bad_verdict_opens_one_case_at_its_own_instant(town: Town) -> None:
    ballot = town.verdict(at=NOW - HOUR)
    town.verdict(grade="satisfied")
    town.drive()
    case = Case.objects.get()
    seq = Event.objects.get(kind="ballot.bad").seq
    assert (case.kind, case.unit.key, case.about) == ("bad-verdict", "tax-window", f"ballot:{ballot.pk}")
    assert (
        case.cause
        == f"event:{seq}/{Firing.objects.get(event__seq=seq, rule=case.cause.partition('/')[2]).rule}"
    )
    assert case.opened_at == NOW - HOUR
    assert case.next_due_at == NOW - HOUR + DAY


def test_a_broken_clock_proposes_accountability_for_the_head(town: Town) -> None:
    case = town.case("question")
    later = NOW + 3 * DAY
    town.drive(later)
    event = Event.objects.get(kind="clock.breached")
    assert (event.at, event.noted_at) == (NOW + 10 * MINUTE, later)
    row = Proposal.objects.get()
    assert (row.merit, row.target, row.unit) == ("blame", "head", case.unit)
    assert row.rule == "rule 8: or the procedure begins"
    assert row.evidence.startswith(f"event:{event.seq}/")
    assert case.ref in row.reason
    # The worker slept three days over the breach; the unit has its five workdays from when it can know of the file.
    assert row.reply_by.astimezone(town.place.zone).strftime("%Y-%m-%d %H:%M") == "2024-04-19 17:30"


def test_a_published_table_warns_the_last_honours_the_first_and_calls_one_meeting(town: Town) -> None:
    town.reports("2024-03", VALUES)
    table = town.table("works", "2024-03")
    town.drive()
    assert Counter(Proposal.objects.values_list("merit", "unit__key")) == Counter(
        [("warning", "tax"), ("warning", "harbour"), ("flag", "water"), ("flag", "north")]
    )
    meeting = Occasion.objects.get(key="statement")
    assert meeting.at.astimezone(town.place.zone).strftime("%Y-%m-%d %H:%M") == "2024-04-17 15:00"
    assert Bulletin.objects.get().table == table
    assert failures(town) == []


def test_another_arena_and_a_draft_lead_to_nothing_but_what_their_rules_say(town: Town) -> None:
    town.reports("2024-03", VALUES)
    town.table("works", "2024-03", published=False)
    town.drive()
    assert not Proposal.objects.exists() and not Bulletin.objects.exists()
    town.table("quarter", "2024-Q1")
    town.drive()
    assert not Proposal.objects.exists() and Bulletin.objects.count() == 1


def test_a_second_edition_sets_off_no_rule_on_publication_again(town: Town) -> None:
    town.reports("2024-03", VALUES)
    town.table("works", "2024-03")
    town.drive()
    town.table("works", "2024-03", why="corrected")
    town.drive()
    assert (town.kinds().count("table.published"), town.kinds().count("table.corrected")) == (1, 1)
    assert Bulletin.objects.count() == 1
    assert Proposal.objects.filter(merit="warning").count() == 2


def test_the_rule_that_was_in_force_at_the_event_is_applied(town: Town) -> None:
    later = text().replace("in_force: 2024-01-01", "in_force: 2024-04-10")
    later = later.replace(
        "{on: ballot.bad, do: open case bad-verdict", "{on: ballot.bad, do: propose warning for unit"
    )
    load(place=town.place, text=later, by=BY, now=NOW)
    town.verdict(at=NOW - 2 * DAY)
    town.verdict(at=NOW)
    town.drive()
    assert (Case.objects.count(), Proposal.objects.count()) == (1, 1)


# Once


def test_nothing_is_done_twice_however_often_the_ledger_is_read(town: Town) -> None:
    town.verdict()
    town.case("question")
    town.reports("2024-03", VALUES)
    town.table("works", "2024-03")
    town.drive(NOW + HOUR)

    def counts() -> list[int]:
        return [model.objects.count() for model in (Case, Proposal, Occasion, Bulletin, Firing, Event)]

    before = counts()
    assert not run(town.place, now=NOW + HOUR), "nothing is left to do"
    Cursor.objects.filter(place=town.place).update(seq=0)
    progress = town.drive(NOW + HOUR)
    assert progress.read == before[-1]
    assert progress.fired == 0
    assert counts() == before


def test_a_reader_stops_where_it_was_told_and_goes_on_from_there(town: Town) -> None:
    for _ in range(7):
        town.verdict()
    seal(town.place)
    fired = []
    while (step := apply_rules(town.place, now=NOW, batch=4))[0]:
        assert step[0] <= 4
        fired.append(step[1])
    assert Case.objects.count() == CallBack.objects.count() == 7
    assert sum(fired) == 14


@pytest.mark.django_db(transaction=True)
def test_two_workers_share_one_ledger() -> None:
    town = build()
    for _ in range(40):
        town.verdict()
    for n in range(20):
        town.case("question", title=f"Q{n}")
    at_once(*[lambda: run_until_idle(town.place, now=NOW + HOUR)] * 2)
    town.drive(NOW + HOUR)
    assert Case.objects.filter(kind="bad-verdict").values("about").distinct().count() == 40
    assert Case.objects.filter(kind="bad-verdict").count() == 40
    assert Proposal.objects.count() == Event.objects.filter(kind="clock.breached").count() == 20
    whole(town)


@pytest.mark.django_db(transaction=True)
def test_a_batch_that_is_cut_off_leaves_nothing_and_is_done_again() -> None:
    town = build()
    for _ in range(5):
        town.verdict()
    seal(town.place)

    class Cut(BaseException):
        """What no handler of the house catches, as a kill would not be."""

    def cut(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if "UPDATE" in sql and "drive_cursor" in sql:
            raise Cut
        return execute(sql, params, many, context)

    with pytest.raises(Cut), connection.execute_wrapper(cut):
        apply_rules(town.place, now=NOW)
    assert not Case.objects.exists() and not Firing.objects.exists()
    town.drive()
    assert Case.objects.count() == 5


# In order, and none skipped


@pytest.mark.django_db(transaction=True)
def test_an_event_that_commits_late_is_sealed_and_handled_all_the_same() -> None:
    """An earlier id commits after a later one was sealed and read.

    SQLite lets one write at a time, so there the late row is put back by hand.
    """
    town = build()
    town.drive()
    kind, unit = "ballot.bad", town.units["water"]
    facts = {
        "ballot.grade": "dissatisfied",
        "ballot.bad": True,
        "ballot.channel": "",
        "unit.key": unit.key,
        "unit.kind": "",
    }

    def bad(subject: str) -> Event:
        return record(place=town.place, kind=kind, by=BY, now=NOW, subject=subject, data=facts)

    if connection.vendor == "sqlite":
        with transaction.atomic():
            slow = bad("ballot:900001")
            values = {field.attname: getattr(slow, field.attname) for field in slow._meta.concrete_fields}
            slow.delete()
            bad("ballot:900002")
        town.drive()
        assert Case.objects.get().about == "ballot:900002"
        Event.objects.create(**values)
    else:
        written, go = threading.Event(), threading.Event()

        def slowly() -> None:
            with transaction.atomic():
                bad("ballot:900001")
                written.set()
                assert go.wait(20)

        def quickly() -> None:
            assert written.wait(20)
            with transaction.atomic():
                bad("ballot:900002")
            town.drive()
            assert Case.objects.get().about == "ballot:900002"
            go.set()

        at_once(slowly, quickly)
    town.drive()
    late, early = (Event.objects.get(subject=f"ballot:90000{n}") for n in (1, 2))
    assert late.pk < early.pk and late.seq > early.seq
    assert sorted(Case.objects.values_list("about", flat=True)) == ["ballot:900001", "ballot:900002"]
    whole(town)


# What cannot be done


def test_a_deed_that_fails_is_told_and_stops_nothing(town: Town) -> None:
    town.verdict()
    lost = town.verdict("harbour")
    # An event about a unit that is not there, as an older program might have left it.
    event = Event.objects.get(kind="ballot.bad", subject=f"ballot:{lost.pk}")
    Event.objects.filter(pk=event.pk).update(data=event.data.replace("harbour", "nowhere"))
    town.verdict("harbour")
    town.drive()
    assert sorted(Case.objects.values_list("unit__key", flat=True)) == ["harbour", "tax-window"]
    (told,) = failures(town)
    assert told["unit"] == "nowhere" and told["why"].startswith("LookupError")
    failed = Event.objects.get(kind="rule.failed")
    assert (failed.subject, failed.by) == (event.subject, "drive")
    whole(town)


def test_what_a_failing_deed_had_begun_is_undone(town: Town) -> None:
    town.verdict()
    town.units["tax-window"].__class__.objects.filter(key="tax-window").update(key="renamed")
    town.drive()
    assert len(failures(town)) == 1
    assert not Firing.objects.exclude(rule="house").exists() and not Case.objects.exists()


def test_a_condition_that_cannot_be_answered_stops_neither_the_others_nor_the_drive(town: Town) -> None:
    with_rule(
        town,
        '{key: broken, on: clock.breached, if: "10 / case.returns > 1", do: propose warning for unit, source: x}',
    )
    town.case("question")
    town.drive(NOW + HOUR)
    assert [row.merit for row in Proposal.objects.all()] == ["blame"]
    assert [one["rule"] for one in failures(town)] == ["broken"]
    town.verdict(at=NOW + HOUR)
    town.drive(NOW + HOUR)
    assert Case.objects.filter(kind="bad-verdict").count() == 1


def test_a_rule_that_leads_to_itself_goes_round_once(town: Town) -> None:
    with_rule(
        town, '{key: circle, on: case.opened, if: case.kind == "finding", do: open case finding, source: x}'
    )
    town.case("finding")
    town.drive()
    assert Case.objects.count() == 2, "the one of the person, and the one that followed from it"
    assert [one["rule"] for one in failures(town)] == ["circle"]


# The worker


def loop(town: Town, monkeypatch: pytest.MonkeyPatch, clock: datetime) -> None:
    """The worker's own loop at an instant, until it has nothing left to do."""

    class Enough:
        """Set once the loop would pause, as it does when there is nothing to do."""

        done = False

        def is_set(self) -> bool:
            return self.done

        def wait(self, _seconds: float) -> None:
            self.done = True

    monkeypatch.setattr("django.utils.timezone.now", lambda: clock)
    worker.work(Enough())


@pytest.mark.django_db(transaction=True)
def test_a_worker_back_after_three_days_tells_each_occasion_once_and_says_which_are_late(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop(town, monkeypatch, NOW)
    assert not Event.objects.filter(kind="occasion.due").exists()
    back = NOW + 5 * DAY - HOUR / 2  # Monday the 15th, half past nine: after the dispatch, before the review
    late = list(Occasion.objects.filter(at__lte=back).order_by("at"))
    assert [row.key for row in late] == ["review", "dispatch"]
    loop(town, monkeypatch, back)
    loop(town, monkeypatch, back + MINUTE)
    told = Event.objects.filter(kind="occasion.due").order_by("at")
    assert [row.at for row in told] == [row.at for row in late]
    assert [ledger.data(row)["occasion.late"] for row in told] == [True, False]
    assert Occasion.objects.values("key", "nominal").distinct().count() == Occasion.objects.count()


@pytest.mark.django_db(transaction=True)
def test_the_worker_keeps_house(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    loop(town, monkeypatch, NOW)
    assert Occasion.objects.exists()
    housekeeping(town.place, now=NOW + HOUR)
    assert next(head.size for head in ledger.heads(town.place)) == ledger.chain(town.place).size


@pytest.mark.django_db(transaction=True)
def test_a_place_lives_at_its_own_present(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    town.place.lag = 300 * DAY
    town.place.save()
    town.case("question")
    loop(town, monkeypatch, NOW + 300 * DAY + HOUR)
    assert Event.objects.get(kind="clock.breached").noted_at == NOW + HOUR


@pytest.mark.django_db(transaction=True)
def test_one_place_that_cannot_be_driven_does_not_stop_another(
    town: Town, vale: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    from leitai.apps.regimes.models import Version

    Version.objects.filter(place=town.place).delete()
    vale.verdict(at=NOW)
    loop(town, monkeypatch, NOW)
    assert Case.objects.get().place == vale.place
    assert not Ballot.objects.filter(place=town.place).exists()
