"""Reading calendar links: whose a link is, and how often an occasion was changed since it was planned."""

from __future__ import annotations

import hmac
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Count

from leitai.apps.ledger import queries as ledger
from leitai.apps.people.access import ANYONE, Viewer, viewer_of

from ..keys import link_secret

_DIGITS = 15  # of an account's number; a longer one is no number of an account


def calendar_token(place: Any, account: Any) -> str:
    """What stands in the address of an account's own calendar: its number and its secret, until it is renewed."""
    return f"{account.pk}-{link_secret(place.key, account.pk, _generation(place, account.pk))}"


def subscriber(place: Any, token: str) -> Viewer:
    """Who subscribes by a link; ANYONE where it is not valid, or the account has no post here any more."""
    number, _dash, secret = token.partition("-")
    known = number.isascii() and number.isdecimal() and len(number) <= _DIGITS
    account = get_user_model().objects.filter(pk=int(number)).first() if known else None
    kept = link_secret(place.key, account.pk, _generation(place, account.pk)) if account else "-" * 32
    right = hmac.compare_digest(kept.encode(), secret.encode())
    found = viewer_of(account, place) if right and account is not None else ANYONE
    return found if found.posts else ANYONE


def _generation(place: Any, account: int) -> int:
    return ledger.told(place, "calendar.link_renewed").filter(subject=f"account:{account}").count()


def revisions(place: Any) -> dict[str, int]:
    """How often each occasion was moved or cancelled, by its name in the ledger ("occasion:12")."""
    rows = ledger.told(place, "occasion.shifted", "occasion.cancelled").order_by()
    return dict(rows.values_list("subject").annotate(times=Count("pk")))
