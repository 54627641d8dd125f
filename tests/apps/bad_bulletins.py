"""Rows of bulletins and their citations that the database must refuse."""

from __future__ import annotations

from typing import Any

from leitai.apps.bulletins import actions, queries
from leitai.apps.bulletins.models import Bulletin, Citation
from tests.apps.bad import again, bad, changed
from tests.factories import BY, NOW, Town


def notice(town: Town, title: str = "Notice") -> Bulletin:
    row = actions.draft(place=town.place, kind="notice", title=title, by=BY, now=NOW)
    blocks = [row.blocks[0], {"kind": "paragraph", "text": "Meet the deadline."}]
    actions.edit(bulletin=row, title=title, blocks=blocks, by=BY, now=NOW)
    row.refresh_from_db()
    return row


def issued(town: Town, title: str = "Notice") -> Bulletin:
    row = notice(town, title)
    for by in ("account:office", "account:leader"):
        row = actions.approve(bulletin=row, read=queries.digest_of(row), by=by, now=NOW)
    return row


def same_number(town: Town) -> Any:
    first = issued(town)
    return changed(issued(town, "Another"), number=first.number)


def citation(town: Town) -> Citation:
    return Citation.objects.create(bulletin=notice(town), subject="table:1", text="92 points")


bad(Bulletin, "bulletin_number_once")(same_number)
bad(Bulletin, "bulletin_subject_once")(
    lambda t: [changed(notice(t, name), subject="case:1") for name in ("One", "Two")]
)
bad(Bulletin, "bulletin_of_a_table_or_not")(lambda t: changed(notice(t), kind="table"))
bad(Bulletin, "bulletin_issued_by_two")(lambda t: changed(issued(t), second_by="account:office"))
bad(Bulletin, "bulletin_marked_whole")(lambda t: changed(issued(t), mark="corrected"))
bad(Citation, "citation_once")(lambda t: again(citation(t)))
