"""Looking again on a phone: the problem without the unit's account, a number for one caller, and the unit's bound."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from .place import BY, Shan

Door = Callable[[str], Any]
DONE = "Poured new concrete around the lid"


def text(answer: Any) -> str:
    return answer.content.decode()


def jpeg(grey: int) -> bytes:
    out = BytesIO()
    Image.new("RGB", (64, 64), (grey, grey, grey)).save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def row(shan: Shan) -> Any:
    """A finding of the north, closed by somebody else, with a photo of before and one of after; drawn for a call."""
    from leitai.apps.casework import actions
    from leitai.apps.casework.models import Recheck

    case = actions.open_case(
        place=shan.place, kind="finding", unit=None, title="Loose <lid>", text="It rocks", where="3 Hill Street",
        latitude=36.5, longitude=118.5, by=BY, now=shan.now,
    )  # fmt: skip
    actions.keep_reporter(case=case, reporter={"phone": "139 0000 0000"}, by=BY, now=shan.now)
    form: dict[str, str] = {"unit": "north", "done": DONE, "evidence": "Seen on the spot"}
    for move, role in (("dispatch", "office"), ("answer", "unit"), ("close", "office")):
        by = f"account:some-{role}"
        case = actions.move_case(case=case, move=move, role=role, form=form, by=by, now=shan.now)
    for when, grey in (("before", 90), ("after", 200)):
        actions.add_photo(case=case, data=jpeg(grey), when=when, by=BY, now=shan.now)
    return Recheck.objects.create(
        place=shan.place, case=case, unit=shan.north, period="2024-04", way="callback", drawn_at=shan.now
    )


def url(row: Any) -> str:
    return f"/shan/rechecks/{row.pk}"


def test_the_list_tells_the_problem_and_not_whose_it_was(row: Any, at_door: Door) -> None:
    page = text(at_door("patrol").get("/shan/rechecks"))
    assert "Loose &lt;lid&gt;" in page and "3 Hill Street" in page and f'href="{url(row)}"' in page
    assert "North Bureau" not in page and row.case.ref not in page


def test_who_looks_again_is_not_told_what_was_done_until_they_have_said(row: Any, at_door: Door) -> None:
    client = at_door("patrol")
    page = text(client.get(url(row)))
    assert "It rocks" in page and "geo:36.5,118.5" in page and page.count("<img") == 1
    for hidden in (DONE, "North Bureau", row.case.ref, "139 0000", "Seen on the spot"):
        assert hidden not in page
    said = {"outcome": "not-over", "note": "It rocks still"}
    page = text(client.post(url(row), said, follow=True))
    assert "It is not over" in page and "It rocks still" in page
    assert DONE in page and "North Bureau" in page and row.case.ref in page
    assert "Loose" not in text(client.get("/shan/rechecks"))
    assert client.post(url(row), said).status_code == 409


def test_only_photos_of_before_are_shown(row: Any, at_door: Door) -> None:
    client = at_door("patrol")
    before, after = row.case.photos.order_by("id")
    answer = client.get(f"{url(row)}/photo/{before.pk}")
    assert answer["Content-Type"] == "image/jpeg" and answer.content[:2] == b"\xff\xd8"
    assert client.get(f"{url(row)}/photo/{after.pk}").status_code == 404
    assert client.get(f"/shan/rechecks/{row.pk + 1}").status_code == 404


def test_a_number_is_shown_when_one_calls_to_nobody_else_and_not_afterwards(row: Any, at_door: Door) -> None:
    patrol, office = at_door("patrol"), at_door("office")
    page = text(patrol.post(url(row), {"call": "1"}, follow=True))
    assert 'href="tel:139 0000 0000"' in page
    assert "no-store" in patrol.get(url(row))["Cache-Control"]
    page = text(office.get(url(row)))
    assert "139" not in page and "Somebody else is calling" in page and "<textarea" not in page
    assert office.post(url(row), {"call": "1"}).status_code == 409
    patrol.post(url(row), {"outcome": "over", "note": "She says the lid is firm"})
    assert "139" not in text(patrol.get(url(row)))


def test_what_was_typed_stays_when_it_is_refused(row: Any, at_door: Door) -> None:
    answer = at_door("patrol").post(url(row), {"outcome": "over", "note": "noted"})
    page = text(answer)
    assert answer.status_code == 409 and "Say what you saw or heard" in page
    assert ">noted</textarea>" in page and 'value="over" required checked' in page


def test_whoever_closed_it_is_told_that_somebody_else_must_look(row: Any, at_door: Door) -> None:
    row.case.steps.filter(move="close").update(by="account:office")
    client = at_door("office")
    page = text(client.get(url(row)))
    assert "somebody else must look" in page and "<textarea" not in page
    assert client.post(url(row), {"outcome": "over", "note": "The lid is firm"}).status_code == 409
    assert "Loose" not in text(client.get("/shan/rechecks"))


@pytest.mark.parametrize(
    ("who", "listed", "bounds"),
    [("office", 200, 200), ("patrol", 200, 403), ("inspector", 403, 200), ("north", 403, 403)],
)
def test_who_may_see_what(row: Any, at_door: Door, who: str, listed: int, bounds: int) -> None:
    client = at_door(who)
    assert client.get("/shan/rechecks").status_code == client.get(url(row)).status_code == listed
    assert client.get("/shan/office/rechecks").status_code == bounds


def test_the_bound_of_each_unit_is_shown_for_a_period(shan: Shan, at_door: Door) -> None:
    from leitai.apps.casework import actions
    from leitai.apps.casework.queries import rechecks as look
    from leitai.apps.regimes import actions as regimes
    from leitai.drive.engine import run_until_idle
    from leitai.rules.kernel import Period

    from .place import RULES

    assert "Nothing was drawn yet" in text(at_door("office").get("/shan/office/rechecks"))
    spec = "    flow: problem\n    recheck: {bound: 0.2, confidence: 0.8}\n"
    book = RULES.replace("    flow: problem\n", spec).replace("2020-01-01", "2020-01-02")
    regimes.load(place=shan.place, text=book, by=BY, now=shan.now)
    form = {"unit": "north", "done": DONE, "evidence": "Seen on the spot"}
    for _ in range(10):
        case = shan.finding("Loose lid")
        for move, role in (("dispatch", "office"), ("answer", "unit"), ("close", "office")):
            by = f"account:some-{role}"
            actions.move_case(case=case, move=move, role=role, form=form, by=by, now=shan.now)
    period = Period.containing("month", shan.now.astimezone(shan.place.zone).date())
    later = shan.now + timedelta(days=32)
    actions.open_case(place=shan.place, kind="finding", unit=None, title="Since then", by=BY, now=later)
    run_until_idle(shan.place, now=later)
    rows = actions.draw_rechecks(place=shan.place, period=period.key, by="drive", now=later)
    for one, outcome in zip(rows, ("not-over", *["over"] * 20), strict=False):
        actions.finish_recheck(
            recheck=one, outcome=outcome, note="The lid was looked at", by="account:patrol", now=later
        )
    (bound,) = look.bounds(shan.place, period.key)
    page = text(at_door("inspector").get("/shan/office/rechecks?period=odd"))
    assert "North Bureau" in page and f"{bound.most:.0%}"[:-1] in page and "at 80" in page
    assert 0.2 <= bound.most < 0.5 and bound.false == 1
