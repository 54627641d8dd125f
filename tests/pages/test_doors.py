"""Every address has a door: nobody gets in without the permission, and no clerk to what is another unit's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from openpyxl import load_workbook

from leitai.apps.people.access import PERMISSIONS
from leitai.rules.kernel import Period
from tests.apps.test_photos import shot

from .place import BY, Shan

# Addresses of no place, which anyone may open; whatever else lacks a door fails the first test.
GLOBAL = {
    "places",
    "login",
    "logout",
    "password",
    "admin-password",
    "set_language",
    "citizen:verdict",
    "citizen:receipts",
    "citizen:receipt",
    "citizen:proof",
    "citizen:proof-file",
    "citizen:check",
}
# Everything that any form of a work page sends: a POST is refused for who sends it, not for what it lacks.
FORM = {
    "move": "reply",
    "owner": "Li Hua",
    "next_step": "Call the water works and settle a date",
    "time": "2030-01-01T10:00",
    "measure": "funds",
    "value": "7",
    "why": "mistyped a digit",
    "text": "We were not told of this",
    "upheld": "1",
    "decision": "Upheld on the records",
    "found": "true",
    "reason": "Confirmed on the telephone",
    "unit": "south",
    "kind": "pause",
    "ground": "frost",
    "until": "2030-01-01T10:00",
    "granted": "yes",
    "reply": "We have the crew for it",
    "done": "The pipe was replaced",
    "when": "after",
    "outcome": "over",
    "note": "Seen on the spot",
    "do": "remove",
}
# The rooms whose pages about one thing are about a unit's own.
OWN = ("casework", "merits", "measures", "ballots", "outbox")


def addresses(patterns: list[Any], space: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every (name, pattern) of the project but Django's own admin, which has doors of its own."""
    for one in patterns:
        if isinstance(one, URLResolver):
            if one.namespace != "admin":
                yield from addresses(one.url_patterns, f"{space}{one.namespace}:" if one.namespace else space)
        else:
            yield f"{space}{one.name}", one


ALL = dict(addresses(get_resolver().url_patterns))
GUARDED = sorted(name for name, one in ALL.items() if getattr(one.callback, "permission", None))


def test_every_address_has_a_door() -> None:
    without = {name for name, one in ALL.items() if not hasattr(one.callback, "permission")}
    assert without == GLOBAL
    assert {one.callback.permission for name, one in ALL.items() if name in GUARDED} <= set(PERMISSIONS)


@pytest.fixture
def theirs(shan: Shan) -> dict[str, Any]:
    """What the southern bureau has, by the address that shows it."""
    month = Period.containing("month", shan.now.date()).previous()
    case = shan.question("secret of the south", unit=shan.south)
    file = shan.file(shan.south, "secret file of the south")
    reading = shan.reading(shan.south, month, "4")
    ballot = shan.verdict(unit=shan.south)
    numbers = {"merits": file.pk, "measures": reading.pk, "ballots": ballot.pk} | _around(shan, case)
    return {"ref": case.ref, "numbers": numbers, "form": FORM | {"ref": case.ref, "period": month.key}}


def _around(shan: Shan, case: Any) -> dict[str, int]:
    """What hangs on the southern bureau's case, and its channel: the number of each by its addresses."""
    from leitai.apps.casework import actions
    from leitai.apps.casework.models import Likeness, Recheck, Request, Sketch, Slip
    from leitai.apps.outbox import actions as outbox

    now = {"by": BY, "now": shan.now}
    slip = Slip.objects.create(
        place=shan.place, case=case, clock=case.clocks.get(), rung=1, colour="blue", to="unit", unit=shan.south,
        at=shan.now,
    )  # fmt: skip
    asked = Request.objects.create(
        case=case, kind="extension", ground="reply", text="secret wish of the south", from_unit=shan.south,
        answerer="office", until=shan.now, asked_by="account:south", asked_at=shan.now,
    )  # fmt: skip
    photo = actions.add_photo(case=case, data=shot(), when="before", **now)
    again = Recheck.objects.create(
        place=shan.place, case=case, unit=shan.south, period="2026-01", way="inspect", drawn_at=shan.now
    )
    made = {"place": shan.place, "case": case, "what": "text", "sketch": b"x", "at": shan.now}
    steps = [case.steps.create(move="open", to_state="opened", role="unit", at=shan.now) for _ in range(2)]
    newer, older = (Sketch.objects.create(step=step, **made) for step in steps)
    like = Likeness.objects.create(place=shan.place, newer=newer, older=older, share=1, at=shan.now)
    draft = outbox.ChannelDraft("secret channel of the south", ["case.opened"], address="li@office.example")
    channel = outbox.add_channel(place=shan.place, unit=shan.south, kind="mail", draft=draft, **now)
    return {
        "casework:slip": slip.pk,
        "casework:sign_slip": slip.pk,
        "casework:answer_request": asked.pk,
        "casework:withdraw": asked.pk,
        "casework:photo": photo.pk,
        "casework:recheck": again.pk,
        "casework:recheck_photo": again.pk,
        "casework:likeness": like.pk,
        "photo": photo.pk,
        "outbox": channel.pk,
    }


def address(name: str, theirs: dict[str, Any]) -> str:
    """The address of a page, about something of the southern bureau where it is about one thing."""
    known = {
        "place": "shan",
        "ref": theirs["ref"],
        "key": "south",
        "number": theirs["numbers"].get(name) or theirs["numbers"].get(name.partition(":")[0], 1),
        "photo": theirs["numbers"]["photo"],
        # Of rooms that the small place has nothing of: what is not there is not shown either.
        "code": "none",
        "chain": "none",
        "link": "none",
        "token": "none",
        "secret": "none",
        "enterprise": "none",
        "scorer": 1,
        "exhibit": 1,
    }
    return reverse(name, kwargs={part: known[part] for part in _parts(ALL[name])})


def _parts(one: URLPattern) -> set[str]:
    return {"place", *one.pattern.converters}


def said(answer: Any) -> str:
    """What an answer says; of a workbook, what its cells say."""
    if not answer["Content-Type"].endswith("spreadsheetml.sheet"):
        return str(answer.content.decode(errors="replace"))
    sheets = load_workbook(BytesIO(answer.content)).worksheets
    return " ".join(str(cell.value) for sheet in sheets for row in sheet.iter_rows() for cell in row)


@pytest.mark.parametrize("name", GUARDED)
def test_nobody_in_particular_is_sent_to_the_sign_in(
    name: str, theirs: dict[str, Any], at_door: Callable[[str], Any]
) -> None:
    client, url = at_door(""), address(name, theirs)
    answers = [client.get(url), client.post(url, theirs["form"])]
    assert any(one.status_code != 405 for one in answers)
    for one in answers:
        assert one.status_code in (302, 403, 405)
        assert one.status_code != 302 or one["Location"].startswith("/login/")


def test_a_clerk_reaches_nothing_of_another_unit(
    shan: Shan, theirs: dict[str, Any], at_door: Callable[[str], Any]
) -> None:
    from leitai.apps.ledger.models import Event

    client, before = at_door("north"), Event.objects.count()
    own = {"calendar.link_renewed"}  # everyone may have a new link to their own calendar
    for name in GUARDED:
        url = address(name, theirs)
        about_one = bool(_parts(ALL[name]) - {"place"}) and name.partition(":")[0] in OWN
        for answer in (client.get(url), client.post(url, theirs["form"])):
            assert "of the south" not in said(answer), name
            assert answer.status_code < 500, name
            if about_one:
                assert answer.status_code in (403, 404, 405), (name, answer.status_code)
    assert client.post(reverse("measures:report", args=["shan"]), theirs["form"]).status_code == 403
    assert Event.objects.exclude(kind__in=own).count() == before


def test_what_the_southern_bureau_has_is_there_to_be_found(
    shan: Shan, theirs: dict[str, Any], at_door: Callable[[str], Any]
) -> None:
    """The walk above means something: whoever may sees every one of these pages."""
    south, office = at_door("south"), at_door("office")
    shown = ("case", "sheet", "photo", "slip", "answer")
    assert {south.get(address(f"casework:{name}", theirs)).status_code for name in shown} == {200}
    assert "of the south" in said(south.get(address("casework:desk_export", theirs)))
    assert "of the south" in said(south.get(address("outbox:one", theirs)))
    assert "of the south" in said(south.get(address("casework:slips", theirs)))
    assert office.get(address("casework:likeness", theirs)).status_code == 200
    assert office.get(address("casework:recheck", theirs)).status_code == 200
    assert office.get(address("casework:recheck_photo", theirs)).status_code == 200


def test_of_what_belongs_together_a_clerk_sees_the_own_alone(
    shan: Shan, at_door: Callable[[str], Any]
) -> None:
    from leitai.apps.casework import actions
    from leitai.apps.casework.models import Case

    mine, root, other, again = (
        shan.finding(f"{name} of its own", unit)
        for name, unit in zip("MRBA", (shan.north, *[shan.south] * 3), strict=True)
    )
    actions.join(root=root, cases=[mine, other], by=BY, now=shan.now)
    Case.objects.filter(pk=again.pk).update(relapse_of=mine)
    clerk = str(at_door("north").get(f"/shan/c/{mine.ref}").content.decode())
    assert "2 more belong to it" in clerk and "M of its own" in clerk
    for hidden in (root, again):
        assert hidden.title not in clerk and f"/c/{hidden.ref}" not in clerk
    office = str(at_door("office").get(f"/shan/c/{mine.ref}").content.decode())
    assert root.title in office and again.title in office and "more belong" not in office
    above = str(at_door("south").get(f"/shan/c/{root.ref}").content.decode())
    assert other.title in above and mine.title not in above and "1 more belongs to it" in above
    back = str(at_door("south").get(f"/shan/c/{again.ref}").content.decode())
    assert mine.title not in back and "North Bureau" not in back and "1 more belongs to it" in back


def test_who_was_asked_for_help_with_a_branch_sees_it(shan: Shan, at_door: Callable[[str], Any]) -> None:
    from leitai.apps.casework import actions

    root, branch = shan.finding("The root", shan.south), shan.finding("A branch", shan.north)
    actions.join(root=root, cases=[branch], by=BY, now=shan.now)
    url = f"/shan/c/{root.ref}"
    assert "A branch" not in str(at_door("south").get(url).content.decode())
    text = "Which pipe is it that leaks here?"
    actions.ask(
        case=branch, kind="help", text=text, to_unit=shan.south, unit=shan.north, by="account:north", now=shan.now
    )  # fmt: skip
    assert "A branch" in str(at_door("south").get(url).content.decode())


def test_a_case_that_no_unit_holds_is_not_a_clerks_to_see(shan: Shan, at_door: Callable[[str], Any]) -> None:
    case = shan.finding("not dispatched yet")
    url = reverse("casework:case", args=["shan", case.ref])
    assert at_door("north").get(url).status_code == 403
    assert at_door("office").get(url).status_code == 200


def test_a_post_in_one_place_opens_nothing_in_another(shan: Shan, at_door: Callable[[str], Any]) -> None:
    from leitai.apps.people import actions

    actions.add_place(
        key="hai",
        name_zh="海县",
        name_en="Sea County",
        timezone="Asia/Shanghai",
        by="account:setup",
        now=shan.now,
    )
    assert at_door("office").get("/hai/office").status_code == 403
    assert at_door("north").get("/hai/desk").status_code == 403


@pytest.mark.parametrize("role", ["office", "leader", "north"])
def test_administration_is_for_administrators(shan: Shan, at_door: Callable[[str], Any], role: str) -> None:
    assert at_door(role).get("/admin/people/unit/").status_code == 302
    assert at_door("administrator").get("/admin/people/unit/").status_code == 200


def test_what_an_administrator_saves_leaves_its_event(shan: Shan, at_door: Callable[[str], Any]) -> None:
    from leitai.apps.ledger.models import Event
    from leitai.apps.people.models import Post, Unit

    client = at_door("administrator")
    unit = {
        "place": shan.place.pk,
        "key": "west",
        "name_zh": "西局",
        "name_en": "West",
        "parent": "",
        "kind": "",
        "tags": "[]",
    }
    assert client.post("/admin/people/unit/add/", unit).status_code == 302
    west = Unit.objects.get(key="west")
    post = {
        "place": shan.place.pk,
        "role": "clerk",
        "unit": west.pk,
        "username": "new",
        "full_name": "New",
        "password": "a long one indeed",
    }
    assert client.post("/admin/people/post/add/", post).status_code == 302
    given = Post.objects.get(account__username="new")
    took = {"action": "take", "_selected_action": [given.pk]}
    assert client.post("/admin/people/post/", took).status_code == 302
    assert not Post.objects.filter(pk=given.pk).exists()
    told = list(Event.objects.order_by("-id").values_list("kind", "by")[:3])
    assert told == [(kind, "account:administrator") for kind in ("post.taken", "post.given", "units.changed")]
