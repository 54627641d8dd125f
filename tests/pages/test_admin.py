"""The administrator's pages save through actions alone: what is refused is not logged as done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry

from leitai.apps.ledger.models import Event
from leitai.apps.people import actions, queries
from leitai.apps.people.models import Account, Post, Unit

from .place import BY, Shan

Door = Callable[[str], Any]


def unit(shan: Shan, **values: Any) -> dict[str, Any]:
    """What the form of a unit sends."""
    return {
        "place": shan.place.pk,
        "name_zh": "局",
        "name_en": "Bureau",
        "parent": "",
        "kind": "",
        "tags": "[]",
    } | values


def other(shan: Shan) -> Any:
    """Another place, with a unit, where nobody of the first has a post."""
    place = actions.add_place(
        key="hai", name_zh="海县", name_en="Sea County", timezone="Asia/Shanghai", by=BY, now=shan.now
    )
    actions.put_units(place=place, drafts=[actions.UnitDraft("dock", name_en="Dock")], by=BY, now=shan.now)
    return place


def test_a_refused_unit_is_neither_saved_nor_logged(shan: Shan, at_door: Door) -> None:
    client = at_door("administrator")
    child = actions.UnitDraft("desk", name_en="Desk", parent="north")
    actions.put_units(place=shan.place, drafts=[child], by=BY, now=shan.now)
    desk, events = queries.unit(shan.place, "desk"), Event.objects.count()
    below = client.post(f"/admin/people/unit/{shan.north.pk}/change/", unit(shan, parent=desk.pk))
    assert below.status_code == 200 and "stand below itself" in below.content.decode()
    dock = queries.unit(other(shan), "dock")
    events = Event.objects.count()
    foreign = client.post("/admin/people/unit/add/", unit(shan, key="west", parent=dock.pk))
    assert foreign.status_code == 200
    twice = client.post("/admin/people/unit/add/", unit(shan, key="north"))
    assert twice.status_code == 200
    assert not LogEntry.objects.exists()
    assert Event.objects.count() == events
    assert not Unit.objects.filter(key="west").exists()
    assert queries.unit(shan.place, "north").name_en == "North Bureau"


def test_what_an_action_refuses_after_the_form_passed_is_told_and_not_logged(
    shan: Shan, at_door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    from leitai.apps.people import admin

    # The form finds nothing wrong, as it would where another administrator moved the units in between.
    monkeypatch.setattr(admin, "descendants", lambda place: {})
    actions.put_units(
        place=shan.place,
        drafts=[actions.UnitDraft("desk", name_en="Desk", parent="north")],
        by=BY,
        now=shan.now,
    )
    desk = queries.unit(shan.place, "desk")
    answer = at_door("administrator").post(
        f"/admin/people/unit/{shan.north.pk}/change/", unit(shan, parent=desk.pk), follow=True
    )
    assert "would stand below itself" in answer.content.decode()
    assert not LogEntry.objects.exists()
    assert queries.unit(shan.place, "north").parent is None


def test_a_post_held_already_is_said_at_its_box(shan: Shan, at_door: Door) -> None:
    post = {
        "place": shan.place.pk,
        "role": "office",
        "unit": "",
        "username": "office",
        "full_name": "",
        "password": "",
    }
    answer = at_door("administrator").post("/admin/people/post/add/", post)
    assert answer.status_code == 200 and "already" in answer.content.decode()
    assert not LogEntry.objects.exists()


def test_a_unit_is_closed_and_reopened_with_an_event_each(shan: Shan, at_door: Door) -> None:
    client = at_door("administrator")
    for verb, active in (("close", False), ("close", False), ("reopen", True)):
        client.post("/admin/people/unit/", {"action": verb, "_selected_action": [shan.south.pk]})
        assert queries.unit(shan.place, "south").active is active
        assert ("south" in {row.key for row in queries.units(shan.place)}) is active
    told = list(Event.objects.order_by("-id").values_list("kind", "by", "subject")[:2])
    assert told == [
        ("unit.reopened", "account:administrator", "unit:south"),
        ("unit.closed", "account:administrator", "unit:south"),
    ]


def test_a_new_password_is_given_by_an_action_and_ends_open_sessions(shan: Shan, at_door: Door) -> None:
    clerk, client = at_door("north"), at_door("administrator")
    account = Account.objects.get(username="north")
    url = f"/admin/people/account/{account.pk}/password/"
    assert url in client.get(f"/admin/people/account/{account.pk}/change/").content.decode()
    assert client.get(url).status_code == 200
    assert client.post(url, {"new_password1": "one", "new_password2": "two"}).status_code == 200
    assert (
        client.post(url, {"new_password1": "blue-42-lake", "new_password2": "blue-42-lake"}).status_code
        == 302
    )
    account.refresh_from_db()
    assert account.check_password("blue-42-lake")
    assert clerk.get("/shan/desk").status_code == 302
    event = Event.objects.latest("id")
    assert (event.kind, event.by, event.subject) == (
        "account.password_set",
        "account:administrator",
        "account:north",
    )
    assert "blue" not in event.data


def test_an_administrator_takes_over_nobody_of_another_place(shan: Shan, at_door: Door) -> None:
    place = other(shan)
    actions.appoint(place=place, username="office", role="administrator", by=BY, now=shan.now)
    account = Account.objects.get(username="office")
    answer = at_door("administrator").post(
        f"/admin/people/account/{account.pk}/password/",
        {"new_password1": "mine-now-1", "new_password2": "mine-now-1"},
    )
    assert answer.status_code == 403
    account.refresh_from_db()
    assert account.check_password("pass the long way")
    assert at_door("office").post(f"/admin/people/account/{account.pk}/password/").status_code in (403, 404)


@pytest.mark.parametrize("url", ["/password/", "/admin/password_change/"])
def test_ones_own_password_is_changed_by_an_action_too(shan: Shan, at_door: Door, url: str) -> None:
    client = at_door("north")
    new = {"new_password1": "blue-42-lake", "new_password2": "blue-42-lake"}
    assert client.post(url, {"old_password": "wrong", **new}).status_code == 409
    assert client.post(url, {"old_password": "pass the long way", **new}).status_code == 302
    assert Account.objects.get(username="north").check_password("blue-42-lake")
    assert client.get("/shan/desk").status_code == 200, "this session goes on"
    assert (Event.objects.latest("id").kind, Event.objects.latest("id").by) == (
        "account.password_set",
        "account:north",
    )


def test_who_is_no_longer_an_administrator_no_longer_enters_the_administration(
    shan: Shan, at_door: Door
) -> None:
    client = at_door("administrator")
    assert client.get("/admin/").status_code == 200
    actions.dismiss(post=Post.objects.get(account__username="administrator"), by=BY, now=shan.now)
    assert client.get("/admin/").status_code == 302
