"""A signed letter's year: the path, what came, the forecast; the letter as a document; an altered one caught."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from docx import Document

from leitai.apps.measures import actions, queries
from leitai.apps.measures.models import Side, Term
from leitai.apps.regimes.queries import regime_on
from leitai.rules.kernel import Period
from tests.factories import BY, NOW, Town, build, refused

pytestmark = pytest.mark.django_db
PATH = {"2023-Q1": 20, "2023-H1": 50, "2023-Q3": 30, "2023": 120}
LATER = date(2023, 8, 10)


@pytest.fixture
def place(db: None) -> Town:
    return build()


def signed(place: Town, terms: dict[str, int] = PATH) -> Any:
    row = actions.draft_letter(
        unit=place.units["water"],
        period=Period.parse("2023"),
        title="Letter of 2023",
        document="No. 3",
        terms=[actions.TermDraft("funds", period, Decimal(value)) for period, value in terms.items()],
        by="account:office-town",
        now=NOW,
    )
    for side, by in ((Side.UNIT, "account:clerk-town"), (Side.OFFICE, "account:office-town")):
        actions.confirm_letter(letter=row, side=side, digest=row.digest, by=by, now=NOW)
    row.refresh_from_db()
    return row


def reports(place: Town, **values: int) -> None:
    for month, value in values.items():
        actions.report(
            unit=place.units["water"],
            measure="funds",
            period=Period.parse(f"2023-{month[1:]}"),
            value=Decimal(value),
            by=BY,
            now=datetime(2023, 8, 10, tzinfo=UTC),
        )


def told(place: Town, row: Any, today: date = LATER) -> Any:
    (one,) = queries.progress(row, regime_on(place.place, today), today)
    return one


def test_a_path_adds_up_from_the_years_beginning(place: Town) -> None:
    one = told(place, signed(place))
    assert {step.period.key: step.path for step in one.steps if step.path is not None} == {
        "2023-03": 20, "2023-06": 50, "2023-09": 80, "2023-12": 120,
    }  # fmt: skip
    assert one.target == 120 and one.forecast is None and one.why == "few" and one.standing is None


def test_what_came_is_held_against_the_path_and_the_end_foreseen(place: Town) -> None:
    row = signed(place)
    reports(place, m01=8, m02=7, m03=9, m04=8, m05=10, m06=9, m07=12)
    one = told(place, row)
    step, past = one.standing
    assert (step.period.key, step.so_far, past) == ("2023-06", 51, 1)
    assert (one.last.period.key, one.last.so_far) == ("2023-07", 63)
    assert one.forecast is not None and one.forecast.n == 7
    assert one.forecast.end == pytest.approx(63 / 7 * 12) and one.reaches == "no"


def test_a_month_that_is_not_over_is_not_counted_on(place: Town) -> None:
    row = signed(place)
    reports(place, m01=8, m02=7, m03=9, m04=8)
    assert told(place, row, date(2023, 4, 20)).last.period.key == "2023-03"


def test_last_year_gives_the_seasons_where_it_is_known_whole(place: Town) -> None:
    row = signed(place)
    for month in range(1, 13):
        actions.report(
            unit=place.units["water"], measure="funds", period=Period.parse(f"2022-{month:02}"),
            value=Decimal(month), by=BY, now=NOW,
        )  # fmt: skip
    reports(place, m01=2, m02=4, m03=6, m04=8)
    one = told(place, row, date(2023, 5, 2))
    assert one.forecast is not None and one.forecast.end == pytest.approx(2 * 78)


def test_a_gap_says_nothing_of_the_end(place: Town) -> None:
    row = signed(place)
    reports(place, m01=8, m02=7, m04=8, m05=9)
    one = told(place, row)
    assert one.forecast is None and one.why == "gap"


def door(role: str) -> Client:
    client = Client(headers={"accept-language": "en"})
    assert client.login(username=f"{role}-town", password="pass the long way")
    return client


def test_the_page_shows_the_year_and_the_document_the_letter(place: Town) -> None:
    row = signed(place)
    reports(place, m01=8, m02=7, m03=9, m04=8, m05=10, m06=9, m07=12)
    office = door("office")
    page = office.get(f"/town/letters/{row.pk}").content.decode()
    assert "<svg" in page and "Target of the whole" in page and "Against the path" in page
    paper = office.get(f"/town/letters/{row.pk}/paper").content.decode()
    assert row.digest in paper and "Letter of 2023" in paper
    data = office.get(f"/town/letters/{row.pk}/word").content
    document = Document(BytesIO(data))
    text = "\n".join(one.text for one in document.paragraphs)
    assert "Letter of 2023" in text and row.digest in text and len(document.tables[0].rows) == 5
    assert office.get("/town/letters/99999/paper").status_code == 404


def test_a_text_altered_after_signing_is_caught_on_every_page(place: Town) -> None:
    row = signed(place)
    Term.objects.filter(letter=row, period="2023-H1").update(target=5)
    office = door("office")
    page = office.get(f"/town/letters/{row.pk}").content.decode()
    assert "no longer what was signed" in page and "Target of the whole" not in page
    assert "no longer what was signed" in office.get(f"/town/letters/{row.pk}/paper").content.decode()
    document = Document(BytesIO(office.get(f"/town/letters/{row.pk}/word").content))
    assert "no longer what was signed" in document.paragraphs[0].text
    assert "no longer what was signed" in office.get("/town/letters").content.decode()
    with refused("letter-altered"):
        queries.progress(row, regime_on(place.place, LATER), LATER)


def test_another_units_letter_is_not_a_clerks_to_print(place: Town) -> None:
    row = signed(place)
    assert door("clerk").get(f"/town/letters/{row.pk}/paper").status_code == 200
    Term.objects.filter(letter=row).update(unit=place.units["tax"])
    type(row).objects.filter(pk=row.pk).update(unit=place.units["tax"])
    for what in ("paper", "word"):
        assert door("clerk").get(f"/town/letters/{row.pk}/{what}").status_code == 403
