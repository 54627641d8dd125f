"""What a place's demo.yaml may say: the records to bring in, or the year to be seeded, and who signs in."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, ValidationError
from ruamel.yaml import YAML, YAMLError

from leitai.rules.regime.model import Key, Model, Words

from .ventures import ProjectsScript

PeriodKey = Annotated[str, BeforeValidator(str)]


class DemoError(Exception):
    """A demo.yaml that cannot be used, or a place that cannot be shown; its text says where and why."""


class Published(Model):
    """Where the owners of the records publish them."""

    name: Words
    url: str
    licence: str = ""


class Records(Model):
    """Real records, named on the command line, and how to read them."""

    what: Literal["cases", "ballots", "readings"]
    map: str
    published: Published


class Span(Model):
    """The months whose tables are run, both included."""

    first: PeriodKey
    last: PeriodKey


class AccountSpec(Model):
    """Someone who may sign in to the demonstration."""

    login: str
    name: Words
    role: str
    unit: str | None = None


class Between(Model):
    """Months, both included."""

    from_: PeriodKey = Field(alias="from")
    to: PeriodKey


class Pin(Model):
    """Something that a report says and that the seeded year must therefore show."""

    table: str | None = None
    group: str | None = None
    measure: str | None = None
    cases: str | None = None
    period: PeriodKey | None = None
    unit: str | None = None
    rank: Literal["last"] | None = None
    gained: int | None = None
    value: Decimal | None = None
    total: int | None = None
    count: int | None = None
    opened: PeriodKey | None = None


class Shares(Model):
    """The share of bad verdicts in the first and in the last month; between them it changes evenly."""

    first_month: float
    last_month: float


class BallotPin(Model):
    """A unit's verdicts over some months, "2021-10..2021-12"."""

    unit: str
    bad: int
    total: int
    months: str


class Ballots(Model):
    """Seeded verdicts. `worst` units are made clearly worse than the rest."""

    total: int
    from_: PeriodKey = Field(alias="from")
    to: PeriodKey
    bad_share: Shares
    heavy_tail: bool = True
    pins: tuple[BallotPin, ...] = ()
    worst: int = 0
    worst_ballots: int = 120
    worst_bad_share: float = 0.4


class Enterprises(Model):
    """Sample enterprises with a sponsor (a log-in of the script) and a liaison unit; each gets a secret link.

    `cases` are the kinds of seeded cases that are theirs, given to them by turns.
    """

    count: int
    name: Words
    sponsor: str
    liaison: str
    cases: tuple[Key, ...] = ()


class ContestScript(Model):
    """A contest of the rule-book that is before its jury at the instant of the demonstration; how many stand in it."""

    key: Key
    forward: int = Field(default=4, ge=2, le=20)


class LettersScript(Model):
    """Letters of responsibility of some units for a year, about measures whose targets are seeded."""

    year: PeriodKey
    units: tuple[str, ...]
    measures: tuple[Key, ...]


class Seeded(Model):
    """A year of records made up from a seed, carrying the reports' own figures."""

    seed: int
    readings: Between | None = None
    pins: tuple[Pin, ...] = ()
    cases: dict[Key, int] = {}
    open_cases: dict[Key, int] = {}
    ballots: Ballots | None = None
    enterprises: Enterprises | None = None
    starts: int = 0
    contest: ContestScript | None = None
    projects: ProjectsScript | None = None
    letters: LettersScript | None = None


class Script(Model):
    """A demonstration."""

    leitai: Literal[1]
    name: Words
    sample: bool
    records: Records | None = None
    seeded: Seeded | None = None
    period: Span
    today: datetime
    accounts: tuple[AccountSpec, ...]


def read_script(path: Path) -> Script:
    """The script of a demo.yaml. Raises DemoError naming the line."""
    yaml = YAML(typ="safe", pure=True)
    try:
        found: Any = yaml.load(path.read_text(encoding="utf-8"))
        return Script.model_validate(found)
    except FileNotFoundError:
        raise DemoError(f"{path}: there is no such file, so nothing to show of this place") from None
    except YAMLError as fault:
        raise DemoError(f"{path}: {fault}") from None
    except ValidationError as fault:
        first = fault.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise DemoError(f"{path}: {where}: {first['msg']}") from None
