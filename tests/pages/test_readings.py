"""Figures, letters and measures on pages: what each side sees and may do, and what an outsider may not."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from leitai.apps.measures.models import Dispute, Evidence, Letter, Reading
from leitai.rules.kernel import Period

from .place import Shan

Door = Callable[[str], Any]


@pytest.fixture
def month(shan: Shan) -> Period:
    return Period.containing("month", shan.now.astimezone(shan.place.zone).date()).previous()


def text(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, answer.content.decode()[:2000]
    return " ".join(answer.content.decode().split())


def test_anyone_reads_what_is_measured_and_by_which_rule(shan: Shan, at_door: Door) -> None:
    anyone = at_door("")
    listed = text(anyone.get("/shan/measures"))
    assert "Funds arrived" in listed and "rule 1: funds are reported monthly" in listed
    one = text(anyone.get("/shan/measures/funds"))
    assert "more is better" in one and "every month" in one and "Works 100%" in one
    assert anyone.get("/shan/measures/fund").status_code == 404
    for path in ("letters", "readings", "readings/burden", "readings/screens"):
        assert anyone.get(f"/shan/{path}").status_code == 302, path


def drafted(at_door: Door, month: Period, terms: str = "", status: int = 302) -> Any:
    form = {
        "unit": "north",
        "period": str(month.first.year),
        "title": "Letter of the year",
        "document": "No. 7",
        "terms": terms or f"funds {month.key} 12",
    }
    answer = at_door("office").post("/shan/letters/new", form)
    assert answer.status_code == status
    return answer


def sign(client: Any, letter: Letter) -> Any:
    letter.refresh_from_db()
    return client.post(f"/shan/letters/{letter.pk}", {"digest": letter.digest})


def test_a_letter_is_drafted_read_and_confirmed_by_both(shan: Shan, at_door: Door, month: Period) -> None:
    drafted(at_door, month)
    letter = Letter.objects.get()
    north, office = at_door("north"), at_door("office")
    assert "Confirm for the unit" in text(north.get(f"/shan/letters/{letter.pk}"))
    assert at_door("south").get(f"/shan/letters/{letter.pk}").status_code == 403
    assert "Letter of the year" not in text(at_door("south").get("/shan/letters"))
    assert at_door("leader").post(f"/shan/letters/{letter.pk}", {"digest": letter.digest}).status_code == 403
    assert sign(north, letter).status_code == 302
    assert "waits for the office" in text(office.get("/shan/letters"))
    assert sign(office, letter).status_code == 302
    page = text(office.get(f"/shan/letters/{letter.pk}"))
    assert "Replace it" in page and "Confirm for" not in page
    asked = text(north.get("/shan/report"))
    assert "by letter" in asked and 'name="target"' not in asked
    assert "12" in text(at_door("").get("/shan/measures/funds"))


def test_a_draft_that_says_nothing_sound_is_shown_again(shan: Shan, at_door: Door, month: Period) -> None:
    page = text(drafted(at_door, month, "funds 12", 409), 409)
    assert "Line 1 is not" in page and ">funds 12</textarea>" in page
    assert "no measure fund" in text(drafted(at_door, month, f"fund {month.key} 12", 409), 409)
    assert at_door("north").get("/shan/letters/new").status_code == 403
    assert not Letter.objects.exists()


def test_an_altered_letter_is_told_where_letters_are_listed(shan: Shan, at_door: Door, month: Period) -> None:
    drafted(at_door, month)
    letter = Letter.objects.get()
    for name in ("north", "office"):
        sign(at_door(name), letter)
    letter.terms.update(target=1)
    assert "no longer what was signed" in text(at_door("office").get("/shan/letters"))
    assert "no longer what was signed" in text(at_door("north").get(f"/shan/letters/{letter.pk}"))
    assert "can be used" in text(at_door("office").get(f"/shan/readings/screens?period={month.key}"))


def test_a_replacement_starts_from_what_stands(shan: Shan, at_door: Door, month: Period) -> None:
    drafted(at_door, month)
    letter = Letter.objects.get()
    for name in ("north", "office"):
        sign(at_door(name), letter)
    page = text(at_door("office").get(f"/shan/letters/new?replaces={letter.pk}"))
    assert f"funds {month.key} 12" in page


def test_a_figure_is_disputed_answered_and_corrected(shan: Shan, at_door: Door, month: Period) -> None:
    row = shan.reading(shan.north, month, "8")
    north, office, url = at_door("north"), at_door("office"), f"/shan/readings/{row.pk}"
    assert office.post(url, {"do": "dispute", "reason": "The bank says 7"}).status_code == 302
    assert "The bank says 7" in text(north.get(url)) and "Answer the dispute" in text(north.get(url))
    assert "Answer the dispute" not in text(office.get(url)), "who disputes does not answer"
    one = Dispute.objects.get()
    answer = {"do": "answer", "dispute": one.pk, "upheld": "1", "answer": "So it does"}
    assert office.post(url, answer).status_code == 403
    assert north.post(url, answer).status_code == 302
    assert north.post(url, {"do": "correct", "value": "7", "why": "the bank is right"}).status_code == 302
    after = Reading.objects.get(replaces=row)
    assert after.value == 7
    assert "The one that counts" in text(north.get(url))
    assert text(office.get(f"/shan/readings?period={month.key}"))
    for name in ("south", "administrator"):
        assert at_door(name).get(url).status_code == 403, name
    assert at_door("leader").post(url, {"do": "dispute", "reason": "x"}).status_code == 403
    assert office.post(url, {"do": "correct", "value": "1", "why": "x"}).status_code == 404


def test_evidence_is_kept_and_handed_out_to_be_saved(shan: Shan, at_door: Door, month: Period) -> None:
    row = shan.reading(shan.north, month, "8")
    north, url = at_door("north"), f"/shan/readings/{row.pk}"
    paper = SimpleUploadedFile("银行回单.pdf", b"%PDF-1.7 x", "text/html")
    assert north.post(url, {"do": "evidence", "file": paper}).status_code == 302
    assert north.post(url, {"do": "evidence", "link": "https://example.org/7"}).status_code == 302
    assert "银行回单.pdf" in text(north.get(url)) and "https://example.org/7" in text(north.get(url))
    kept = Evidence.objects.get(link="")
    answer = at_door("office").get(f"/shan/evidence/{kept.pk}")
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("application/pdf", "nosniff")
    assert answer["Content-Disposition"].startswith("attachment") and answer.content == b"%PDF-1.7 x"
    assert at_door("south").get(f"/shan/evidence/{kept.pk}").status_code == 403
    bad = SimpleUploadedFile("x.pdf", b"<script>", "application/pdf")
    assert "A file is a PDF" in text(north.post(url, {"do": "evidence", "file": bad}), 409)
    assert "Add a file, or a link" in text(north.post(url, {"do": "evidence", "link": "javascript:1"}), 409)


def test_the_office_sees_what_did_not_come(shan: Shan, at_door: Door, month: Period) -> None:
    shan.reading(shan.north, month, "8")
    page = text(at_door("office").get(f"/shan/readings?period={month.key}"))
    assert "1 is missing" in page
    assert (
        "South Bureau" in page[page.index("Not there") :]
        and "North Bureau" not in page[page.index("Not there") :]
    )


def test_a_disputed_figure_is_not_verified(shan: Shan, at_door: Door, month: Period) -> None:
    row = shan.reading(shan.north, month, "8")
    office = at_door("office")
    office.post(f"/shan/readings/{row.pk}", {"do": "dispute", "reason": "The bank says 7"})
    form = {"measure": "funds", "period": month.key}
    page = text(office.post(f"/shan/readings/{row.pk}/verify", form, follow=True))
    assert "is disputed" in page
    row.refresh_from_db()
    assert row.state == "disputed"


def test_the_workbook_goes_out_and_comes_back_by_page(shan: Shan, at_door: Door, month: Period) -> None:
    north = at_door("north")
    assert f"unit=north&amp;period={month.key}" in text(north.get("/shan/report"))
    answer = north.get(f"/shan/report/workbook?unit=north&period={month.key}")
    assert f"north-{month.key}.xlsx" in answer["Content-Disposition"]
    book, out = load_workbook(BytesIO(answer.content)), BytesIO()
    book.worksheets[0]["G4"] = 8
    book.worksheets[0]["A5"], book.worksheets[0]["C5"], book.worksheets[0]["G5"] = "south", "funds", 9
    book.save(out)
    page = text(north.post("/shan/report/workbook", {"file": SimpleUploadedFile("f.xlsx", out.getvalue())}))
    assert "G5" in page and "no unit “south” that you report for" in page
    assert [(one.unit.key, one.value) for one in Reading.objects.all()] == [("north", Decimal(8))]
    assert north.get("/shan/report/workbook?unit=south").status_code == 403
    assert "Choose the workbook" in text(north.post("/shan/report/workbook", {}), 409)
    junk = SimpleUploadedFile("f.xlsx", b"junk")
    assert "not a workbook that was downloaded here" in text(
        north.post("/shan/report/workbook", {"file": junk}), 409
    )


def test_each_sees_its_own_burden_and_the_office_all(shan: Shan, at_door: Door) -> None:
    assert "North Bureau" in text(at_door("office").get("/shan/readings/burden"))
    north = text(at_door("north").get("/shan/readings/burden"))
    assert "North Bureau" in north and "South Bureau" not in north


def test_signs_are_shown_to_the_office_with_their_numbers(shan: Shan, at_door: Door, month: Period) -> None:
    past = [month]
    while len(past) < 12:
        past.insert(0, past[0].previous())
    for n, period in enumerate(past[:-1]):
        shan.reading(shan.north, period, str(500 + n % 3))
        shan.reading(shan.south, period, str(500 + n % 5))
    url = f"/shan/readings/screens?period={month.key}"
    assert "Nothing looks odd" in text(at_door("office").get(url))
    shan.reading(shan.north, month, "0")
    page = text(at_door("office").get(url))
    assert (
        "0 where it was never near 0" in page
        and "North Bureau" in page
        and "then it is missing, not 0" in page
    )
    assert at_door("north").get(url).status_code == 403
