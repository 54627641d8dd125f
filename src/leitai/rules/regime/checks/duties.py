"""Checks of what follows and what it costs: consequences, inspections, contests, and who is picked for them."""

from __future__ import annotations

import re

from leitai.rules.kernel import N_, nearest

from ..deeds import DoError, parse_do
from ..model import Pick
from ..vocabulary import RECORD
from .desk import Desk

_LASTS = re.compile(r"[1-9]\d{0,3} (?:day|week|month|year)s?")


def check_merits(desk: Desk) -> None:
    """Time to reply, appeal and last; and that no consequence is stated which could never be decided."""
    proposed = _proposed(desk)
    for key, merit in desk.regime.merits.items():
        path = ("merits", key)
        if merit.on is not None:
            desk.known_at("calendar", merit.on, desk.regime.calendars, *path, "on")
        for name in ("reply", "appeal"):
            span = getattr(merit, name)
            if span is not None and desk.limit(span, *path, name) and merit.on is None:
                message = N_("this time is counted in a calendar; say which with “on”")
                desk.error_at_key("missing-calendar", message, *path, name)
        if merit.lasts is not None and not _LASTS.fullmatch(merit.lasts):
            message = N_("“%(lasts)s” is not a span; write such as 90 days, 12 months or 2 years")
            desk.error("bad-span", message, *path, "lasts", lasts=merit.lasts)
        if merit.reply is None:
            message = N_("“%(key)s” can never be decided: state in “reply” the time to reply, or to object")
            desk.warn("never-decided", message, *path, key=key)
        if merit.number is None and not proposed.get(key, False):
            message = N_("“%(key)s” can never be decided: state in “number” the article that it rests on")
            desk.warn("never-decided", message, *path, key=key)


def _proposed(desk: Desk) -> dict[str, bool]:
    """The consequences that rules propose, and whether each of these rules gives its article."""
    found: dict[str, bool] = {}
    for rule in desk.regime.rules:
        try:
            deed = parse_do(rule.do)
        except DoError:
            continue  # told by the check of rules
        if deed.verb == "propose":
            found[deed.argument] = found.get(deed.argument, True) and rule.number is not None
    return found


def check_inspections(desk: Desk) -> None:
    """Areas, calendar, and the kind of case that a finding opens."""
    for key, inspection in desk.regime.inspections.items():
        path = ("inspections", key)
        desk.known_at("calendar", inspection.on, desk.regime.calendars, *path, "on")
        if desk.known_at("kind", inspection.case, desk.regime.cases, *path, "case") and any(
            question.needed for question in desk.regime.cases[inspection.case].form.values()
        ):
            message = N_("a finding cannot answer what must be answered when “%(kind)s” is opened")
            desk.error("finding-cannot-answer", message, *path, "case", kind=inspection.case)
        for name, group in inspection.groups.items():
            check_pick(desk, group.area, *path, "groups", name, "area")


def check_contests(desk: Desk) -> None:
    """Stages, the honour that is given, and what is asked of the record."""
    for key, contest in desk.regime.contests.items():
        path = ("contests", key)
        desk.known_at("calendar", contest.on, desk.regime.calendars, *path, "on")
        for name in ("nominations", "notice", "vote", "answer"):
            desk.limit(getattr(contest, name), *path, name)
        if contest.who is not None:
            check_pick(desk, contest.who, *path, "who")
        if desk.known_at("merit", contest.merit, desk.regime.merits, *path, "merit"):
            merit = desk.regime.merits[contest.merit]
            if merit.tone != "honour":
                message = N_("a contest ends with an honour; “%(merit)s” is none")
                desk.error("no-honour", message, *path, "merit", merit=contest.merit)
        for name, one in contest.checks.items():
            desk.condition(one.if_, RECORD, *path, "checks", name, "if")


def check_pick(desk: Desk, pick: Pick, *path: object) -> bool:
    """That a pick says whom, and that the list of units has them."""
    said = [name for name in ("all", "tag", "kind", "under", "keys") if getattr(pick, name) is not None]
    if not said:
        desk.error_at_key("picks-nobody", N_("say which units: by all, tag, kind, under or keys"), *path)
    if "all" in said and len(said) > 1:
        desk.error_at_key("picks-all", N_("“all: true” means every unit; leave out the rest"), *path, "all")
    if desk.units is None:
        return True
    sound = True
    for index, name in enumerate(pick.keys or ()):
        sound &= desk.known_at("unit", name, desk.units, *path, "keys", index)
    if pick.under is not None:
        sound &= desk.known_at("unit", pick.under, desk.units, *path, "under")
    if pick.tag is not None:
        tags = sorted({tag for unit in desk.units.values() for tag in unit.tags})
        sound &= desk.known_at("tag", pick.tag, tags, *path, "tag")
    if pick.kind is not None:
        kinds = sorted({unit.kind for unit in desk.units.values() if unit.kind})
        sound &= desk.known_at("unit-kind", pick.kind, kinds, *path, "kind")
    return sound


def check_ready_of(desk: Desk, of: str, *path: object) -> None:
    """Whose a preparation is: office, those who come, the best or the worst, or a unit."""
    words = ("office", "comers", "best", "worst")
    if of in words or (desk.units is None and nearest(of, words) is None):
        return
    desk.known_at("unit", of, (*words, *(desk.units or ())), *path)
