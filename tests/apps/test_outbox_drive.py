"""What is told of what happened: by the drive, once, to whom it concerns, without a word that somebody typed."""

from __future__ import annotations

import subprocess
import time as clock
from collections.abc import Iterator
from datetime import time
from pathlib import Path

import pytest

from leitai.apps.outbox.models import TELLS, Message
from leitai.rules.regime.vocabulary import EVENTS
from leitai.web.events import WORDS
from tests.apps.outbox_rig import Rig
from tests.factories import DAY, HOUR, MINUTE, NOW, Town, build
from tests.fakes.receivers import Receivers, receivers
from tests.fakes.sender import FakeSender


@pytest.fixture
def side(settings: object) -> Iterator[Receivers]:
    settings.MESSAGE_HOSTS = ["127.0.0.1"]  # type: ignore[attr-defined]
    settings.PUBLIC_URL = "https://leitai.example"  # type: ignore[attr-defined]
    with receivers(NOW.timestamp()) as one:
        yield one


@pytest.fixture
def rig(town: Town, side: Receivers) -> Rig:
    return Rig(town, side, FakeSender())


def texts(channel: object) -> list[str]:
    return list(Message.objects.filter(channel=channel).order_by("pk").values_list("text", flat=True))


def test_whatever_may_be_told_of_is_an_event_that_has_words() -> None:
    assert set(TELLS) <= set(WORDS)
    assert set(EVENTS) & set(TELLS), "conditions may ask of most of them"


def test_a_case_is_told_by_kind_reference_unit_and_due_time_and_no_word_that_was_typed(rig: Rig) -> None:
    row = rig.channel()
    case = rig.town.case("question", title="Zhang San, 13912345678, has no water", text="private matter")
    rig.town.drive()
    assert texts(row) == [f"Question {case.ref} (Water Bureau): opened; due 10 Apr, 10:10"]
    message = row.messages.get()
    assert message.url == f"https://leitai.example/town/c/{case.ref}"
    kept = f"{message.title} {message.text} {message.data}"
    assert "Zhang" not in kept and "139" not in kept and "private" not in kept
    assert message.data["subject"] == f"case:{case.ref}"
    assert message.data["unit.key"] == "water"


def test_what_clocks_do_is_told_at_once_by_the_drive_alone(rig: Rig) -> None:
    row = rig.channel(tells=["clock.warned", "clock.breached"])
    rig.town.case("question")
    rig.town.drive(NOW + 11 * MINUTE)
    rig.deliver(NOW + 11 * MINUTE)
    said = rig.side.got[0].json["markdown"]["content"]
    assert "“Reply” is near its end" in said and "“Reply” ran out" in said
    assert rig.waits(row) == 0


def test_a_red_slip_goes_out_at_night(rig: Rig) -> None:
    row = rig.channel(tells=["slip.issued"], quiet_from=time(0), quiet_to=time(23, 59))
    case = rig.town.case("hole", None)
    rig.town.move(case, "dispatch", "office", unit="water")
    rig.town.drive(NOW + 20 * DAY)
    assert rig.deliver(NOW + 20 * DAY) == 1
    assert "red slip, clock “Mend”" in rig.side.got[0].body.decode()
    assert "Water Bureau): blue slip, clock “Mend”; due 11 Apr" in min(texts(row))
    assert rig.waits(row) == 2


def test_a_unit_hears_of_its_own_and_of_those_below_it_only(rig: Rig) -> None:
    tax, window, water = (rig.channel("mail", unit, unit) for unit in ("tax", "tax-window", "water"))
    whole = rig.channel("sms", name="whole")
    for unit in ("tax", "tax-window", "roads"):
        rig.town.case("question", unit)
    rig.town.drive()
    assert [len(texts(one)) for one in (tax, window, water, whole)] == [2, 1, 0, 3]


def test_whoever_is_asked_to_take_a_case_over_hears_of_it(rig: Rig) -> None:
    from leitai.apps.casework import actions

    roads = rig.channel("mail", "roads", "roads", ["case.asked", "case.transferred", "case.decided"])
    case = rig.town.case("hole", None)
    case = rig.town.move(case, "dispatch", "office", unit="water")
    asked = actions.ask(
        case=case, kind="transfer", ground="by-law", text="The road department owns this surface by law",
        to_unit=rig.town.units["roads"], unit=rig.town.units["water"], by="account:clerk-town", now=NOW,
    )  # fmt: skip
    rig.town.drive()
    assert texts(roads)[0].partition("): ")[2].startswith("asked for: transfer")
    actions.answer_request(request=asked, granted=True, role="unit", by="account:roads", now=NOW + HOUR)
    rig.town.drive(NOW + HOUR)
    assert {one.partition("): ")[2].partition(";")[0] for one in texts(roads)[1:]} == {
        "taken over",
        "granted: transfer",
    }


def test_a_table_and_its_bulletin_are_told_of(rig: Rig) -> None:
    row = rig.channel(tells=["table.published", "bulletin.drawn"])
    rig.town.reports("2024-03", {"water": 12, "roads": 9, "tax": 5})
    table = rig.town.table("works", "2024-03")
    rig.town.drive()
    assert texts(row)[0] == "a table was published"
    assert row.messages.first().url == f"https://leitai.example/town/t/{table.pk}"


def test_a_consequence_is_told_by_its_unit_and_not_by_its_name(rig: Rig) -> None:
    from leitai.apps.merits import actions

    row = rig.channel(tells=["merit.proposed"])
    actions.propose(
        place=rig.town.place, unit=rig.town.units["water"], merit="blame", target="head", rule="rule 7",
        reason="the head slept", evidence="event:1/late", at=NOW, by="drive", now=NOW,
    )  # fmt: skip
    rig.town.drive()
    assert texts(row) == ["Water Bureau: a consequence was proposed"]


def test_a_channel_that_fails_is_told_of_by_the_others_and_not_by_itself(rig: Rig) -> None:
    dead, other = rig.channel(name="the robot"), rig.channel("mail", tells=["channel.failing"])
    rig.matter(dead)
    rig.side.mode = "down"
    for hour in range(7):
        rig.deliver(NOW + 2 * hour * HOUR)
    rig.town.drive(NOW + DAY)
    assert texts(other) == ["The channel “the robot” does not get through."]
    assert dead.messages.filter(kind="channel.failing").count() == 0


def test_the_place_is_written_to_in_its_own_language(rig: Rig) -> None:
    rig.town.place.language = "zh-hans"
    type(rig.town.place).objects.update(language="zh-hans")
    row = rig.channel()
    rig.town.case("question")
    rig.town.drive()
    assert "企业诉求" in texts(row)[0]


def test_what_the_drive_reads_again_is_told_once(rig: Rig) -> None:
    from leitai.drive.models import Cursor

    row = rig.channel()
    rig.town.case("question")
    rig.town.drive()
    Cursor.objects.update(seq=0)
    rig.town.drive()
    assert rig.waits(row) == 1


def test_without_a_channel_that_asks_nothing_is_noted(rig: Rig) -> None:
    from leitai.drive.models import Firing

    rig.channel(tells=["bulletin.drawn"])
    rig.town.case("question")
    rig.town.drive()
    assert not Firing.objects.filter(rule="messages").exists()
    assert not Message.objects.exists()


def test_without_an_address_of_its_own_the_house_sends_no_link(rig: Rig, settings: object) -> None:
    settings.PUBLIC_URL = ""  # type: ignore[attr-defined]
    row = rig.channel()
    rig.town.case("question")
    rig.town.drive()
    assert row.messages.get().url == ""
    assert rig.deliver() == 1


@pytest.mark.django_db(transaction=True)
def test_a_running_worker_tells_while_a_dead_end_hangs(
    side: Receivers, leitai_command: Path, leitai_environment: dict[str, str]
) -> None:
    rig = Rig(build("town"), side, FakeSender())
    side.mode, side.clock = "hang-system", clock.time()
    rig.channel("webhook", tells=["case.opened"])
    rig.channel("dingtalk", tells=["clock.breached"])
    rig.town.case("question")
    more = {"LEITAI_MESSAGE_HOSTS": "127.0.0.1"}
    worker = subprocess.Popen([leitai_command, "worker"], env=leitai_environment | more)
    try:
        for _ in range(300):
            paths = {got.path.split("/")[1] for got in side.got}
            if paths == {"system", "dingtalk"} or side.let_go.wait(0.1):
                break
        assert paths == {"system", "dingtalk"}, "the clock was told while the system hung"
    finally:
        worker.kill()
        worker.wait(10)
    (robot,) = [got for got in side.got if "/dingtalk/" in got.path]
    assert "ran out" in robot.json["markdown"]["text"]
