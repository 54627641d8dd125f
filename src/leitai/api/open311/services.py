"""What can be reported: the kinds of case that the rule-book opens to civic apps, and what each asks for."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from leitai.rules import casework as core
from leitai.rules.kernel import N_, Text
from leitai.rules.regime.cases import CaseSpec, QuestionSpec

from ..faults import Problem
from .answers import TYPES, Answer, Asked

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
CHANGESET = "2026-11-22T00:00:00Z"  # when what this interface offers last changed
_DATATYPE = {
    "text": "text",
    "number": "number",
    "date": "datetime",
    "choice": "singlevaluelist",
    "choices": "multivaluelist",
}


def said(text: Text) -> str:
    """A name of the rule-book in the language that was asked for."""
    return text.show(get_language() or "zh-hans")


def offered(where: Asked) -> dict[str, CaseSpec]:
    """The kinds of case that an app may open, by key: those with its door whose first holder needs not be named."""
    return {
        key: spec
        for key, spec in where.regime.cases.items()
        if "open311" in (spec.doors or ()) and first_holder(spec) == "office"
    }


def first_holder(spec: CaseSpec) -> str:
    """The role that a case of a kind begins with."""
    flow = core.flow_of(spec)
    return flow.state(flow.start).owner


def service(where: Asked, code: str) -> CaseSpec:
    """The kind of case of a service code. Raises Problem (404)."""
    spec = offered(where).get(code)
    if spec is None:
        raise Problem(404, "unknown-service", N_("There is no service_code %(given)s here."), given=code)
    return spec


def discovery(where: Asked) -> Answer:
    """Where which version answers in which formats."""
    base = where.request.build_absolute_uri(reverse("open311-services", kwargs={"form": "xml"}))
    endpoint = {
        "specification": SPECIFICATION,
        "url": base.rpartition("/")[0],
        "changeset": CHANGESET,
        "type": "test" if where.place.sample else "production",
        "formats": [kind.partition(";")[0] for kind in TYPES.values()],
    }
    value = {
        "changeset": CHANGESET,
        "contact": _("The supervision office of %(place)s") % {"place": where.place.name},
        "key_service": _("Keys are made by the place's administrator: leitai api key add."),
        "endpoints": [endpoint],
    }
    return Answer("discovery", value)


def services(where: Asked) -> Answer:
    """Every service. A kind that is not public gives a token instead of a number that anyone could look up."""
    return Answer("services", [_service(key, spec) for key, spec in offered(where).items()])


def _service(key: str, spec: CaseSpec) -> dict[str, Any]:
    return {
        "service_code": key,
        "service_name": said(spec.name),
        "description": said(spec.about or spec.name),
        "metadata": bool(spec.form),
        "type": "realtime" if spec.public else "batch",
        "keywords": ", ".join(dict.fromkeys(one for one in (spec.name.zh, spec.name.en) if one)),
        "group": said(core.flow_of(spec).label),
    }


def definition(where: Asked, code: str) -> Answer:
    """The questions that a service asks beside what it is about."""
    spec = service(where, code)
    attributes = [_attribute(n, key, one) for n, (key, one) in enumerate(spec.form.items(), 1)]
    return Answer("service_definition", {"service_code": code, "attributes": attributes})


def _attribute(order: int, key: str, question: QuestionSpec) -> dict[str, Any]:
    said_of = {"date": _("A day, such as 2030-01-31"), "number": _("A number")}
    return {
        "variable": True,
        "code": key,
        "datatype": _DATATYPE[question.kind],
        "required": question.needed,
        "datatype_description": said_of.get(question.kind, ""),
        "order": order,
        "description": said(question.name),
        "values": [{"key": option, "name": said(name)} for option, name in question.options.items()],
    }
