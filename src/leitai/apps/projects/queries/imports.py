"""A file of projects beside the library: what it says by the map that is kept, and what taking it over would change."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from leitai.apps.people import queries as people
from leitai.apps.regimes import queries as regimes
from leitai.rules.kernel import N_, Finding, Text
from leitai.rules.ledger import canonical, digest
from leitai.rules.projects import SUMS, needs
from leitai.rules.records.sheets import (
    BREAK,
    PLAN,
    Care,
    Column,
    Fault,
    Left,
    Read,
    Recogniser,
    Row,
    Table,
    find,
    kind_of,
    plain,
    read,
)
from leitai.rules.regime.ventures import ProjectsSpec

from ..excel_in import opened
from ..models import Amount, ImportLine, ImportMap, ImportRun, Milestone, Project

KEYED = ("kind", "level", "chain", "stage", "unit", "sponsor")


@dataclass(frozen=True)
class Sheet:
    """A table of a file: what its columns are taken for, and the map that says so; None while nobody kept one."""

    table: Table
    columns: tuple[Column, ...]
    kept: ImportMap | None
    read: Read

    @property
    def headings(self) -> list[tuple[str, Column]]:
        """Each heading in one line with what it is taken for."""
        return [
            (label.replace(BREAK, " / "), column)
            for label, column in zip(self.table.labels, self.columns, strict=True)
        ]

    @property
    def used(self) -> bool:
        """Whether the sheet is to be taken over: a person said which column is the name."""
        return self.kept is not None and any(column.field == "name" for column in self.columns)


@dataclass(frozen=True)
class Change:
    """A project that a file would enter (`project` None) or change: field → (what stands, what comes, from where)."""

    row: Row
    sheet: Sheet
    project: Project | None
    fields: Mapping[str, tuple[Any, Any, str]]

    @property
    def name(self) -> str:
        """What it is called in the file."""
        return str(self.row.values["name"])


@dataclass
class Difference:
    """What taking a file over would do, and what it would leave undone with why."""

    new: list[Change] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    same: list[Change] = field(default_factory=list)
    gone: list[Project] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def digest(self) -> str:
        """What a person who confirms it has seen."""
        told = [
            [change.sheet.table.sheet, change.row.row, change.project.code if change.project else "",
             sorted([name, _said(old), _said(new)] for name, (old, new, _at) in change.fields.items())]
            for change in (*self.new, *self.changed)
        ]  # fmt: skip
        return digest(canonical([told, sorted(project.code for project in self.gone)]))

    @property
    def empty(self) -> bool:
        """Whether the library says the same already."""
        return not (self.new or self.changed or self.gone)


@dataclass
class Account:
    """A file of projects, all that can be said of it now."""

    run: ImportRun
    sheets: list[Sheet]
    left: list[tuple[str, Left]]
    unread: list[tuple[str, str]]
    difference: Difference

    @property
    def faults(self) -> list[Fault]:
        """Every cell that is not taken, and why."""
        found = [fault for sheet in self.sheets if sheet.used for fault in sheet.read.faults]
        return found + self.difference.faults

    @property
    def cares(self) -> list[Care]:
        """Every cell in reading which something was taken for granted."""
        return [care for sheet in self.sheets if sheet.used for care in sheet.read.cares]


def runs(place: Any) -> QuerySet[ImportRun]:
    """Files that came, the newest first, without their content."""
    return ImportRun.objects.filter(place=place).defer("content").order_by("-at", "-id")


def run(place: Any, number: int) -> ImportRun | None:
    """A file by its number."""
    return ImportRun.objects.select_related("place").filter(place=place, pk=number).first()


def layouts(place: Any) -> QuerySet[ImportMap]:
    """The layouts that are known, by name."""
    return ImportMap.objects.filter(place=place).order_by("name", "id")


def layout(place: Any, number: int) -> ImportMap | None:
    """A layout by its number."""
    return layouts(place).filter(pk=number).first()


def recogniser(spec: ProjectsSpec) -> Recogniser:
    """What knows headings, the rule-book's stages among them."""
    return Recogniser({key: _names(one.name) for key, one in spec.stages.items()})


def account(row: ImportRun, today: date) -> Account:
    """What a file says, by the maps that are kept or else as proposed, beside the library. Raises Refused."""
    regime = regimes.regime_on(row.place, today)
    spec = regime.projects
    assert spec is not None  # the room's pages are not reached without the paragraph
    known = recogniser(spec)
    grids, hidden = opened(bytes(row.content))
    words = keys(row.place, regime)
    kept = {one.fingerprint: one for one in layouts(row.place)}
    found = Account(row, [], [], [(name, N_("hidden sheet")) for name in hidden], Difference())
    for grid in grids:
        table = find(grid, known.field)
        if table is None:
            if any(cell not in (None, "") for line in grid.rows for cell in line):
                found.unread.append((grid.name, N_("no row reads as the heading of a list of projects")))
            continue
        mine = kept.get(table.fingerprint)
        columns = (
            tuple(Column(*one) for one in mine.columns) if mine else known.columns(table.labels, table.title)
        )
        own = {name: dict(words[name]) | (mine.words.get(name, {}) if mine else {}) for name in words}
        found.sheets.append(Sheet(table, columns, mine, read(table, columns, own, row.year)))
        found.left += [(grid.name, one) for one in table.left]
    found.difference = _compare(row, [one for one in found.sheets if one.used])
    return found


def keys(place: Any, regime: Any) -> dict[str, dict[str, str]]:
    """For each field that takes a key: what people may write, without blanks, and the key it is."""
    spec = regime.projects
    named: dict[str, Iterable[tuple[str, Any]]] = {
        "kind": spec.kinds.items(),
        "level": spec.levels.items(),
        "chain": [(key, one.name) for key, one in regime.chains.items()],
        "stage": [(key, one.name) for key, one in spec.stages.items()],
    }
    found = {
        name: {plain(word): key for key, said in pairs for word in (key, *_names(said))}
        for name, pairs in named.items()
    }
    found["unit"] = {plain(name): key for name, key in people.keys_by_name(place).items()}
    leaders = people.leaders(place)
    names = Counter(plain(one.full_name) for one in leaders)
    found["sponsor"] = {plain(one.username): one.username for one in leaders} | {
        plain(one.full_name): one.username
        for one in leaders
        if one.full_name and names[plain(one.full_name)] == 1
    }
    return found


def _names(said: Text) -> list[str]:
    return [name for name in (said.zh, said.en) if name]


def _compare(run: ImportRun, sheets: list[Sheet]) -> Difference:
    """The library beside what was read."""
    told = Difference()
    rows = list(Project.objects.filter(place=run.place).select_related("unit", "sponsor"))
    by_code = {row.code: row for row in rows}
    by_name: dict[str, list[Project]] = defaultdict(list)
    for row in rows:
        if row.closed_on is None:
            by_name[plain(row.name)].append(row)
    sums, plans = _sums(run), _plans(run)
    seen: dict[int, str] = {}
    for sheet in sheets:
        for line in sheet.read.rows:
            held = _match(line, by_code, by_name, told)
            if held is False:
                continue
            if held is None:
                _new(line, sheet, told)
                continue
            if held.pk in seen:
                finding = Finding(
                    "twice", N_("the same project stands in %(other)s"), values={"other": seen[held.pk]}
                )
                told.faults.append(Fault(line.at["name"], str(line.values["name"]), finding))
                continue
            seen[held.pk] = line.at["name"]
            fields = _fields(line, held, sums.get(held.pk, {}), plans.get(held.pk, {}), told)
            change = Change(line, sheet, held, fields)
            (told.changed if fields else told.same).append(change)
    maps = {sheet.kept.pk for sheet in sheets if sheet.kept is not None}
    before = ImportLine.objects.filter(layout__in=maps, project__closed_on__isnull=True)
    told.gone = [one.project for one in before.select_related("project") if one.project_id not in seen]
    return told


def _match(
    line: Row, by_code: Mapping[str, Project], by_name: Mapping[str, list[Project]], told: Difference
) -> Project | bool | None:
    """The project a line is about; None: a new one; False: it cannot be said, or has left the library."""
    code = line.values.get("code")
    if code is not None:
        held = by_code.get(str(code))
        if held is not None and held.closed_on is not None:
            finding = Finding("project-closed", N_("This project has left the library."))
            told.faults.append(Fault(line.at["code"], str(code), finding))
            return False
        return held
    found = by_name.get(plain(line.values["name"]), [])
    if len(found) > 1:
        codes = ", ".join(sorted(row.code for row in found)[:5])
        finding = Finding(
            "two-of-a-name",
            N_("several projects are called so: %(codes)s; add the codes"),
            values={"codes": codes},
        )
        told.faults.append(Fault(line.at["name"], str(line.values["name"]), finding))
        return False
    return found[0] if found else None


def _new(line: Row, sheet: Sheet, told: Difference) -> None:
    fields = {name: (None, value, line.at[name]) for name, value in line.values.items()}
    told.new.append(Change(line, sheet, None, fields))


def evidence(spec: ProjectsSpec, run: ImportRun, line: Row) -> dict[str, str]:
    """What shows that a project of a file is in its stage: the office's own list, by file and cell."""
    if "stage" not in line.values:
        return {}
    return dict.fromkeys(needs(spec, None, str(line.values["stage"])), f"{run.name}, {line.at['stage']}")


def _fields(
    line: Row,
    held: Project,
    sums: Mapping[str, Decimal],
    plans: Mapping[str, date],
    told: Difference,
) -> dict[str, tuple[Any, Any, str]]:
    """What differs; an empty cell says nothing, so it changes nothing."""
    found: dict[str, tuple[Any, Any, str]] = {}
    for name, value in line.values.items():
        at = line.at[name]
        if name in SUMS:
            if sums.get(name) != value:
                found[name] = (sums.get(name), value, at)
        elif name.startswith(PLAN):
            before = plans.get(name.removeprefix(PLAN))
            if before is None:
                found[name] = (None, value, at)
            elif before != value:
                message = N_(
                    "the plan is %(day)s; a plan is not moved by a file: foresee another day on its page"
                )
                told.faults.append(
                    Fault(at, str(value), Finding("plan-stands", message, values={"day": before}))
                )
        elif name == "stage":
            if held.stage != value:
                message = N_("a stage is entered on the project's page, with what shows it")
                told.faults.append(Fault(at, str(value), Finding("stage-by-hand", message)))
        elif name != "code":
            before = _held(held, name)
            if before != value:
                found[name] = (before, value, at)
    return found


def _held(row: Project, name: str) -> Any:
    """What a project says of a field, as a line would say it."""
    if name == "unit":
        return row.unit.key if row.unit else None
    if name == "sponsor":
        return row.sponsor.username if row.sponsor else None
    found = getattr(row, name)
    return None if found == "" else found


def _sums(run: ImportRun) -> dict[int, dict[str, Decimal]]:
    """The sums of every project as they were known for the file's day."""
    found: dict[int, dict[str, Decimal]] = defaultdict(dict)
    rows = Amount.objects.filter(project__place=run.place, on__lte=run.as_of).order_by("on")
    for pk, what, yuan in rows.values_list("project_id", "what", "yuan"):
        found[pk][what] = yuan
    return found


def _plans(run: ImportRun) -> dict[int, dict[str, date]]:
    """The planned day of each stage of every project."""
    found: dict[int, dict[str, date]] = defaultdict(dict)
    rows = Milestone.objects.filter(project__place=run.place)
    for pk, key, stage, plan in rows.values_list("project_id", "key", "stage", "plan"):
        found[pk][stage or key] = plan
    return found


@dataclass(frozen=True)
class Standing:
    """A project in a layout: what its own columns hold is read off it, the others as the last file had them."""

    project: Project
    extras: Mapping[str, str]
    plans: Mapping[str, date]


def standing(row: ImportMap) -> list[Standing]:
    """The projects of a layout in the order of its last file, then others of its library."""
    lines = row.lines.filter(project__closed_on__isnull=True).order_by("sheet", "row")
    found = [
        (line.project, line.extras)
        for line in lines.select_related("project__unit", "project__sponsor", "project__enterprise")
    ]
    if row.library:
        rest = Project.objects.filter(
            place=row.place_id, closed_on__isnull=True, memberships__library=row.library
        ).exclude(import_lines__layout=row)
        found += [(one, {}) for one in rest.select_related("unit", "sponsor", "enterprise").order_by("code")]
    plans: dict[int, dict[str, date]] = defaultdict(dict)
    marks = Milestone.objects.filter(project__place=row.place_id)
    for pk, key, stage, plan in marks.values_list("project_id", "key", "stage", "plan"):
        plans[pk][stage or key] = plan
    return [Standing(project, extras, plans.get(project.pk, {})) for project, extras in found]


def unknown_words(sheet: Sheet) -> dict[str, list[str]]:
    """For each field that takes a key, the words of the sheet that nobody knows yet."""
    fields = {column.field for column in sheet.columns if kind_of(column.field) == "key"}
    found: dict[str, list[str]] = {name: [] for name in KEYED if name in fields}
    for fault in sheet.read.faults:
        if fault.finding.code != "unknown-word":
            continue
        name = str(fault.finding.values["field"])
        if fault.value not in found[name]:
            found[name].append(fault.value)
    return {name: words for name, words in found.items() if words}


def _said(value: Any) -> str:
    return "" if value is None else str(value)


def refused(row: ImportRun) -> list[Fault]:
    """Lines of a file that was taken over which could not be: where, which project, why."""
    return [
        Fault(at, name, Finding(why["code"], why["message"], values=why["values"]))
        for at, name, why in row.told.get("refused", ())
    ]
