"""The exposure column: only what is proven, no person named, the unit's words beside it, marked when it falls."""

from __future__ import annotations

from typing import Any

import pytest

from leitai.apps.bulletins import actions, queries
from leitai.apps.bulletins.masks import masked
from leitai.apps.bulletins.models import Bulletin
from leitai.apps.people import actions as people
from tests.factories import BY, DAY, HOUR, NOW, Town, refused

from .test_bulletins import edited, issued


def exposed(town: Town, about: str) -> Bulletin:
    return actions.draft(place=town.place, kind="exposure", about=about, by=BY, now=NOW + DAY)


def text(row: Bulletin) -> str:
    return "\n".join(one.get("text", "") for one in row.blocks)


def closed(town: Town, *, returned: bool = False, **more: Any) -> Any:
    """A finding that the water bureau worked on, struck off."""
    case = town.case("finding", None, **more)
    town.move(case, "dispatch", "office", unit="water")
    town.move(
        case, "answer", "unit", NOW + HOUR, done="The clerk Li Hua, 13812345678, was moved to another desk."
    )
    if returned:
        town.move(case, "return", "office", NOW + 2 * HOUR, reason="Director Wang was not asked")
        town.move(case, "answer", "unit", NOW + 3 * HOUR, done="Done now.")
    return town.move(case, "close", "office", NOW + 4 * HOUR, evidence="Seen on the spot")


def test_only_what_is_proven_is_exposed(town: Town) -> None:
    verdict = town.verdict()
    open_case = town.case("finding")
    set_aside = town.case("finding", None, title="Nothing to it")
    town.move(set_aside, "set-aside", "office", reason="Not ours")
    for about in (
        f"ballot:{verdict.pk}",
        f"case:{open_case.ref}",
        f"case:{set_aside.ref}",
        "ballot:9999",
        "case:none",
    ):
        with refused("not-proven"):
            exposed(town, about)
    with refused("no-source"):
        exposed(town, "table:1")
    town.found(verdict, False)
    verdict.refresh_from_db()
    with refused("not-proven"):
        exposed(town, f"ballot:{verdict.pk}")


def test_a_verdict_found_true_is_exposed_with_what_the_unit_did_and_nothing_of_the_citizen(
    town: Town,
) -> None:
    verdict = town.verdict()
    town.found(verdict, True, "Told on the telephone by 13812345678")
    row = exposed(town, f"ballot:{verdict.pk}")
    assert "Tax" in row.title and "found true" in text(row)
    assert "13812345678" not in text(row) and "telephone" not in text(row)
    (reply,) = [one for one in row.blocks if one["kind"] == "reply"]
    assert reply["text"] == "It has said nothing to this so far."
    with refused("drawn-already"):
        exposed(town, f"ballot:{verdict.pk}")
    assert queries.unit_of(issued(row)).key == "tax-window"


def test_a_verdict_and_the_case_about_it_are_one_finding_and_are_exposed_once(town: Town) -> None:
    verdict, other = town.verdict(), town.verdict()
    for one in (verdict, other):
        town.found(one, True)
    case = closed(town, about=f"ballot:{verdict.pk}")
    first = exposed(town, f"ballot:{verdict.pk}")
    with refused("drawn-already"):
        exposed(town, f"case:{case.ref}")
    actions.drop(bulletin=first, why="Of the case rather", by=BY, now=NOW + DAY)
    exposed(town, f"case:{case.ref}")
    with refused("drawn-already"):
        exposed(town, f"ballot:{verdict.pk}")
    exposed(town, f"ballot:{other.pk}")


def test_persons_are_masked_and_the_reply_stands_beside_the_finding(town: Town) -> None:
    people.appoint(
        place=town.place, username="lihua", role="clerk", unit=town.units["water"], full_name="Li Hua", by=BY, now=NOW
    )  # fmt: skip
    case = closed(town, returned=True, title="Li Hua was asleep", text="Call a.b@c.example or 0536-3211234")
    row = exposed(town, f"case:{case.ref}")
    said = text(row)
    assert "Li Hua" not in said and "a.b@c" not in said and "3211234" not in said
    assert "N. N. was asleep" in said and "Director N. N. was not asked" in said
    assert any(one["kind"] == "reply" and one["unit"] == "Water Bureau" for one in row.blocks)
    with refused("no-reply"):
        edited(row, "The bureau has nothing to say.")
    blocks = [
        {"kind": one["kind"], "at": str(n)} if one["kind"] in ("reply", "source") else one
        for n, one in enumerate(row.blocks)
    ]
    blocks.insert(1, {"kind": "paragraph", "text": "Li Hua again."})
    actions.edit(bulletin=row, title=row.title, blocks=blocks, by=BY, now=NOW)
    row.refresh_from_db()
    assert "N. N. again." in text(row), "what is typed in is masked too"
    blocks[0] = {**blocks[0], "named": True}
    blocks = [{**one, "at": str(int(one["at"]) + 1)} if "at" in one else one for one in blocks]
    actions.edit(bulletin=row, title=row.title, blocks=blocks, by=BY, now=NOW)
    row.refresh_from_db()
    assert "Li Hua again." in text(row), "where a decision in force names them"


def test_a_verdict_set_aside_later_marks_the_exposure_and_stops_a_draft(town: Town) -> None:
    from leitai.apps.ballots import actions as ballots

    first, second = town.verdict(), town.verdict()
    for one in (first, second):
        town.found(one, True)
        one.refresh_from_db()
    row, draft = issued(exposed(town, f"ballot:{first.pk}")), exposed(town, f"ballot:{second.pk}")
    town.drive(NOW + DAY)
    for one in (first, second):
        ballots.appeal(ballot=one, text="It was another window", by="account:clerk", now=NOW + DAY)
        town.decided(one, True, at=NOW + DAY)
    town.drive(NOW + 2 * DAY)
    row.refresh_from_db()
    assert row.mark == "The verdict it rests on was set aside."
    with refused("not-proven"):
        actions.approve(bulletin=draft, read=queries.digest_of(draft), by="account:office", now=NOW + 2 * DAY)


def test_a_case_that_comes_back_marks_the_exposure(town: Town) -> None:
    case = closed(town)
    row = issued(exposed(town, f"case:{case.ref}"))
    town.drive(NOW + DAY)
    row.refresh_from_db()
    assert row.mark == "", "struck off is what it was exposed as"
    leak = town.case("hole", None, title="Hole in Mill Lane", where="Mill Lane 3")
    town.move(leak, "dispatch", "office", unit="water")
    from leitai.apps.ledger.actions import action, record

    @action("case.relapsed")
    def relapse(*, by: str, now: object) -> None:
        record(place=town.place, kind="case.relapsed", by=by, now=NOW + DAY, subject=f"case:{case.ref}")

    relapse(by=BY, now=NOW + DAY)
    town.drive(NOW + 2 * DAY)
    row.refresh_from_db()
    assert row.mark == "The matter it tells of came back."


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("由张三局长负责，电话13812345678", "由某某局长负责，电话***********"),
        ("工作人员李四在窗口玩手机", "工作人员某某在窗口玩手机"),
        ("身份证37072419800101123X", "身份证******************"),
        ("群众反映窗口人员王小明态度差", "群众反映窗口人员某某态度差"),
        ("高新区区长办公室与水务局局长热线", "高新区区长办公室与水务局局长热线"),
        ("主任科员3人，2022年3月12日整改", "主任科员3人，2022年3月12日整改"),
        ("周国强没有来", "某某没有来"),
        ("write to li.hua@bureau.example.cn", "write to ***"),
        ("case 2024-000123 of 20240412", "case 2024-000123 of 20240412"),
    ],
)
def test_names_and_numbers_are_masked_and_units_and_dates_are_not(said: str, found: str) -> None:
    assert masked(said, ["周国强", "Li Hua"]) == found
