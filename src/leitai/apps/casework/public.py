"""The door of this room's pages for anybody: light, without cookie or account, with a brake on what is sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from leitai.apps.ledger.errors import tell
from leitai.rules.casework import ROLES
from leitai.rules.kernel import N_, Finding
from leitai.ui import citizen
from leitai.ui.citizen import FORM_BYTES, Page

from .brake import WINDOW, passes
from .models import Case

BY = "anyone"
SCRIPTS = ("casework/report.js",)
BRAKED = Finding(
    "too-many",
    N_(
        "Too many forms came from your network within the hour. Nothing of this one was kept; try again later."
    ),
)
# What a refusal is in HTTP; what is not named is 422: understood, and not possible.
_STATUS = {
    "too-many": 429,
    "photo-too-big": 413,
    "photo-heic": 415,
    "photo-unreadable": 415,
    "form-incomplete": 400,
    "relapse-late": 409,
    "not-answered": 409,
    "not-taken-up": 409,
    "raced": 409,
}


def plain(most: int = FORM_BYTES) -> Callable[[Page], Page]:
    """A page of this room for anybody; its form has at most `most` bytes."""

    def wrap(view: Page) -> Page:
        def unlinked(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
            answer = view(request, *args, **named)
            answer["Referrer-Policy"] = "no-referrer"  # an address here may be a secret
            return answer

        unlinked.__dict__.update(view.__dict__)
        return citizen.plain(most, lambda: citizen.content_policy(SCRIPTS), _unreadable)(unlinked)

    return wrap


def _unreadable(request: HttpRequest, finding: Finding, status: int) -> HttpResponse:
    return citizen.show(request, "casework/refused.html", {"refusal": tell(finding)}, status)


def refused(request: HttpRequest, finding: Finding, template: str, context: dict[str, Any]) -> HttpResponse:
    """The page again, with what was refused and why."""
    status = _STATUS.get(finding.code, 422)
    answer = citizen.show(request, template, context | {"refusal": tell(finding)}, status)
    if status == 429:
        answer["Retry-After"] = str(WINDOW)
    return answer


def braked(request: HttpRequest) -> bool:
    """Whether no more forms are taken from where this one comes from, for now."""
    return not passes(request)


def holder(case: Case) -> str:
    """Who holds a case, by name where it is a unit."""
    if case.holder == "unit" and case.unit is not None:
        return case.unit.name
    return ROLES[case.holder].show(get_language() or "zh-hans")


def whole(request: HttpRequest, path: str) -> str:
    """The whole address of a path, as it is to be printed or kept."""
    return f"{settings.PUBLIC_URL}{path}" if settings.PUBLIC_URL else request.build_absolute_uri(path)


def qr(address: str) -> SafeString:
    """An address as a QR code, dark on light whatever the theme."""
    made = segno.make(address, error="m", micro=False)
    return mark_safe(made.svg_inline(scale=4, border=2, light="white", omitsize=True))
