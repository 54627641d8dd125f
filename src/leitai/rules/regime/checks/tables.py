"""Checks of groups, measures and arenas: who is compared, by what, and with which weights."""

from __future__ import annotations

from decimal import Decimal

from leitai.rules.kernel import N_, PERIOD_KINDS, Period, PeriodError, nearest

from ..bands import BandError, parse_bands
from ..model import ArenaSpec, MeasureSpec
from ..units import picked
from ..vocabulary import FACTS
from .desk import Desk
from .duties import check_pick

WHOLE = Decimal(100)
# Facts whose records bring a target of their own; a target for any other must stand in the rule-book.
WITH_TARGET = ("reported", "readings.rate")


def check_groups(desk: Desk) -> None:
    """That a group picks somebody, and whom the list of units has."""
    for key, group in desk.regime.groups.items():
        path = ("groups", key, "units")
        pick = group.units
        sound = check_pick(desk, pick, *path)
        if desk.units is None:
            continue
        found = len(picked(pick, desk.units))
        if sound and group.expect is not None and found != group.expect:
            message = N_("the rule-book expects %(expect)s units here; the list of units has %(found)s")
            desk.warn("other-number", message, "groups", key, "expect", expect=group.expect, found=found)


def check_naming(desk: Desk) -> None:
    """That who is named is not promised to be among fewer than are named."""
    for key, arena in desk.regime.arenas.items():
        for end in ("worst", "best"):
            naming = getattr(arena, end)
            if naming is not None and naming.among is not None and naming.among < naming.take:
                message = N_(
                    "%(take)s may be named, so they cannot all be among %(among)s; write %(take)s or more"
                )
                values = {"take": naming.take, "among": naming.among}
                desk.error("among-too-few", message, "arenas", key, end, "among", **values)


def check_measures(desk: Desk) -> None:
    """That a measure's fact exists and its points can be worked out; one that is never used is a warning."""
    named = {name for arena in desk.regime.arenas.values() for name in arena.weigh}
    # What a goal is judged by, or another figure is held beside, counts for something too.
    goals = (goal.measure for one in desk.regime.campaigns.values() for goal in one.goals.values())
    twins = (one.audited_by for one in desk.regime.measures.values())
    named |= {name for name in (*goals, *twins) if name is not None}
    # A measure whose name an arena gets wrong is told of there, and is not unused as well.
    weighed = named | {nearest(name, desk.regime.measures) for name in named}
    asked = " ".join(rule.if_ or "" for rule in desk.regime.rules)
    for key, measure in desk.regime.measures.items():
        path = ("measures", key)
        desk.known_at("fact", measure.from_, FACTS, *path, "from")
        if (kind := measure.of.get("kind")) is not None:
            desk.known_at("kind", kind, desk.regime.cases, *path, "of", "kind")
        _of_projects(desk, key, measure)
        _points(desk, key, measure)
        _definition(desk, key, measure)
        if key not in weighed and f'"{key}"' not in asked:
            message = N_("no arena weighs “%(key)s” and no rule asks for it, so it counts for nothing")
            desk.warn("unused-measure", message, *path, key=key)


def _of_projects(desk: Desk, key: str, measure: MeasureSpec) -> None:
    """That a measure of projects has projects to count, and narrows them by what the rule-book has."""
    path, projects = ("measures", key), desk.regime.projects
    ours = measure.from_.startswith("projects.") and measure.from_ in FACTS
    if ours and projects is None:
        message = N_("“%(fact)s” counts projects, of which this rule-book says nothing; add “projects:”")
        desk.error("no-projects", message, *path, "from", fact=measure.from_)
    if measure.from_ == "projects.entered" and "stage" not in measure.of:
        message = N_("say which stage is counted: “of: {stage: …}”")
        desk.error_at_key("missing-stage", message, *path)
    for word, known in (
        ("stage", projects.stages if projects else {}),
        ("library", projects.libraries if projects else {}),
    ):
        if word not in measure.of or (ours and projects is None):
            continue
        if not ours or (word == "stage" and measure.from_ != "projects.entered"):
            message = N_("“%(fact)s” is not narrowed by a %(word)s; leave it out")
            desk.error("stray-of", message, *path, "of", word, fact=measure.from_, word=word)
            continue
        desk.known_at(word, measure.of[word], known, *path, "of", word)


def _definition(desk: Desk, key: str, measure: MeasureSpec) -> None:
    """Who answers for a measure, its totals, its twin, and that no figure is asked for that another brings."""
    regime, path = desk.regime, ("measures", key)
    if measure.owner is not None and desk.units is not None:
        desk.known_at("unit", measure.owner, desk.units, *path, "owner")
    if measure.audited_by is not None:
        desk.known_at(
            "measure", measure.audited_by, [one for one in regime.measures if one != key], *path, "audited_by"
        )
    if measure.share_of and measure.from_ != "reported":
        message = N_("only a reported figure can be a share of a total, not “%(fact)s”")
        desk.error_at_key("bad-total", message, *path, "share_of", fact=measure.from_)
    for index, name in enumerate(measure.share_of):
        if desk.known_at("figure", name, regime.figures, *path, "share_of", index):
            total = regime.figures[name]
            if total.value <= 0 or not _is_period(total.period):
                message = N_("“%(name)s” is no total: a total is more than 0 and names its period")
                desk.error("bad-total", message, *path, "share_of", index, name=name)
    if measure.from_ != "reported":
        return
    for other, spec in regime.measures.items():
        if other == key or not _same_name(measure, spec):
            continue
        if spec.from_ != "reported":
            message = N_(
                "“%(key)s” asks for what the house counts itself as “%(other)s”; leave the asking out"
            )
        elif list(regime.measures).index(other) < list(regime.measures).index(key):
            message = N_("“%(key)s” asks for the same figure as “%(other)s”; a figure is asked for once")
        else:
            continue
        desk.error_at_key("asked-twice", message, *path, key=key, other=other)


def _same_name(one: MeasureSpec, other: MeasureSpec) -> bool:
    """Whether two measures go by the same name in a language, whatever their periods: parts make up the whole."""
    pairs = ((one.name.zh, other.name.zh), (one.name.en, other.name.en))
    return any(mine and theirs and _plain(mine) == _plain(theirs) for mine, theirs in pairs)


def _plain(name: str) -> str:
    return "".join(name.casefold().split())


def _is_period(key: str | None) -> bool:
    try:
        Period.parse(key or "")
    except PeriodError:
        return False
    return True


def _points(desk: Desk, key: str, measure: MeasureSpec) -> None:
    points, path = measure.points, ("measures", key, "points")
    if points.floor >= points.cap:
        message = N_("the floor (%(floor)s) must be below the cap (%(cap)s)")
        at = "floor" if "floor" in points.model_fields_set else "cap"
        desk.error("bad-points", message, *path, at, floor=points.floor, cap=points.cap)
    if points.by == "bands":
        try:
            parse_bands(points.bands)
        except BandError as error:
            if error.key is None:
                desk.error_at_key("bad-bands", error.message, *path, "bands", **error.values)
            else:
                desk.error_at_key("bad-bands", error.message, *path, "bands", error.key, **error.values)
    elif points.bands:
        message = N_("bands are used with “by: bands”, not with “by: %(by)s”")
        desk.error_at_key("bad-points", message, *path, "bands", by=points.by)
    if (
        points.by == "target"
        and points.target is None
        and measure.from_ in FACTS
        and measure.from_ not in WITH_TARGET
    ):
        message = N_("“%(fact)s” comes without a target; state it as “target: …”")
        desk.error_at_key("missing-target", message, *path, fact=measure.from_)
    if points.by == "target" and points.target is not None and points.target <= 0:
        desk.error("bad-points", N_("a target is more than 0"), *path, "target")


def check_arenas(desk: Desk) -> None:
    """Groups, weighed things, weights of 100, periods that fit, no circles."""
    regime = desk.regime
    for key, arena in regime.arenas.items():
        for index, group in enumerate(arena.groups):
            desk.known_at("group", group, regime.groups, "arenas", key, "groups", index)
        _weights(desk, key, arena)
        for name in arena.weigh:
            _weighed(desk, key, arena, name)
        if key in regime.measures:
            message = N_("“%(key)s” is both a measure and an arena; give one of them another key")
            desk.error_at_key("same-key", message, "arenas", key, key=key)
    links = {
        key: [name for name in arena.weigh if name in regime.arenas] for key, arena in regime.arenas.items()
    }
    desk.circles("arena-cycle", "arenas", links)


def _weights(desk: Desk, key: str, arena: ArenaSpec) -> None:
    total = sum(arena.weigh.values(), Decimal(0))
    if total != WHOLE:
        message = N_("the weights of “%(key)s” sum to %(total)s; they must sum to 100")
        desk.error_at_key("weights", message, "arenas", key, "weigh", key=key, total=total)
    for name, weight in arena.weigh.items():
        if weight <= 0:
            message = N_("a weight is more than 0; leave out what does not count")
            desk.error("weights", message, "arenas", key, "weigh", name)


def _weighed(desk: Desk, key: str, arena: ArenaSpec, name: str) -> None:
    regime, where = desk.regime, desk.positions.key("arenas", key, "weigh", name)
    part = regime.measures.get(name) or regime.arenas.get(name)
    if part is None:
        arenas_nearer = nearest(name, regime.arenas) is not None and nearest(name, regime.measures) is None
        if arenas_nearer:
            desk.known("arena", name, regime.arenas, where)
        else:
            desk.known("measure", name, (*regime.measures, *regime.arenas), where)
    elif PERIOD_KINDS.index(part.every) > PERIOD_KINDS.index(arena.every):
        message = N_(
            "“%(name)s” is for a %(long)s; a table for a %(short)s can weigh only what is no longer than that"
        )
        desk.error_at_key(
            "longer-period",
            message,
            "arenas",
            key,
            "weigh",
            name,
            name=name,
            long=part.every,
            short=arena.every,
        )
