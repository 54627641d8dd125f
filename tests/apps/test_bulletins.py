"""Bulletins: a published table as a document that says who stands where and how sure that is, drawn up once."""

from __future__ import annotations

import io

from docx import Document

from leitai.apps.bulletins import actions, queries
from leitai.apps.bulletins.models import Bulletin
from leitai.apps.ledger.actions import UNCHANGED
from leitai.apps.ledger.models import Event
from leitai.apps.ledger.queries import data
from leitai.rules.ledger import digest
from tests.factories import BY, NOW, Town, refused

VALUES = {"water": 12, "roads": 9, "tax": 5, "north": 10, "south": 7}


def drawn(town: Town) -> Bulletin:
    town.reports("2024-03", VALUES)
    return actions.draw(table=town.table("works", "2024-03"), by=BY, now=NOW)


def test_it_says_what_the_table_says(town: Town) -> None:
    row = drawn(town)
    document = Document(io.BytesIO(bytes(row.document)))
    bureaus, districts = document.tables
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
    words = "\n".join(one.text for one in document.paragraphs)
    assert row.title == "Town: Works, Mar 2024" and row.title in words
    assert row.table.digest[:16] in words
    assert "Sample" not in words


def test_it_is_drawn_up_once_from_what_is_published(town: Town) -> None:
    town.reports("2024-03", VALUES)
    draft = town.table("works", "2024-03", published=False)
    with refused("not-published"):
        actions.draw(table=draft, by=BY, now=NOW)
    second = town.table("works", "2024-03", why="again")
    first = actions.draw(table=second, by=BY, now=NOW)
    assert actions.draw(table=second, by=BY, now=NOW) is UNCHANGED
    assert queries.of_table(second) == first
    event = Event.objects.get(kind="bulletin.drawn")
    assert data(event) == {"table": second.pk, "digest": digest(bytes(first.document))}


def test_sample_data_says_so(town: Town) -> None:
    town.place.sample = True
    town.place.save()
    words = "\n".join(one.text for one in Document(io.BytesIO(bytes(drawn(town).document))).paragraphs)
    assert "Sample data" in words


def test_one_places_bulletins_are_not_anothers(town: Town, vale: Town) -> None:
    ours, theirs = drawn(town), drawn(vale)
    assert (ours.place, theirs.place) == (town.place, vale.place)
    assert [queries.of_table(one.table) for one in (ours, theirs)] == [ours, theirs]
