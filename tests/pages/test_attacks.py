"""What somebody with ill will sends to the pages, and what each meets."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from leitai.apps.people.models import Account

from .place import Shan

Door = Callable[[str], Any]


@pytest.mark.parametrize("number", ["9" * 30, "1" * 5000, "-1", "²", "0", "1 OR 1=1"])
def test_a_number_that_no_event_bears_opens_the_ledger_all_the_same(
    shan: Shan, at_door: Door, number: str
) -> None:
    assert at_door("").get("/shan/log", {"before": number}).status_code == 200


def test_words_that_excel_cannot_hold_do_not_stop_the_offices_export(shan: Shan, at_door: Door) -> None:
    shan.finding("=cmd|'/c calc'!A1\x0b\x1f")
    answer = at_door("office").get("/shan/office.xlsx", {"queue": "undispatched"})
    assert answer.status_code == 200
    cells = [cell for line in load_workbook(BytesIO(answer.content)).active.iter_rows() for cell in line]
    assert [cell.data_type for cell in cells if "cmd" in str(cell.value)] == ["s"]


@pytest.mark.parametrize("field", ["password__startswith", "password", "is_superuser", "email__regex"])
def test_an_administrator_cannot_ask_for_what_the_list_of_accounts_does_not_show(
    shan: Shan, at_door: Door, field: str
) -> None:
    kept = Account.objects.get(username="office").password
    answer = at_door("administrator").get("/admin/people/account/", {field: kept[:8]})
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "url", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_nobody_is_led_to_another_site(shan: Shan, at_door: Door, url: str) -> None:
    client = at_door("")
    signed_in = client.post("/login/", {"username": "office", "password": "pass the long way", "next": url})
    assert signed_in.status_code == 302
    assert signed_in["Location"] == "/"
    assert client.post("/i18n/setlang/", {"language": "en", "next": url})["Location"] == "/"
