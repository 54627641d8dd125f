"""A crowd at the codes on the walls: a sample place of any size with a year of verdicts, made up from a seed.

To see what pages and counts do under the load of a large city, there must be one. Few units have many visitors
and many have few; weekends are quiet; some units are worse than the rest; a few codes hang where nobody sees
them, and a few fell silent lately. Everything is stored by the rooms' real actions: the past as verdicts of
another system, with what became of the bad ones; the last day's as if they were cast, so that they have receipts.

The same seed gives the same verdicts, each under a number of its own, so that a load which was broken off is
finished by running it again.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leitai.apps.ballots import actions as ballots
from leitai.apps.ballots import queries as ballot_rows
from leitai.apps.ledger.errors import refuse
from leitai.apps.people import actions as people_actions
from leitai.apps.people import queries as people
from leitai.apps.regimes import actions as regimes
from leitai.apps.regimes import queries as books
from leitai.rules.kernel import N_

SOURCE = "crowd"
BY = "sample"
BATCH = 5000
BLOCK = 16  # a department, three halls below it, and their windows
CHANNELS = ("standing", "visit", "matter", "invited")
MIX = {
    "window": (0.5, 0.36, 0.08, 0.06),
    "hall": (0.6, 0.3, 0.05, 0.05),
    "department": (0.8, 0.0, 0.14, 0.06),
}
WEEK = (1.1, 1.0, 1.0, 0.95, 0.95, 0.3, 0.12)  # how busy Monday to Sunday are
STANDINGS = ("counted", "upheld", "set_aside")
REASON = {
    "zh-hans": "样例：回访时群众说是误评",
    "en": "Sample: called back, the citizen says it was a mistake",
}
NAMES = {
    "window": ("窗口", "window"),
    "hall": ("服务大厅", "service hall"),
    "department": ("部门", "department"),
}

BOOK = """\
leitai: 1
place: {{key: {key}, name: {{zh: 样例地, en: Sample place}}, timezone: Asia/Shanghai}}
regime: {{title: {{zh: 样例规则, en: Sample rules}}, in_force: {first}, source: made up to show the system}}
calendars:
  office: {{holidays: none, windows: ["09:00-17:00"]}}
kinds:
  department: {{zh: 部门, en: Department}}
  hall: {{zh: 服务大厅, en: Service hall}}
  window: {{zh: 窗口, en: Window}}
groups:
  all-units: {{name: {{zh: 各单位, en: All units}}, units: {{all: true}}}}
ballots:
  grades: five
  minimum: 30
  reasons:
    slow: {{zh: 久拖不办, en: Dragged out}}
    manner: {{zh: 态度不好, en: Bad manner}}
    extra: {{zh: 要多余的材料, en: Asked for needless papers}}
measures:
  good-verdicts:
    name: {{zh: 满意率, en: Good verdicts}}
    better: more
    from: ballots.satisfied_rate
    points: {{by: target, target: 1}}
    source: made up
arenas:
  service: {{name: {{zh: 服务擂台, en: Service}}, every: month, groups: [all-units], weigh: {{good-verdicts: 100}}}}
cases:
  bad-verdict:
    name: {{zh: 差评, en: Bad verdict}}
    flow: verdict
    clocks:
      call: {{name: {{zh: 回访, en: Call back}}, until: called, within: 1 workday, on: office}}
      rectify: {{name: {{zh: 整改, en: Put right}}, from: called, until: answered, within: 5 workdays, on: office}}
rules:
  - {{on: ballot.bad, do: open case bad-verdict, source: made up}}
"""


@dataclass(frozen=True)
class Crowd:
    """How large a load is. Its `name` is part of each verdict's number, so that another load adds to it."""

    points: int
    ballots: int
    days: int
    seed: int

    @property
    def name(self) -> str:
        """What tells this load from others."""
        return f"{self.seed}-{self.points}-{self.days}-{self.ballots}"


@dataclass(frozen=True)
class Drawn:
    """The verdicts of a load in the order of time, a column each. `day` counts from the first day; `unit` from 0."""

    day: NDArray[np.int64]
    second: NDArray[np.int64]
    unit: NDArray[np.int64]
    channel: NDArray[np.int64]
    bad: NDArray[np.bool_]
    shade: NDArray[np.int64]
    standing: NDArray[np.int64]


def kind_of(unit: int) -> str:
    """What the unit of a number is."""
    return "department" if unit % BLOCK == 0 else "hall" if unit % BLOCK <= 3 else "window"


def draw(crowd: Crowd, first: date) -> Drawn:
    """The verdicts of a load that begins on a day; the first verdict is of that day."""
    rng = np.random.default_rng([crowd.seed, crowd.points, crowd.days, crowd.ballots])
    count, units = crowd.ballots, crowd.points
    busy = np.array([WEEK[(first + timedelta(days=n)).weekday()] for n in range(crowd.days)])
    busy *= np.linspace(0.8, 1.2, crowd.days)
    day = rng.choice(crowd.days, count, p=busy / busy.sum())
    weight = rng.lognormal(0, 1.25, units)
    weight[rng.random(units) < 0.012] = 0.0  # codes that nobody sees
    weight[0] = max(weight[0], 1.0)
    unit = rng.choice(units, count, p=weight / weight.sum())
    fell = np.flatnonzero((rng.random(units) < 0.012) & (weight > 2))
    late = np.isin(unit, fell) & (day > crowd.days - 26)
    day[late] = rng.integers(0, max(crowd.days - 26, 1), int(late.sum()))
    morning = rng.random(count) < 0.58
    hour = np.where(morning, 8.6 + 3.4 * rng.beta(2, 2, count), 13.4 + 4.2 * rng.beta(2, 2.4, count))
    second = (hour * 3600).astype(np.int64)
    day[int(np.argmin(day))] = 0
    order = np.lexsort((second, day))
    day, second, unit = day[order], second[order], unit[order]
    kind = np.array([("department", "hall", "window").index(kind_of(n)) for n in range(units)])
    steps = np.cumsum([MIX["department"], MIX["hall"], MIX["window"]], axis=1)
    channel = (rng.random(count)[:, None] > steps[kind[unit]]).sum(axis=1).clip(0, len(CHANNELS) - 1)
    quality = rng.normal(-3.0, 0.5, units)
    quality[rng.random(units) < 0.02] += 1.7
    log_odds = quality[unit] + np.linspace(0.35, -0.25, crowd.days)[day] + np.where(channel == 3, 0.25, 0.0)
    bad = rng.random(count) < 1 / (1 + np.exp(-log_odds))
    settled = rng.random(count) < np.minimum(0.97, (crowd.days - day) / 6)
    found = rng.choice(3, count, p=(0.18, 0.6, 0.22))
    standing = np.where(bad & settled, found, 0)
    return Drawn(day, second, unit, channel, bad, rng.integers(0, 1 << 16, count), standing)


def put_sample(key: str, crowd: Crowd, now: datetime) -> Any:
    """The sample place of a key with so many units, each with its point; made where it is not there yet.

    Raises Refused where the place is a real one.
    """
    place = next((one for one in people.places() if one.key == key), None)
    if place is None:
        place = people_actions.add_place(
            key=key,
            name_zh="样例地",
            name_en="Sample place",
            timezone="Asia/Shanghai",
            sample=True,
            by=BY,
            now=now,
        )
    if not place.sample:
        raise refuse(
            "not-a-sample", N_("%(key)s is a real place: nothing made up is loaded into it."), key=key
        )
    people_actions.put_units(place=place, drafts=list(_units(crowd.points)), by=BY, now=now)
    if not books.versions(place):
        text = BOOK.format(key=key, first=date(2020, 1, 1))
        regimes.load(place=place, text=text, by=BY, now=now)
    wanted = {draft.key for draft in _units(crowd.points)}
    ours = [unit for unit in people.units(place) if unit.key in wanted]
    ballots.add_points(place=place, units=ours, by=BY, now=now)
    return place


def _units(count: int) -> Iterator[people_actions.UnitDraft]:
    for number in range(count):
        kind = kind_of(number)
        zh, en = NAMES[kind]
        start = number - number % BLOCK
        above = {"department": "", "hall": _key(start), "window": _key(start + 1 + number % 3)}[kind]
        name = f"{number + 1:04d}"
        yield people_actions.UnitDraft(_key(number), f"样例{zh} {name}", f"Sample {en} {name}", above, kind)


def _key(number: int) -> str:
    return f"sample-{number + 1:05d}"


def accounts(place: Any, now: datetime) -> list[tuple[str, str, str]]:
    """(log-in, password, role) of an office and a clerk of the first unit, where they are made now."""
    found = []
    for role, unit in (("office", None), ("clerk", people.unit(place, _key(0)))):
        login = f"{role}-{place.key}"
        if login in people.accounts([login]):
            continue
        password = secrets.token_urlsafe(9)
        people_actions.appoint(
            place=place, username=login, role=role, unit=unit, password=password, by=BY, now=now
        )
        found.append((login, password, role))
    return found


def load(place: Any, crowd: Crowd, now: datetime, step: Callable[[int], None]) -> int:
    """Store the verdicts of a load that are not there yet; how many. `step` is told the size of each batch.

    The load ends on the day before it was begun.
    """
    first = _begun(place, crowd) or now.astimezone(place.zone).date() - timedelta(days=crowd.days)
    drawn = draw(crowd, first)
    past = int(np.searchsorted(drawn.day, crowd.days - 1))
    makes, before = _Makes(place, crowd, first, drawn), ballot_rows.how_many(place)
    for start in range(0, past, BATCH):
        end = min(start + BATCH, past)
        # A batch is stored whole or not at all.
        if ballot_rows.taken(place, SOURCE, makes.number(end - 1)) is None:
            records = [makes.record(n) for n in range(start, end)]
            ballots.import_ballots(place=place, source=SOURCE, records=records, by=BY, now=now)
        step(end - start)
    for start in range(past, crowd.ballots, BATCH):
        end = min(start + BATCH, crowd.ballots)
        drafts = [makes.draft(n) for n in range(start, end)]
        ballots.cast_many(place=place, drafts=drafts, by=BY, now=now)
        step(end - start)
    return ballot_rows.how_many(place) - before


def _begun(place: Any, crowd: Crowd) -> date | None:
    """The first day of this load where it was begun before."""
    at = ballot_rows.taken(place, SOURCE, f"{crowd.name}-0")
    return at.astimezone(place.zone).date() if at is not None else None


class _Makes:
    """Makes records and drafts of the columns that were drawn."""

    def __init__(self, place: Any, crowd: Crowd, first: date, drawn: Drawn) -> None:
        self.crowd = crowd
        midnights = (
            datetime.combine(first + timedelta(days=n), time(), place.zone) for n in range(crowd.days)
        )
        self.midnights = [at.astimezone(UTC) for at in midnights]
        points = {point.unit.key: point for point in ballot_rows.points(place)}
        self.points = [points[_key(number)] for number in range(crowd.points)]
        scale = ballot_rows.scale(place, first)
        self.grades = [[one.key for one in scale.grades if one.bad is bad] for bad in (False, True)]
        self.reason = REASON[place.language]
        self.columns = [column.tolist() for column in vars(drawn).values()]

    def number(self, n: int) -> str:
        """The source id of a verdict."""
        return f"{self.crowd.name}-{n}"

    def _said(self, n: int) -> tuple[Any, str, str, datetime, str]:
        """Point, grade, channel, instant and standing of a verdict."""
        day, second, unit, channel, bad, shade, standing = (column[n] for column in self.columns)
        grades = self.grades[bad]
        at = self.midnights[day] + timedelta(seconds=second)
        return self.points[unit], grades[shade % len(grades)], CHANNELS[channel], at, STANDINGS[standing]

    def record(self, n: int) -> ballots.BallotRecord:
        """A verdict of the past."""
        point, grade, channel, at, standing = self._said(n)
        reason = self.reason if standing == "set_aside" else ""
        return ballots.BallotRecord(
            self.number(n), point.unit_id, grade, at, channel, standing, reason, point.pk
        )

    def draft(self, n: int) -> ballots.BallotDraft:
        """A verdict of the last day."""
        point, grade, channel, at, _ = self._said(n)
        once = f"{SOURCE}-{self.number(n)}"
        return ballots.BallotDraft(point.unit, grade, once, point, channel, None, at)
