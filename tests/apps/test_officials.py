"""Officials: taken in as a list, headed by one a day, put to whoever it was then; names sealed, each look on record."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook

from leitai.apps.ledger.models import Event
from leitai.apps.merits import queries as files
from leitai.apps.merits.models import Proposal
from leitai.apps.people import actions, queries, rolls
from leitai.apps.people.models import Official, Tenure
from leitai.rules.kernel import Finding
from tests.factories import BY, DAY, NOW, Town, refused

SINCE = date(2023, 1, 1)
HEAD = "编号,姓名,单位,职责,职务,任职时间,离任时间\n"


def line(key: str = "o1", unit: str = "water", duty: str = "head", **more: Any) -> actions.OfficialDraft:
    values = {"key": key, "unit": unit, "duty": duty, "since": SINCE, "name": "Li Hua"} | more
    return actions.OfficialDraft(**values)


def put(town: Town, *drafts: actions.OfficialDraft) -> Any:
    return actions.put_officials(place=town.place, drafts=drafts, by=BY, now=NOW)


def test_a_name_is_sealed_and_never_in_the_ledger(town: Town) -> None:
    put(town, line(title="Director"))
    row = Official.objects.get()
    assert row.name == "Li Hua" and b"Li Hua" not in bytes(row.sealed) and str(row) == "o1"
    assert "Li Hua" not in "".join(Event.objects.values_list("data", flat=True))


def test_the_same_list_again_changes_nothing_and_a_last_day_ends_a_duty(town: Town) -> None:
    assert put(town, line()) == {"added": 1, "changed": 0}
    assert not put(town, line(name=""))
    assert put(town, line(until=date(2024, 3, 1))) == {"added": 0, "changed": 1}
    before = bytes(Official.objects.get().sealed)
    put(town, line(name="Li Hua-Wang", until=date(2024, 3, 1)))
    assert Official.objects.get().name == "Li Hua-Wang" and bytes(Official.objects.get().sealed) != before


def test_who_headed_a_unit_on_a_day(town: Town) -> None:
    put(
        town,
        line("new", since=date(2024, 3, 1)),
        line("old", until=date(2024, 3, 1)),
        line("second", duty="deputy"),
    )
    unit = town.units["water"]
    days = {date(2022, 12, 31): None, SINCE: "old", date(2024, 2, 29): "old", date(2024, 3, 1): "new"}
    for day, key in days.items():
        found = queries.head_on(unit, day)
        assert (found.key if found else None) == key


@pytest.mark.parametrize(
    ("drafts", "code"),
    [
        ([line(unit="nowhere")], "unknown-unit"),
        ([line(duty="king")], "unknown-duty"),
        ([line(until=SINCE)], "ends-before-it-began"),
        ([line(account="nobody")], "unknown-account"),
        ([line(name=" ")], "official-no-name"),
        ([line("a"), line("b", since=date(2024, 1, 1))], "two-heads"),
        (
            [line("a", until=date(2024, 2, 2)), line("b", since=date(2024, 2, 1), until=date(2024, 5, 1))],
            "two-heads",
        ),
    ],
)
def test_a_list_with_a_fault_changes_nothing(
    town: Town, drafts: list[actions.OfficialDraft], code: str
) -> None:
    with refused(code):
        put(town, line("good", "roads"), *drafts)
    assert not Official.objects.exists() and not Tenure.objects.exists()


def test_a_rule_puts_it_to_who_headed_the_unit_when_it_happened(town: Town) -> None:
    yesterday = (NOW - DAY).date()
    put(
        town,
        line("old", until=yesterday + timedelta(days=1)),
        line("new", since=yesterday + timedelta(days=1)),
    )
    town.case("question", at=NOW - DAY)
    town.drive()
    (row,) = Proposal.objects.filter(merit="blame")
    assert (row.target, row.official.key, row.number) == ("head", "old", "article 8")
    assert row.links[0].startswith("case:")
    assert files.resting_on(town.place, row.links[0]) == [row]


def test_an_official_sees_own_files_wherever_they_are_posted_now(town: Town) -> None:
    put(town, line(account="patrol-town"))
    town.case("question")
    town.drive(NOW + DAY)
    row = Proposal.objects.get()
    viewer = town.viewer("patrol")
    assert files.is_own(files.proposal(town.place, row.pk), viewer)
    assert files.open_for(town.place, viewer) == [row]
    assert files.waiting_for(town.place, viewer, files.open_for(town.place, viewer), NOW) == [row]


# --- files of lines -------------------------------------------------------------------------------


def read(town: Town, name: str, data: bytes) -> rolls.Roll:
    return rolls.read(name, data, queries.keys_by_name(town.place))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_text_is_read_in_chinese_by_names_of_units(town: Town, encoding: str) -> None:
    unit = town.units["water"]
    text = f"{HEAD}zhang-1,张三,{unit.name_zh},主要负责人,局长,2023-01-01,\n,,,,,,\n"
    roll = read(town, "名单.csv", text.encode(encoding))
    assert roll.faults == ()
    assert roll.drafts == (
        actions.OfficialDraft("zhang-1", "water", "head", SINCE, None, "张三", "局长", ""),
    )


def test_a_workbook_is_read_with_its_dates(town: Town) -> None:
    book = Workbook()
    book.active.append(["key", "name", "unit", "duty", "since", "until", "account"])
    book.active.append(["li", "Li", "water", "deputy", SINCE, date(2024, 1, 1), "clerk-town"])
    data = BytesIO()
    book.save(data)
    (draft,) = read(town, "list.xlsx", data.getvalue()).drafts
    assert (draft.since, draft.until, draft.duty, draft.account) == (
        SINCE,
        date(2024, 1, 1),
        "deputy",
        "clerk-town",
    )


@pytest.mark.parametrize(
    ("cells", "column", "code"),
    [
        ("a b,A,water,head,,2023-01-01,", "key", "bad-key"),
        ("a,A,nowhere,head,,2023-01-01,", "unit", "unknown-unit"),
        ("a,A,water,king,,2023-01-01,", "duty", "unknown-duty"),
        ("a,A,water,head,,soon,", "since", "no-date"),
        ("a,A,water,head,,,", "since", "no-date"),
        ("a,A,water,head,,2023-01-01,2023-02-30", "until", "no-date"),
        (f"a,{'x' * 101},water,head,,2023-01-01,", "name", "too-long"),
    ],
)
def test_a_bad_line_is_told_by_line_column_and_value(town: Town, cells: str, column: str, code: str) -> None:
    good = "b,B,roads,head,,2023-01-01,\n"
    roll = read(town, "list.csv", f"{HEAD}{good}{cells}\n".encode())
    assert [one.key for one in roll.drafts] == ["b"]
    (fault,) = roll.faults
    assert (fault.line, fault.column, fault.finding.code) == (3, column, code)
    assert isinstance(fault.finding, Finding) and fault.value == fault.value[:100]


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("list.csv", b"name,unit\n", "no-columns"),
        ("list.csv", b"", "no-columns"),
        ("list.xlsx", b"no workbook", "no-workbook"),
        ("list.csv", b"\x81\xff\xfe", "no-text"),
    ],
)
def test_a_file_that_is_no_list_is_refused(town: Town, name: str, data: bytes, code: str) -> None:
    with refused(code):
        read(town, name, data)
