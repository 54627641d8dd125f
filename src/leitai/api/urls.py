"""Addresses below /api/: the versions of the interface, and for all others a 404 that a program can read."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path, re_path
from django.views.decorators.csrf import csrf_exempt

from . import faults
from .app import api

View = Callable[..., HttpResponse]


def _door(view: View) -> View:
    """An address of the interface: no cookies and so no forged forms; faults in its own shape; kept by no cache unless
    it says so. Accounts have no say here, so that its `permission` is None as a public page's: keys are asked for by
    the operations themselves.
    """

    @wraps(view, updated=())
    def inner(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
        try:
            response = view(request, *args, **named)
        except Http404:
            response = faults.not_found(request)
        if response.status_code == 405:
            response = faults.not_allowed(response)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    inner.permission = None  # type: ignore[attr-defined]
    return csrf_exempt(inner)


_patterns, _name, _space = api.urls
for one in _patterns:
    one.callback = _door(one.callback)

urlpatterns = [
    path("v1/", (_patterns, _name, _space)),
    path("open311/", include("leitai.api.open311.urls")),
    re_path("", _door(faults.not_found), name="api-nowhere"),
]
