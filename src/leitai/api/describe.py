"""The OpenAPI document brought to its end: what each status is about, which key an operation asks for, plain schemas.

Ninja writes the document from the operations; what it cannot know of them is added here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from http.client import responses
from typing import Any

from .faults import meanings

_DONE = {200: "Done.", 201: "Done, and new."}


def finished(document: Mapping[str, Any], scopes: Mapping[str, str]) -> dict[str, Any]:
    """The document as it is given out; `scopes` by operation are what a key must be for."""
    whole = dict(document)
    for _path, _method, operation in operations(whole):
        for status, one in operation["responses"].items():
            if one["description"] == responses[int(status)]:
                one["description"] = _DONE.get(int(status)) or meanings()[int(status)]
        for parameter in operation.get("parameters", ()):
            parameter.pop(
                "examples", None
            )  # those of its schema say the same, and are a list as they should be
            _without_null(parameter["schema"])
        scope = scopes.get(operation["operationId"])
        if scope is not None:
            operation["security"] = [{"Key": [scope]}]
            operation["description"] += f"\n\nAsks for a key for `{scope}`."
    scheme = whole["components"]["securitySchemes"]["Key"]
    scheme["description"] = "A key of the place, made by `leitai api key add`."
    return whole


def operations(document: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(address, method, operation), in the order of the document."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def _without_null(schema: dict[str, Any]) -> None:
    """An argument of an address is there or not; it is never null."""
    kinds = [one for one in schema.get("anyOf", ()) if one != {"type": "null"}]
    if len(kinds) == 1:
        del schema["anyOf"]
        schema.pop("default", None)
        schema.update(kinds[0])
