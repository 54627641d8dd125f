"""Who may do what: one table of permissions, denied unless granted, and the door every page goes through.

A page function is wrapped by `page("permission")` or, where anyone may look, by `public_page`. Either
finds the place, the viewer and the place's present once, and hands them on; nothing behind it reads the
clock. A page that is wrapped by neither is found by a test that walks all addresses.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from .models import Account, Place, Post, Role, Unit

C, O, P, L, I, A = (  # noqa: E741
    Role.CLERK,
    Role.OFFICE,
    Role.PATROL,
    Role.LEADER,
    Role.INSPECTOR,
    Role.ADMINISTRATOR,
)

# permission: roles that have it over the whole place, roles that have it over their own unit (and those below it)
PERMISSIONS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    name: (frozenset(everywhere), frozenset(own))
    for name, everywhere, own in (
        ("desk.see", (O, P, L, I), (C,)),
        ("case.see", (O, P, L, I), (C,)),
        ("case.open", (O, P), ()),
        ("case.work", (), (C,)),
        ("case.run", (O,), ()),
        ("case.recheck", (O, P), ()),
        ("channel.manage", (O, A), (C,)),
        ("reading.report", (), (C,)),
        ("reading.verify", (O,), ()),
        ("table.freeze", (O,), ()),
        ("table.publish", (O, L), ()),
        ("occasion.hold", (O, L), ()),
        ("occasion.run", (O,), ()),
        ("preparation.do", (O,), (C,)),
        ("statement.give", (), (C,)),
        ("commitment.note", (O, L), ()),
        ("commitment.show", (), (C,)),
        ("peers.run", (O,), ()),
        ("inspection.run", (O,), ()),
        ("inspection.visit", (O, P), ()),
        ("inspection.reply", (), (C,)),
        ("contest.run", (O,), ()),
        ("contest.nominate", (O,), (C,)),
        ("contest.vote", (O, P, L, I), (C,)),
        ("project.see", (O, P, L, I), (C,)),
        ("project.work", (O,), (C,)),
        ("project.run", (O,), ()),
        ("lead.investment", (O,), (C,)),
        ("permit.work", (O,), (C,)),
        ("chain.work", (O,), (C,)),
        ("campaign.work", (O,), (C,)),
        ("wall.see", (O, P, L, I), ()),
        ("ask.make", (O,), ()),
        ("ask.reply", (), (C,)),
        ("burden.see", (O, L, I), (C,)),
        ("merit.see", (O, L, I), (C,)),
        ("merit.reply", (), (C,)),
        ("merit.decide", (L, I), ()),
        ("merit.appeal", (), (C,)),
        ("official.see", (L, I), ()),
        ("official.manage", (A,), ()),
        ("bulletin.draft", (O,), ()),
        ("bulletin.approve", (O, L), ()),
        ("ballot.call", (O, P), ()),
        ("ballot.review", (O, L, I), ()),
        ("ballot.appeal", (), (C,)),
        ("ballot.words", (O, I), ()),
        ("point.manage", (O,), ()),
        ("record.upload", (O,), (C,)),
        ("lead.see", (O, L, I), ()),
        ("lead.decide", (O, I), ()),
        ("ledger.see", (O, L, I, A), ()),
        ("regime.load", (A,), ()),
        ("enterprise.manage", (O, A), ()),
        ("people.manage", (A,), ()),
        ("key.manage", (A,), ()),
    )
}


@dataclass(frozen=True)
class Viewer:
    """Someone looking at a place: an account with its posts there, or nobody in particular."""

    account: Account | None
    posts: tuple[Post, ...] = ()

    @property
    def name(self) -> str:
        """How the ledger names them."""
        return f"account:{self.account.username}" if self.account else "anyone"

    @property
    def roles(self) -> frozenset[str]:
        """The roles they have in the place."""
        return frozenset(post.role for post in self.posts)

    @property
    def units(self) -> tuple[Unit, ...]:
        """The units they are posted at."""
        return tuple(post.unit for post in self.posts if post.unit)

    def may(self, permission: str, unit: Unit | None = None) -> bool:
        """Whether a permission is theirs: over the place, or over this unit or one above it."""
        everywhere, own = PERMISSIONS[permission]
        if self.roles & everywhere:
            return True
        mine = {post.unit_id for post in self.posts if post.role in own and post.unit_id}
        if not mine:
            return False
        if unit is None:
            return True
        while unit is not None:
            if unit.pk in mine:
                return True
            unit = unit.parent
        return False

    def check(self, permission: str, unit: Unit | None = None) -> None:
        """Raises PermissionDenied, with the reason, unless the permission is theirs."""
        if not self.may(permission, unit):
            raise PermissionDenied(
                _("Your post does not allow this (%(permission)s).") % {"permission": permission}
            )


ANYONE = Viewer(None)


def viewer_of(account: Any, place: Place) -> Viewer:
    """The viewer that an account is in a place."""
    if not account.is_authenticated or not account.is_active:
        return ANYONE
    posts = tuple(account.posts.filter(place=place).select_related("unit"))
    return Viewer(account, posts)


@dataclass(frozen=True)
class Visit:
    """What a page knows of the request before it begins: where, who, when."""

    place: Place
    viewer: Viewer
    now: datetime


def _visit(request: HttpRequest, place: str) -> Visit:
    row = get_object_or_404(Place, key=place)
    return Visit(row, viewer_of(request.user, row), row.now(timezone.now()))


def public_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page of a place that anyone may look at: `view(request, visit, …)`."""

    @wraps(view)
    def inner(request: HttpRequest, place: str, **rest: Any) -> HttpResponse:
        request.visit = _visit(request, place)
        return view(request, request.visit, **rest)

    inner.permission = None
    return inner


def page(permission: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """A page of a place for those with a permission; the unit in question is asked again inside."""
    if permission not in PERMISSIONS:
        raise ValueError(f"no such permission: {permission}")

    def wrap(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def inner(request: HttpRequest, place: str, **rest: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            request.visit = _visit(request, place)
            request.visit.viewer.check(permission)
            return view(request, request.visit, **rest)

        inner.permission = permission
        return inner

    return wrap
