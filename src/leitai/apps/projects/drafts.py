"""What is said of a project when it is entered or changed, and whether it may be said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from leitai.apps.ledger.errors import refuse
from leitai.rules.kernel import N_
from leitai.rules.projects import SUMS
from leitai.rules.regime.ventures import ProjectsSpec

MOST_YUAN = Decimal(10) ** 15
# What may be changed of a project by a person or an import; sums, stage and libraries have actions of their own.
FIELDS = (
    "name", "kind", "level", "chain", "about", "where", "longitude", "latitude", "land", "unit", "enterprise",
    "firm", "sponsor",
)  # fmt: skip


@dataclass(frozen=True)
class Draft:
    """A project to be entered. `values` by the names in FIELDS; `sums` in yuan by SUMS; `stage` None: the first."""

    code: str
    values: Mapping[str, Any]
    sums: Mapping[str, Decimal] = field(default_factory=dict)
    libraries: tuple[str, ...] = ()
    helpers: tuple[Any, ...] = ()
    stage: str | None = None
    since: date | None = None
    evidence: Mapping[str, str] = field(default_factory=dict)


def checked(place: Any, spec: ProjectsSpec, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as they are kept. Raises Refused for what the rule-book or the place has not."""
    kept = {name: _text(value) for name, value in values.items()}
    unknown = set(kept) - set(FIELDS)
    if unknown:
        raise refuse("no-field", N_("A project has no %(field)s."), field=min(unknown))
    if "name" in kept and not kept["name"]:
        raise refuse("no-name", N_("Say what the project is called."))
    for name, known in (("kind", spec.kinds), ("level", spec.levels)):
        if kept.get(name) and kept[name] not in known:
            raise refuse("no-key", N_("The rule-book has no %(what)s for projects."), what=kept[name])
    for name in ("unit", "enterprise"):
        if kept.get(name) is not None and kept[name].place_id != place.pk:
            raise refuse("other-place", N_("This belongs to another place."))
    if ("longitude" in kept) != ("latitude" in kept) or (kept.get("longitude") is None) != (
        kept.get("latitude") is None
    ):
        raise refuse("half-a-point", N_("A point has a longitude and a latitude."))
    if kept.get("longitude") is not None and not (
        -180 <= kept["longitude"] <= 180 and -90 <= kept["latitude"] <= 90
    ):
        raise refuse("no-such-point", N_("There is no such point on the globe."))
    if kept.get("land") is not None:
        kept["land"] = amount(kept["land"], Decimal(10) ** 9)
    return kept


def amount(value: Any, most: Decimal = MOST_YUAN) -> Decimal:
    """A sum or an area, to two places. Raises Refused for what is none."""
    if not isinstance(value, Decimal) or not value.is_finite() or not 0 <= value < most:
        raise refuse("bad-amount", N_("%(value)s is no amount that can be."), value=str(value))
    return value.quantize(Decimal("0.01"))


def check_sums(sums: Mapping[str, Any]) -> dict[str, Decimal]:
    """Sums by their names. Raises Refused."""
    unknown = set(sums) - set(SUMS)
    if unknown:
        raise refuse("no-sum", N_("A project has no sum %(what)s."), what=min(unknown))
    return {what: amount(yuan) for what, yuan in sums.items()}


def _text(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value
