"""Two closings side by side: what is the same is marked, who may look may look, and what it was is put on record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from .place import Shan

DONE = "接到交办后我局立即派人到人民路现场查看，对破损井盖进行了更换，设置了警示标志，现已恢复通行"


def closed(shan: Shan, title: str, unit: Any, done: str, by: str) -> Any:
    from leitai.apps.casework import actions

    case = shan.finding(title, unit)
    case = actions.move_case(case=case, move="answer", role="unit", form={"done": done}, by=by, now=shan.now)
    actions.sketch_closing(case=case, by="drive", now=shan.now)
    return case


@pytest.fixture
def lead(shan: Shan) -> Any:
    """The south's closing, which is the north's with another street."""
    from leitai.apps.casework.models import Likeness

    closed(shan, "Broken lid in the north", shan.north, DONE, "account:north")
    closed(
        shan, "Broken lid <b>in</b> the south", shan.south, DONE.replace("人民路", "建设街"), "account:south"
    )
    return Likeness.objects.get()


def address(lead: Any = None) -> str:
    return f"/shan/office/likeness/{lead.pk}" if lead else "/shan/office/likeness"


def test_the_list_tells_both_cases_and_leads_to_them(lead: Any, at_door: Callable[[str], Any]) -> None:
    page = at_door("office").get(address())
    text = page.content.decode()
    assert page.status_code == 200
    assert "Broken lid in the north" in text and "Broken lid &lt;b&gt;in&lt;/b&gt; the south" in text
    assert f'href="{address(lead)}"' in text and "Words 82%" in text
    assert "Broken lid" not in at_door("office").get(f"{address()}?outcome=copied").content.decode()
    assert "Broken lid" not in at_door("office").get(f"{address()}?what=photo").content.decode()
    assert "Broken lid" in at_door("office").get(f"{address()}?outcome=odd&what=odd&page=x").content.decode()


def test_what_stands_in_both_is_marked_and_what_does_not_is_not(
    lead: Any, at_door: Callable[[str], Any]
) -> None:
    text = at_door("inspector").get(address(lead)).content.decode()
    assert "<mark>接到交办后我局立即派人到</mark>人民路<mark>现场查看" in text
    assert "<mark>接到交办后我局立即派人到</mark>建设街<mark>现场查看" in text
    assert "North Bureau" in text and "South Bureau" in text


def test_what_it_was_is_put_on_record_and_leaves_the_list(lead: Any, at_door: Callable[[str], Any]) -> None:
    inspector = at_door("inspector")
    page = inspector.post(
        address(lead), {"outcome": "copied", "note": "The lid in the south is still broken"}
    )
    assert (page.status_code, page["Location"]) == (302, address())
    lead.refresh_from_db()
    assert (lead.outcome, lead.decided_by) == ("copied", "account:inspector")
    assert "Broken lid" not in inspector.get(address()).content.decode()
    assert "still broken" in inspector.get(address(lead)).content.decode()


def test_a_decision_without_a_reason_is_refused_and_nothing_typed_is_lost(
    lead: Any, at_door: Callable[[str], Any]
) -> None:
    page = at_door("office").post(address(lead), {"outcome": "harmless", "note": " "})
    assert page.status_code == 409
    assert "the reason is kept with it" in page.content.decode()
    assert 'value="harmless" required checked' in page.content.decode()


def test_only_who_sees_the_whole_place_looks_and_only_who_may_decides(
    lead: Any, at_door: Callable[[str], Any]
) -> None:
    for role in ("south", "patrol", "administrator"):
        assert at_door(role).get(address(lead)).status_code == 403
        assert at_door(role).get(address()).status_code == 403
    assert at_door("").get(address(lead)).status_code == 302
    leader = at_door("leader")
    assert leader.get(address(lead)).status_code == 200
    assert leader.post(address(lead), {"outcome": "copied", "note": "x"}).status_code == 403
    assert at_door("office").get(address().replace("likeness", "likeness/99999")).status_code == 404


def test_photos_stand_side_by_side(shan: Shan, at_door: Callable[[str], Any]) -> None:
    from leitai.apps.casework import actions
    from leitai.apps.casework.models import Likeness
    from tests.apps.test_likeness import jpeg

    for unit, quality in ((shan.north, 85), (shan.south, 40)):
        case = shan.finding(f"Rubbish of {unit.key}", unit)
        actions.add_photo(case=case, data=jpeg(1, quality), when="after", by="account:x", now=shan.now)
        actions.sketch_closing(case=case, by="drive", now=shan.now)
    lead = Likeness.objects.get()
    office = at_door("office")
    text = office.get(address(lead)).content.decode()
    for one in (lead.older, lead.newer):
        source = f"/shan/c/{one.case.ref}/photo/{one.photo_id}"
        assert f'src="{source}"' in text
        assert office.get(source)["Content-Type"] == "image/jpeg"
