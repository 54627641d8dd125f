"""Checking a rule-book whose shape is right: everything a rule names exists, and nothing contradicts itself.

All faults are told at once, each with its line and column and the nearest right name.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from leitai.rules.kernel import Finding

from .checks.calendars import check_calendars
from .checks.cases import check_cases
from .checks.desk import Desk
from .checks.duties import check_contests, check_inspections, check_merits
from .checks.flows import check_flows
from .checks.occasions import check_cadence, check_reports
from .checks.quotas import check_quotas
from .checks.rules import check_rules
from .checks.tables import check_arenas, check_groups, check_measures, check_naming
from .checks.ventures import check_campaigns, check_chains, check_projects, check_starts
from .history import dates_of
from .model import Regime
from .parse import Parsed, parse_tree
from .source import Branch, Positions, Tree, read
from .units import Unit

CHECKS = (
    check_calendars,
    check_groups,
    check_measures,
    check_arenas,
    check_naming,
    check_flows,
    check_cases,
    check_reports,
    check_cadence,
    check_inspections,
    check_contests,
    check_projects,
    check_starts,
    check_chains,
    check_campaigns,
    check_quotas,
    check_merits,
    check_rules,
)


def check(
    regime: Regime, positions: Positions, units: Mapping[str, Unit] | None = None
) -> tuple[Finding, ...]:
    """Everything wrong with what a regime refers to, sorted by position; () when it is right.

    `units` by key (see `units.read_units`) makes names of units, tags and expected numbers checked too.
    """
    desk = Desk(regime, positions, units)
    for one in CHECKS:
        one(desk)
    return tuple(sorted(desk.findings, key=lambda finding: finding.where))


def check_text(
    text: str, *, file: str = "", on: date | None = None, units: Mapping[str, Unit] | None = None
) -> Parsed:
    """Parse and check a rule-book as it stood on a day; without one, on every day at which something changes.

    The regime of the answer is that of the day, or the latest; None when there is any error.
    """
    tree, findings = read(text, file)
    if tree is None:
        return Parsed(None, findings, Positions(None, file))
    days: list[date | None] = [on]
    if on is None:
        start = in_force(tree)
        dates = dates_of(tree)
        if start is not None and dates:
            days = [*sorted({start, *(day for day in dates if day > start)}), None]
    told: dict[tuple[object, ...], Finding] = {}
    parsed = Parsed(None, findings, Positions(tree, file))
    for day in days:
        parsed = parse_tree(tree, findings, file=file, on=day)
        more = check(parsed.regime, parsed.positions, units) if parsed.regime is not None else ()
        for finding in (*parsed.findings, *more):
            told.setdefault((finding.code, finding.where), finding)
    all_told = tuple(sorted(told.values(), key=lambda finding: finding.where))
    wrong = any(finding.severity == "error" for finding in all_told)
    return Parsed(None if wrong else parsed.regime, all_told, parsed.positions)


def in_force(tree: Tree) -> date | None:
    """The first day of an edition, as far as it can be read without the rest of the file."""
    edition = tree.get("regime") if isinstance(tree, Branch) else None
    leaf = edition.get("in_force") if isinstance(edition, Branch) else None
    value = getattr(leaf, "value", None)
    return value if isinstance(value, date) else None
