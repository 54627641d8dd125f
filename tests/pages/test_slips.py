"""Slips: seen by whom they are given to, signed for once, printed with what was promised and where it is written."""

from __future__ import annotations

import pytest

from leitai.apps.casework.models import Slip
from tests.factories import DAY, HOUR, NOW

from .rooms import Rooms, rooms, text


@pytest.fixture
def here(db: None) -> Rooms:
    return rooms()


@pytest.fixture
def late(here: Rooms) -> Rooms:
    """A hole of the water bureau, promised and not mended: blue at its warning, yellow when due, red two days after."""
    reply = {"owner": "Li Hua", "next_step": "Send a crew out tomorrow", "time": "2024-04-11 09:00"}
    here.town.move(here.hole(), "reply", "unit", NOW + HOUR, **reply)
    here.tick(NOW + 6 * DAY)
    return here


def colours() -> dict[str, int]:
    return {row.colour: row.pk for row in Slip.objects.order_by("id")}


def test_a_slip_is_a_document(late: Rooms) -> None:
    slips = colours()
    assert list(slips) == ["blue", "yellow", "red"]
    page = text(late.door("clerk").get(f"/town/slips/{slips['red']}"))
    for said in ("Supervision slip", f"No. 2024/{slips['red']}", "Water Bureau", "the leader in charge", "red slip",
                 "Hole in Mill Lane", "Mend", "8 hours", "Li Hua", "Send a crew out tomorrow", "rule 9"):  # fmt: skip
        assert said in page, said
    assert "due soon" in text(late.door("clerk").get(f"/town/slips/{slips['blue']}"))


def test_a_rung_without_a_source_names_its_clocks(late: Rooms) -> None:
    page = text(late.door("clerk").get(f"/town/slips/{colours()['yellow']}"))
    assert "rule 9: eight working hours" in page


def test_it_is_signed_for_once_by_whom_it_was_given_to(late: Rooms) -> None:
    slips, clerk, leader = colours(), late.door("clerk"), late.door("leader")
    assert clerk.post(f"/town/slips/{slips['red']}/sign").status_code == 403, "the leader's"
    assert leader.post(f"/town/slips/{slips['blue']}/sign").status_code == 403, "the unit's"
    assert late.door("tax").post(f"/town/slips/{slips['blue']}/sign").status_code == 403
    assert leader.post(f"/town/slips/{slips['red']}/sign").status_code == 302
    assert clerk.post(f"/town/slips/{slips['blue']}/sign").status_code == 302
    assert clerk.post(f"/town/slips/{slips['blue']}/sign").status_code == 409
    assert clerk.get(f"/town/slips/{slips['blue']}/sign").status_code == 302
    seen = Slip.objects.get(pk=slips["blue"])
    assert seen.seen_by == "account:clerk-town"
    page = text(clerk.get(f"/town/c/{seen.case.ref}"))
    assert page.count("not signed for") == 1 and page.count("Sign for it") == 1, "the yellow one"


def test_slips_are_listed_for_those_they_concern(late: Rooms) -> None:
    clerk, inspector = late.door("clerk"), late.door("inspector")
    for client in (clerk, inspector):
        assert text(client.get("/town/slips")).count("data-line") == 3
    assert text(clerk.get("/town/slips?colour=red")).count("data-line") == 1
    assert text(inspector.get("/town/slips?unit=tax")).count("data-line") == 0
    assert text(late.door("tax").get("/town/slips")).count("data-line") == 0
    assert late.door("tax").get(f"/town/slips/{colours()['red']}").status_code == 403
    assert clerk.get("/town/slips/999999").status_code == 404
    clerk.post(f"/town/slips/{colours()['blue']}/sign")
    assert text(clerk.get("/town/slips?unsigned=1")).count("data-line") == 2


def test_a_slip_has_colour_shape_and_word(late: Rooms) -> None:
    page = text(late.door("clerk").get("/town/desk"))
    assert 'class="slip red"><svg' in page and "</svg>red slip" in page
