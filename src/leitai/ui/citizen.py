"""Pages for anybody with a telephone: no cookie, a language and size of type by address, style and script inside.

On a poor line one request comes through where four do not, so a page carries all it needs; its content policy names
each text by its digest, so that nothing else is run or styled. Whatever is sent to such a page is answered: what is
too long with 413 before it is read, what is broken with 400, and each in words that say what to do.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterable
from functools import cache, wraps
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from leitai.rules.kernel import N_, Finding

LANGUAGES = {"zh": "zh-hans", "en": "en"}
FORM_BYTES = 16 * 1024
STYLE = "ui/citizen.css"
Page = Callable[..., HttpResponse]
Refuse = Callable[[HttpRequest, Finding, int], HttpResponse]
_TOO_LONG = Finding("too-long", N_("What was sent is too long; nothing of it was kept."))
_BROKEN = Finding(
    "form-broken", N_("What was sent could not be read; nothing of it was kept. Send it again.")
)


class _InMemory(MemoryFileUploadHandler):
    """A photo is never on the disk before it is sealed. How much there is to hold was asked before."""

    def handle_raw_input(self, *_args: Any, **_named: Any) -> None:
        self.activated = True


def plain(most: int, policy: Callable[[], str], refuse: Refuse) -> Callable[[Page], Page]:
    """A page without cookies, in the manner that its address or form asks for; its form has at most `most` bytes.

    `policy` gives the content policy; `refuse` shows what is wrong with a form that cannot be taken at all.
    """

    def wrap(view: Page) -> Page:
        @wraps(view)
        def inner(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
            request.upload_handlers = [_InMemory(request)]
            wrong, status = _unfit(request, most)
            values = request.POST if request.method == "POST" and wrong is None else request.GET
            request.manner = _manner(values)
            language = LANGUAGES.get(request.manner.get("lang", ""), request.LANGUAGE_CODE)
            with translation.override(language):
                if wrong is not None:
                    response = refuse(request, wrong, status)
                else:
                    response = view(request, *args, **named)
            response["X-Robots-Tag"] = "noindex"
            response["Content-Security-Policy"] = policy()
            patch_vary_headers(response, ["Accept"])
            return response

        return csrf_exempt(never_cache(require_http_methods(["GET", "HEAD", "POST"])(inner)))

    return wrap


def _unfit(request: HttpRequest, most: int) -> tuple[Finding | None, int]:
    """Why a form cannot be taken at all, with the status that says so."""
    if request.method != "POST":
        return None, 200
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > most:
        return _TOO_LONG, 413
    try:
        fields = [value for _, values in request.POST.lists() for value in values]
    except RequestDataTooBig:
        return _TOO_LONG, 413
    except (SuspiciousOperation, BadRequest, MultiPartParserError, LookupError, UnicodeError, TypeError):
        return _BROKEN, 400  # also where the form claims a character set that is none for text
    # Bytes that are no UTF-8 were read as U+FFFD.
    return (_BROKEN, 400) if any("\ufffd" in one or "\0" in one for one in fields) else (None, 200)


def _manner(values: Any) -> dict[str, str]:
    """Language and size of type, as asked for."""
    allowed = {"lang": LANGUAGES, "big": ("1",)}
    return {name: values[name] for name, known in allowed.items() if values.get(name) in known}


def query(manner: dict[str, str]) -> str:
    """The end of an address that keeps a manner."""
    return f"?{urlencode(manner)}" if manner else ""


def wants_json(request: HttpRequest) -> bool:
    """Whether a script asks, which answers in its own way."""
    return "application/json" in request.headers.get("accept", "")


def see(address: str) -> HttpResponse:
    """The answer to a form that was taken: what came of it is at `address`."""
    return HttpResponse(status=303, headers={"Location": address})


def show(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """A page, with what every one of them needs to know of its manner."""
    manner = request.manner
    english = translation.get_language() == "en"
    rest = {name: value for name, value in manner.items() if name != "big"}
    context |= {
        "manner": manner,
        "query": query(manner),
        "other_language": query(manner | {"lang": "zh" if english else "en"}),
        "other_size": query(rest if "big" in manner else rest | {"big": "1"}),
        "english": english,
    }
    return render(request, template, context, status=status)


@cache
def text(name: str) -> str:
    """A style or script of the house, by its name below /static/. Raises OSError where there is none of this name."""
    found = finders.find(f"{name}")  # a template gives a text of its own type
    if found is None:
        raise FileNotFoundError(name)
    return Path(found).read_text(encoding="utf-8")


def content_policy(scripts: Iterable[str], connect: str = "") -> str:
    """The content policy of pages that carry the common style and these scripts, and talk to us and `connect`."""
    sources = " ".join(_source(name) for name in scripts) or "'none'"
    return (
        f"default-src 'none'; style-src {_source(STYLE)}; script-src {sources}; img-src 'self'; "
        f"connect-src 'self' {connect}; base-uri 'none'; frame-ancestors 'none'"
    )


@cache
def _source(name: str) -> str:
    digest = hashlib.sha256(text(name).encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
