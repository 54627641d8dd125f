"""Rows of letters, evidence and disputes that the database must refuse."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from leitai.apps.measures import actions
from leitai.apps.measures.models import Dispute, Evidence, Letter, Side, Term
from leitai.rules.kernel import Period
from tests.apps.bad import again, bad, changed
from tests.factories import BY, NOW, Town


def dispute(town: Town) -> Dispute:
    row = town.report("water", "2024-03", 8)
    return actions.dispute(reading=row, side=Side.OFFICE, reason="wrong", by=BY, now=NOW)


def evidence(town: Town) -> Evidence:
    row = town.report("water", "2024-03", 8)
    return actions.add_evidence(reading=row, link="https://example.org/", by=BY, now=NOW)


def letter(town: Town, *, by: str = "account:one", replaces: Any = None, period: str = "2024-03") -> Letter:
    terms = [actions.TermDraft("funds", period, Decimal(5))]
    row = actions.draft_letter(
        unit=town.units["water"],
        period=Period.parse("2024"),
        title="Letter",
        document="No. 1",
        terms=terms,
        replaces=replaces,
        by=BY,
        now=NOW,
    )
    for side, one in ((Side.UNIT, by), (Side.OFFICE, "account:office")):
        row.refresh_from_db()
        actions.confirm_letter(letter=row, side=side, digest=row.digest, by=one, now=NOW)
    row.refresh_from_db()
    return row


def twice_replaced(town: Town) -> Any:
    first = letter(town)
    letter(town, replaces=first)
    return changed(letter(town, period="2024-04"), replaces=first)


bad(Dispute, "dispute_open_once")(lambda t: again(dispute(t)))
bad(Dispute, "dispute_side_known")(lambda t: changed(dispute(t), side="press"))
bad(Dispute, "dispute_answered_whole")(lambda t: changed(dispute(t), answered_at=NOW))
bad(Evidence, "evidence_once")(lambda t: again(evidence(t)))
bad(Evidence, "evidence_kept_or_linked")(lambda t: changed(evidence(t), link=""))
bad(Letter, "letter_by_two")(lambda t: changed(letter(t), unit_by="account:office"))
bad(Letter, "letter_unit_whole")(lambda t: changed(letter(t), unit_at=None))
bad(Letter, "letter_office_whole")(lambda t: changed(letter(t), office_by=""))
bad(Letter, "letter_replaced_once")(twice_replaced)
bad(Term, "term_once_in_letter")(lambda t: again(letter(t).terms.get(), standing=False))
bad(Term, "term_standing_once")(lambda t: again(letter(t).terms.get(), letter=letter(t, period="2024-04")))
