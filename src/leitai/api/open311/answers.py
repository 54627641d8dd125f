"""How GeoReport answers: one value, as JSON or as XML by the address's extension; faults in the same format.

JSON is the XML without its root, by the Spark convention: a list is an element of elements that are called by the
singular. A status is 404 for what is not there, 403 for the key, 400 for everything else that cannot be done.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any
from xml.etree import ElementTree as ET

from django.core.exceptions import SuspiciousOperation
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from leitai.apps.ledger.errors import Refused, tell
from leitai.apps.people import queries as people
from leitai.apps.people.models import Place
from leitai.apps.regimes import queries as regimes
from leitai.apps.regimes.queries import NoRegime
from leitai.rules.kernel import N_, Finding
from leitai.rules.regime.model import Regime
from leitai.ui.typed import plain

from ..faults import RETRY_SECONDS, Problem, log, meanings

TYPES = {"json": "application/json; charset=utf-8", "xml": "text/xml; charset=utf-8"}
# The elements of each list.
_ITEM = {
    "services": "service",
    "attributes": "attribute",
    "values": "value",
    "service_requests": "request",
    "endpoints": "endpoint",
    "formats": "format",
    "errors": "error",
}
# What XML 1.0 cannot hold.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
    "Access-Control-Allow-Headers": "Idempotency-Key, Accept-Language",
    "Access-Control-Max-Age": "86400",
}
LONGEST = 5000


@dataclass(frozen=True)
class Answer:
    """What is answered: the name of XML's root, and the value that JSON gives without it."""

    root: str
    value: Any
    status: int = 200


@dataclass(frozen=True)
class Asked:
    """A request at one jurisdiction: the place, its present, and the rule-book in force there today."""

    request: HttpRequest
    place: Place
    now: datetime
    regime: Regime

    def values(self, name: str) -> list[str]:
        """What a parameter was given, also several times and with commas between; without what is empty."""
        given = [*self.request.POST.getlist(name), *self.request.GET.getlist(name)]
        return [part for text in given for one in text.split(",") if (part := plain(one, 200))]

    def value(self, name: str, longest: int = LONGEST) -> str:
        """What a parameter was given once, in the body or else in the address; empty where it is not there."""
        return plain(self.request.POST.get(name) or self.request.GET.get(name) or "", longest)


def asked(request: HttpRequest) -> Asked:
    """The jurisdiction of a request. Raises Problem (400 not named, 404 not known) or NoRegime."""
    key = plain(request.POST.get("jurisdiction_id") or request.GET.get("jurisdiction_id") or "", 200)
    places = people.places()
    if not key and len(places) != 1:
        raise Problem(
            400, "no-jurisdiction", N_("jurisdiction_id was not provided; several places answer here.")
        )
    found = next((one for one in places if key in ("", one.key)), None)
    if found is None:
        raise Problem(
            404, "unknown-jurisdiction", N_("There is no jurisdiction_id %(given)s here."), given=key
        )
    now = found.now(timezone.now())
    return Asked(request, found, now, regimes.regime_on(found, now.astimezone(found.zone).date()))


def door(**views: Callable[..., Answer]) -> Callable[..., HttpResponse]:
    """An address of GeoReport, by method: `door(GET=…, POST=…)`. No account and no cookie has a say here."""
    allowed = ", ".join(["OPTIONS", *views, *(["HEAD"] if "GET" in views else [])])

    @csrf_exempt
    @wraps(next(iter(views.values())), updated=())
    def inner(request: HttpRequest, form: str, **named: str) -> HttpResponse:
        if request.method == "OPTIONS":
            return HttpResponse(status=204, headers={"Allow": allowed, **CORS})
        view = views.get("GET" if request.method == "HEAD" else request.method or "")
        if view is None:
            finding = Finding(
                "wrong-method", N_("This address answers %(allow)s."), values={"allow": allowed}
            )
            return written(_wrong(405, finding), form, Allow=allowed)
        return _answered(view, request, form, named)

    inner.permission = None  # type: ignore[attr-defined]
    return inner


def _answered(
    view: Callable[..., Answer], request: HttpRequest, form: str, named: Mapping[str, str]
) -> HttpResponse:
    """The answer of a view, or the fault that it ended in."""
    try:
        answer = view(asked(request), **{name: plain(text, 200) for name, text in named.items()})
    except Problem as why:
        answer = _wrong(why.status, why.finding)
    except Refused as why:
        answer = _wrong(400, why.finding)
    except NoRegime:
        answer = _wrong(400, Finding("no-regime", N_("This place has no rule-book yet.")))
    except (SuspiciousOperation, MultiPartParserError, UnreadablePostError, UnicodeError):
        answer = _wrong(400, Finding("not-a-form", N_("The body is not a form that can be read.")))
    except OperationalError as why:
        log.error("the database refused", exc_info=why)
        return written(
            _wrong(503, Finding("busy", meanings()[503])), form, **{"Retry-After": str(RETRY_SECONDS)}
        )
    return written(answer, form)


def nowhere(request: HttpRequest, **_named: str) -> HttpResponse:
    """No such address: in JSON where JSON was asked for, else in XML, which everyone reads."""
    form = "json" if request.path.endswith(".json") else "xml"
    return written(_wrong(404, Finding("not-found", meanings()[404])), form)


nowhere = csrf_exempt(nowhere)
nowhere.permission = None


def _wrong(status: int, finding: Finding) -> Answer:
    """A fault: the status as its code, and the sentence that is meant for people."""
    return Answer("errors", [{"code": status, "description": tell(finding)}], status)


def written(answer: Answer, form: str, **headers: str) -> HttpResponse:
    """An answer in a format, for any page of any site to read."""
    if form == "json":
        text = json.dumps(answer.value, ensure_ascii=False, allow_nan=False).encode()
    else:
        root = element(answer.root, answer.value)
        text = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    response = HttpResponse(text, status=answer.status, content_type=TYPES[form], headers={**CORS, **headers})
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def element(name: str, value: Any) -> ET.Element:
    """A value as XML has it."""
    node = ET.Element(name)
    if isinstance(value, Mapping):
        node.extend(element(key, one) for key, one in value.items())
    elif isinstance(value, Sequence) and not isinstance(value, str):
        node.extend(element(_ITEM[name], one) for one in value)
    elif isinstance(value, bool):
        node.text = "true" if value else "false"
    elif isinstance(value, float):
        node.text = f"{value:.6f}"
    else:
        node.text = _NOT_XML.sub("", str(value))
    return node
