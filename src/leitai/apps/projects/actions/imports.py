"""Taking files of projects over: the file as it came, the map that a person keeps, and the difference as one act."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from django.db import transaction

from leitai.apps.ledger.actions import UNCHANGED, action, nothing_new, record
from leitai.apps.ledger.errors import Refused, refuse
from leitai.apps.people import queries as people
from leitai.rules.kernel import N_
from leitai.rules.projects import SUMS
from leitai.rules.records.sheets import PLAN, UNITS, Column, day_in, find, kind_of, year_in
from leitai.rules.regime.ventures import ProjectsSpec

from .. import excel_in
from ..drafts import FIELDS, Draft
from ..models import ImportLine, ImportMap, ImportRun, Project
from ..queries import imports as reading
from ..rows import local_day, spec_on
from .library import add, change, close, join, note_sums
from .progress import plan


@action("projects.file_came")
def take_file(*, place: Any, name: str, content: bytes, by: str, now: datetime) -> ImportRun:
    """Keep a file of projects as it came; the same file is kept once. Nothing of it is taken over by this.

    The year and the day that its figures are of are read from its titles, and may be set. Raises Refused.
    """
    today = local_day(place, now)
    known = reading.recogniser(spec_on(place, today))
    grids, _hidden = excel_in.opened(content)
    titles = [table.title for grid in grids if (table := find(grid, known.field)) is not None]
    if not titles:
        raise refuse("no-table", N_("No sheet of this file has a row that reads as a heading of projects."))
    mark = sha256(content).hexdigest()
    held = ImportRun.objects.filter(place=place, digest=mark).first()
    if held is not None:
        nothing_new()
        return held
    days = [day for title in titles if (day := day_in(title)) is not None and day <= today]
    years = [year for title in titles if (year := year_in(title)) is not None]
    row = ImportRun.objects.create(
        place=place,
        name="".join(letter for letter in name if letter.isprintable()).strip()[:200] or "-",
        digest=mark,
        content=content,
        year=years[0] if years else today.year,
        as_of=days[0] if days else today,
        by=by,
        at=now,
    )
    record(
        place=place,
        kind="projects.file_came",
        by=by,
        now=now,
        subject=f"project-file:{row.pk}",
        data={"name": row.name, "digest": mark},
    )
    return row


@action("projects.file_set")
def set_file(*, run: ImportRun, year: int, as_of: date, by: str, now: datetime) -> ImportRun:
    """Say which year days without one are of, and for which day the sums are. Raises Refused."""
    row = ImportRun.objects.select_for_update(of=("self",)).select_related("place").get(pk=run.pk)
    if not 1950 <= year <= 2100:
        raise refuse("no-year", N_("Say which year the file is of."))
    if as_of > local_day(row.place, now):
        raise refuse("not-yet", N_("%(day)s has not come yet."), day=as_of)
    if (row.year, row.as_of) == (year, as_of):
        return UNCHANGED
    row.year, row.as_of = year, as_of
    row.save(update_fields=["year", "as_of"])
    data = {"year": year, "as_of": as_of}
    record(
        place=row.place, kind="projects.file_set", by=by, now=now, subject=f"project-file:{row.pk}", data=data
    )
    return row


@action("projects.mapped")
def keep_map(
    *,
    place: Any,
    fingerprint: str,
    name: str,
    labels: Sequence[str],
    columns: Sequence[Column],
    words: Mapping[str, Mapping[str, str]],
    library: str = "",
    by: str,
    now: datetime,
) -> ImportMap:
    """Keep what the headings of a layout mean, for this file and the next. Raises Refused for what cannot be."""
    spec = spec_on(place, local_day(place, now))
    if len(columns) != len(labels):
        raise refuse("other-headings", N_("These are not this layout's headings; look again."))
    _check_columns(columns, labels, spec)
    if library and library not in spec.libraries:
        raise refuse("no-library", N_("The rule-book has no library %(library)s."), library=library)
    kept = {field: dict(sorted(known.items())) for field, known in sorted(words.items()) if known}
    values = {
        "name": name.strip()[:120] or "-",
        "labels": list(labels),
        "columns": [[one.field, one.unit] for one in columns],
        "words": kept,
        "library": library,
    }
    row = ImportMap.objects.select_for_update().filter(place=place, fingerprint=fingerprint).first()
    if row is not None and all(getattr(row, field) == value for field, value in values.items()):
        return UNCHANGED
    row, _new = ImportMap.objects.update_or_create(
        place=place, fingerprint=fingerprint, defaults=values | {"kept_by": by, "kept_at": now}
    )
    record(
        place=place,
        kind="projects.mapped",
        by=by,
        now=now,
        subject=f"project-layout:{row.pk}",
        data={"name": row.name, "columns": row.columns, "words": kept, "library": library},
    )
    return row


def _check_columns(columns: Sequence[Column], labels: Sequence[str], spec: ProjectsSpec) -> None:
    seen: dict[str, str] = {}
    for column, label in zip(columns, labels, strict=True):
        if not column.field:
            continue
        what = kind_of(column.field)
        stage = column.field.removeprefix(PLAN) if column.field.startswith(PLAN) else ""
        if (what == "none" and column.field != "serial") or (stage and stage not in spec.stages):
            raise refuse("no-field", N_("A project has no %(field)s."), field=column.field)
        if column.unit and column.unit not in UNITS.get(what, {}):
            raise refuse("no-such-unit", N_("%(unit)s is no unit of this column."), unit=column.unit)
        if column.field in seen:
            raise refuse(
                "field-twice",
                N_("“%(one)s” and “%(other)s” are taken for the same."),
                one=seen[column.field],
                other=label,
            )
        seen[column.field] = label


@action("projects.file_applied")
def apply_file(*, run: ImportRun, seen: str, gone_why: str = "", by: str, now: datetime) -> ImportRun:
    """Take a file over: enter what is new, change what differs, as the digest `seen` of the difference was shown.

    Projects that the layout's last file had and this one has not are given up if `gone_why` says why, else they stay.
    A line that cannot be taken is told in `told["refused"]`. Doing it again changes nothing. Raises Refused.
    """
    row = ImportRun.objects.select_for_update(of=("self",)).select_related("place").get(pk=run.pk)
    today = local_day(row.place, now)
    spec = spec_on(row.place, today)
    found = reading.account(row, today)
    if not any(sheet.used for sheet in found.sheets):
        raise refuse("no-map", N_("Keep first what the headings of a sheet mean."))
    difference = found.difference
    if difference.digest != seen:
        raise refuse("other-difference", N_("The library has changed since this was shown; look again."))
    told: dict[str, Any] = {"new": 0, "changed": 0, "same": len(difference.same), "closed": 0, "refused": []}
    codes = _Codes(row.place, row.year)
    for one in (*difference.new, *difference.changed):
        try:
            with transaction.atomic():  # a line is taken whole or not at all
                project = (
                    _enter(one, row, spec, codes, by, now)
                    if one.project is None
                    else _alter(one, row, spec, by, now)
                )
        except Refused as why:
            told["refused"].append([one.row.at["name"], one.name, _plain(why.finding)])
            continue
        told["new" if one.project is None else "changed"] += 1
        _stand(one, project, row, by, now)
    for one in difference.same:
        assert one.project is not None
        _stand(one, one.project, row, by, now)
    if gone_why.strip():
        for project in difference.gone:
            close(project=project, on=today, why=gone_why, by=by, now=now)
            told["closed"] += 1
    if row.applied_at is not None and not (told["new"] or told["changed"] or told["closed"]):
        return UNCHANGED
    told["faults"] = len(found.faults)
    row.applied_by, row.applied_at, row.told = by, now, told
    row.save(update_fields=["applied_by", "applied_at", "told"])
    data = {name: told[name] for name in ("new", "changed", "same", "closed", "faults")}
    record(
        place=row.place,
        kind="projects.file_applied",
        by=by,
        now=now,
        subject=f"project-file:{row.pk}",
        data=data | {"digest": row.digest, "refused": len(told["refused"])},
    )
    return row


def _plain(finding: Any) -> dict[str, Any]:
    return {
        "code": finding.code,
        "message": finding.message,
        "values": {k: str(v) for k, v in finding.values.items()},
    }


class _Codes:
    """Codes for projects of files that give none: the file's year and the next free number."""

    def __init__(self, place: Any, year: int) -> None:
        self.year, self.last = year, 0
        self.taken = set(
            Project.objects.filter(place=place, code__startswith=f"{year}-").values_list("code", flat=True)
        )

    def next(self) -> str:
        while (code := f"{self.year}-{self.last + 1:04d}") in self.taken:
            self.last += 1
        self.taken.add(code)
        return code


def _enter(
    one: reading.Change, run: ImportRun, spec: ProjectsSpec, codes: _Codes, by: str, now: datetime
) -> Project:
    """A project of a file that is new here."""
    values = one.row.values
    project = add(
        place=run.place,
        draft=Draft(
            code=str(values["code"]) if "code" in values else codes.next(),
            values=_values(run.place, {name: values[name] for name in FIELDS if name in values}),
            libraries=_libraries(one),
            stage=str(values["stage"]) if "stage" in values else None,
            evidence=reading.evidence(spec, run, one.row),
        ),
        by=by,
        now=now,
    )
    _sums_and_plans(one, project, run, spec, by, now)
    return project


def _alter(one: reading.Change, run: ImportRun, spec: ProjectsSpec, by: str, now: datetime) -> Project:
    """A project whose line differs."""
    assert one.project is not None
    values = {name: new for name, (_old, new, _at) in one.fields.items() if name in FIELDS}
    for name, other in (("longitude", "latitude"), ("latitude", "longitude")):
        if name in values and other not in values:
            values[other] = getattr(one.project, other)
    if values:
        change(
            project=one.project,
            values=_values(run.place, values),
            why=f"{run.name}, {one.row.at['name']}",
            by=by,
            now=now,
        )
    _sums_and_plans(one, one.project, run, spec, by, now)
    return one.project


def _sums_and_plans(
    one: reading.Change, project: Project, run: ImportRun, spec: ProjectsSpec, by: str, now: datetime
) -> None:
    sums = {name: new for name, (_old, new, _at) in one.fields.items() if name in SUMS}
    if sums:
        source = f"{run.name}, {one.sheet.table.sheet}"
        note_sums(project=project, sums=sums, on=run.as_of, source=source, by=by, now=now)
    days = {
        name.removeprefix(PLAN): new for name, (_old, new, _at) in one.fields.items() if name.startswith(PLAN)
    }
    if days:
        marks = [
            {"key": key, "name": spec.stages[key].name.show(run.place.language), "plan": day, "stage": key}
            for key, day in days.items()
        ]
        plan(project=project, milestones=marks, by=by, now=now)


def _libraries(one: reading.Change) -> tuple[str, ...]:
    return (one.sheet.kept.library,) if one.sheet.kept is not None and one.sheet.kept.library else ()


def _values(place: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as a project has them: units and leaders by their rows."""
    found = dict(values)
    if found.get("unit"):
        found["unit"] = people.unit(place, found["unit"])
    if found.get("sponsor"):
        found["sponsor"] = people.accounts([found["sponsor"]]).get(found["sponsor"])
    return found


def _stand(one: reading.Change, project: Project, run: ImportRun, by: str, now: datetime) -> None:
    """Where the project stands in the layout's last file, and that it is in its library."""
    assert one.sheet.kept is not None
    ImportLine.objects.update_or_create(
        layout=one.sheet.kept,
        project=project,
        defaults={
            "run": run,
            "sheet": one.sheet.table.sheet[:40],
            "row": one.row.row,
            "extras": {str(column): said for column, said in one.row.extras.items()},
        },
    )
    for library in _libraries(one):
        join(project=project, library=library, by=by, now=now)
