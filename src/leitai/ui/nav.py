"""The main navigation: what a viewer is offered, by permission; the pages ask again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Item:
    """One entry: where it leads below the place, what paths it covers, who is offered it (None: everyone)."""

    label: str | Promise
    path: str
    permissions: tuple[str, ...] | None = None


ITEMS = (
    Item(_("Board"), ""),
    Item(_("Tables"), "t/"),
    Item(_("Units"), "u/"),
    Item(_("Weekly ten"), "verdicts/week"),
    Item(_("Calendar"), "calendar"),
    Item(_("Rule-book"), "rules"),
    Item(_("Ledger"), "log"),
    Item(_("My desk"), "desk", ("desk.see",)),
    Item(_("Patrol"), "patrol", ("case.open",)),
    Item(_("Supervision office"), "office", ("case.run",)),
    Item(_("Call-backs"), "office/verdicts", ("ballot.call",)),
    Item(_("Reviews"), "office/reviews", ("ballot.review",)),
    Item(_("Leads"), "office/leads", ("lead.see",)),
    Item(_("Breaches"), "breaches", ("lead.see",)),
    Item(_("Enterprises"), "enterprises", ("enterprise.manage",)),
    Item(_("Channels"), "channels", ("channel.manage",)),
    Item(_("Readings"), "readings", ("reading.report", "reading.verify")),
    Item(_("Consequences"), "merits", ("merit.see",)),
)


def _covers(item: Item, rest: str) -> bool:
    """Whether an address below the place lies under an entry."""
    if item.path == "":
        return rest == ""
    return rest == item.path or rest.startswith(item.path.rstrip("/") + "/")


def items(request: Any) -> list[dict[str, Any]]:
    """The entries for a request at a place, the present one marked."""
    visit = request.visit
    base = f"/{visit.place.key}/"
    rest = request.path.removeprefix(base)
    found: list[dict[str, Any]] = []
    split = False
    offered = [
        item
        for item in ITEMS
        if item.permissions is None or any(visit.viewer.may(name) for name in item.permissions)
    ]
    # Of two that cover the address, such as the office and its reviews, the nearer one is the present one.
    present = max((item.path for item in offered if _covers(item, rest)), key=len, default=None)
    for item in offered:
        here = item.path == present
        first_inner = item.permissions is not None and not split
        split = split or item.permissions is not None
        found.append({"label": item.label, "href": base + item.path, "here": here, "split": first_inner})
    account = visit.viewer.account
    if account is not None and account.is_staff:
        found.append({"label": _("Administration"), "href": "/admin/", "here": False, "split": not split})
    return found
