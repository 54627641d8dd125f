"""Who may come in: another system with its key, for the things the key is for, at the place it is of.

`Key("tickets:issue")` guards an operation; what it lets in is a `Caller`. Here the clock is read, once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from leitai.apps.people import queries as people
from leitai.apps.people.models import ApiKey, Place
from leitai.rules.kernel import N_

from .faults import Problem


@dataclass(frozen=True)
class Caller:
    """Another system that came in by its key; `now` is the place's present."""

    key: ApiKey
    place: Place
    now: datetime

    @property
    def by(self) -> str:
        """How the ledger names it."""
        return f"key:{self.key.name}"

    @cached_property
    def units(self) -> frozenset[int] | None:
        """The ids of the units that it may speak for; None: all of the place."""
        if self.key.unit_id is None:
            return None
        return people.descendants(self.place)[self.key.unit_id]

    def may(self, unit: int) -> bool:
        """Whether it may speak for the unit of this id."""
        return self.units is None or unit in self.units


def caller(request: HttpRequest) -> Caller:
    """Who came in by a key."""
    found: Any = request.auth  # type: ignore[attr-defined]
    return found


def public_place(key: str) -> Place:
    """The place of a key, for what anyone may read. Raises Problem."""
    try:
        return people.place(key)
    except Place.DoesNotExist:
        raise Problem(404, "unknown-place", N_("There is no place %(place)s here."), place=key) from None


class Key(HttpBearer):
    """Lets in whoever has a key in use for one thing. Raises Problem for one that is for other things or places."""

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> Caller | None:
        """The caller; None where the key is unknown or revoked."""
        key = people.api_key(token)
        if key is None:
            return None
        match = request.resolver_match
        place = public_place(match.kwargs["place"] if match is not None else "")
        if key.place_id != place.pk:
            raise Problem(403, "other-place", N_("This key is of another place."))
        if self.scope not in key.scopes:
            message = N_("This key is not for %(scope)s; it is for %(scopes)s.")
            raise Problem(403, "not-in-scope", message, scope=self.scope, scopes=", ".join(key.scopes))
        return Caller(key, place, place.now(timezone.now()))
