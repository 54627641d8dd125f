"""Bulletins: drawn up from what is published or proven, approved by two, numbered, and marked when it is corrected."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from docx import Document

from leitai.apps.bulletins import actions, queries
from leitai.apps.bulletins.models import Bulletin
from leitai.apps.ledger.actions import UNCHANGED
from leitai.apps.ledger.models import Event
from leitai.apps.ledger.queries import data
from leitai.rules.ledger import digest
from tests.factories import BY, DAY, HOUR, NOW, Town, refused

VALUES = {"water": 12, "roads": 9, "tax": 5, "north": 10, "south": 7}
OFFICE, LEADER = "account:office", "account:leader"


def drawn(town: Town) -> Bulletin:
    town.reports("2024-03", VALUES)
    return actions.draw(table=town.table("works", "2024-03"), by=BY, now=NOW)


def issued(row: Bulletin, at: datetime = NOW) -> Bulletin:
    for by in (OFFICE, LEADER):
        row = actions.approve(bulletin=row, read=queries.digest_of(row), by=by, now=at)
    return row


def notice(town: Town, *texts: str, title: str = "Notice") -> Bulletin:
    row = actions.draft(place=town.place, kind="notice", title=title, by=BY, now=NOW)
    return edited(row, *(texts or ("Meet the deadline.",)))


def edited(row: Bulletin, *texts: str, **frame: object) -> Bulletin:
    blocks = [{**row.blocks[0], **frame}, *({"kind": "paragraph", "text": one} for one in texts)]
    actions.edit(bulletin=row, title=row.title, blocks=blocks, by=BY, now=NOW)
    row.refresh_from_db()
    return row


def words(content: bytes | memoryview) -> str:
    return "\n".join(one.text for one in Document(io.BytesIO(bytes(content))).paragraphs)


def test_it_says_what_the_table_says(town: Town) -> None:
    row = issued(drawn(town))
    bureaus, districts = Document(io.BytesIO(bytes(row.document))).tables
    assert [[cell.text for cell in line.cells][::2] for line in bureaus.rows][1:] == [
        ["1", "Water Bureau"],
        ["2", "Roads Bureau"],
        ["3", "Tax Bureau"],
    ]
    assert [cell.text for cell in districts.rows[-1].cells] == [
        "—",
        "too few to judge",
        "Harbour District",
        "—",
    ]
    said = words(row.document)
    assert "Works, Mar 2024" in row.title and row.title.split()[0] in said
    assert row.table.digest[:16] in said
    assert "Named last: Tax Bureau" in said
    assert "Sample" not in said


def test_it_is_drawn_up_once_and_anew_when_it_was_dropped(town: Town) -> None:
    town.reports("2024-03", VALUES)
    draft = town.table("works", "2024-03", published=False)
    with refused("not-published"):
        actions.draw(table=draft, by=BY, now=NOW)
    table = town.table("works", "2024-03", why="again")
    first = actions.draw(table=table, by=BY, now=NOW)
    assert actions.draw(table=table, by=BY, now=NOW) is UNCHANGED
    assert queries.of_table(table) == first
    event = Event.objects.get(kind="bulletin.drawn")
    assert data(event) == {"table": table.pk, "kind": "table", "digest": queries.digest_of(first)}
    with refused("no-reason"):
        actions.drop(bulletin=first, why=" ", by=BY, now=NOW)
    actions.drop(bulletin=first, why="A wrong table", by=BY, now=NOW)
    assert queries.of_table(table) is None
    again = actions.draw(table=table, by=BY, now=NOW + HOUR)
    assert (again.pk, again.state, again.dropped_why) == (first.pk, "draft", "")


def test_a_notice_that_is_begun_twice_is_one_until_it_is_written_in(town: Town) -> None:
    def begin(by: str = BY, title: str = "Notice") -> Bulletin:
        return actions.draft(place=town.place, kind="notice", title=title, by=by, now=NOW)

    first = begin()
    assert begin(title=" Notice ") == first, "pressed twice"
    assert Event.objects.filter(kind="bulletin.drawn").count() == 1
    others = {begin("account:other").pk, begin(title="Another").pk}
    edited(first, "Meet the deadline.")
    others.add(begin().pk)
    assert first.pk not in others and len(others) == 3 and Bulletin.objects.count() == 4


def test_sample_data_says_so(town: Town) -> None:
    town.place.sample = True
    town.place.save()
    assert "Sample data" in words(queries.word(drawn(town), NOW))


def test_two_people_approve_what_both_have_read(town: Town) -> None:
    row = notice(town)
    with refused("no-person"):
        actions.approve(bulletin=row, read=queries.digest_of(row), by="drive", now=NOW)
    row = actions.approve(bulletin=row, read=queries.digest_of(row), by=OFFICE, now=NOW)
    assert (row.state, row.number, row.document) == ("draft", "", None)
    with refused("two-people"):
        actions.approve(bulletin=row, read=queries.digest_of(row), by=OFFICE, now=NOW)
    read = queries.digest_of(row)
    row = edited(row, "Meet the deadline, or else.")
    assert row.first_by == "", "an approval is of the text that was read"
    with refused("changed"):
        actions.approve(bulletin=row, read=read, by=LEADER, now=NOW)
    row = issued(row)
    assert (row.first_by, row.second_by, row.state) == (OFFICE, LEADER, "issued")
    told = data(Event.objects.get(kind="bulletin.issued"))
    assert told["number"] == row.number and told["document"] == digest(bytes(row.document))
    assert bytes(row.pdf).startswith(b"%PDF")
    for change in (
        lambda: actions.edit(bulletin=row, title="x", blocks=row.blocks, by=BY, now=NOW),
        lambda: actions.drop(bulletin=row, why="x", by=BY, now=NOW),
        lambda: actions.approve(bulletin=row, read=read, by=BY, now=NOW),
    ):
        with refused("no-draft"):
            change()


def test_numbers_run_by_code_and_begin_anew_with_the_year_of_the_place(town: Town) -> None:
    first, second = issued(notice(town)), issued(notice(town, title="Another"))
    assert [first.number, second.number] == ["Town Bulletin [2024] No. 1", "Town Bulletin [2024] No. 2"]
    other = issued(edited(notice(town), "Text", code="TP"))
    assert other.number == "TP [2024] No. 1"
    # Half an hour past midnight in Shanghai, while it is still the old year in UTC.
    turn = datetime(2024, 12, 31, 16, 30, tzinfo=UTC)
    assert issued(notice(town, title="New"), turn).number == "Town Bulletin [2025] No. 1"
    town.place.language = "zh-hans"
    town.place.save()
    row = issued(edited(notice(town), "请按期整改。", code="镇通"), turn)
    assert row.number == "镇通〔2025〕1号"


def test_the_same_text_gives_the_same_word_file(town: Town) -> None:
    row = notice(town)
    assert queries.word(row, NOW) == queries.word(row, NOW)


def test_a_bulletin_says_something_and_has_a_title(town: Town) -> None:
    with refused("no-title"):
        actions.draft(place=town.place, kind="notice", title=" ", by=BY, now=NOW)
    with refused("no-kind"):
        actions.draft(place=town.place, kind="poster", title="x", by=BY, now=NOW)
    row = actions.draft(place=town.place, kind="notice", title="Notice", by=BY, now=NOW)
    with refused("no-text"):
        actions.edit(bulletin=row, title="Notice", blocks=row.blocks, by=BY, now=NOW)
    with refused("no-text"):
        actions.approve(bulletin=row, read=queries.digest_of(row), by=OFFICE, now=NOW)


def test_a_table_in_a_draft_is_left_out_but_not_rewritten(town: Town) -> None:
    row = drawn(town)
    at = next(n for n, one in enumerate(row.blocks) if one["kind"] == "table")
    forged = {"kind": "table", "at": str(at), "rows": [["1", "1", "Tax Bureau", "100"]]}
    actions.edit(bulletin=row, title=row.title, blocks=[row.blocks[0], forged], by=BY, now=NOW)
    before = row.blocks[at]
    row.refresh_from_db()
    assert row.blocks[1:] == [before]
    with refused("changed"):
        actions.edit(bulletin=row, title="x", blocks=[{"kind": "table", "at": "77"}], by=BY, now=NOW)


def test_a_figure_is_picked_from_an_edition_and_tied_to_it(town: Town) -> None:
    town.reports("2024-03", VALUES)
    table = town.table("works", "2024-03")
    row = notice(town)
    with refused("no-line"):
        actions.cite(bulletin=row, table=table, unit="nobody", by=BY, now=NOW)
    said = actions.cite(bulletin=row, table=table, unit="water", by=BY, now=NOW)
    row.refresh_from_db()
    assert said.startswith("Water Bureau: ") and "rank 1 of 3" in said
    assert [(one.subject, one.text) for one in row.citations.all()] == [(f"table:{table.pk}", said)]
    (block,) = [one for one in queries.meant(row, False) if said in one.get("text", "")]
    assert [piece.href for piece in block["pieces"]] == [f"/town/t/{table.pk}", ""]
    gone = actions.edit(
        bulletin=row, title=row.title,
        blocks=[row.blocks[0], {"kind": "paragraph", "text": said.replace("1", "9")}], by=BY, now=NOW,
    )  # fmt: skip
    assert gone == [said] and not row.citations.exists(), "a figure typed over is tied to nothing"


def test_a_correction_marks_what_was_issued_and_stops_what_was_not(town: Town) -> None:
    row = issued(drawn(town))
    kept = bytes(row.document), bytes(row.pdf)
    other = notice(town)
    actions.cite(bulletin=other, table=row.table, unit="tax", by=BY, now=NOW)
    other.refresh_from_db()
    town.drive()
    town.report("harbour", "2024-03", 11)
    new = town.table("works", "2024-03", why="The harbour reported late")
    town.drive(NOW + HOUR)
    row.refresh_from_db()
    assert "Edition 2 of Works, Mar 2024" in row.mark and "The harbour reported late" in row.mark
    assert row.marked_at == NOW + HOUR
    assert [(one.old, one.new) for one in queries.corrections(row)] == [(row.table, new)]
    assert (bytes(row.document), bytes(row.pdf)) == kept, "what was issued stays as it was"
    town.drive(NOW + DAY)
    assert town.kinds().count("bulletin.marked") == 1
    with refused("corrected"):
        actions.approve(bulletin=other, read=queries.digest_of(other), by=OFFICE, now=NOW)
    with refused("not-issued"):
        actions.mark(bulletin=other, why="x", by=BY, now=NOW)


def test_one_places_bulletins_are_not_anothers(town: Town, vale: Town) -> None:
    ours, theirs = drawn(town), drawn(vale)
    assert (ours.place, theirs.place) == (town.place, vale.place)
    assert [queries.of_table(one.table) for one in (ours, theirs)] == [ours, theirs]
    assert queries.bulletin(town.place, theirs.pk) is None
    own = notice(town)
    with refused("no-line"):
        actions.cite(bulletin=own, table=theirs.table, unit="water", by=BY, now=NOW)


@pytest.mark.parametrize(
    "hostile", ["=cmd|'/c calc'!A1\x0b\x01", "</w:t><w:t>&", "\ud83d\ude00 emoji \u202e"]
)
def test_whatever_is_typed_comes_out_as_text(town: Town, hostile: str) -> None:
    hostile = hostile.encode("utf-16", "surrogatepass").decode("utf-16")
    row = issued(notice(town, f"Say {hostile} aloud."))
    assert "aloud" in words(row.document)
    assert bytes(row.pdf).startswith(b"%PDF")
