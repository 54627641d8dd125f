"""A demonstration from end to end: place, people, records, months, and what is going on now."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from leitai.apps.ballots import actions as ballots
from leitai.apps.casework import actions as casework
from leitai.apps.measures import actions as measures
from leitai.apps.people import actions as people_actions
from leitai.apps.people import queries as people
from leitai.apps.regimes import queries as regimes
from leitai.bulk import load
from leitai.bulk.folder import put_place
from leitai.drive.engine import housekeeping, run_until_idle
from leitai.rules.kernel import Period

from . import seeded as seeds
from .campaigns import put_campaigns
from .chains import put_demo_chains
from .contests import put_contest
from .enterprises import put_enterprises
from .letters import put_letters
from .live import live
from .months import hold_occasions, run_months
from .permits import put_starts
from .pins import fit
from .projects import put_projects
from .script import DemoError, Script, read_script

BATCH = 5000
Tell = Callable[[str], None]


@dataclass
class Built:
    """What a demonstration came to. `links` are the paths by which enterprises come in, of those added now."""

    place: Any
    script: Script
    tables: int = 0
    logins: list[tuple[str, str, str]] = field(default_factory=list)
    links: list[str] = field(default_factory=list)


def build(
    folder: Path,
    *,
    records: Path | None,
    clock: Callable[[], datetime],
    tell: Tell,
    rejects: Path | None = None,
    progress: Any = None,
) -> Built:
    """Bring a place up. `records` names the file of real records where the script asks for one.

    Safe to run again: what is there already is left alone. Raises DemoError, or what `put_place` and `load` raise.
    """
    script = read_script(folder / "demo.yaml")
    if script.records is not None and records is None:
        where = script.records.published
        raise DemoError(
            f"the records of {folder.name} are not part of Leitai: get “{where.name.show('en')}” "
            f"from {where.url} and name the file with --records"
        )
    if records is not None and not records.is_file():
        raise DemoError(f"--records {records}: there is no such file")
    tell(f"{folder.name}: rule-book and units")
    started = clock()
    today = script.today
    place = put_place(folder, by="demo", clock=started, sample=script.sample, today=_instant(folder, today))

    def now() -> datetime:
        return place.now(clock())

    built = Built(place, script)
    built.logins = sign_ins(place, script, now())
    if script.records is not None and records is not None:
        tell(f"{place.key}: records from {records}")
        summary = load(
            place,
            records,
            folder / script.records.map,
            by="demo",
            now=now(),
            latest=clock(),
            rejects=rejects or Path(f"rejects-{place.key}.csv"),
            progress=progress,
        )
        tell(
            f"{place.key}: {summary.taken} rows taken, {summary.already} here already, {summary.rejected} rejected"
        )
        for why, count in summary.reasons:
            tell(f"{place.key}: {count} rejected: {why}")
    first, last = Period.parse(script.period.first), Period.parse(script.period.last)
    hold_occasions(place, first.first, now=now)
    if script.seeded is not None:
        if script.seeded.enterprises is not None:
            given = put_enterprises(place, script.seeded.enterprises, now())
            built.links = [f"/{place.key}/ask/{given[0]}/{given[1]}"] if given else []
        _seed(place, script, first, now, tell)
        if script.seeded.projects is not None:
            tell(f"{place.key}: seeded projects")
            put_projects(place, script.seeded.projects, script.seeded.seed, now())
        if script.seeded.starts:
            tell(f"{place.key}: seeded starts")
            put_starts(place, script.seeded.starts, now())
        if put_campaigns(place, now):
            tell(f"{place.key}: campaigns")
        if put_demo_chains(place, folder, now()):
            tell(f"{place.key}: chains")
        contest = script.seeded.contest
        # Before the drive calls it for the year that the occasions of the past belong to.
        if contest is not None and put_contest(place, script, contest, now()):
            tell(f"{place.key}: a contest before its jury")
    tell(f"{place.key}: tables")
    freezer, publisher = _two(place, script)
    built.tables = run_months(place, first, last, freezer=freezer, publisher=publisher, now=now, tell=tell)
    housekeeping(place, now=now())
    run_until_idle(place, now=now())
    return built


def _instant(folder: Path, today: datetime) -> datetime:
    """The script's `today`, wall time of the place, as an instant."""
    from zoneinfo import ZoneInfo

    from leitai.rules.regime.parse import parse

    parsed = parse((folder / "regime.yaml").read_text(encoding="utf-8-sig"))
    if parsed.regime is None:
        raise DemoError(f"{folder / 'regime.yaml'}: {parsed.findings[0]}")
    return today.replace(tzinfo=ZoneInfo(parsed.regime.place.timezone)) if today.tzinfo is None else today


def sign_ins(place: Any, script: Script, now: datetime) -> list[tuple[str, str, str]]:
    """(login, password, role) of each account made now; those that were there keep their password."""
    found = []
    for one in script.accounts:
        login = f"{one.login}-{place.key}"
        if login in people.accounts([login]):
            continue
        unit = people.unit(place, one.unit) if one.unit else None
        if one.unit and unit is None:
            _make_unit(place, one.unit, now)
            unit = people.unit(place, one.unit)
        password = secrets.token_urlsafe(9)
        people_actions.appoint(
            place=place,
            username=login,
            role="administrator" if one.role == "admin" else one.role,
            unit=unit,
            full_name=one.name.show(place.language),
            password=password,
            by="demo",
            now=now,
        )
        found.append((login, password, one.role))
    return found


def _make_unit(place: Any, key: str, now: datetime) -> None:
    """A unit that the records will bring, entered ahead of them for the clerk posted at it."""
    draft = people_actions.UnitDraft(key=key, name_en=key)
    people_actions.put_units(place=place, drafts=[draft], by="demo", now=now)


def _two(place: Any, script: Script) -> tuple[str, str]:
    """Who freezes and who publishes: two people of the script."""
    names = [one.login for role in ("office", "leader") for one in script.accounts if one.role == role]
    if len(names) < 2:
        raise DemoError(
            "a demonstration needs an office and a leader: whoever freezes a table does not publish it"
        )
    return f"account:{names[0]}-{place.key}", f"account:{names[1]}-{place.key}"


def _seed(place: Any, script: Script, first: Period, now: Callable[[], datetime], tell: Tell) -> None:
    """A seeded year, once: records by import, what is going on now by the real actions."""
    assert script.seeded is not None
    regime = regimes.regime_on(place, now().astimezone(place.zone).date())
    year = seeds.Year(place, regime, script.seeded, now())
    tell(f"{place.key}: seeded cases")
    imported = 0
    for kind, rows in seeds.cases(year, first, now() - timedelta(days=1)).items():
        for part in _batches(rows):
            imported += (
                casework.import_cases(
                    place=place, kind=kind, source="sample", records=part, by="sample", now=now()
                )
                or 0
            )
    tell(f"{place.key}: seeded readings")
    figures = fit(year)
    if script.seeded.letters is not None:
        put_letters(place, script.seeded.letters, figures, now())
    for part in _batches(figures):
        imported += (
            measures.import_readings(place=place, source="sample", records=part, by="sample", now=now()) or 0
        )
    if script.seeded.ballots is not None:
        tell(f"{place.key}: seeded verdicts")
        for part in _batches(seeds.verdicts(year, script.seeded.ballots)):
            imported += (
                ballots.import_ballots(place=place, source="sample", records=part, by="sample", now=now())
                or 0
            )
    if imported:
        clerks = [people.unit(place, one.unit) for one in script.accounts if one.unit]
        live(place, regime, script.seeded, [unit for unit in clerks if unit], now)


def _batches(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(rows), BATCH):
        yield rows[start : start + BATCH]
