"""Files of projects: brought, mapped by a person, shown beside the library, taken over; what was not, by cell."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from leitai.apps.ledger.errors import Refused, refuse, tell
from leitai.apps.people import queries as people
from leitai.apps.people.access import Visit, page
from leitai.apps.regimes import queries as regimes
from leitai.rules.kernel import N_, Text
from leitai.rules.records.sheets import KINDS, PLAN, UNITS, Column, kind_of, plain, shown

from .. import actions, excel_in, excel_out, sheet
from ..queries import imports as reading
from ..rows import local_day, spec_on
from ..wording import import_field, import_value
from .forms import day_of, number_of
from .forms import plain as typed_text

MOST = 200


@require_http_methods(["GET", "HEAD", "POST"])
@page("project.run")
def index(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The files that came, and the layouts that are known; posting brings a file."""
    refusal = ""
    if request.method == "POST":
        try:
            row = _take(request, visit)
        except Refused as told:
            refusal = str(told)
        else:
            return redirect("projects:import-one", visit.place.key, row.pk)
    found = Paginator(reading.runs(visit.place), 20).get_page(request.GET.get("page"))
    context = {
        "visit": visit,
        "page": found,
        "rows": list(found.object_list),
        "layouts": reading.layouts(visit.place),
        "refusal": refusal,
    }
    return render(request, "projects/imports.html", context, status=409 if refusal else 200)


def _take(request: HttpRequest, visit: Visit) -> Any:
    file = request.FILES.get("file")
    if file is None:
        raise refuse("no-file", N_("Choose a file."))
    if (file.size or 0) > excel_in.MOST_BYTES:
        raise refuse("too-big", N_("The file is larger than %(most)s MB."), most=excel_in.MOST_BYTES >> 20)
    return actions.take_file(
        place=visit.place, name=file.name or "", content=file.read(), by=visit.viewer.name, now=visit.now
    )


@require_http_methods(["GET", "HEAD", "POST"])
@page("project.run")
def one(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """A file: what each sheet's headings are taken for, what it would change, what cannot be read."""
    row = _run(visit, number)
    refusal = ""
    if request.method == "POST":
        try:
            _act(request.POST, visit, row)
        except Refused as told:
            refusal = str(told)
        else:
            return redirect("projects:import-one", visit.place.key, row.pk)
    today = local_day(visit.place, visit.now)
    found = reading.account(row, today)
    told = found.difference
    context = {
        "visit": visit,
        "row": row,
        "found": found,
        "sheets": [_sheet(one, visit) for one in found.sheets],
        "told": told,
        "used": any(one.used for one in found.sheets),
        "new": _changes(told.new[:MOST], visit),
        "changed": _changes(told.changed[:MOST], visit),
        "gone": told.gone[:MOST],
        "faults": [
            (one.at, one.value, tell(one.finding)) for one in [*found.faults, *reading.refused(row)][:MOST]
        ],
        "faults_n": len(found.faults) + len(reading.refused(row)),
        "libraries": [(key, one.name) for key, one in spec_on(visit.place, today).libraries.items()],
        "refusal": refusal,
        "shown": MOST,
    }
    return render(request, "projects/import.html", context, status=409 if refusal else 200)


def _run(visit: Visit, number: int) -> Any:
    row = reading.run(visit.place, number)
    if row is None:
        raise Http404(_("There is no such file."))
    return row


def _act(posted: Any, visit: Visit, row: Any) -> None:
    who = {"by": visit.viewer.name, "now": visit.now}
    match posted.get("do"):
        case "set":
            actions.set_file(
                run=row, year=number_of(posted.get("year")), as_of=day_of(posted.get("as_of")), **who
            )
        case "map":
            _keep(posted, visit, row)
        case "apply":
            why = typed_text(posted.get("gone_why"), 300) if posted.get("close") else ""
            if posted.get("close") and not why:
                raise refuse("no-reason", N_("Say why."))
            actions.apply_file(run=row, seen=typed_text(posted.get("seen"), 64), gone_why=why, **who)
        case _:
            raise refuse("no-step", N_("Choose what to do."))


def _keep(posted: Any, visit: Visit, row: Any) -> None:
    found = reading.account(row, local_day(visit.place, visit.now))
    mark = posted.get("fingerprint", "")
    one = next((one for one in found.sheets if one.table.fingerprint == mark), None)
    if one is None:
        raise refuse("other-headings", N_("These are not this layout's headings; look again."))
    columns = []
    for at in range(len(one.table.labels)):
        name = typed_text(posted.get(f"field{at}"))
        what = kind_of(name)
        unit = typed_text(posted.get(f"unit{at}"))
        columns.append(Column(name, unit if unit in UNITS.get(what, {}) else ""))
    words = {name: dict(known) for name, known in (one.kept.words if one.kept else {}).items()}
    for name, unknown in reading.unknown_words(one).items():
        for at, word in enumerate(unknown):
            key = typed_text(posted.get(f"word-{name}-{at}"))
            # The word travels with its choice: another file may have been mapped between.
            if key and posted.get(f"said-{name}-{at}") == word:
                words.setdefault(name, {})[plain(word)] = key
    actions.keep_map(
        place=visit.place,
        fingerprint=mark,
        name=one.kept.name if one.kept else one.table.title[:60] or one.table.sheet,
        labels=one.table.labels,
        columns=columns,
        words=words,
        library=typed_text(posted.get("library")),
        by=visit.viewer.name,
        now=visit.now,
    )


def _changes(found: list[reading.Change], visit: Visit) -> list[dict[str, Any]]:
    """Changes as the page tells them: each field's name, its cell, what stands and what comes, keys by their names."""
    spec = spec_on(visit.place, local_day(visit.place, visit.now))
    language = get_language() or "zh-hans"
    fields = {name for one in found for name in one.fields}
    names: dict[str, dict[str, str]] = {}
    for name in fields & set(reading.KEYED):
        names[name] = {
            key: said.show(language) if isinstance(said, Text) else str(said)
            for key, said in _choices(name, visit)
        }

    def told(name: str, value: Any) -> str:
        return names.get(name, {}).get(value) or import_value(name, value)

    return [
        {
            "one": one,
            "fields": [
                (import_field(name, spec), at, told(name, old), told(name, new))
                for name, (old, new, at) in one.fields.items()
                if one.project is not None or name != "name"
            ],
        }
        for one in found
    ]


def _sheet(one: reading.Sheet, visit: Visit) -> dict[str, Any]:
    """A sheet as the page shows it: each heading with three values of its column, and what it may be."""
    examples: list[list[str]] = [[] for _label in one.table.labels]
    for line in one.table.lines[:50]:
        for at, cell in enumerate(line.cells):
            said = "" if cell is None else shown(cell)
            if said and said not in examples[at] and len(examples[at]) < 3:
                examples[at].append(said[:40])
    return {
        "one": one,
        "columns": [
            (at, label, column, examples[at], sorted(UNITS.get(kind_of(column.field), ())))
            for at, (label, column) in enumerate(one.headings)
        ],
        "words": [
            (name, import_field(name, None), list(enumerate(words)), _choices(name, visit))
            for name, words in reading.unknown_words(one).items()
        ],
        "fields": _fields(visit),
        "units": [*UNITS["money"], *UNITS["land"]],
    }


def _fields(visit: Visit) -> list[tuple[str, str]]:
    spec = spec_on(visit.place, local_day(visit.place, visit.now))
    names = [*KINDS, *(PLAN + key for key in spec.stages)]
    return [(name, import_field(name, spec)) for name in names]


def _choices(name: str, visit: Visit) -> list[tuple[str, Any]]:
    """What a word may mean: keys of a field with what they are called."""
    regime = regimes.regime_on(visit.place, local_day(visit.place, visit.now))
    spec = regime.projects
    assert spec is not None
    match name:
        case "unit":
            return [(unit.key, unit.name) for unit in people.units(visit.place)[:2000]]
        case "sponsor":
            return [(one.username, one.full_name or one.username) for one in people.leaders(visit.place)]
        case "chain":
            return [(key, one.name) for key, one in regime.chains.items()]
        case "stage":
            return [(key, one.name) for key, one in spec.stages.items()]
        case _:
            return list((spec.kinds if name == "kind" else spec.levels).items())


@require_safe
@page("project.run")
def rejects(_request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """Every cell of a file that is not taken, in Excel."""
    row = _run(visit, number)
    found = reading.account(row, local_day(visit.place, visit.now))
    return _excel(excel_out.rejects(found), f"{row.name.rpartition('.')[0] or row.name} {_('not taken')}")


@require_safe
@page("project.see")
def office(_request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """The list of a layout as it stands now, in the office's own headings."""
    row = reading.layout(visit.place, number)
    if row is None:
        raise Http404(_("There is no such layout."))
    regime = regimes.regime_on(visit.place, local_day(visit.place, visit.now))
    return _excel(
        excel_out.office(row, regime), f"{row.name} {visit.now.astimezone(visit.place.zone):%Y-%m-%d}"
    )


def _excel(data: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(data, content_type=sheet.EXCEL)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}.xlsx"
    return answer
