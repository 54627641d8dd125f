"""What kinds of case a door takes, and what their own forms ask: as the rule-book in force says.

A kind that names no doors comes by the office's form and from patrols; by any other door only where the rule-book
says so. Who comes by the public door names no unit: the check of the rule-book lets only kinds come by it that begin
with the office.
"""

from __future__ import annotations

from typing import Any

from leitai.apps.people.access import Visit
from leitai.apps.regimes import queries as regimes
from leitai.rules import casework as core
from leitai.ui.typed import plain

from .rows import local_day

WITHOUT_DOORS = ("office", "patrol")
STARTS = ("office", "unit")  # who may hold a case that begins with a form; a call-back begins with a verdict


def kinds(visit: Visit, *doors: str) -> dict[str, Any]:
    """The kinds of case in force today that one of these doors takes, by key, in the rule-book's order."""
    book = regimes.regime_on(visit.place, local_day(visit.place, visit.now))
    return {
        key: spec
        for key, spec in book.cases.items()
        if set(doors) & set(WITHOUT_DOORS if spec.doors is None else spec.doors)
        and start(spec).owner in STARTS
    }


def start(spec: Any) -> core.State:
    """The state in which a case of a kind begins."""
    flow = core.flow_of(spec)
    return flow.state(flow.start)


def answered(posted: Any, kind: str, spec: Any) -> dict[str, list[str]]:
    """What a form answers to the questions of a kind; its boxes are named `q-<kind>-<question>`."""
    found = {key: [plain(one, 2000) for one in posted.getlist(f"q-{kind}-{key}")] for key in spec.form}
    return {key: [one for one in given if one] for key, given in found.items()}


def questions(kind: str, spec: Any, posted: Any) -> list[dict[str, Any]]:
    """The questions of a kind with their boxes, as a form shows them, filled as they were."""
    return [
        {
            "box": f"q-{kind}-{key}",
            "name": one.name,
            "kind": one.kind,
            "needed": one.needed,
            "options": one.options,
            "given": posted.getlist(f"q-{kind}-{key}"),
        }
        for key, one in spec.form.items()
    ]
