"""A meeting's pack as its page, its wall and its paper show it: names, instants, and figures in words.

A viewer sees the cases that their posts let them see; the others are counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leitai.apps.ledger.errors import tell
from leitai.apps.people import queries as people
from leitai.apps.people.access import Visit
from leitai.rules.cadence.commitments import said
from leitai.rules.kernel import Finding, Text

from . import queries
from .models import Occasion

TITLES = {
    "commitments": gettext_lazy("Promises of last time"),
    "standings": gettext_lazy("Where everyone stands"),
    "changes": gettext_lazy("What really changed"),
    "best": gettext_lazy("Best practice"),
    "statements": gettext_lazy("Statements"),
    "cases": gettext_lazy("Red cases"),
    "projects": gettext_lazy("Projects behind"),
    "inspections": gettext_lazy("What inspections found"),
    "words": gettext_lazy("Other words"),
}
_INSTANTS = ("as_of", "at", "due", "given", "made_at", "published", "tested")
_DAYS = ("first", "made")


def shown(row: Occasion, visit: Visit) -> dict[str, Any]:
    """The pack of a meeting for a viewer: the kept one, or what it would be now; each part with its title.

    `kept` is the row of the kept one: the two are read as one, however soon it is kept.
    """
    kept = queries.kept(row)
    found: dict[str, Any] = _worded(queries.read(row, visit.now, kept))
    found["kept"] = kept
    for part in found["parts"]:
        part["title"] = TITLES[part["part"]]
        if part["part"] == "cases":
            _narrow(part, visit)
        if (
            part["part"] in ("best", "statements")
            and visit.now < row.at
            and not queries.reads_all(visit.viewer)
        ):
            _unsaid(part, visit)
        if part["part"] == "commitments":
            for one in (*part["items"], *part["open"]):
                _say(one)
    return found


def _worded(value: Any, name: str = "") -> Any:
    """Names as texts in two languages, instants and days as such; everything else as it was kept."""
    if isinstance(value, list):
        return [_worded(one) for one in value]
    if isinstance(value, dict):
        if value.keys() == {"zh", "en"}:
            return Text(**value)
        if value.keys() == {"key", "zh", "en"}:
            return {"key": value["key"], "name": Text(zh=value["zh"], en=value["en"])}
        return {key: _worded(one, key) for key, one in value.items()}
    if isinstance(value, str) and value:
        if name in _DAYS or (name == "due" and "T" not in value):
            return date.fromisoformat(value)
        if name in _INSTANTS:
            return datetime.fromisoformat(value)
        if name == "score":
            return Decimal(value)
    return value


def _narrow(part: dict[str, Any], visit: Visit) -> None:
    """Leave out the cases that the viewer may not see, and count them with those that are not listed."""
    wanted = [one["unit"]["key"] for one in part["items"] if one["unit"]]
    units = {unit.key: unit for unit in people.units(visit.place).filter(key__in=wanted)}
    seen = [one for one in part["items"] if _may_see(one, units, visit)]
    part["more"] += len(part["items"]) - len(seen)
    part["items"] = seen


def _unsaid(part: dict[str, Any], visit: Visit) -> None:
    """Leave out what other units will say at a meeting that has not begun."""
    wanted = [one["unit"]["key"] for one in part["items"]]
    units = people.units(visit.place).filter(key__in=wanted)
    own = {unit.key for unit in units if visit.viewer.may("statement.give", unit)}
    for one in part["items"]:
        if one["unit"]["key"] not in own:
            one["text"] = ""


def _may_see(one: Mapping[str, Any], units: Mapping[str, Any], visit: Visit) -> bool:
    if one["unit"] is None:
        return visit.viewer.may("case.run")
    unit = units.get(one["unit"]["key"])
    return visit.viewer.may("case.see", unit) if unit is not None else visit.viewer.may("case.run")


def _say(one: dict[str, Any]) -> None:
    """What is promised and what was found, in words."""
    one["aim"] = aim(one["sense"], one["target"], rate=one["rate"])
    finding = one.get("finding")
    if finding:
        one["why"] = tell(Finding(finding["code"], finding["message"], values=finding["values"]))


def aim(sense: str, target: Any, *, rate: bool) -> str:
    """ "at least 90%" """
    if not sense or target is None:
        return ""
    value = {"value": said(Decimal(target), rate=rate)}
    return (_("at least %(value)s") if sense == "ge" else _("at most %(value)s")) % value
