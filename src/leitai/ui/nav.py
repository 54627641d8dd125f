"""The main navigation: areas, and the entries of the one a viewer is in, by permission; the pages ask again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Item:
    """One entry: where it leads below the place, what other paths it covers, who is offered it (None: everyone)."""

    label: str | Promise
    path: str
    permissions: tuple[str, ...] | None = None
    also: tuple[str, ...] = ()


@dataclass
class Shown:
    """What a page shows: the areas that are offered, and the entries of the present one."""

    areas: list[dict[str, Any]] = field(default_factory=list)
    items: list[dict[str, Any]] = field(default_factory=list)


AREAS: tuple[tuple[str | Promise, tuple[Item, ...]], ...] = (
    (_("Public"), (
        Item(_("Board"), ""),
        Item(_("Tables"), "t/"),
        Item(_("Units"), "u/"),
        Item(_("Weekly ten"), "verdicts/week"),
        Item(_("Calendar"), "calendar", also=("o",)),
        Item(_("Bulletins"), "bulletins", also=("exposure",)),
        Item(_("Contests"), "contests"),
        Item(_("Rule-book"), "rules"),
        Item(_("Ledger"), "log"),
    )),
    (_("My work"), (
        Item(_("My desk"), "desk", ("desk.see",)),
        Item(_("Readings"), "readings", ("reading.report", "reading.verify")),
        Item(_("Preparations"), "preparations", ("preparation.do",)),
        Item(_("Promises"), "promises", ("commitment.note", "commitment.show")),
        Item(_("Burden"), "burden", ("burden.see",)),
        Item(_("Channels"), "channels", ("channel.manage",)),
    )),
    (_("Cases"), (
        Item(_("Supervision office"), "office", ("case.run",), also=("c",)),
        Item(_("Patrol"), "patrol", ("case.open",)),
        Item(_("Call-backs"), "office/verdicts", ("ballot.call",)),
        Item(_("Reviews"), "office/reviews", ("ballot.review",)),
        Item(_("Leads"), "office/leads", ("lead.see",)),
        Item(_("Breaches"), "breaches", ("lead.see",)),
        Item(_("Inspections"), "inspections", ("desk.see",)),
    )),
    (_("Projects"), (
        Item(_("Projects"), "projects", ("project.see",)),
        Item(_("Sponsored"), "sponsor", ("project.see",)),
        Item(_("Promotion"), "promotion", ("project.see",)),
        Item(_("Starts"), "starts", ("project.see",)),
        Item(_("Chains"), "chains", ("project.see",)),
        Item(_("Campaigns"), "campaigns", ("project.see",)),
        Item(_("Wall"), "wall", ("wall.see",)),
        Item(_("Enterprises"), "enterprises", ("enterprise.manage",)),
    )),
    (_("People"), (
        Item(_("Consequences"), "merits", ("merit.see",)),
        Item(_("Officials"), "officials", ("official.manage",)),
        Item(_("Priority for promotion"), "officials/priority", ("official.see",), also=("officials",)),
    )),
)  # fmt: skip


def _covers(path: str, rest: str) -> bool:
    """Whether an address below the place lies under a path."""
    return rest == path or (path != "" and rest.startswith(path.rstrip("/") + "/"))


def shown(request: Any) -> Shown:
    """The navigation of a request at a place, the present area and entry marked.

    Of two entries that cover the address, such as the office and its reviews, the nearer one is the present one. An
    address that none covers is in the first area that is offered.
    """
    visit = request.visit
    base = f"/{visit.place.key}/"
    rest = request.path.removeprefix(base)
    all_ = [
        (
            area,
            [one for one in items if one.permissions is None or any(map(visit.viewer.may, one.permissions))],
        )
        for area, items in AREAS
    ]
    offered = [(area, items) for area, items in all_ if items]
    covering = [
        (len(path), at, item)
        for at, (_area, items) in enumerate(offered)
        for item in items
        for path in (item.path, *item.also)
        if _covers(path, rest)
    ]
    _length, present, item = max(covering, key=lambda one: one[0], default=(0, 0, None))
    made = Shown(items=[_entry(one.label, base + one.path, one is item) for one in offered[present][1]])
    account = visit.viewer.account
    if len(offered) > 1 or (account is not None and account.is_staff):
        made.areas = [
            _entry(area, base + items[0].path, at == present) for at, (area, items) in enumerate(offered)
        ]
    if account is not None and account.is_staff:
        made.areas.append(_entry(_("Administration"), "/admin/", False))
    return made


def _entry(label: str | Promise, href: str, here: bool) -> dict[str, Any]:
    return {"label": label, "href": href, "here": here}
