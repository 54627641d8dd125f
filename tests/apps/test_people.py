"""People and units: a tree that stays one, posts that give permissions and nothing else does, links that are secret."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

from leitai.apps.ledger.actions import UNCHANGED
from leitai.apps.people import actions, queries
from leitai.apps.people.access import ANYONE, PERMISSIONS, Viewer, viewer_of
from leitai.apps.people.models import Account, Post, Unit
from leitai.rules.regime.model import Pick
from tests.factories import BY, NOW, Town, refused


def put(town: Town, *drafts: actions.UnitDraft) -> object:
    return actions.put_units(place=town.place, drafts=drafts, by=BY, now=NOW)


def test_a_place_begins_with_its_own_event(town: Town) -> None:
    assert town.kinds()[:3] == ["place.added", "units.changed", "regime.loaded"]


def test_a_place_is_added_once(town: Town) -> None:
    with refused("place-exists"):
        actions.add_place(key="town", name_zh="", name_en="Again", timezone="UTC", by=BY, now=NOW)


def test_units_come_in_any_order_and_once(town: Town) -> None:
    child = actions.UnitDraft("desk", name_en="Desk", parent="counter", kind="window")
    assert put(town, child, actions.UnitDraft("counter", name_en="Counter")) == {
        "added": 2,
        "changed": 0,
        "moved": 1,
    }
    events = len(town.kinds())
    assert put(town, child, actions.UnitDraft("counter", name_en="Counter")) is UNCHANGED
    assert len(town.kinds()) == events, "what changes nothing leaves no event"
    assert queries.unit(town.place, "desk").parent.key == "counter"


def test_a_unit_is_renamed_moved_and_retagged_in_place(town: Town) -> None:
    before = town.units["tax-window"].pk
    draft = actions.UnitDraft("tax-window", "窗口", "Window 1", parent="water", kind="window", tags=("new",))
    assert put(town, draft) == {"added": 0, "changed": 1, "moved": 1}
    row = queries.unit(town.place, "tax-window")
    assert (row.pk, row.parent.key, row.name_en, row.tags) == (before, "water", "Window 1", ["new"])


def test_a_unit_needs_a_parent_that_exists(town: Town) -> None:
    with refused("unknown-parent"):
        put(town, actions.UnitDraft("desk", name_en="Desk", parent="nowhere"))
    assert queries.unit(town.place, "desk") is None


@pytest.mark.parametrize("parent", ["town-hall", "tax", "tax-window"])
def test_a_unit_does_not_stand_below_itself(town: Town, parent: str) -> None:
    with refused("unit-cycle"):
        put(town, actions.UnitDraft("town-hall", "镇政府", "Town Hall", parent=parent, kind="hall"))
    assert queries.unit(town.place, "town-hall").parent is None


def test_a_list_of_units_asks_the_database_as_often_for_many_as_for_few(
    town: Town, django_assert_max_num_queries: object
) -> None:
    drafts = [actions.UnitDraft(f"w{n}", name_en=f"W{n}", parent="tax") for n in range(60)]
    put(town, *drafts)
    with django_assert_max_num_queries(12):
        put(town, *drafts, actions.UnitDraft("w60", name_en="W60", parent="tax"))


def test_descendants_and_holders(town: Town) -> None:
    ids = {key: row.pk for key, row in town.units.items()}
    below = queries.descendants(town.place)
    assert below[ids["town-hall"]] == {
        ids[key] for key in ("town-hall", "water", "roads", "tax", "tax-window")
    }
    assert below[ids["north"]] == {ids["north"]}
    # A window's record counts for its bureau, unless the window is judged by itself.
    judged = [town.units["tax"], town.units["water"]]
    assert queries.holders(town.place, judged) == {ids["tax"]: 0, ids["tax-window"]: 0, ids["water"]: 1}
    both = [town.units["tax"], town.units["tax-window"]]
    assert queries.holders(town.place, both) == {ids["tax"]: 0, ids["tax-window"]: 1}


@pytest.mark.parametrize(
    ("pick", "keys"),
    [
        ({"kind": "bureau"}, ["roads", "tax", "water"]),
        ({"tag": "coded"}, ["harbour", "tax-window"]),
        ({"keys": ("north", "nowhere")}, ["north"]),
        ({"under": "tax"}, ["tax-window"]),
        ({"under": "nowhere"}, []),
        ({"under": "town-hall", "kind": "window"}, ["tax-window"]),
    ],
)
def test_a_group_picks_its_units(town: Town, pick: dict[str, object], keys: list[str]) -> None:
    assert [row.key for row in queries.picked(town.place, Pick(**pick))] == keys


def test_what_is_inactive_is_neither_listed_nor_picked(town: Town) -> None:
    Unit.objects.filter(pk=town.units["water"].pk).update(active=False)
    assert "water" not in {row.key for row in queries.units(town.place)}
    assert "water" not in {row.key for row in queries.picked(town.place, Pick(kind="bureau"))}


def test_units_are_found_by_either_name(town: Town) -> None:
    for words in ("水务", "water b", "WATER"):
        assert [row.key for row in queries.units(town.place, words)] == ["water"]


# Posts and permissions


def test_a_post_brings_an_account_and_keeps_a_known_ones_password(town: Town) -> None:
    account = town.posts["office"].account
    assert account.check_password("pass the long way")
    actions.appoint(
        place=town.place, username=account.username, role="leader", password="other", by=BY, now=NOW
    )
    again = Account.objects.get(pk=account.pk)
    assert again.check_password("pass the long way")
    assert {post.role for post in again.posts.all()} == {"office", "leader"}


def test_only_an_administrator_reaches_the_admin(town: Town) -> None:
    staff = {role for role, post in town.posts.items() if Account.objects.get(pk=post.account_id).is_staff}
    assert staff == {"administrator"}


def test_the_same_post_is_given_once(town: Town) -> None:
    events = len(town.kinds())
    post = actions.appoint(place=town.place, username="office-town", role="office", by=BY, now=NOW)
    assert post.pk == town.posts["office"].pk
    assert len(town.kinds()) == events


def test_posts_are_refused(town: Town) -> None:
    with refused("unknown-role"):
        actions.appoint(place=town.place, username="x", role="king", by=BY, now=NOW)
    with refused("clerk-needs-unit"):
        actions.appoint(place=town.place, username="x", role="clerk", by=BY, now=NOW)
    assert not Account.objects.filter(username="x").exists()


def test_a_post_that_is_taken_takes_its_permissions_along(town: Town) -> None:
    assert town.viewer("leader").may("merit.decide")
    actions.dismiss(post=town.posts["leader"], by=BY, now=NOW)
    account = Account.objects.get(username="leader-town")
    assert not viewer_of(account, town.place).may("merit.decide")
    assert town.kinds()[-1] == "post.taken"


def test_a_clerk_may_at_the_own_unit_and_below_and_nowhere_else(town: Town) -> None:
    actions.appoint(place=town.place, username="tax", role="clerk", unit=town.units["tax"], by=BY, now=NOW)
    viewer = viewer_of(Account.objects.get(username="tax"), town.place)
    allowed = {key for key, row in town.units.items() if viewer.may("case.work", row)}
    assert allowed == {"tax", "tax-window"}
    assert viewer.may("case.work"), "somewhere"
    with pytest.raises(PermissionDenied):
        viewer.check("case.work", town.units["water"])


def test_what_is_granted_everywhere_is_granted_at_every_unit(town: Town) -> None:
    office = town.viewer("office")
    assert all(office.may("case.see", row) for row in town.units.values())
    assert not office.may("case.work", town.units["water"]), "the office does not do the unit's work"
    assert not office.may("merit.decide"), "nor does it decide what it proposes"


def test_nobody_in_particular_may_nothing(town: Town) -> None:
    for viewer in (ANYONE, viewer_of(AnonymousUser(), town.place)):
        assert not any(viewer.may(permission) for permission in PERMISSIONS)
        assert not any(viewer.may(permission, town.units["water"]) for permission in PERMISSIONS)


def test_an_account_that_is_shut_may_nothing(town: Town) -> None:
    account = town.posts["office"].account
    account.is_active = False
    assert viewer_of(account, town.place).posts == ()


def test_a_post_counts_in_its_own_place_only(town: Town, vale: Town) -> None:
    for role, post in town.posts.items():
        viewer = viewer_of(post.account, vale.place)
        assert not any(viewer.may(permission) for permission in PERMISSIONS), role
    clerk = Viewer(town.posts["clerk"].account, tuple(Post.objects.filter(pk=town.posts["clerk"].pk)))
    assert not clerk.may("case.work", vale.units["water"]), "a unit of the same key elsewhere is another unit"


def test_a_permission_that_does_not_exist_is_a_fault_not_a_no(town: Town) -> None:
    with pytest.raises(KeyError):
        town.viewer("office").may("case.sea")


# Enterprises


def test_an_enterprise_comes_in_by_its_own_link_only(town: Town, vale: Town) -> None:
    assert queries.enterprise_by_link(town.place, "firm", town.secret) == town.firm
    assert queries.enterprise_by_link(town.place, "firm", vale.secret) is None
    assert queries.enterprise_by_link(vale.place, "firm", town.secret) is None
    assert queries.enterprise_by_link(town.place, "nobody", town.secret) is None
    assert queries.enterprise_by_link(town.place, "firm", "") is None


def test_the_link_itself_is_not_kept(town: Town) -> None:
    town.firm.refresh_from_db()
    assert town.secret not in {str(getattr(town.firm, one.attname)) for one in town.firm._meta.fields}


def test_a_leader_answers_for_an_enterprise(town: Town, vale: Town) -> None:
    leader = town.posts["leader"].account
    assert queries.sponsored(leader, town.place) == [town.firm]
    assert queries.sponsored(leader, vale.place) == []


def test_two_places_do_not_see_each_others_units(town: Town, vale: Town) -> None:
    mine = {row.pk for row in town.units.values()}
    assert {row.pk for row in queries.units(town.place)} == mine
    assert set(queries.descendants(town.place)) == mine
    assert set(queries.keys(town.place).values()) == mine
    assert not {row.pk for row in queries.picked(vale.place, Pick(all=True))} & mine
    assert queries.enterprises(vale.place) == [vale.firm]
