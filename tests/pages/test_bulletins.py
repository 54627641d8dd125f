"""Pages of bulletins: written box by box, approved by two, read by anyone, and never before they are issued."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from leitai.apps.bulletins import actions, queries
from leitai.apps.bulletins.models import Bulletin

from .place import Shan

Door = Callable[[str], Any]


def text(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, answer.content.decode()[:800]
    return " ".join(answer.content.decode().split())


@pytest.fixture(autouse=True)
def english(shan: Shan) -> None:
    """The place writes its bulletins in English."""
    shan.place.language = "en"
    shan.place.save()


@pytest.fixture
def notice(shan: Shan) -> Bulletin:
    """A draft with one heading and one paragraph."""
    row = actions.draft(
        place=shan.place, kind="notice", title="Meet the deadline", by="account:office", now=shan.now
    )
    blocks = [
        row.blocks[0],
        {"kind": "heading", "level": 1, "text": "What is asked"},
        {"kind": "paragraph", "text": "Report <b>by</b> Friday."},
    ]
    actions.edit(bulletin=row, title=row.title, blocks=blocks, by="account:office", now=shan.now)
    return Bulletin.objects.get(pk=row.pk)


def approved(row: Bulletin, now: Any, *names: str) -> Bulletin:
    for name in names:
        row = actions.approve(bulletin=row, read=queries.digest_of(row), by=f"account:{name}", now=now)
    return row


def boxes(page: Client, row: Bulletin) -> dict[str, str]:
    """What the form of a draft would send as it stands."""
    frame = row.blocks[0]
    sent = {
        "title": row.title,
        **{name: frame[name] for name in ("head", "code", "to", "signed", "copy", "printed")},
    }
    for n, one in enumerate(row.blocks[1:]):
        kind = f"heading{one['level']}" if one["kind"] == "heading" else one["kind"]
        sent |= {f"b-{n}-kind": kind, f"b-{n}-text": one.get("text", ""), f"b-{n}-at": str(n + 1)}
    return sent


def test_a_draft_is_for_those_whose_work_it_is(shan: Shan, at_door: Door, notice: Bulletin) -> None:
    for name in ("", "north"):
        assert "Meet the deadline" not in text(at_door(name).get("/shan/bulletins"))
        for path in ("", "/pdf", "/word"):
            assert at_door(name).get(f"/shan/bulletins/{notice.pk}{path}").status_code == 404
    for name in ("office", "leader"):
        assert "Meet the deadline" in text(at_door(name).get("/shan/bulletins"))
        page = text(at_door(name).get(f"/shan/bulletins/{notice.pk}"))
        assert "Report &lt;b&gt;by&lt;/b&gt; Friday." in page
        assert at_door(name).get(f"/shan/bulletins/{notice.pk}/pdf").content.startswith(b"%PDF")


def test_two_people_issue_it_on_its_page_and_then_anyone_reads_it(
    shan: Shan, at_door: Door, notice: Bulletin
) -> None:
    where = f"/shan/bulletins/{notice.pk}"
    office, leader = at_door("office"), at_door("leader")
    read = {"read": queries.digest_of(notice)}
    assert at_door("north").post(f"{where}/approve", read).status_code == 403
    assert "a second person is awaited" in text(office.post(f"{where}/approve", read, follow=True))
    assert "Approve and issue" not in text(office.get(where))
    assert "a second person does now" in text(office.post(f"{where}/approve", read, follow=True))
    assert "Issued as Mountain County Bulletin" in text(leader.post(f"{where}/approve", read, follow=True))
    anyone = at_door("")
    assert "No. 1" in text(anyone.get(where)) and "Meet the deadline" in text(anyone.get("/shan/bulletins"))
    for path, kind in (("word", "wordprocessingml"), ("pdf", "application/pdf")):
        answer = anyone.get(f"{where}/{path}")
        assert answer.status_code == 200 and kind in answer["Content-Type"]
    feed = anyone.get("/shan/bulletins.atom")
    assert "atom" in feed["Content-Type"] and "Meet the deadline" in feed.content.decode()
    assert "Meet the deadline" not in anyone.get("/shan/exposure.atom").content.decode()


def test_a_changed_text_is_not_approved_unread(shan: Shan, at_door: Door, notice: Bulletin) -> None:
    read = {"read": queries.digest_of(notice)}
    sent = boxes(at_door("office"), notice) | {"b-1-text": "Report by Monday.", "do": "save"}
    page = text(at_door("office").post(f"/shan/bulletins/{notice.pk}/edit", sent, follow=True))
    assert "Report by Monday." in page
    answer = at_door("leader").post(f"/shan/bulletins/{notice.pk}/approve", read, follow=True)
    assert "The text was changed since you opened it" in text(answer)


def test_boxes_are_added_moved_and_taken_out_before_anything_is_kept(
    shan: Shan, at_door: Door, notice: Bulletin
) -> None:
    where, office = f"/shan/bulletins/{notice.pk}/edit", at_door("office")
    sent = boxes(office, notice)
    page = text(office.post(where, sent | {"do": "add:0"}))
    assert page.count("<textarea") == 4, "three boxes of text, and what is attached"
    page = text(office.post(where, sent | {"do": "up:1"}))
    assert page.index("Friday.") < page.index("What is asked")
    assert "What is asked" not in text(office.post(where, sent | {"do": "remove:0"})).split("<ol", 2)[2]
    notice.refresh_from_db()
    assert len(notice.blocks) == 3
    page = text(office.post(where, sent | {"do": "save", "title": ""}), 409)
    assert "A bulletin has a title." in page and "Friday." in page, "what was typed is kept on the page"


def test_a_figure_is_picked_and_leads_to_its_edition(shan: Shan, at_door: Door, notice: Bulletin) -> None:
    from leitai.apps.tables import actions as tables
    from leitai.rules.kernel import Period

    month = Period.containing("month", shan.now.date()).previous()
    for unit, value in ((shan.north, "9"), (shan.south, "4")):
        shan.reading(unit, month, value)
    table = tables.freeze(place=shan.place, arena="works", period=month, by="account:office", now=shan.now)
    table = tables.publish(table=table, by="account:leader", now=shan.now)
    office, where = at_door("office"), f"/shan/bulletins/{notice.pk}"
    assert "No published table" in text(
        office.post(f"{where}/cite", {"table": table.pk, "unit": "nobody"}, follow=True)
    )
    page = text(office.post(f"{where}/cite", {"table": table.pk, "unit": "North Bureau"}, follow=True))
    assert "North Bureau: 90 points, rank 1 of 2" in page
    page = text(office.get(where))
    assert f'<a href="/shan/t/{table.pk}">North Bureau: 90 points, rank 1 of 2</a>' in page
    missing = text(at_door("").get(f"/shan/t/{table.pk}/bulletin"), 404)
    assert "No bulletin of this table has been drawn up yet." in missing
    drawn = office.post(f"/shan/t/{table.pk}/bulletin/draw", follow=True)
    assert "South Bureau" in text(drawn)
    assert "drafted and not issued yet" in text(at_door("").get(f"/shan/t/{table.pk}/bulletin"), 404)
    row = approved(queries.of_table(table), shan.now, "office", "leader")
    page = text(at_door("").get(f"/shan/t/{table.pk}/bulletin", follow=True))
    assert row.number in page and f"/shan/t/{table.pk}" in page


def test_a_mark_is_told_on_the_page_the_list_and_a_fresh_pdf(
    shan: Shan, at_door: Door, notice: Bulletin
) -> None:
    row = approved(notice, shan.now, "office", "leader")
    anyone, where = at_door(""), f"/shan/bulletins/{notice.pk}"
    kept = anyone.get(f"{where}/pdf").content
    assert "Corrected since" not in text(anyone.get(where))
    actions.mark(bulletin=row, why="The figure of March was wrong", by="drive", now=shan.now)
    page = text(anyone.get(where))
    assert "Corrected since" in page and "The figure of March was wrong" in page
    assert "corrected since" in text(anyone.get("/shan/bulletins"))
    assert anyone.get(f"{where}/pdf").content != kept
    assert anyone.get(f"{where}/pdf?issued").content == kept
    assert "The figure of March was wrong" in anyone.get("/shan/bulletins.atom").content.decode()


def test_the_exposure_column_shows_the_unit_s_words_beside_the_finding(shan: Shan, at_door: Door) -> None:
    from leitai.apps.casework import actions as casework

    case = shan.finding("Counter closed at noon; call 13812345678", unit=shan.north)
    for move, role, form in (
        ("answer", "unit", {"done": "Two people now share the noon."}),
        ("close", "office", {"evidence": "Seen"}),
    ):
        case = casework.move_case(
            case=case, move=move, role=role, form=form, by=f"account:{role}", now=shan.now
        )
    office = at_door("office")
    assert "Only a case" in text(office.post("/shan/bulletins/new", {"case": "nothing"}), 409)
    page = text(office.post("/shan/bulletins/new", {"case": case.ref}, follow=True))
    assert "Two people now share the noon." in page
    row = approved(Bulletin.objects.get(kind="exposure"), shan.now, "office", "leader")
    column = text(at_door("").get("/shan/exposure"))
    assert row.title in column and "North Bureau" in column
    assert "Reply of North Bureau" in column and "Two people now share the noon." in column
    assert "13812345678" not in column
    assert "Nothing has been exposed." not in column


def test_a_notice_is_begun_and_dropped(shan: Shan, at_door: Door) -> None:
    office = at_door("office")
    assert "A bulletin has a title." in text(office.post("/shan/bulletins/new", {"title": " "}), 409)
    page = text(office.post("/shan/bulletins/new", {"title": "Spring cleaning"}, follow=True))
    assert "Spring cleaning" in page
    row = Bulletin.objects.get()
    assert "Say why" in text(office.post(f"/shan/bulletins/{row.pk}/drop", {"why": " "}, follow=True))
    assert "Dropped" in text(
        office.post(f"/shan/bulletins/{row.pk}/drop", {"why": "Not needed"}, follow=True)
    )
    assert "Spring cleaning" not in text(office.get("/shan/bulletins"))
