"""A place's chains as a file (chains.yaml): links, what they need, firms with capacities, gaps at work.

The chains themselves, with chief and unit, are the rule-book's; this is the data below them. A figure that the
rule-book already has is named, not written a second time: `share: {figure: share-polysilicon}`. Every fault is told
where it stands.

    chains:
      photovoltaics:
        links:
          rods:
            name: {zh: 单晶硅棒, en: Monocrystalline rods}
            tier: mid
            needs: {silicon: {name: 多晶硅, from: {polysilicon: 80}}}   # per cent; the rest comes from outside
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import Field, ValidationError

from leitai.rules.kernel import N_, Finding, Where, nearest
from leitai.rules.regime.faults import in_plain_words
from leitai.rules.regime.model import Figure, Regime
from leitai.rules.regime.parts import Key, Model, Number, Words
from leitai.rules.regime.source import Branch, Positions, plain, read

HUNDRED = Decimal(100)
MOST_LINKS = 300  # of one chain; sixty can still be read as a picture


class Quantity(Model):
    """A number with its source, or a figure of the rule-book, which has both."""

    figure: Key | None = None
    value: Number | None = Field(None, ge=0)
    of: Words | None = Field(None, description="what it is a share of: the nation, the province")
    source: str = ""


class NeedSpec(Model):
    """A material that a link needs; `from` the links here that make it, in per cent of the need."""

    name: Words
    from_: dict[Key, Number] = Field({}, alias="from")
    source: str = ""


class FirmSpec(Model):
    """A firm in a link. `output` is a year's, in yuan; `produces: false` while it is being built."""

    name: Words
    park: str | None = None
    enterprise: str | None = None
    capacity: Number | None = Field(None, ge=0)
    building: Number | None = Field(None, ge=0)
    output: Number | None = Field(None, ge=0)
    produces: bool = True
    as_of: date | None = None
    source: str = ""


class LinkSpec(Model):
    """A link of a chain."""

    name: Words
    tier: Literal["up", "mid", "down"]
    unit: Words | None = None
    capacity: Quantity | None = None
    whole: Quantity | None = None
    share: Quantity | None = Field(None, description="of the whole, in per cent")
    sold_outside: Number | None = Field(None, ge=0, le=100)
    needs: dict[Key, NeedSpec] = {}
    firms: dict[Key, FirmSpec] = {}
    source: str = ""


class GapSpec(Model):
    """A gap that is being worked on: at which link, of which kind, by which unit, until when."""

    link: Key
    kind: Literal["strengthen", "fill", "extend"]
    text: Words
    unit: str
    due: date
    since: date | None = Field(None, description="the day it was begun; without it, that of the import")
    source: str = ""


class ChainData(Model):
    """What the file says of one chain."""

    links: dict[Key, LinkSpec] = Field(min_length=1, max_length=MOST_LINKS)
    gaps: tuple[GapSpec, ...] = ()


class ChainBook(Model):
    """The file."""

    leitai: Literal[1]
    chains: dict[Key, ChainData] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class ReadBook:
    """What came of a text: the book, None where there is an error, and the findings with their places."""

    book: ChainBook | None
    findings: tuple[Finding, ...]


def read_book(text: str, regime: Regime, units: Collection[str], *, file: str = "") -> ReadBook:
    """The chains of a text, checked against the rule-book and the keys of the place's units."""
    tree, told = read(text, file)
    findings = list(told)
    if not isinstance(tree, Branch):
        message = N_("a file of chains is a mapping that starts with “leitai: 1”")
        findings = findings or [Finding("wrong-type", message, Where(file, 1, 1))]
        return ReadBook(None, tuple(findings))
    positions = Positions(tree, file)
    try:
        book = ChainBook.model_validate(plain(tree))
    except ValidationError as error:
        known = {finding.where for finding in findings}
        findings += [
            one for one in in_plain_words(error, ChainBook, tree, positions) if one.where not in known
        ]
        return ReadBook(None, tuple(sorted(findings, key=lambda one: one.where)))
    findings += _faults(book, regime, units, positions)
    findings.sort(key=lambda one: one.where)
    return ReadBook(None if findings else book, tuple(findings))


def _faults(
    book: ChainBook, regime: Regime, units: Collection[str], positions: Positions
) -> Iterator[Finding]:
    for key, chain in book.chains.items():
        path = ("chains", key)
        if key not in regime.chains:
            yield _unknown("chain", key, regime.chains, positions.key(*path))
        for name, link in chain.links.items():
            at = (*path, "links", name)
            for what in ("capacity", "whole", "share"):
                yield from _quantity(getattr(link, what), regime.figures, positions, *at, what)
            for need, spec in link.needs.items():
                yield from _need(name, spec, chain.links, positions, *at, "needs", need)
            for firm, one in link.firms.items():
                if one.park is not None and one.park not in units:
                    yield _unknown("unit", one.park, units, positions.value(*at, "firms", firm, "park"))
        for index, gap in enumerate(chain.gaps):
            if gap.link not in chain.links:
                yield _unknown("link", gap.link, chain.links, positions.value(*path, "gaps", index, "link"))
            if gap.since is not None and gap.due < gap.since:
                where = positions.value(*path, "gaps", index, "due")
                yield Finding("due-before", N_("it is due before it was begun"), where)
            if gap.unit not in units:
                yield _unknown("unit", gap.unit, units, positions.value(*path, "gaps", index, "unit"))


def _quantity(
    said: Quantity | None, figures: Mapping[str, Figure], positions: Positions, *path: object
) -> Iterator[Finding]:
    if said is None:
        return
    if (said.figure is None) == (said.value is None):
        message = N_("say either a value or a figure of the rule-book")
        yield Finding("one-of-two", message, positions.key(*path))
    elif said.figure is not None and said.figure not in figures:
        yield _unknown("figure", said.figure, figures, positions.value(*path, "figure"))


def _need(
    link: str, spec: NeedSpec, links: Mapping[str, LinkSpec], positions: Positions, *path: object
) -> Iterator[Finding]:
    for name, share in spec.from_.items():
        at = positions.key(*path, "from", name)
        if name not in links:
            yield _unknown("link", name, links, at)
        elif name == link:
            yield Finding("own-supply", N_("a link does not supply itself"), at)
        elif share > 0 and not any(firm.produces for firm in links[name].firms.values()):
            message = N_("nobody here makes “%(link)s”, so it supplies nothing; write 0")
            yield Finding("supply-from-nobody", message, at, {"link": name})
        if not 0 <= share <= HUNDRED:
            yield Finding("bad-share", N_("a share lies between 0 and 100"), at)
    if sum(spec.from_.values(), Decimal(0)) > HUNDRED:
        message = N_("more than 100 %% of what is needed: %(total)s")
        values = {"total": sum(spec.from_.values(), Decimal(0))}
        yield Finding("more-than-all", message, positions.key(*path, "from"), values)


def _unknown(what: str, name: str, names: Collection[str], where: Where) -> Finding:
    near = nearest(name, names)
    values = {"what": what, "name": name, "near": near}
    if near is None:
        return Finding(f"unknown-{what}", N_("there is no %(what)s “%(name)s”"), where, values)
    return Finding(
        f"unknown-{what}", N_("there is no %(what)s “%(name)s”; nearest is “%(near)s”"), where, values
    )
