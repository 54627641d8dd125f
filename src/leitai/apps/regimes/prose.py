"""A rule-book read aloud: every paragraph of the file as sentences, each with its source.

People who are held to a rule-book should not have to read YAML. What is said here is said from the parsed
file, so the page and the program cannot disagree.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_
from django.utils.translation import ngettext

from leitai.rules.regime.labels import LABELS
from leitai.rules.regime.model import (
    ArenaSpec,
    CalendarSpec,
    GroupSpec,
    MeasureSpec,
    Naming,
    Points,
    Regime,
    RuleSpec,
)
from leitai.rules.regime.vocabulary import FACTS
from leitai.ui import words

from . import prose_cases, prose_year
from .conditions import in_words
from .prose_year import PERIODS
from .saying import Entry, listed, named, say

EVENTS = {
    "ballot.bad": N_("a bad verdict is given"),
    "ballot.upheld": N_("a bad verdict is found true"),
    "ballot.set_aside": N_("a verdict is set aside"),
    "ballot.reinstated": N_("a verdict that was set aside is brought back"),
    "lead.confirmed": N_("a lead of the screens is confirmed"),
    "case.opened": N_("a case is opened"),
    "case.dispatched": N_("a case is dispatched"),
    "case.replied": N_("a case is replied to"),
    "case.answered": N_("a case is reported as done"),
    "case.returned": N_("a case is returned because it is not really over"),
    "case.closed": N_("a case is closed"),
    "case.transferred": N_("a case is transferred to another unit"),
    "case.paused": N_("a case is paused"),
    "case.extended": N_("a case is given more time"),
    "case.relapsed": N_("what a closed case was about comes back"),
    "case.rechecked": N_("a closed case is looked at again"),
    "clock.warned": N_("a clock nears its end"),
    "clock.breached": N_("a clock runs out"),
    "slip.issued": N_("a slip is given"),
    "reading.reported": N_("a reading is reported"),
    "table.published": N_("a table is published"),
    "table.corrected": N_("a table is corrected"),
    "occasion.opened": N_("an occasion is to be prepared"),
    "occasion.due": N_("the time of an occasion comes"),
    "occasion.held": N_("an occasion is held"),
    "occasion.cancelled": N_("an occasion is cancelled"),
    "preparation.missed": N_("something is not ready in time"),
    "statement.asked": N_("a unit is asked to speak"),
    "statement.given": N_("a unit hands in what it will say"),
    "commitment.made": N_("a unit promises something at a meeting"),
    "commitment.tested": N_("a promise made at a meeting is tested"),
    "inspection.found": N_("an inspection finds something"),
    "contest.elected": N_("a jury elects somebody"),
    "burden.exceeded": N_("a unit's month is above the ceiling of burden"),
    "merit.proposed": N_("a consequence is proposed"),
    "merit.decided": N_("a consequence is decided"),
    "merit.appealed": N_("a decision is appealed"),
    "merit.settled": N_("an appeal is settled"),
    "merit.withdrawn": N_("a consequence is withdrawn"),
    "merit.expired": N_("a consequence expires"),
    "project.added": N_("a project is entered in the library"),
    "project.staged": N_("a project enters a stage, or falls back to one"),
    "project.reached": N_("a milestone of a project is reached"),
    "project.light": N_("the light of a project turns"),
    "project.problem": N_("a project is stuck at something"),
    "project.disputed": N_("an enterprise says that its project is told wrongly"),
    "project.closed": N_("a project leaves the library"),
    "delay.claimed": N_("a delay of a project is claimed"),
    "delay.agreed": N_("a delay of a project is agreed to"),
    "delay.refused": N_("a delay of a project is refused"),
    "start.opened": N_("a start is opened as one matter"),
    "start.made": N_("a start is made"),
    "start.given_up": N_("a start is given up"),
    "start.reopened": N_("a start that was made is open again"),
    "permit.asked": N_("a permit waits for papers"),
    "permit.begun": N_("a permit is taken up"),
    "permit.committed": N_("a permit is taken up on a commitment"),
    "permit.granted": N_("a permit is granted"),
    "permit.withdrawn": N_("a permit is withdrawn"),
    "permit.reopened": N_("a permit is to be gone through anew"),
    "permit.dropped": N_("a permit turns out not to be needed"),
    "duty.done": N_("what a commitment owed is brought"),
    "duty.missed": N_("a commitment is not kept"),
    "gap.opened": N_("a gap of a chain is opened as work"),
    "gap.changed": N_("a gap of a chain is given to another unit or day"),
    "gap.ended": N_("work on a gap of a chain ends"),
    "campaign.shown": N_("evidence for a goal of a campaign is offered"),
    "campaign.answered": N_("evidence for a goal of a campaign is accepted or refused"),
}
METHODS = {
    "target": N_("points are the share of the target that was reached, from %(floor)s to %(cap)s"),
    "min-max": N_("points run from the worst to the best value in the group"),
    "rank": N_("points follow the rank in the group"),
    "bands": N_("points by band: %(bands)s"),
    "pass": N_("all the points or none"),
    "given": N_("the value itself is the points"),
}


@dataclass(frozen=True)
class Section:
    """A paragraph of the rule-book."""

    key: str
    title: str
    entries: tuple[Entry, ...]


def sections(regime: Regime) -> tuple[Section, ...]:
    """The rule-book in the order in which it is best read; empty paragraphs are left out."""
    found = (
        Section("groups", _("Who is compared with whom"), tuple(_groups(regime))),
        Section("measures", _("What is measured"), tuple(_measures(regime))),
        Section("arenas", _("Arenas: what the tables are made of"), tuple(_arenas(regime))),
        Section("cases", _("Cases and their clocks"), tuple(prose_cases.kinds(regime))),
        Section("flows", _("Flows of this rule-book's own"), tuple(prose_cases.flows(regime))),
        Section("ballots", _("Verdicts of citizens"), (_ballots(regime),)),
        Section("cadence", _("What comes round when"), tuple(prose_year.cadence(regime))),
        Section("inspections", _("Inspections"), tuple(prose_year.inspections(regime))),
        Section("contests", _("Contests and selections"), tuple(prose_year.contests(regime))),
        Section("merits", _("Consequences"), tuple(prose_year.merits(regime))),
        Section("rules", _("When this happens, that follows"), tuple(_rules(regime))),
        Section("burden", _("What the drive may cost"), tuple(prose_year.burden(regime))),
        Section("calendars", _("What counts as working time"), tuple(_calendars(regime))),
        Section("arrangements", _("Standing arrangements"), tuple(_arrangements(regime))),
        Section("figures", _("Figures the place reports of itself"), tuple(_figures(regime))),
    )
    return tuple(section for section in found if section.entries)


def _groups(regime: Regime) -> Iterator[Entry]:
    for key, spec in regime.groups.items():
        yield Entry(key, say(spec.name), tuple(_group(spec, regime)), spec.source)


def _group(spec: GroupSpec, regime: Regime) -> Iterator[str]:
    pick = spec.units
    if pick.all:
        yield _("All units.")
    if pick.tag is not None:
        yield _("Units that the place's register of units counts among them.")
    if pick.kind is not None:
        yield _("Units of the kind “%(kind)s”.") % {"kind": say(regime.kinds.get(pick.kind)) or pick.kind}
    if pick.under is not None:
        yield _("Units below “%(unit)s”.") % {"unit": pick.under}
    if pick.keys is not None:
        yield ngettext("One unit named.", "%(n)s units named one by one.", len(pick.keys)) % {
            "n": len(pick.keys)
        }
    if spec.expect is not None:
        yield _("The rule-book says there are %(n)s.") % {"n": spec.expect}


def _measures(regime: Regime) -> Iterator[Entry]:
    for key, spec in regime.measures.items():
        yield Entry(key, say(spec.name), tuple(_measure(spec, regime)), spec.source)


def _measure(spec: MeasureSpec, regime: Regime) -> Iterator[str]:
    better = _("more is better") if spec.better == "more" else _("less is better")
    unit = _(" (%(unit)s)") % {"unit": say(spec.unit)} if spec.unit else ""
    yield _("Measured %(every)s%(unit)s; %(better)s.") % {
        "every": _(PERIODS[spec.every]),
        "unit": unit,
        "better": better,
    }
    kind = spec.of.get("kind")
    of = _(" (only cases of the kind “%(kind)s”)") % {"kind": named(regime.cases, kind)} if kind else ""
    if regime.projects is not None and "stage" in spec.of:
        of += _(" (the stage “%(stage)s”)") % {"stage": named(regime.projects.stages, spec.of["stage"])}
    if regime.projects is not None and "library" in spec.of:
        of += _(" (only those in “%(library)s”)") % {
            "library": named(regime.projects.libraries, spec.of["library"])
        }
    yield _("It comes from: %(fact)s%(of)s.") % {"fact": _(FACTS.get(spec.from_, spec.from_)), "of": of}
    yield _points(spec.points)
    if spec.minimum is not None:
        yield _("With fewer than %(n)s observations it is not judged.") % {"n": spec.minimum.n}
    if spec.missing == "floor":
        yield _("Who reports nothing gets the fewest points.")
    if spec.formula is not None:
        yield _("Worked out so: %(formula)s.") % {"formula": say(spec.formula).rstrip("。.")}
    if spec.owner is not None:
        yield _("The unit “%(unit)s” answers for what it means.") % {"unit": spec.owner}
    if spec.share_of:
        totals = listed([named(regime.figures, key) for key in spec.share_of])
        yield _("It is a share of the period's total: %(totals)s.") % {"totals": totals}
    if spec.audited_by is not None:
        yield _("It is held beside “%(measure)s”, which finds the same by another road.") % {
            "measure": named(regime.measures, spec.audited_by)
        }


def _points(spec: Points) -> str:
    bands = listed([f"{'≥ …' if band == 'else' else band} → {points}" for band, points in spec.bands.items()])
    bands = bands.replace(">=", "≥").replace("<=", "≤").replace("≥ … →", _("otherwise") + " →")
    said = _(METHODS[spec.by]) % {"floor": spec.floor, "cap": spec.cap, "bands": bands}
    return said[:1].upper() + said[1:] + _(".")


def _arenas(regime: Regime) -> Iterator[Entry]:
    known = {**regime.measures, **regime.arenas}
    for key, spec in regime.arenas.items():
        yield Entry(key, say(spec.name), tuple(_arena(spec, regime, known)), spec.source)


def _arena(spec: ArenaSpec, regime: Regime, known: Mapping[str, Any]) -> Iterator[str]:
    groups = listed([named(regime.groups, key) for key in spec.groups])
    yield _("A table %(every)s, for: %(groups)s.") % {"every": _(PERIODS[spec.every]), "groups": groups}
    weights = listed([f"{named(known, key)} {weight}%" for key, weight in spec.weigh.items()])
    yield _("Weights: %(weights)s.") % {"weights": weights}
    if spec.best is not None:
        yield _naming(spec.best, _("The best %(n)s are named"))
    if spec.worst is not None:
        yield _naming(spec.worst, _("The worst %(n)s are named"))


def _naming(spec: Naming, said: str) -> str:
    if not spec.certain:
        return said % {"n": spec.take} + _(".")
    sure = _(", and only those of whom it is sure enough that they are among the %(among)s at that end.")
    return said % {"n": spec.take} + sure % {"among": spec.among or spec.take}


def _ballots(regime: Regime) -> Entry:
    spec = regime.ballots
    lines = [
        _("Two grades: satisfied, not satisfied.")
        if spec.grades == "two"
        else _("Five grades, from very satisfied to very dissatisfied; the last two are bad verdicts."),
        _("With fewer than %(n)s counted verdicts a unit is not judged.") % {"n": spec.minimum},
    ]
    if spec.reasons:
        lines.append(
            _("Reasons that can be ticked: %(list)s.")
            % {"list": listed([say(one) for one in spec.reasons.values()])}
        )
    return Entry("ballots", _("How they are asked and counted"), tuple(lines), spec.source)


def _rules(regime: Regime) -> Iterator[Entry]:
    for number, spec in enumerate(regime.rules, 1):
        said = _("When %(event)s: %(deed)s.") % {
            "event": _(EVENTS.get(spec.on, spec.on)),
            "deed": _deed(spec, regime),
        }
        code = spec.if_ or ""
        yield Entry(spec.key or f"rule-{number}", said, (), spec.source, in_words(code, regime), code)


def _deed(spec: RuleSpec, regime: Regime) -> str:
    do = spec.do.split()
    if do[:2] == ["open", "case"]:
        return _("open a case “%(name)s”") % {"name": named(regime.cases, do[2])}
    if do[0] == "propose":
        target = _("the unit's head") if do[-1] == "head" else _("the unit")
        return _("propose “%(name)s” for %(target)s") % {
            "name": named(regime.merits, do[1]),
            "target": target,
        }
    if do[0] == "call":
        return _("call “%(name)s”") % {"name": named(regime.cadence, do[1])}
    return _("draw up the bulletin of the table")


def _calendars(regime: Regime) -> Iterator[Entry]:
    for key, spec in regime.calendars.items():
        yield Entry(key, say(spec.name) or key, tuple(_calendar(spec, regime)), spec.source)


def _calendar(spec: CalendarSpec, regime: Regime) -> Iterator[str]:
    if spec.extends:
        yield _("As “%(other)s”, except for what follows.") % {"other": named(regime.calendars, spec.extends)}
    if spec.windows is not None:
        yield _("Monday to Friday: %(windows)s.") % {"windows": listed(list(spec.windows)) or _("closed")}
    for day in ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"):
        windows = getattr(spec, day)
        if windows is not None:
            yield _("%(day)s: %(windows)s.") % {
                "day": _(LABELS[day]),
                "windows": listed(list(windows)) or _("closed"),
            }
    if spec.holidays == "CN":
        yield _("Public holidays and make-up workdays by the notices of the State Council of China.")
    elif spec.holidays == "none":
        yield _("No holidays.")
    elif spec.holidays:
        yield _("Days off: %(days)s.") % {
            "days": listed([f"{day:%Y-%m-%d} {say(name)}" for day, name in spec.holidays.items()])
        }


def _arrangements(regime: Regime) -> Iterator[Entry]:
    for key, spec in regime.arrangements.items():
        said = [str(one) for one in (spec.count, spec.times) if one is not None]
        yield Entry(key, say(spec.name), (" · ".join(said),) if said else (), spec.source)


def _figures(regime: Regime) -> Iterator[Entry]:
    for key, spec in regime.figures.items():
        unit = f" {say(spec.unit)}" if spec.unit else ""
        when = _(" (%(period)s)") % {"period": words.period(str(spec.period))} if spec.period else ""
        yield Entry(key, say(spec.name), (f"{spec.value:f}{unit}{when}",), spec.source)
