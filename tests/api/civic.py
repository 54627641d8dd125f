"""What tests of GeoReport share: its answers by their shapes, an app that asks in both formats, a place with services.

The shapes are our own writing of what the specification says of each answer, as JSON Schema; XML is brought to the same
value by the Spark convention, with each leaf read as its shape says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema_rs
from django.test import Client

from tests import factories

from .conftest import SECRETS

TEXT, WHOLE, NUMBER, TRUTH = ({"type": one} for one in ("string", "integer", "number", "boolean"))
INSTANT = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$"}


def _object(needed: dict[str, Any], more: dict[str, Any] | None = None) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": needed | (more or {}),
        "required": list(needed),
        "additionalProperties": False,
    }


def _list(of: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "array", "items": of, **more}


_SERVICE = _object(
    {
        "service_code": TEXT,
        "service_name": TEXT,
        "metadata": TRUTH,
        "type": {"type": "string", "enum": ["realtime", "batch", "blackbox"]},
    },
    {"description": TEXT, "keywords": TEXT, "group": TEXT},
)
_DATATYPES = ["string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"]
_ATTRIBUTE = _object(
    {
        "variable": TRUTH,
        "code": TEXT,
        "datatype": {"type": "string", "enum": _DATATYPES},
        "required": TRUTH,
        "datatype_description": TEXT,
        "order": WHOLE | {"minimum": 1},
        "description": TEXT,
        "values": _list(_object({"key": TEXT, "name": TEXT})),
    }
)
_REQUEST = _object(
    {
        "service_request_id": TEXT,
        "status": {"type": "string", "enum": ["open", "closed"]},
        "service_code": TEXT,
        "requested_datetime": INSTANT,
        "service_name": TEXT,
        "description": TEXT | {"maxLength": 4000},
        "updated_datetime": INSTANT,
        "address": TEXT,
        "address_id": TEXT,
        "zipcode": TEXT,
    },
    {
        "status_notes": TEXT,
        "agency_responsible": TEXT,
        "service_notice": TEXT,
        "expected_datetime": INSTANT,
        "lat": NUMBER,
        "long": NUMBER,
        "media_url": TEXT,
    },
)
_POSTED = {
    "service_notice": TEXT,
    "status": TEXT,
    "service_code": TEXT,
    "service_name": TEXT,
    "requested_datetime": INSTANT,
}
# A number or a token, never both; a list of one, though XML could hold more.
_MADE = {
    "type": "object",
    "properties": {"service_request_id": TEXT, "token": TEXT} | _POSTED,
    "required": list(_POSTED),
    "additionalProperties": False,
    "oneOf": [{"required": ["service_request_id"]}, {"required": ["token"]}],
}
_ENDPOINT = _object(
    {"specification": TEXT, "url": TEXT, "changeset": INSTANT, "type": TEXT, "formats": _list(TEXT)}
)
# By the name of the shape: XML's root and the shape of the value.
SHAPES: dict[str, tuple[str, dict[str, Any]]] = {
    "services": ("services", _list(_SERVICE)),
    "definition": ("service_definition", _object({"service_code": TEXT, "attributes": _list(_ATTRIBUTE)})),
    "requests": ("service_requests", _list(_REQUEST)),
    "made": ("service_requests", _list(_MADE, minItems=1, maxItems=1)),
    "token": ("service_requests", _list(_object({"service_request_id": TEXT, "token": TEXT}))),
    "errors": ("errors", _list(_object({"code": WHOLE, "description": TEXT | {"minLength": 1}}), minItems=1)),
    "discovery": (
        "discovery",
        _object({"changeset": INSTANT, "contact": TEXT, "key_service": TEXT, "endpoints": _list(_ENDPOINT)}),
    ),
}
SECRET = SECRETS["machine"]

# A kind that nobody but the office sees, with a question of each sort.
WHISPER = """\
  whisper:
    name: {zh: 举报, en: Tip-off}
    about: {zh: 不公开的举报, en: A tip-off that stays private}
    flow: problem
    doors: [open311]
    form:
      day: {name: {zh: 日期, en: Day}, kind: date, needed: true}
      signs: {name: {zh: 迹象, en: Signs}, kind: choices, options: {noise: Noise, smell: Smell}}
    clocks: {}
  bad-verdict:
"""


def text(key: str = "town") -> str:
    """The town's rule-book with the private kind."""
    return factories.text(key).replace("  bad-verdict:\n", WHISPER, 1)


@dataclass
class App:
    """A civic app at a jurisdiction. What it reads it asks for in both formats; each answer is held to its shape."""

    place: str = "town"
    secret: str = SECRET
    language: str = "en"

    def __post_init__(self) -> None:
        self.client = Client(headers={"accept-language": self.language})

    def get(self, shape: str, path: str, *, code: int = 200, **query: Any) -> Any:
        """The value of a GET, the same in JSON and in XML."""
        query = ({"jurisdiction_id": self.place} if self.place else {}) | query
        found = [
            self.read(shape, form, self.client.get(f"/api/open311/v2/{path}.{form}", query), code)
            for form in ("json", "xml")
        ]
        assert found[0] == found[1]
        return found[0]

    def post(self, *, form: str = "json", code: int = 200, once: str = "", **fields: Any) -> Any:
        """The answer to a report: what was made, or the first fault."""
        given = {"jurisdiction_id": self.place, "api_key": self.secret, "service_code": "hole", "lat": "36.5",
                 "long": "118.5", "description": "A hole\nas deep as a knee"} | fields  # fmt: skip
        given = {name: one for name, one in given.items() if one is not None}
        headers = {"idempotency-key": once} if once else {}
        answer = self.client.post(f"/api/open311/v2/requests.{form}", given, headers=headers)
        return self.read("made" if code == 200 else "errors", form, answer, code)[0]

    def read(self, shape: str, form: str, answer: Any, status: int) -> Any:
        """The value of an answer, which has the shape, the status and the media type that it must have."""
        assert answer.status_code == status, answer.content.decode()
        root, schema = SHAPES[shape]
        kind = {"json": "application/json", "xml": "text/xml"}[form]
        assert answer["Content-Type"] == f"{kind}; charset=utf-8"
        if form == "json":
            value = answer.json()
        else:
            assert answer.content.startswith(b"<?xml version='1.0' encoding='utf-8'?>")
            node = ET.fromstring(answer.content)
            assert node.tag == root
            value = spark(node, schema)
        jsonschema_rs.validate(schema, value)
        if shape == "errors":
            assert [one["code"] for one in value] == [status]
        return value


def spark(node: ET.Element, schema: dict[str, Any]) -> Any:
    """The JSON of an element, by the Spark convention, its leaves of the type that the shape gives them."""
    kind = schema.get("type")
    if kind == "array":
        return [spark(one, schema["items"]) for one in node]
    if kind == "object":
        assert len({one.tag for one in node}) == len(node)
        return {one.tag: spark(one, schema["properties"].get(one.tag, {})) for one in node}
    said = node.text or ""
    if kind == "boolean":
        return {"true": True, "false": False}[said]
    return {"integer": int, "number": float}.get(str(kind), str)(said)
