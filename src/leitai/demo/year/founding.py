"""The beginning of a simulated year: the place, its accounts and officials, enterprises, and how good each unit is."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from leitai.apps.people import actions as people_actions
from leitai.apps.people import queries as people
from leitai.bulk.folder import put_place
from leitai.rules.kernel import Period
from leitai.rules.regime.parse import parse

from ..build import sign_ins
from ..enterprises import put_enterprises
from ..pins import fit
from ..script import Between, Script, Seeded
from ..seeded import Year
from . import words
from .world import World

STAFF = {"office": 4, "leader": 3, "inspector": 3, "patrol": 5}
SMALL = ("window", "hall", "point")
YEARS = 2  # for which heads were in office before the year
PAGE = 400


def found(folder: Path, script: Script, start: datetime, end: datetime, clock: datetime) -> Any:
    """The place as it is on the year's first day; when the year is over, its present is the year's end.

    `clock`: what the clock on the wall says, from which a sample place's present is reckoned.
    """
    parsed = parse((folder / "regime.yaml").read_text(encoding="utf-8-sig"))
    assert parsed.regime is not None  # whoever calls has read it
    spec = parsed.regime.place
    people_actions.add_place(
        key=spec.key,
        name_zh=spec.name.zh,
        name_en=spec.name.en,
        timezone=spec.timezone,
        language=spec.language,
        sample=script.sample,
        lag=clock - end,
        by="demo",
        now=start,
    )
    return put_place(folder, by="demo", clock=clock - end + start, sample=script.sample)


def appoint(world: World) -> list[tuple[str, str, str]]:
    """Accounts: those of the script, with passwords (returned), and colleagues of each, who need none."""
    place, script = world.place, world.script
    logins = sign_ins(place, script, world.now)
    for role, many in STAFF.items():
        own = [f"{one.login}-{place.key}" for one in script.accounts if one.role == role]
        groups = max((len(one.groups) for one in world.regime.inspections.values()), default=0)
        for n in range(len(own) + 1, max(many, groups if role == "patrol" else 0) + 1):
            login = f"{role}{n}-{place.key}"
            people_actions.appoint(place=place, username=login, role=role, by="demo", now=world.now)
            own.append(login)
        world.staff[role] = own
    for one in script.accounts:
        if one.role == "clerk" and one.unit:
            world.posted(one.unit, f"{one.login}-{place.key}")
    if script.seeded is not None and script.seeded.enterprises is not None:
        put_enterprises(place, script.seeded.enterprises, world.now)
    return logins


def name_officials(world: World) -> None:
    """A head for each unit, and a deputy where it is no counter; the clerk's own head can be looked at by themself."""
    since = date(world.first.year - YEARS, 1, 1)
    drafts = []
    for unit in people.units(world.place):
        duties = ("head",) if unit.kind in SMALL else ("head", "deputy")
        for duty in duties:
            rng = world.chance.of("official", unit.key, duty)
            drafts.append(
                people_actions.OfficialDraft(
                    key=f"{unit.key}-{duty}",
                    unit=unit.key,
                    duty=duty,
                    since=since,
                    name=world.say(words.who(rng)),
                )
            )
    for start in range(0, len(drafts), PAGE):
        people_actions.put_officials(
            place=world.place, drafts=drafts[start : start + PAGE], by="demo", now=world.now
        )


def makings(world: World) -> tuple[Year, list[Any]]:
    """How good each unit is in each month, and the year's figures that follow from it, the pinned ones as told."""
    seeded = world.script.seeded
    assert seeded is not None
    months = (f"{world.first:%Y-%m}", f"{world.last:%Y-%m}")
    year = Year(world.place, world.regime, _of_year(seeded, world, months), world.now)
    return year, fit(year)


def _of_year(seeded: Seeded, world: World, months: tuple[str, str]) -> Seeded:
    """The script's seeded year with this year's seed, for these months; pins of other years stay out."""
    first, last = (Period.parse(one) for one in months)
    pins = tuple(
        one
        for one in seeded.pins
        if one.period is not None
        and first.first <= Period.parse(one.period).first
        and Period.parse(one.period).last <= min(last.last, world.local(world.end).date())
    )
    # With the demonstration's own seed as a part of it: two places of one seed are not alike.
    seed = seeded.seed * 1_000_003 + world.chance.seed
    between = Between.model_validate({"from": months[0], "to": months[1]})
    return seeded.model_copy(update={"seed": seed, "readings": between, "pins": pins})


def ends(first: date, last: date, zone: Any, tail: timedelta) -> tuple[datetime, datetime]:
    """The instants at which the year begins and at which the last of what follows from it is over."""
    start = datetime(first.year, first.month, first.day, tzinfo=zone)
    after = last + tail
    return start, datetime(after.year, after.month, after.day, tzinfo=zone)
