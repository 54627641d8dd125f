"""What demo.yaml may say of projects: those a report names, samples that add up to its sums, promotion."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from leitai.rules.regime.parts import Key, Model, Words


class Site(Model):
    """Where sample projects stand: a unit that answers for them, a point around which they lie."""

    unit: str
    where: Words
    longitude: float
    latitude: float


class NamedProject(Model):
    """A project that the report names, its sums in yuan; `started` and `produced` where it says when."""

    code: str
    name: Words
    firm: str = ""
    kind: str = ""
    level: str = ""
    chain: str = ""
    unit: str
    where: Words | None = None
    longitude: float | None = None
    latitude: float | None = None
    planned: Decimal
    libraries: tuple[Key, ...] = ()
    signed: date
    started: date | None = None
    produced: date | None = None


class Lot(Model):
    """Sample projects of a library: how many, and what their sums come to together with those named in it, in yuan.

    They are signed between `first` and `last`; all of them came to the stage `reached` within a month.
    """

    library: Key | None = None
    prefix: str
    name: Words
    count: int
    total: Decimal | None = None
    arrived: Decimal | None = None
    kind: str = ""
    level: str = ""
    reached: Key | None = None
    first: date
    last: date


class JointSpec(Model):
    """A joint start or signing: of the samples of a lot by its prefix, or of all of them."""

    kind: str
    on: date
    name: Words
    where: Words | None = None
    prefix: str


class PromotionSpec(Model):
    """Sample leads of investment promotion, followed by units by turns, found from `first` on."""

    leads: int
    name: Words
    units: tuple[str, ...]
    first: date
    twice: int = 0


class ProjectsScript(Model):
    """Projects of a demonstration. `sponsor` is a log-in of the script."""

    sponsor: str
    sites: tuple[Site, ...]
    named: tuple[NamedProject, ...] = ()
    lots: tuple[Lot, ...] = ()
    joint: tuple[JointSpec, ...] = ()
    promotion: PromotionSpec | None = None
