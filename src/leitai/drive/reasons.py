"""Why a consequence is proposed, in a sentence that the one concerned can check, in the place's language."""

from __future__ import annotations

from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from leitai.apps.casework import queries as casework
from leitai.apps.projects import queries as projects
from leitai.apps.tables import queries as tables
from leitai.rules.casework.steps import COLOURS
from leitai.ui import words


def reason(one: Any) -> str:
    """The sentence for an occurrence: what happened to what, with its numbers."""
    language = one.place.language
    with translation.override(language):
        what, _colon, key = one.event.subject.partition(":")
        if what == "table":
            return _standing(one, int(key), language)
        if what == "case":
            return _case(one, key, language)
        if what == "project":
            return _project(one)
        return _("%(event)s, number %(seq)s in the ledger") % {"event": one.event.kind, "seq": one.event.seq}


def _standing(one: Any, table: int, language: str) -> str:
    view = tables.view(tables.table(one.place, table))
    values = {
        "arena": view.name.show(language),
        "period": words.period(view.period.key),
        "rank": one.facts["unit.rank"],
        "of": one.facts["unit.of"],
        "gained": one.facts["unit.gained"],
    }
    if one.facts["unit.named_worst"]:
        return _("%(arena)s, %(period)s: named among the worst, rank %(rank)s of %(of)s") % values
    if one.facts["unit.named_best"]:
        return _("%(arena)s, %(period)s: named among the best, rank %(rank)s of %(of)s") % values
    if one.facts["unit.gained"]:
        return _("%(arena)s, %(period)s: rank %(rank)s of %(of)s, places gained: %(gained)s") % values
    return _("%(arena)s, %(period)s: rank %(rank)s of %(of)s") % values


def _project(one: Any) -> str:
    row = projects.by_subject(one.place, one.event.subject)
    values = {
        "project": row.name if row is not None else one.event.subject,
        "slip": one.facts["project.slip"],
        "day": one.event.at.astimezone(one.place.zone).strftime("%Y-%m-%d"),
    }
    if one.facts["project.slip"]:
        return _("%(project)s: %(slip)s days behind its plan on %(day)s, excused days aside") % values
    return _("%(project)s, %(day)s") % values


def _case(one: Any, ref: str, language: str) -> str:
    case = casework.case(one.place, ref)
    at = one.event.at.astimezone(one.place.zone).strftime("%Y-%m-%d %H:%M")
    values = {"ref": ref, "kind": casework.kind_label(case).show(language), "at": at}
    clock = one.facts.get("clock.key")
    if clock:
        values["clock"] = casework.clock_label(case, str(clock)).show(language)
        if one.event.kind == "clock.breached":
            return _("%(kind)s %(ref)s: “%(clock)s” was due at %(at)s and was not met") % values
        if one.event.kind == "slip.issued":
            values["slip"] = COLOURS[one.facts["slip.colour"]].show(language)
            return _("%(kind)s %(ref)s: %(slip)s for “%(clock)s”, given at %(at)s") % values
        return _("%(kind)s %(ref)s: “%(clock)s” is near its end (told at %(at)s)") % values
    if one.event.kind == "case.returned":
        return _("%(kind)s %(ref)s: returned at %(at)s") % values
    if one.event.kind == "case.relapsed":
        return _("%(kind)s %(ref)s: came back at %(at)s after it was closed") % values
    if one.event.kind == "case.rechecked" and one.facts["recheck.outcome"] == "not-over":
        return _("%(kind)s %(ref)s: found not to be over when it was looked at again at %(at)s") % values
    return _("%(kind)s %(ref)s, %(at)s") % values
