"""The library by filter: the list, its counts and sums, its points on a map. What is filtered by is a column."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from json.encoder import encode_basestring as _json
from typing import Any

from django.db.models import Count, Exists, F, FloatField, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Cast
from django.utils.translation import get_language

from leitai.apps.people import queries as people
from leitai.apps.regimes import queries as regimes
from leitai.rules.kernel import Text
from leitai.rules.regime.ventures import ProjectsSpec

from ..models import Membership, Party, Project
from ..models.projects import LIGHTS
from ..rows import local_day

WORST_FIRST = (F("slip").desc(), F("next_on").asc(nulls_last=True), F("code").asc())


@dataclass(frozen=True)
class Filter:
    """What a list is narrowed by; empty: not. `unit` also finds what it helps with."""

    light: str = ""
    stage: str = ""
    unit: str = ""
    kind: str = ""
    level: str = ""
    chain: str = ""
    library: str = ""
    q: str = ""

    @classmethod
    def of(cls, said: Mapping[str, str]) -> Filter:
        """The filter of an address."""
        return cls(**{name: said.get(name, "").strip()[:60] for name in cls.__dataclass_fields__})

    @property
    def said(self) -> dict[str, str]:
        """What it is narrowed by, without what it is not."""
        return {name: value for name, value in asdict(self).items() if value}


@dataclass(frozen=True)
class Tally:
    """Projects of a light: how many, and their planned sums together, in yuan."""

    light: str
    n: int
    yuan: Decimal


def narrowed(place: Any, by: Filter = Filter()) -> QuerySet[Project]:
    """The projects in the library that a filter leaves."""
    rows = Project.objects.filter(place=place, closed_on__isnull=True)
    for name in ("light", "stage", "kind", "level", "chain"):
        if getattr(by, name):
            rows = rows.filter(**{name: getattr(by, name)})
    if by.unit:
        unit = people.unit(place, people.key_of(place, by.unit))
        helps = Exists(Party.objects.filter(project=OuterRef("pk"), unit=unit))
        rows = rows.filter(Q(unit=unit) | helps) if unit is not None else rows.none()
    if by.library:
        rows = rows.filter(Exists(Membership.objects.filter(project=OuterRef("pk"), library=by.library)))
    if by.q:
        rows = rows.filter(
            Q(name__icontains=by.q)
            | Q(code__istartswith=by.q)
            | Q(firm__icontains=by.q)
            | Q(where__icontains=by.q)
        )
    return rows


def listed(place: Any, by: Filter = Filter()) -> QuerySet[Project]:
    """The projects that a filter leaves, the furthest behind first, with unit and enterprise."""
    return narrowed(place, by).select_related("unit", "enterprise", "path_unit").order_by(*WORST_FIRST)


def tallies(place: Any, by: Filter = Filter()) -> tuple[Tally, ...]:
    """Projects by light, each with the planned sum, of those that the rest of the filter leaves."""
    rows = narrowed(place, Filter(**(asdict(by) | {"light": ""})))
    found = {
        light: (n, yuan)
        for light, n, yuan in rows.order_by()
        .values_list("light")
        .annotate(n=Count("pk"), yuan=Sum("planned"))
        .values_list("light", "n", "yuan")
    }
    return tuple(
        Tally(light, n, yuan or Decimal(0))
        for light in ("red", "yellow", "green", "none", "done")
        for n, yuan in (found.get(light, (0, None)),)
    )


def options(place: Any, now: datetime) -> dict[str, Any]:
    """What can be chosen from, in the rule-book's order, with how many projects each library has beside its due."""
    day = local_day(place, now)
    regime = regimes.regime_on(place, day)
    spec = regime.projects
    if spec is None:
        return {}
    counts = dict(
        Membership.objects.filter(project__place=place, project__closed_on__isnull=True)
        .values_list("library")
        .annotate(n=Count("pk"))
    )
    return {
        "spec": spec,
        "stages": [(key, one.name) for key, one in spec.stages.items()],
        "kinds": list(spec.kinds.items()),
        "levels": list(spec.levels.items()),
        "chains": [(key, one.name) for key, one in regime.chains.items()],
        "libraries": [(key, one, counts.get(key, 0)) for key, one in spec.libraries.items()],
        "lights": LIGHTS,
    }


def project(place: Any, code: str) -> Project | None:
    """A project by its code, also one that has left the library."""
    rows = Project.objects.select_related("place", "unit__parent", "enterprise", "sponsor", "path_unit")
    return rows.filter(place=place, code=code).first()


def by_subject(place: Any, subject: str) -> Project | None:
    """The project that an event or a case names, `project:<code>`; None for another subject."""
    what, _, code = subject.partition(":")
    return project(place, code) if what == "project" else None


def of_unit(unit: Any, limit: int = 50) -> list[Project]:
    """The projects a unit answers for, the furthest behind first."""
    rows = Project.objects.filter(unit=unit, closed_on__isnull=True).select_related("unit", "enterprise")
    return list(rows.order_by(*WORST_FIRST)[:limit])


def memberships(projects: list[Project]) -> dict[int, list[str]]:
    """The libraries of projects, by project id."""
    found: dict[int, list[str]] = {}
    rows = Membership.objects.filter(project__in=projects).order_by("library")
    for pk, library in rows.values_list("project_id", "library"):
        found.setdefault(pk, []).append(library)
    return found


@dataclass(frozen=True, slots=True)
class Point:
    """A project as a map draws it; `planned` in yuan, `slip` in days; no point where nobody said where it is."""

    code: str
    name: str
    light: str
    stage: str
    slip: int
    planned: Decimal | None
    longitude: float | None
    latitude: float | None
    judged_on: date | None


def points(place: Any, by: Filter = Filter()) -> list[Point]:
    """The projects that a filter leaves as a map draws them, those without a point too."""
    names = Point.__dataclass_fields__
    return [Point(*row) for row in narrowed(place, by).order_by(*WORST_FIRST).values_list(*names)]


def geojson(place: Any, by: Filter, spec: ProjectsSpec | None, now: datetime) -> str:
    """The same as GeoJSON (RFC 7946): a feature each, its geometry null where nobody said where it is.

    Written out row by row: ten thousand features through dictionaries take twice as long.
    """
    language = get_language() or "zh-hans"
    stages = {key: one.name.show(language) for key, one in spec.stages.items()} if spec else {}
    names = ("code", "name", "light", "stage", "slip", "yuan", "longitude", "latitude")
    rows = narrowed(place, by).annotate(yuan=Cast("planned", FloatField())).order_by("pk").values_list(*names)
    features = ",".join(
        f'{{"type":"Feature","id":{_json(code)},"geometry":'
        + (f'{{"type":"Point","coordinates":[{x!r},{y!r}]}}' if x is not None else "null")
        + f',"properties":{{"name":{_json(name)},"light":"{light}","stage":{_json(stage)},"slip_days":{slip},'
        f'"planned_yuan":{"null" if yuan is None else repr(yuan)}}}}}'
        for code, name, light, stage, slip, yuan, x, y in rows
    )
    head = json.dumps({"as_of": now.isoformat(), "stages": stages}, ensure_ascii=False)[1:-1]
    return f'{{"type":"FeatureCollection",{head},"features":[{features}]}}'


def named(spec: ProjectsSpec | None, what: str, key: str) -> Text:
    """What the rule-book calls a key of a project: what is "stages", "kinds", "levels", "libraries" or "causes"."""
    found = getattr(spec, what).get(key) if spec is not None else None
    return Text(en=key) if found is None else found if isinstance(found, Text) else found.name
