"""Bulletins of meetings and inspections, and the short form that goes out to groups."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from leitai.apps.bulletins import actions, queries
from leitai.apps.inspections import actions as inspections
from leitai.apps.inspections.models import Visit
from leitai.apps.occasions import actions as occasions
from leitai.apps.outbox.models import Message
from tests.factories import BY, DAY, HOUR, NOW, Town, refused
from tests.fakes.receivers import Receivers, receivers
from tests.fakes.sender import FakeSender

from .meeting_town import begun, meeting_town, promised
from .outbox_rig import Rig
from .rounds_town import town as rounds_town
from .rounds_town import visit
from .test_bulletins import issued, notice


def said(row: object) -> str:
    return "\n".join(one.get("text", "") for one in row.blocks)  # type: ignore[attr-defined]


def test_a_meeting_that_was_held_is_told_of_with_what_was_noted_and_promised(db: None) -> None:
    town = meeting_town()
    row = begun(town)
    about = f"occasion:{row.pk}"
    with refused("not-held"):
        actions.draft(place=town.place, kind="meeting", about=about, by=BY, now=row.at)
    occasions.note(occasion=row, part="words", text="The mayor asks for speed.", by=BY, now=row.at)
    one = promised(town, row)
    held = occasions.hold(occasion=row, by=BY, now=row.at + HOUR)
    bulletin = actions.draft(place=town.place, kind="meeting", about=about, by=BY, now=held.held_at)
    assert "The mayor asks for speed." in said(bulletin)
    assert f"{one.unit.name_en}: {one.text}, by 2024-05-09." in said(bulletin)
    assert f"/town/o/{row.pk}" in str(queries.meant(bulletin, False))


def test_an_inspection_that_is_over_is_told_of_by_its_report(db: None) -> None:
    town = rounds_town()
    one = visit(town, "roads")
    about = f"round:{one.round_id}"
    with refused("not-closed"):
        actions.draft(place=town.place, kind="inspection", about=about, by=BY, now=NOW)
    inspections.begin_visit(visit=one, by=BY, now=NOW)
    inspections.note(visit=one, answers={"window": "no", "papers": "3", "words": "Two"}, by=BY, now=NOW)
    inspections.find(visit=one, item="window", text="Mr. Li Hua was away", by=BY, now=NOW)
    inspections.end_visit(visit=one, minutes=70, words="", by=BY, now=NOW + HOUR)
    for other in Visit.objects.exclude(pk=one.pk):
        inspections.drop_visit(visit=other, why="Flood", by=BY, now=NOW + DAY)
    inspections.close_round(row=one.round, by=BY, now=NOW + DAY)
    bulletin = actions.draft(place=town.place, kind="inspection", about=about, by=BY, now=NOW + DAY)
    assert "1 of 4 visits were made" in said(bulletin) and "70 minutes" in said(bulletin)
    (grid,) = [one for one in bulletin.blocks if one["kind"] == "table"]
    assert grid["rows"][0][1:4] == ["1", "1", "0"]
    assert "Li Hua" not in said(bulletin), "what did not prove true is not spread"


@pytest.fixture
def side(settings: object) -> Iterator[Receivers]:
    settings.MESSAGE_HOSTS = ["127.0.0.1"]  # type: ignore[attr-defined]
    settings.PUBLIC_URL = "https://leitai.example"  # type: ignore[attr-defined]
    with receivers(NOW.timestamp()) as one:
        yield one


@pytest.fixture
def rig(town: Town, side: Receivers) -> Rig:
    return Rig(town, side, FakeSender())


def test_groups_are_told_of_an_issue_in_short_and_of_no_draft(rig: Rig) -> None:
    channel = rig.channel(tells=["bulletin.issued"])
    row = notice(rig.town, "Meet the deadline. " * 40)
    rig.town.drive()
    assert not Message.objects.exists()
    row = issued(row)
    rig.town.drive()
    message = channel.messages.get()
    assert message.text.startswith(f"{row.number} Notice\nMeet the deadline.")
    assert len(message.text) <= 240 and message.text.endswith("…")
    assert message.url == f"https://leitai.example/town/bulletins/{row.pk}"
