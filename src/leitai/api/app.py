"""The interface put together: its operations, how bodies are read, how it describes itself.

Versions stand in the address. What an operation takes or answers changes within a version only by fields that are
added; anything else is /api/v2/ beside this one.
"""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest
from ninja import NinjaAPI
from ninja.operation import Operation
from ninja.parser import Parser
from ninja.renderers import JSONRenderer

from leitai.rules.kernel import N_

from . import ballots, cases, faults, log, merits, open_data, projects, readings, services, tickets, webhook
from .describe import finished
from .door import Key

DESCRIPTION = """\
For queue machines and case systems, which issue tickets; for platforms that move here, which bring their verdicts;
for systems in which problems are reported, which open cases and follow them; for whoever watches, who gets signed
heads, proofs and open data without a key. Civic apps speak Open311 GeoReport v2, at /api/open311/v2/.

A key is made by an administrator (`leitai api key add`) and sent as `Authorization: Bearer …`. A fault is answered as
`{code, error, where}`: programs go by `code`; `error` is in the language of `Accept-Language`.
"""


class Utf8Json(JSONRenderer):
    """Chinese stays readable on the wire."""

    json_dumps_params = {"ensure_ascii": False}


class Body(Parser):
    """Reads JSON in UTF-8, and nothing that only looks like it."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The body's value. Raises Problem, ValueError or RecursionError, all of which are answered with a 4xx."""
        if request.content_type != "application/json":
            raise faults.Problem(415, "not-json-type", faults.meanings()[415])
        try:
            text = request.body.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise faults.Problem(400, "not-utf8", N_("The body is not UTF-8.")) from None
        return json.loads(text, parse_constant=_no_number)


def _no_number(word: str) -> Any:
    """Python reads NaN and Infinity; JSON has no such numbers."""
    raise ValueError(word)


class Api(NinjaAPI):
    """Operations are called what their functions are called, and say which key they ask for."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """The function's name, which is unique among the operations."""
        return operation.view_func.__name__

    def get_openapi_schema(self, **named: Any) -> Any:
        """The document with what Ninja cannot know."""
        return finished(super().get_openapi_schema(**named), self._scopes())

    def _scopes(self) -> dict[str, str]:
        """What a key must be for, by operation."""
        bound = (view for router in self._get_bound_routers() for view in router.path_operations.values())
        return {
            self.get_openapi_operation_id(one): guard.scope
            for view in bound
            for one in view.operations
            for guard in one.auth_callbacks
            if isinstance(guard, Key)
        }


api = Api(
    title="Leitai",
    version="1",
    description=DESCRIPTION,
    urls_namespace="api",
    docs_url=None,  # its page would load scripts from elsewhere; docs/reference/api.md is made from the same
    renderer=Utf8Json(),
    parser=Body(),
)
faults.add_to(api)
for room in (tickets, ballots, services, readings, cases, merits, projects, webhook, log, open_data):
    api.add_router("", room.router)


def schema() -> dict[str, Any]:
    """The OpenAPI document."""
    return dict(api.get_openapi_schema())
