"""Sample projects: a report's own and its sums, the rest made up from the seed; by the real actions, day by day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from leitai.apps.people import queries as people
from leitai.apps.projects import actions
from leitai.apps.projects import queries as projects
from leitai.apps.projects.drafts import Draft
from leitai.apps.regimes import queries as regimes
from leitai.rules.kernel import Period
from leitai.rules.regime.ventures import ProjectsSpec
from leitai.rules.worktime import parse_within

from .script import DemoError
from .ventures import Lot, NamedProject, ProjectsScript, Site

BY, OTHER = "sample", "sample-office"
STEP = Decimal(10_000)  # sums are whole tens of thousands of yuan
SPREAD = 0.02  # degrees around a site


@dataclass(frozen=True)
class _Year:
    """What every sample needs: the place, its rule-book's word, the script, chance, the last day, whose projects."""

    place: Any
    spec: ProjectsSpec
    script: ProjectsScript
    chance: Random
    today: date
    sponsor: Any
    firms: tuple[Any, ...]

    def at(self, day: date, hour: int = 10) -> datetime:
        """A time of the place's day."""
        return datetime.combine(day, time(hour), self.place.zone)


def put_projects(place: Any, script: ProjectsScript, seed: int, now: datetime) -> int:
    """Enter the projects of a demonstration; how many. What is there already is left alone. Raises DemoError."""
    today = now.astimezone(place.zone).date()
    spec = regimes.regime_on(place, today).projects
    sponsor = people.accounts([f"{script.sponsor}-{place.key}"]).get(f"{script.sponsor}-{place.key}")
    if spec is None or sponsor is None:
        raise DemoError(
            f"{place.key}: projects need their paragraph in the rule-book and a log-in {script.sponsor}"
        )
    year = _Year(
        place, spec, script, Random(f"projects {seed}"), today, sponsor, tuple(people.enterprises(place))
    )
    if projects.listed(place).exists():
        return 0
    made: dict[str, Any] = {one.code: _named(year, one) for one in script.named}
    for lot in script.lots:
        made |= _lot(year, lot)
    for joint in script.joint:
        rows = [row for code, row in made.items() if code.startswith(joint.prefix)]
        language = place.language
        actions.gather(
            place=place,
            kind=joint.kind,
            on=joint.on,
            name=joint.name.show(language),
            where=joint.where.show(language) if joint.where else "",
            projects=rows,
            by=BY,
            now=year.at(joint.on),
        )
    _promote(year, list(made.values()))
    while actions.judge(place=place, by=BY, now=now):
        pass
    return len(made)


def _named(year: _Year, one: NamedProject) -> Any:
    language = year.place.language
    values = {
        "name": one.name.show(language),
        "firm": one.firm,
        "kind": one.kind,
        "level": one.level,
        "chain": one.chain,
        "where": one.where.show(language) if one.where else "",
        "unit": _unit(year, one.unit),
        "sponsor": year.sponsor,
        "longitude": one.longitude,
        "latitude": one.latitude,
    }
    facts = dict(zip(list(year.spec.stages)[3:], (one.started, one.produced), strict=False))
    row = _add(year, one.code, values, one.planned, one.libraries, one.signed)
    return _go(year, row, one.signed, {key: day for key, day in facts.items() if day}, None)


def _lot(year: _Year, lot: Lot) -> dict[str, Any]:
    inside = [one for one in year.script.named if lot.library and lot.library in one.libraries]
    left = lot.total - sum(one.planned for one in inside) if lot.total is not None else None
    sums = _split(year.chance, lot.count, left) if left is not None else _free(year.chance, lot.count)
    signed = sorted(
        lot.first + timedelta(days=year.chance.randrange((lot.last - lot.first).days + 1)) for _ in sums
    )
    found, order = {}, list(year.script.sites)
    for number, (yuan, day) in enumerate(zip(sums, signed, strict=True), 1):
        site = order[year.chance.randrange(len(order))]
        code = f"{lot.prefix}{number:03d}"
        values = _values(year, lot, number, site)
        row = _add(year, code, values, yuan, (lot.library,) if lot.library else (), day)
        found[code] = _go(year, row, day, {}, lot.reached)
    if lot.arrived is not None:
        _arrive(
            year, [*(projects.project(year.place, one.code) for one in inside), *found.values()], lot.arrived
        )
    return found


def _values(year: _Year, lot: Lot, number: int, site: Site) -> dict[str, Any]:
    language, chance = year.place.language, year.chance
    firm = year.firms[chance.randrange(len(year.firms))] if year.firms else None
    return {
        "name": f"{lot.name.show(language)}{number}"
        if language.startswith("zh")
        else f"{lot.name.show(language)} {number}",
        "kind": lot.kind,
        "level": lot.level,
        "where": site.where.show(language),
        "unit": _unit(year, site.unit),
        "enterprise": firm,
        "longitude": round(site.longitude + chance.uniform(-SPREAD, SPREAD), 5),
        "latitude": round(site.latitude + chance.uniform(-SPREAD, SPREAD), 5),
        "land": Decimal(chance.randrange(20, 600)),
    }


def _unit(year: _Year, key: str) -> Any:
    row = people.unit(year.place, key)
    if row is None:
        raise DemoError(f"{year.place.key}: there is no unit {key} for projects")
    return row


def _split(chance: Random, count: int, total: Decimal) -> list[Decimal]:
    """Sums that come to a total, a few large and many small."""
    weights = [chance.lognormvariate(0, 0.9) for _ in range(count)]
    steps = int(total / STEP)
    parts = [max(1, int(steps * weight / sum(weights))) for weight in weights]
    parts[parts.index(max(parts))] += steps - sum(parts)
    return [STEP * part for part in parts]


def _free(chance: Random, count: int) -> list[Decimal]:
    return [STEP * int(chance.lognormvariate(8.5, 0.9)) for _ in range(count)]


def _add(year: _Year, code: str, values: dict[str, Any], yuan: Decimal, libraries: Any, signed: date) -> Any:
    day = signed - timedelta(days=year.chance.randrange(20, 60))
    draft = Draft(code, values, {"planned": yuan}, tuple(libraries))
    row = actions.add(place=year.place, draft=draft, source="样例", by=BY, now=year.at(day))
    second = list(year.spec.stages)[1]
    _enter(year, row, second, signed)
    return row


def _enter(year: _Year, row: Any, stage: str, day: date) -> None:
    evidence = {key: f"样例 {row.code}-{key}" for key in year.spec.stages[stage].needs}
    actions.enter(project=row, stage=stage, on=day, evidence=evidence, by=BY, now=year.at(day, 15))


def _go(year: _Year, row: Any, signed: date, facts: dict[str, date], reached: str | None) -> Any:
    """Plan the stages that are ahead on the day of signing, and go through them up to today, late at times."""
    chance, order = year.chance, list(year.spec.stages)
    plans, day = [], signed
    for index, stage in enumerate(order[2:], 2):
        usual = year.spec.stages[order[index - 1]].usual
        days = parse_within(usual).amount if usual else 150
        sooner = (
            12 if reached and order.index(reached) >= index else max(15, int(days * chance.uniform(0.5, 1.1)))
        )
        day = facts.get(stage, day + timedelta(days=sooner))
        plans.append((stage, day, index > 3))
    drafts = [
        {
            "key": stage,
            "name": year.spec.stages[stage].name.show(year.place.language),
            "plan": plan,
            "stage": stage,
            "outdoors": outdoors,
        }
        for stage, plan, outdoors in plans
    ]
    actions.plan(project=row, milestones=drafts, by=BY, now=year.at(signed, 16))
    last = signed
    for stage, plan, _outdoors in plans:
        late = chance.choices((-3, 0, chance.randrange(1, 26), chance.randrange(30, 90)), (2, 5, 2, 1))[0]
        forced = stage in facts or bool(reached and order.index(reached) >= order.index(stage))
        fact = max(last, plan + timedelta(days=0 if stage in facts else min(late, 9) if forced else late))
        mark = row.milestones.get(key=stage)
        if fact > year.today:
            _wait(year, row, mark, fact)
            break
        # Reached, then entered: so no light turns for the hour between the two.
        actions.reach(
            milestone=mark, fact=fact, evidence=f"样例照片 {row.code}", by=BY, now=year.at(fact, 14)
        )
        _enter(year, row, stage, fact)
        last = fact
    _week(year, row)
    return row


def _wait(year: _Year, row: Any, mark: Any, fact: date) -> None:
    """What is late today: some say so, some claim a delay that the office agrees to, some say nothing."""
    chance = year.chance
    if fact > mark.plan and chance.random() < 0.5:
        actions.foresee(
            milestone=mark, forecast=fact, why="样例：设备到货晚", by=BY, now=year.at(year.today, 8)
        )
    if mark.plan < year.today - timedelta(days=6) and chance.random() < 0.5:
        cause = chance.choice(list(year.spec.causes))
        first = mark.plan - timedelta(days=4)
        delay = actions.claim(
            project=row,
            cause=cause,
            first=max(first, mark.set_on + timedelta(days=1)),
            last=year.today - timedelta(days=1),
            text="样例：说明与文件号见附件",
            by=BY,
            now=year.at(year.today, 8),
        )
        if chance.random() < 0.7:
            actions.agree(delay=delay, reply="样例：已核", by=OTHER, now=year.at(year.today, 9))


def _week(year: _Year, row: Any) -> None:
    """A task of last week that came to something, and one of this week."""
    week = Period.containing("week", year.today)
    if year.chance.random() < 0.6:
        return
    for period, text in ((week.previous(), "样例：完成场地平整"), (week, "样例：设备基础浇筑")):
        actions.plan_week(project=row, week=period.key, texts=[text], by=BY, now=year.at(period.first, 9))
    task = row.tasks.get(week=week.previous().key)
    done = year.chance.random() < 0.8
    note = "样例照片 7" if done else "样例：连日降雪"
    actions.tell_task(task=task, done=done, note=note, by=BY, now=year.at(week.previous().last, 17))


def _arrive(year: _Year, rows: list[Any], total: Decimal) -> None:
    """Sums that arrived by the end of the year, in proportion, together a total."""
    planned = [row.planned for row in rows]
    parts = [(total * one / sum(planned)).quantize(STEP) for one in planned]
    parts[planned.index(max(planned))] += total - sum(parts)
    day = min(year.today, date(year.today.year, 1, 1) - timedelta(days=1))
    for row, yuan in zip(rows, parts, strict=True):
        on = max(day, row.stage_since)
        sums = {"arrived": yuan}
        actions.note_sums(project=row, sums=sums, on=on, source="样例", by=BY, now=year.at(on, 18))


def _promote(year: _Year, rows: list[Any]) -> None:
    """Leads that went some way each; a few firms are followed by two units."""
    spec = year.script.promotion
    if spec is None:
        return
    chance, language = year.chance, year.place.language
    units = [_unit(year, key) for key in spec.units]
    teams = [
        actions.add_team(
            place=year.place,
            key=f"team-{unit.key}"[:40],
            name=f"{unit.name_zh or unit.name}招商小分队",
            unit=unit,
            by=BY,
            now=year.at(spec.first),
        )
        for unit in units
    ]
    span = (year.today - spec.first).days
    for number in range(1, spec.leads + 1):
        turn = number % len(units)
        day = spec.first + timedelta(days=chance.randrange(max(1, span - 40)))
        again = number > spec.leads - spec.twice
        shown = f"{spec.name.show(language)}{number - (spec.leads // 2 | 1) if again else number}"
        lead = actions.add_lead(
            place=year.place,
            code=f"L{number:03d}",
            firm=f"{shown}有限公司" if number % 2 else f"{shown}股份有限公司",
            name="样例：意向项目",
            unit=units[turn],
            team=teams[turn],
            on=day,
            yuan=STEP * chance.randrange(2000, 90_000),
            by=BY,
            now=year.at(day),
        )
        for step in ("visited", "talks", "signed"):
            day += timedelta(days=chance.randrange(5, 60))
            if day > year.today or chance.random() < 0.3:
                break
            actions.step_lead(
                lead=lead, step=step, on=day, text="样例：会谈纪要", by=BY, now=year.at(day, 11)
            )
        else:
            if rows and day + timedelta(days=9) <= year.today:
                on = day + timedelta(days=9)
                actions.land(
                    lead=lead, project=chance.choice(rows), on=on, text="", by=BY, now=year.at(on, 11)
                )
