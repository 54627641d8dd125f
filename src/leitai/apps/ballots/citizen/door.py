"""The door of the citizen's pages: as every page for anybody has it, with this room's policy and refusals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from leitai.apps.ledger.errors import tell
from leitai.rules.kernel import Finding
from leitai.ui import citizen
from leitai.ui.citizen import FORM_BYTES, Page, query, see, show, wants_json

from .inside import policy

BY = "anyone"
__all__ = ["BY", "FORM_BYTES", "plain", "query", "refusal", "see", "show", "wants_json"]


def plain(most: int = FORM_BYTES) -> Callable[[Page], Page]:
    """A page without cookies, in the manner that its address or form asks for; its form has at most `most` bytes."""
    return citizen.plain(most, policy, _unreadable)


def _unreadable(request: HttpRequest, finding: Finding, status: int) -> HttpResponse:
    return refusal(request, finding, status, "ballots/refused.html", {})


def refusal(
    request: HttpRequest, finding: Finding, status: int, template: str, context: dict[str, Any]
) -> HttpResponse:
    """What was refused and why: as the page, or as `{"code", "error"}` where a script asks."""
    if wants_json(request):
        return JsonResponse({"code": finding.code, "error": tell(finding)}, status=status)
    return show(request, template, context | {"refusal": tell(finding)}, status)
