"""The year of a rule-book read aloud: occasions, inspections, contests, consequences, and what may be asked."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_
from django.utils.translation import ngettext

from leitai.rules.regime.labels import LABELS
from leitai.rules.regime.model import (
    ContestSpec,
    InspectionSpec,
    MeritSpec,
    OccasionSpec,
    Pick,
    Regime,
)
from leitai.ui import words

from .saying import Entry, listed, named, say, span

PERIODS = {
    "week": N_("every week"),
    "month": N_("every month"),
    "quarter": N_("every quarter"),
    "half": N_("every half-year"),
    "year": N_("every year"),
}
TONES = {
    "honour": N_("an honour"),
    "notice": N_("a notice"),
    "accountability": N_("a step of accountability"),
}
PARTS = {
    "commitments": N_("what was promised last time"),
    "standings": N_("the tables"),
    "changes": N_("what changed"),
    "best": N_("best practice"),
    "statements": N_("statements"),
    "cases": N_("red cases"),
    "projects": N_("projects"),
    "inspections": N_("inspections"),
    "words": N_("what else is to be said"),
}
READY = {
    "office": N_("the office"),
    "comers": N_("each that comes"),
    "best": N_("those named best"),
    "worst": N_("those named worst"),
}


def cadence(regime: Regime) -> Iterator[Entry]:
    """Every occasion."""
    for key, spec in regime.cadence.items():
        yield Entry(key, say(spec.name), tuple(_occasion(spec, regime)), spec.source)


def _occasion(spec: OccasionSpec, regime: Regime) -> Iterator[str]:
    calendar = named(regime.calendars, spec.on)
    if spec.every is None:
        values = {"within": span(spec.within or ""), "at": spec.at, "calendar": calendar}
        yield _("Called by a rule, within %(within)s, at %(at)s (%(calendar)s).") % values
    else:
        values = {"every": _(PERIODS[spec.every]), "day": _day(spec.day), "at": spec.at}
        said = (
            _("Held %(every)s, %(day)s at %(at)s") if spec.day is not None else _("Held %(every)s at %(at)s")
        )
        moves = {
            "next workday": _("; on a day off, the next workday."),
            "previous workday": _("; on a day off, the workday before."),
            "as it falls": _(", whatever day it is."),
        }
        yield said % values + moves[spec.off_day]
    if spec.reads:
        yield _("Reads the tables: %(tables)s.") % {
            "tables": listed([named(regime.arenas, key) for key in spec.reads])
        }
    if spec.who:
        yield _("Who: %(who)s.") % {"who": say(spec.who)}
    if spec.comes is not None:
        values = {"who": picked(spec.comes, regime), "minutes": str(spec.minutes)}
        yield _("Who comes: %(who)s; it takes each %(minutes)s minutes.") % values
    if spec.opens is not None:
        yield _("Told of, and prepared, %(time)s before.") % {"time": span(spec.opens)}
    for ready in spec.ready.values():
        of = _(READY[ready.of]) if ready.of in READY else ready.of
        values = {"what": say(ready.name), "who": of, "time": span(ready.by)}
        yield _("Ready %(time)s before: “%(what)s”, by %(who)s.") % values
    yield _("Agenda: %(parts)s.") % {"parts": listed([_(PARTS[part]) for part in spec.agenda])}
    yield from _said_there(spec, regime)


def _said_there(spec: OccasionSpec, regime: Regime) -> Iterator[str]:
    """Who speaks and scores at an occasion, and what it opens."""
    if spec.speaking is not None:
        first = _("the best first") if spec.speaking.first == "best" else _("the last first")
        values = {"best": str(spec.speaking.best), "worst": str(spec.speaking.worst), "first": first}
        said = _("%(best)s of the best and %(worst)s of the last speak, %(first)s") % values
        yield said + (_(", only those whom the table names.") if spec.speaking.certain else _("."))
    if spec.scoring is not None:
        names = listed([say(one.name) for one in spec.scoring.criteria.values()])
        yield _(
            "Peers score on the spot by: %(names)s. Nobody scores the own unit, or one above or below it."
        ) % {"names": names}
        yield _("A result needs the sheets of %(share)s %% of the scorers, and of three at least.") % {
            "share": f"{100 * spec.scoring.least:g}"
        }
    if spec.inspection is not None:
        yield _("It opens “%(name)s”.") % {"name": named(regime.inspections, spec.inspection)}
    if spec.contests:
        names = listed([named(regime.contests, key) for key in spec.contests])
        yield _("It calls the contests: %(names)s.") % {"names": names}
    if spec.decides:
        yield _("It decides: %(what)s.") % {"what": say(spec.decides)}


def _day(day: str | int | None) -> str:
    if isinstance(day, int):
        if day < -1:
            return _("day %(n)s from the end") % {"n": -day}
        return _("the last day") if day == -1 else _("day %(n)s") % {"n": day}
    return _(LABELS[day]) if day else ""


def picked(pick: Pick, regime: Regime) -> str:
    """Which units a pick means, in a few words."""
    if pick.all:
        return _("all units")
    found = []
    if pick.tag is not None:
        found.append(_("units tagged “%(tag)s”") % {"tag": pick.tag})
    if pick.kind is not None:
        name = regime.kinds.get(pick.kind)
        found.append(_("units of the kind “%(kind)s”") % {"kind": say(name) or pick.kind})
    if pick.under is not None:
        found.append(_("units below %(unit)s") % {"unit": pick.under})
    if pick.keys is not None:
        found.append(ngettext("%(n)s unit", "%(n)s units", len(pick.keys)) % {"n": len(pick.keys)})
    return listed(found)


def inspections(regime: Regime) -> Iterator[Entry]:
    """Every inspection."""
    for key, spec in regime.inspections.items():
        yield Entry(key, say(spec.name), tuple(_inspection(spec, regime)), spec.source)


def _inspection(spec: InspectionSpec, regime: Regime) -> Iterator[str]:
    values = {"every": _(PERIODS[spec.every]), "minutes": str(spec.minutes)}
    yield _("Held %(every)s; a visit takes a unit %(minutes)s minutes.") % values
    for group in spec.groups.values():
        yield _("%(group)s: %(area)s.") % {"group": say(group.name), "area": picked(group.area, regime)}
    items = listed([say(one.name) for one in spec.checklist.values()])
    yield _("What is looked at: %(items)s.") % {"items": items}
    kind = named(regime.cases, spec.case)
    yield _("Each finding becomes a case “%(kind)s”. No number of findings is asked for.") % {"kind": kind}


def contests(regime: Regime) -> Iterator[Entry]:
    """Every contest."""
    for key, spec in regime.contests.items():
        yield Entry(key, say(spec.name), tuple(_contest(spec, regime)), spec.source)


def _contest(spec: ContestSpec, regime: Regime) -> Iterator[str]:
    who = _("officials") if spec.of == "official" else _("units")
    yield _("For %(who)s; at most %(seats)s are elected and proposed for “%(merit)s”.") % {
        "who": who,
        "seats": str(spec.seats),
        "merit": named(regime.merits, spec.merit),
    }
    yield _(
        "Nominations are taken for %(first)s, names are public for %(second)s, the jury votes for %(third)s."
    ) % {
        "first": span(spec.nominations),
        "second": span(spec.notice),
        "third": span(spec.vote),
    }
    yield _(
        "The office answers an objection within %(answer)s; until it is answered nobody votes. Who put somebody "
        "forward, is put forward or serves at their unit does not judge."
    ) % {"answer": span(spec.answer)}
    if spec.checks:
        names = listed([say(one.name) for one in spec.checks.values()])
        yield _("The record must show: %(names)s.") % {"names": names}
    yield _("At least %(jury)s jurors vote in secret; clicks and network votes count for nothing.") % {
        "jury": str(spec.jury)
    }


def merits(regime: Regime) -> Iterator[Entry]:
    """Every consequence."""
    for key, spec in regime.merits.items():
        yield Entry(key, say(spec.name), tuple(_merit(spec)), spec.source)


def _merit(spec: MeritSpec) -> Iterator[str]:
    who = say(spec.decides)
    said = _("This is %(tone)s") % {"tone": _(TONES[spec.tone])}
    yield said + (_(", decided by: %(who)s.") % {"who": who} if who else _("."))
    if spec.number:
        yield _("It rests on: %(number)s.") % {"number": spec.number}
    if spec.reply and spec.tone == "honour":
        yield _("Anyone has %(time)s to object before a decision.") % {"time": span(spec.reply)}
    elif spec.reply:
        yield _("Whom it concerns has %(time)s to reply before a decision.") % {"time": span(spec.reply)}
    if spec.appeal:
        yield _("A decision may be appealed within %(time)s; another decides on it.") % {
            "time": span(spec.appeal)
        }
    if spec.lasts:
        yield _("It lasts %(time)s, then it expires.") % {"time": words.term(spec.lasts)}
    if spec.promotes:
        yield _("While it lasts, it gives priority for promotion.")


def burden(regime: Regime) -> Iterator[Entry]:
    """What the drive may cost a unit."""
    spec = regime.burden
    if spec.ceiling is None:
        return
    lines = (
        _(
            "A unit is to spend at most %(n)s minutes in a month on it; above that the office is told, not the unit."
        )
        % {"n": spec.ceiling},
        _("A figure that is asked for counts as %(ask)s minutes, an answer in a case as %(form)s.")
        % {"ask": spec.ask, "form": spec.form},
    )
    yield Entry("burden", _("Ceiling of burden"), lines, spec.source)
