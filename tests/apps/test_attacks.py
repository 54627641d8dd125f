"""What somebody with ill will tries against the rooms themselves, and what each meets."""

from __future__ import annotations

from io import BytesIO

import pytest
from docx import Document
from openpyxl import load_workbook

from leitai.apps.bulletins import actions as bulletins
from leitai.apps.bulletins.queries import word
from leitai.apps.ledger import queries as ledger
from leitai.apps.ledger.models import Chain, Event
from leitai.apps.ledger.sealing import publish_head, seal
from leitai.apps.people import actions as people
from leitai.apps.people.models import Account
from leitai.apps.tables import actions as tables
from leitai.apps.tables import lists, queries
from leitai.apps.tables.sheet import workbook
from tests.factories import BY, HOUR, NOW, Town, refused

HOSTILE = "=cmd|'/c calc'!A1\x0b\x01"


def cut(town: Town, left: int) -> None:
    """Whoever runs the server removes the tail and sets the sealer's row back with it."""
    Event.objects.filter(place=town.place, seq__gt=left).delete()
    last = Event.objects.get(place=town.place, seq=left)
    Chain.objects.filter(place=town.place).update(size=left, link=last.link)


def test_a_tail_cut_together_with_the_sealers_row_is_told_by_a_published_head(town: Town) -> None:
    seal(town.place)
    published = publish_head(town.place, now=NOW)
    assert published is not None
    assert not ledger.verify(town.place).findings
    cut(town, published.size - 3)
    assert [one.code for one in ledger.verify(town.place).findings] == ["published-beyond"]


@pytest.mark.parametrize("everything", [False, True])
def test_a_sealers_row_that_was_removed_hides_nothing(town: Town, everything: bool) -> None:
    seal(town.place)
    publish_head(town.place, now=NOW)
    Chain.objects.filter(place=town.place).delete()
    rows = Event.objects.filter(place=town.place)
    if everything:
        rows.delete()
    else:
        rows.filter(seq=4).update(data='{"role":"leader"}')
    codes = [one.code for one in ledger.verify(town.place).findings]
    assert codes[0] == ("published-beyond" if everything else "altered")


def test_an_older_edition_is_not_published_after_a_later_one_was_frozen(town: Town) -> None:
    town.reports("2024-03", {"water": 5, "roads": 7, "tax": 9})
    first = town.table("works", "2024-03", published=False)
    town.table("works", "2024-03", why="a figure was wrong")
    with refused("later-edition"):
        tables.publish(table=first, by="account:leader", now=NOW + HOUR)
    assert town.kinds().count("table.published") == 1


def test_a_name_that_excel_and_word_cannot_hold_spoils_neither(town: Town) -> None:
    draft = people.UnitDraft("tax", HOSTILE, HOSTILE, kind="bureau")
    people.put_units(place=town.place, drafts=[draft], by=BY, now=NOW)
    town.reports("2024-03", {"water": 5, "roads": 7, "tax": 9})
    row = town.table("works", "2024-03")
    view, standings = queries.view(row), list(queries.standings(row))
    sheet = load_workbook(BytesIO(workbook(row, view, standings, lists.sketch(row)))).worksheets[0]
    named = [cell for line in sheet.iter_rows(min_row=2) for cell in line if "cmd" in str(cell.value)]
    assert [cell.data_type for cell in named] == ["s"]
    content = word(bulletins.draw(table=row, by=BY, now=NOW), NOW)
    cells = [cell.text for grid in Document(BytesIO(content)).tables for cell in grid._cells]
    assert any("cmd" in text for text in cells)


def test_a_clerk_made_administrator_can_sign_in_as_one(town: Town) -> None:
    name = town.posts["clerk"].account.username
    people.appoint(place=town.place, username=name, role="administrator", by=BY, now=NOW)
    assert Account.objects.get(username=name).is_staff
