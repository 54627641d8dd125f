"""What the interface answers when it cannot do what was asked: one shape, a stable code, a sentence to read.

Programs go by `code`, people by `error`, which is in the language of Accept-Language. Nothing that a caller sends
may end in a 500: what can be foreseen of bodies, addresses and databases is turned into an answer here.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic import BaseModel, Field

from leitai.apps.ledger.errors import Refused, tell
from leitai.apps.regimes.queries import NoRegime
from leitai.rules.kernel import N_, Finding

RETRY_SECONDS = 2
log = logging.getLogger("leitai.api")


class Where(BaseModel):
    """One thing that is wrong with what was sent."""

    loc: list[str | int] = Field(description="the way to it: body or query, then names and numbers from 0")
    code: str
    error: str


class Fault(BaseModel):
    """Why nothing was done."""

    code: str = Field(description="short and stable", examples=["no-key"])
    error: str = Field(description="a sentence, in Chinese or English by Accept-Language")
    where: list[Where] = Field([], description="of 422 alone")


class Problem(Exception):
    """Something that is answered with a status and a finding."""

    def __init__(self, status: int, code: str, message: str, **values: object) -> None:
        super().__init__(code)
        self.status, self.finding = status, Finding(code, message, values=values)


# What each status is about, for the descriptions; those that any address may answer come by themselves.
_MEANING = {
    400: N_("The body is not JSON in UTF-8."),
    401: N_("Say who asks: Authorization: Bearer, and a key that is in use."),
    403: N_("This key may not do that here."),
    404: N_("There is no such thing here."),
    409: N_("This cannot be done as things stand; `code` says why."),
    413: N_("This is more than can be taken at once."),
    415: N_("A body is sent as application/json."),
    422: N_("What was sent cannot be taken; `where` says why."),
    503: N_("Too much is going on. Try again in a few seconds."),
}
PUBLIC = (404, 422, 503)
KEYED = (401, 403, *PUBLIC)
POSTED = (400, 409, 413, 415, *KEYED)


def faults(statuses: Sequence[int]) -> dict[Any, Any]:
    """The answers of these statuses, as an operation declares them."""
    return dict.fromkeys(sorted(statuses), Fault)


def meanings() -> Mapping[int, str]:
    """What each status is about, in English."""
    return _MEANING


_INSTANT = N_(
    "this is not an instant with its offset, such as 2024-04-10T10:00:00+08:00, after the year 1900"
)
# What pydantic finds, in our own words, which are translated; %(name)s are its values.
_WORDS = {
    "missing": N_("this is missing"),
    "extra_forbidden": N_("there is no field of this name"),
    "string_type": N_("this is not text"),
    "string_unicode": N_("this is not text"),
    "string_too_short": N_("this has fewer than %(min_length)s letters"),
    "string_too_long": N_("this has more than %(max_length)s letters"),
    "string_pattern_mismatch": N_("this has letters that it may not have"),
    "int_type": N_("this is not a whole number"),
    "int_parsing": N_("this is not a whole number"),
    "int_parsing_size": N_("this is not a whole number"),
    "int_from_float": N_("this is not a whole number"),
    "greater_than_equal": N_("this is less than %(ge)s"),
    "less_than_equal": N_("this is more than %(le)s"),
    "literal_error": N_("this is none of %(expected)s"),
    "list_type": N_("this is not a list"),
    "too_short": N_("this has fewer than %(min_length)s entries"),
    "too_long": N_("this has more than %(max_length)s entries"),
    "model_attributes_type": N_("this is not an object"),
    "model_type": N_("this is not an object"),
    "not-printable": N_("this has letters that it may not have"),
    "bad-instant": _INSTANT,
    "timezone_aware": _INSTANT,
    "datetime_parsing": _INSTANT,
    "datetime_from_date_parsing": _INSTANT,
    "datetime_object_invalid": _INSTANT,
    "bad-month": N_("this is not a month, such as 2024-04"),
    "bad-point": N_("this is neither a point's number nor its code"),
}
_OTHER = N_("this cannot be read")


def words() -> Mapping[str, str]:
    """What each fault of a field is called, in English."""
    return _WORDS


def where(errors: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Pydantic's errors in our words."""
    found = []
    for one in errors:
        way = list(one["loc"])
        if way[:2] == ["body", "body"]:  # the second is what the argument is called
            del way[0]
        code = one["type"]
        message = _WORDS.get(code, _OTHER)
        values = {name: str(value) for name, value in one.get("ctx", {}).items()}
        found.append(
            {
                "loc": way,
                "code": code.replace("_", "-"),
                "error": tell(Finding(code, message, values=values)),
            }
        )
    return found


def answer(
    status: int, finding: Finding, places: Sequence[Mapping[str, Any]] = (), **headers: str
) -> JsonResponse:
    """The answer of a status, in the language of the request."""
    body: dict[str, Any] = {"code": finding.code, "error": tell(finding), "where": list(places)}
    more = {name.replace("_", "-"): value for name, value in headers.items()}
    return JsonResponse(body, status=status, headers=more, json_dumps_params={"ensure_ascii": False})


def not_found(_request: HttpRequest, _why: object = None) -> HttpResponse:
    """No such address, or no such thing at it."""
    return answer(404, Finding("not-found", _MEANING[404]))


def not_allowed(response: HttpResponse) -> HttpResponse:
    """A 405 with its Allow, in our shape."""
    finding = Finding(
        "wrong-method", N_("This address answers %(allow)s."), values={"allow": response["Allow"]}
    )
    return answer(405, finding, Allow=response["Allow"])


def add_to(api: NinjaAPI) -> None:
    """Have an interface answer in this shape, whatever happens."""

    def problem(_request: HttpRequest, why: Problem) -> HttpResponse:
        return answer(why.status, why.finding)

    def refused(_request: HttpRequest, why: Refused) -> HttpResponse:
        return answer(409 if why.finding.code == "raced" else 422, why.finding)

    def no_regime(_request: HttpRequest, _why: NoRegime) -> HttpResponse:
        return answer(409, Finding("no-regime", N_("This place has no rule-book yet.")))

    def unknown(_request: HttpRequest, _why: AuthenticationError) -> HttpResponse:
        return answer(401, Finding("no-key", _MEANING[401]), WWW_Authenticate="Bearer")

    def unreadable(request: HttpRequest, why: HttpError) -> HttpResponse:
        # Ninja wraps whatever a parser raises in a 400.
        found = why.__cause__
        if isinstance(found, Problem):
            return problem(request, found)
        return answer(400, Finding("not-json", _MEANING[400]))

    def invalid(_request: HttpRequest, why: ValidationError) -> HttpResponse:
        return answer(422, Finding("invalid", _MEANING[422]), where(why.errors))

    def too_big(_request: HttpRequest, _why: RequestDataTooBig) -> HttpResponse:
        return answer(413, Finding("too-big", _MEANING[413]))

    def broken_off(_request: HttpRequest, _why: UnreadablePostError) -> HttpResponse:
        return answer(400, Finding("broken-off", N_("The body broke off.")))

    def busy(_request: HttpRequest, why: OperationalError) -> HttpResponse:
        log.error("the database refused", exc_info=why)
        return answer(503, Finding("busy", _MEANING[503]), Retry_After=str(RETRY_SECONDS))

    handlers: dict[type[Exception], Any] = {
        Problem: problem,
        Refused: refused,
        NoRegime: no_regime,
        AuthenticationError: unknown,
        HttpError: unreadable,
        ValidationError: invalid,
        RequestDataTooBig: too_big,
        UnreadablePostError: broken_off,
        OperationalError: busy,
        Http404: not_found,
    }
    for kind, handler in handlers.items():
        api.add_exception_handler(kind, handler)
