"""Reporting by a civic app: a form becomes a case, once for each Idempotency-Key that the app gives it.

Who reports is sealed with the case and shown to nobody here. `device_id` and `account_id` are read by nobody and not
kept. A link to a photo (`media_url`) stands in the report for those who work on it; it is never fetched from here.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from leitai.apps.casework.models import Case
from leitai.apps.people import queries as people
from leitai.rules.kernel import N_
from leitai.ui.photos import MOST_BYTES
from leitai.ui.typed import plain

from ..door import Caller
from ..faults import Problem
from ..opening import Draft, opened
from .answers import Answer, Asked
from .reading import CHANNEL, LONGEST, at
from .services import said, service

SCOPE = "open311:post"
PHOTOS = 5
TITLE = 80
_ATTRIBUTE = re.compile(r"attribute\[([^\[\]]{1,40})\](?:\[\d*\])?")


def post(where: Asked) -> Answer:
    """Opens a case of the service; answers its number, or a token where its kind is not public.

    Beside what the standard asks for, the answer says state, service and time, so that it is a request by its schema.
    """
    comer = caller(where)
    code = where.value("service_code", 200)
    if not code:
        raise Problem(400, "no-service", N_("service_code was not provided."))
    spec = service(where, code)
    number = plain(where.request.headers.get("Idempotency-Key", ""), 200)
    case = opened(comer, _draft(where, code, tracking=not spec.public), channel=CHANNEL, number=number)
    value = {
        "service_request_id" if spec.public else "token": case.ref if spec.public else case.tracking,
        "service_notice": _notice(where, case),
        "status": "closed" if case.closed_at else "open",
        "service_code": case.kind,
        "service_name": said(spec.name),
        "requested_datetime": at(where, case.opened_at),
    }
    return Answer("service_requests", [value])


def caller(where: Asked) -> Caller:
    """Who came in by an api_key. Raises Problem (403)."""
    given = where.value("api_key", 200)
    key = people.api_key(given) if given else None
    if key is None:
        raise Problem(403, "no-key", N_("A valid api_key was not provided."))
    if key.place_id != where.place.pk:
        raise Problem(403, "other-place", N_("This key is of another place."))
    if SCOPE not in key.scopes:
        message = N_("This key is not for %(scope)s; it is for %(scopes)s.")
        raise Problem(403, "not-in-scope", message, scope=SCOPE, scopes=", ".join(key.scopes))
    return Caller(key, where.place, where.now)


def _notice(where: Asked, case: Case) -> str:
    """What the reporter may expect."""
    if case.due_at is None:
        return _("It was received and will be looked at.")
    due = f"{case.due_at.astimezone(where.place.zone):%Y-%m-%d %H:%M}"
    return _("It was received. The time limit ends on %(due)s.") % {"due": due}


def _draft(where: Asked, code: str, *, tracking: bool) -> Draft:
    """The case that a form asks for. Raises Problem (400)."""
    latitude, longitude = _spot(where)
    address, address_id = where.value("address_string", 200), where.value("address_id", 60)
    if latitude is None and not address and not address_id:
        raise Problem(
            400, "no-location", N_("Say where it is: lat and long, or address_string, or address_id.")
        )
    text = where.value("description", LONGEST + 1)
    if len(text) > LONGEST:
        raise Problem(400, "too-long", N_("description has more than 4000 characters."))
    media = _media(where)
    first = text.partition("\n")[0].strip()
    title = first if len(first) <= TITLE else first[: TITLE - 1].rstrip() + "…"
    return Draft(
        kind=code,
        title=title or said(where.regime.cases[code].name),
        text="\n\n".join(part for part in (text, media) if part),
        where=(f"{address} ({address_id})" if address and address_id else address or address_id)[:200],
        form=_answers(where),
        latitude=latitude,
        longitude=longitude,
        reporter=_reporter(where),
        photos=_photos(where),
        tracking=tracking,
    )


def _spot(where: Asked) -> tuple[float | None, float | None]:
    """Latitude and longitude, both or neither. Raises Problem."""
    texts = where.value("lat", 60), where.value("long", 60)
    if not any(texts):
        return None, None
    try:
        latitude, longitude = (float(text) for text in texts)
        right = math.isfinite(latitude) and abs(latitude) <= 90 and abs(longitude) <= 180
    except ValueError:
        right = False
    if not right:
        raise Problem(400, "bad-spot", N_("lat and long go together, in degrees: -90 to 90 and -180 to 180."))
    return latitude, longitude


def _media(where: Asked) -> str:
    """The link to a photo, where it is one. Raises Problem."""
    text = where.value("media_url", 500)
    if not text:
        return ""
    try:
        parts = urlsplit(text)
        right = (
            parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"[\s<>\"]", text)
        )
    except ValueError:
        right = False
    if not right:
        raise Problem(400, "bad-link", N_("media_url is no address of a photo."))
    return text


def _answers(where: Asked) -> Mapping[str, Any]:
    """What was answered to a service's own questions: attribute[code]=…, several times where several are chosen."""
    found: dict[str, list[str]] = {}
    for given in (where.request.POST, where.request.GET):
        for name in given:
            match = _ATTRIBUTE.fullmatch(name)
            if match is not None:
                found.setdefault(match[1], []).extend(plain(one) for one in given.getlist(name))
    return {key: given if len(given) > 1 else given[0] for key, given in found.items()}


def _reporter(where: Asked) -> Mapping[str, str]:
    """Who reports, as far as it was said."""
    names = where.value("first_name", 60), where.value("last_name", 60)
    found = {
        "name": " ".join(name for name in names if name),
        "phone": where.value("phone", 40),
        "mail": where.value("email", 120),
    }
    return {name: text for name, text in found.items() if text}


def _photos(where: Asked) -> tuple[bytes, ...]:
    """Photos that were sent along as `media`, as many apps do beside the standard. Raises Problem."""
    files = where.request.FILES.getlist("media")
    if len(files) > PHOTOS:
        raise Problem(400, "too-many-photos", N_("At most %(most)s photos can be sent."), most=str(PHOTOS))
    return tuple(file.read(MOST_BYTES + 1) for file in files)
