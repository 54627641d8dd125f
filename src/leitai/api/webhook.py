# ruff: noqa: ARG001  an operation's arguments declare what it takes, used or not
"""Cases by webhook: another system calls when something happened there, signs what it sends, and a case is opened.

Signed as Standard Webhooks (standardwebhooks.com) lay down: `webhook-signature` is `v1,` and the base64 of HMAC-SHA256
over `webhook-id.webhook-timestamp.body`. What was signed more than five minutes ago, or ahead, is refused; what comes
again within them is the same case. The secret is derived from the key's own digest and this house's data key, so that
nothing which signs is kept, and revoking the key ends it.

A sender cannot be told how to write its JSON, so the address says where in it things are: a value that begins with a
slash is a JSON Pointer (RFC 6901) into the body, any other is meant as it stands.

    /api/v1/PLACE/hooks/cases?key=crm&kind=finding&title=/issue/subject&reporter.phone=/issue/contact/0/phone
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from ninja import Body, Query, Router, Status
from ninja.errors import ValidationError as Invalid
from ninja.security.base import AuthBase
from pydantic import ValidationError

from leitai.apps.people import queries as people
from leitai.apps.people.models import ApiKey
from leitai.rules.kernel import N_

from .cases import CaseIn, CaseOut, answer, draft
from .door import Caller, caller, public_place
from .faults import POSTED, Problem, faults
from .opening import opened
from .shapes import PLACE, PlaceKey

router = Router(tags=["cases"])
SCOPE = "cases:hook"
CHANNEL = "hook"
WINDOW = 300  # seconds
PREFIX = "whsec_"
HEADERS = ("webhook-id", "webhook-timestamp", "webhook-signature")


def secret(key: ApiKey) -> str:
    """What the sender signs with, as Standard Webhooks write it; the same as long as the key is."""
    house = hashlib.sha256(b"leitai/hook/1\n" + settings.DATA_KEY.encode()).digest()
    return PREFIX + base64.b64encode(hmac.digest(house, key.digest.encode(), "sha256")).decode()


def signature(secret: str, number: str, seconds: str, body: bytes) -> str:
    """The signature of a message: its id, the Unix time at which it is sent, its bytes."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = hmac.digest(key, f"{number}.{seconds}.".encode() + body, "sha256")
    return "v1," + base64.b64encode(signed).decode()


class Signed(AuthBase):
    """Lets in what a key for `cases:hook` signed. Raises Problem (401, 403) for everything else."""

    openapi_type = "apiKey"
    openapi_in = "header"
    openapi_name = HEADERS[2]

    def __call__(self, request: HttpRequest) -> Caller:
        """The caller whose key, named by `key` in the address, signed the body."""
        match = request.resolver_match
        place = public_place(match.kwargs["place"] if match is not None else "")
        name = request.GET.get("key", "")
        keys = (one for one in people.api_keys(place) if one.revoked_at is None)
        key = next((one for one in keys if one.name == name), None)
        number, seconds, given = (request.headers.get(name, "") for name in HEADERS)
        # Somebody who does not hold the secret is not told which keys there are.
        right = signature(secret(key or ApiKey(digest="-" * 64)), number, seconds, request.body)
        if key is None or not number or not any(_same(right, one) for one in given.split()):
            raise Problem(
                401, "bad-signature", N_("This is not signed, or not by a key of this place that is in use.")
            )
        if SCOPE not in key.scopes:
            message = N_("This key is not for %(scope)s; it is for %(scopes)s.")
            raise Problem(403, "not-in-scope", message, scope=SCOPE, scopes=", ".join(key.scopes))
        now = timezone.now()
        if not seconds.isascii() or not seconds.isdigit() or abs(int(seconds) - now.timestamp()) > WINDOW:
            raise Problem(
                401, "stale", N_("This was signed more than five minutes ago, or ahead: sign it again.")
            )
        return Caller(key, place, place.now(now))


def _same(right: str, given: str) -> bool:
    return hmac.compare_digest(right.encode(), given.encode())


@router.post(
    f"{PLACE}/hooks/cases",
    auth=Signed(),
    response={200: CaseOut, 201: CaseOut, **faults(POSTED)},
    summary="Open a case by webhook",
)
def hook_case(
    request: HttpRequest,
    place: PlaceKey,
    body: Body[dict[str, Any]],
    key: str = Query(..., max_length=60, description="name of the key that signs"),  # type: ignore[type-arg]
) -> Status[CaseOut]:
    """A case from a signed message (Standard Webhooks: `webhook-id`, `webhook-timestamp`, `webhook-signature`).

    The body is a case as it is posted to `/cases`, or anything, and the address says where each field is:
    `&kind=finding&title=/issue/subject`, a JSON Pointer where it begins with a slash, else the value itself; names with
    a dot go inside (`form.colour`, `reporter.phone`). Without `once`, it is the message's id.
    """
    comer = caller(request)
    record = _mapped(request, body)
    record.setdefault("once", request.headers["webhook-id"])
    try:
        wanted = CaseIn.model_validate(record)
    except ValidationError as why:
        raise Invalid(why.errors(include_url=False, include_input=False)) from None
    return answer(comer, opened(comer, draft(wanted), channel=CHANNEL, number=wanted.once))


def _mapped(request: HttpRequest, body: dict[str, Any]) -> dict[str, Any]:
    """The record that the address makes of a body; the body itself where it makes nothing. Raises Problem."""
    ways = {name: request.GET[name] for name in request.GET if name != "key"}
    if not ways:
        return dict(body)
    record: dict[str, Any] = {}
    for name, way in ways.items():
        first, dot, second = name.partition(".")
        if first not in CaseIn.model_fields or bool(dot) != (first in ("form", "reporter")):
            message = N_("The address maps to %(name)s, which a case does not have.")
            raise Problem(422, "unknown-field", message, name=name[:60])
        if name == "once" and not way.startswith("/"):
            # The address is not signed: who overheard a message must not make many cases of it with other numbers.
            raise Problem(422, "once-not-signed", N_("once must lead into the body: begin it with a slash."))
        value = pointed(body, way) if way.startswith("/") else way
        if value is None:
            continue
        if dot:
            record.setdefault(first, {})[second] = _text(value)
        else:
            record[first] = value if first in ("latitude", "longitude") else _text(value)
    return record


def pointed(body: Any, pointer: str) -> Any:
    """What a JSON Pointer leads to; None where it leads nowhere."""
    for step in pointer.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        if isinstance(body, dict):
            body = body.get(name)
        elif isinstance(body, list) and name.isascii() and name.isdigit() and len(name) < 6:
            body = body[int(name)] if int(name) < len(body) else None
        else:
            return None
    return body


def _text(value: Any) -> Any:
    """A number is as good as its digits where a text is asked for; what is neither is left to be refused."""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value
