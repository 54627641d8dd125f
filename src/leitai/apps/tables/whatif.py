"""What other weights, methods or rules would have made of past periods, as the office asks before it announces them.

A question is an arena with its weights and methods, or a whole other rule-book, and a span of past periods. The answer
is the replay's (`queries/replay.py`): who gains, who loses, and which of it is no more than chance may explain anyway.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from leitai.apps.ledger.errors import Refused, refuse
from leitai.apps.people import queries as people
from leitai.apps.regimes import queries as regimes
from leitai.rules.kernel import N_, Period, Severity, Text
from leitai.rules.regime.book import RegimeError
from leitai.rules.regime.check import check_text
from leitai.rules.regime.model import MeasureSpec, Regime
from leitai.rules.scoring import Row
from leitai.rules.scoring.change import Moved

from . import queries
from .lines import Gain
from .queries.replay import Deed, Replayed, UnitSum

LEAST, MOST = Decimal(0), Decimal(100)  # of a weight
LINES = 12_000  # lines of tables that a page computes again; more is for the command line
BACK = 3  # periods that are asked about unless others are
WAYS = {
    "target": N_("completion of the target"),
    "min-max": N_("between the group's lowest and highest"),
    "rank": N_("place in the group"),
}


@dataclass(frozen=True)
class Weighed:
    """One thing that an arena weighs: its weight by the rule-book and as asked, and its way to points likewise.

    `ways` are those it can be scored by; none for an arena below. `way` is "" for the rule-book's own.
    """

    key: str
    name: Text
    weight: Decimal
    asked: Decimal
    ways: Mapping[str, str]
    own: str
    way: str


@dataclass(frozen=True)
class Question:
    """What is asked. `regime` is the whole of it as a rule-book; `arenas` the tables it can touch, None for all."""

    arena: str
    first: Period
    last: Period
    book: date
    weighed: tuple[Weighed, ...]
    regime: Regime
    arenas: frozenset[str] | None
    faults: tuple[Refused, ...] = ()

    @property
    def is_asked(self) -> bool:
        """Whether anything is other than it was, and nothing is wrong in it."""
        return not self.faults and (self.arenas is None or bool(self.arenas))


def asked(place: Any, given: Mapping[str, str]) -> Question:
    """The question of a form: arena, from, to, book, and for each key `w-KEY` and `by-KEY`.

    What is wrong with a weight is in its faults, so that the form keeps what was typed. Raises Refused for the rest,
    NoRegime where the place has no rules.
    """
    told = periods(place)
    arena = given.get("arena", "")
    arena = arena if arena in told else next(iter(told), "")
    if not arena:
        raise refuse("no-tables", N_("No table has been published yet, so there is nothing to ask about."))
    first, last = _span(told[arena], given)
    usual = regimes.version_on(place, last.last).in_force
    book = _book(place, given.get("book", ""), usual)
    base = regimes.regime_on(place, book if book != usual else last.last)
    if arena not in base.arenas:
        return Question(arena, first, last, book, (), base, None)
    faults: list[Refused] = []
    weighed = tuple(_weighed(base, arena, key, given, faults) for key in base.arenas[arena].weigh)
    total, right = sum(one.asked for one in weighed), sum(one.weight for one in weighed)
    if total != right and not faults:
        message = N_("The weights sum to %(total)s; they are to sum to %(right)s.")
        faults.append(refuse("weights-sum", message, total=total, right=right))
    regime, keys = base, set()
    if any(one.asked != one.weight for one in weighed):
        regime = queries.weighed_otherwise(regime, arena, {one.key: one.asked for one in weighed})
        keys.add(arena)
    for one in weighed:
        if one.way:
            regime = queries.scored_otherwise(regime, one.key, one.way)
            keys.add(one.key)
    arenas = None if book != usual else frozenset(queries.touched(regime, keys))
    return Question(arena, first, last, book, weighed, regime, arenas, tuple(faults))


def drafted(place: Any, text: str, given: Mapping[str, str]) -> Question:
    """The same for the text of a rule-book that is not loaded. Raises Refused, or RegimeError with every fault."""
    plain = asked(place, {key: given[key] for key in ("arena", "from", "to") if key in given})
    checked = check_text(text, file="draft")
    wrong = [one for one in checked.findings if one.severity is Severity.ERROR]
    if wrong or checked.regime is None:
        raise RegimeError(tuple(wrong))
    regime = checked.regime
    if regime.place.key != place.key:
        raise refuse(
            "other-place",
            N_("This is the rule-book of %(other)s, not of %(place)s."),
            other=regime.place.key,
            place=place.key,
        )
    return Question(plain.arena, plain.first, plain.last, regime.regime.in_force, (), regime, None)


def periods(place: Any) -> dict[str, list[Period]]:
    """The arenas that have published tables, in the rule-book's order, with their periods, the earliest first."""
    found: dict[str, set[Period]] = {}
    for row in queries.tables(place, limit=100_000):
        found.setdefault(row.arena, set()).add(Period.parse(row.period))
    if not found:
        return {}
    order = list(regimes.regime_on(place, max(max(one).last for one in found.values())).arenas)
    keys = sorted(found, key=lambda key: (order.index(key) if key in order else len(order), key))
    return {key: sorted(found[key]) for key in keys}


def _span(known: Sequence[Period], given: Mapping[str, str]) -> tuple[Period, Period]:
    by_key = {one.key: one for one in known}
    last = by_key.get(given.get("to", ""), known[-1])
    upto = [one for one in known if one <= last]
    first = by_key.get(given.get("from", ""), upto[-BACK:][0])
    if first > last:
        raise refuse(
            "from-after-to", N_("From %(first)s is after to %(last)s."), first=first.key, last=last.key
        )
    return first, last


def _book(place: Any, day: str, usual: date) -> date:
    known = {str(one.in_force): one.in_force for one in regimes.versions(place)}
    if day and day not in known:
        raise refuse("no-book", N_("No rule-book comes into force on %(day)s."), day=day)
    return known.get(day, usual)


def _weighed(
    regime: Regime, arena: str, key: str, given: Mapping[str, str], faults: list[Refused]
) -> Weighed:
    """One line of the form; what is wrong with it is added to the faults."""
    spec: Any = regime.measures.get(key) or regime.arenas[key]
    weight = regime.arenas[arena].weigh[key]
    text = given.get(f"w-{key}", "").strip() or str(weight)
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or not LEAST <= number <= MOST:
        faults.append(
            refuse(
                "weight-range",
                N_("The weight of %(name)s is to be a number from %(least)s to %(most)s, not “%(text)s”."),
                name=spec.name,
                least=LEAST,
                most=MOST,
                text=text[:40],
            )
        )
        number = weight
    ways = _ways(spec) if isinstance(spec, MeasureSpec) else {}
    own = spec.points.by if isinstance(spec, MeasureSpec) else ""
    way = given.get(f"by-{key}", "")
    return Weighed(key, spec.name, weight, number, ways, own, way if way in ways else "")


def _ways(spec: MeasureSpec) -> dict[str, str]:
    """The other ways to points that the values of a measure allow: without a target there is none to complete."""
    aimed = spec.points.target is not None or spec.from_ == "reported"
    return {key: said for key, said in WAYS.items() if key != spec.points.by and (key != "target" or aimed)}


# The answer


@dataclass(frozen=True)
class Line:
    """A unit's line in a table as published and as asked; `gain` where it has a rank in both."""

    unit: Any
    group: Text | None
    old: Row | None
    new: Row | None
    gain: Gain | None

    @property
    def both(self) -> tuple[Row | None, Row | None]:
        """As published, and as asked."""
        return self.old, self.new

    @property
    def named(self) -> bool:
        """Whether it would be named among the worst, and was not."""
        return _is_named(self.new) and not _is_named(self.old)

    @property
    def cleared(self) -> bool:
        """Whether it was named among the worst, and would not be."""
        return _is_named(self.old) and not _is_named(self.new)

    @property
    def noise(self) -> bool:
        """Whether it is a move that chance may explain, and nothing else."""
        return self.gain is not None and self.gain.noise and not self.named and not self.cleared


@dataclass(frozen=True)
class Told:
    """A table as asked: lines whose rank or name is another, those beyond noise apart, the largest move first.

    `fresh` names measures that were not frozen with it and are read as the rows are now.
    """

    view: queries.TableView
    beyond: tuple[Line, ...]
    noise: tuple[Line, ...]
    fresh: tuple[Text, ...]
    deeds: tuple[tuple[Any, Deed], ...]


@dataclass(frozen=True)
class Sum:
    """A unit over all tables: places gained less places lost; in how many tables that is beyond noise; names."""

    unit: Any
    sum: UnitSum
    beyond: int

    @property
    def gain(self) -> Gain:
        """Net places, for showing like any other gain."""
        return Gain(self.sum.gained - self.sum.lost, not self.beyond, (0, 0, 0))


@dataclass(frozen=True)
class Side:
    """Units on one side: those beyond noise or whose name is at stake, and those that chance may explain."""

    beyond: tuple[Sum, ...]
    noise: tuple[Sum, ...]

    @property
    def every(self) -> tuple[Sum, ...]:
        """All of them."""
        return *self.beyond, *self.noise


@dataclass(frozen=True)
class Answer:
    """The whole of it; `gain` and `lose` by places, `even` those without a place gained or lost on balance."""

    question: Question
    tables: tuple[Told, ...]
    skipped: tuple[Any, ...]
    gain: Side
    lose: Side
    even: Side
    rules: tuple[Any, ...]
    unanswered: int

    @property
    def changed(self) -> int:
        """How many tables would come out otherwise."""
        return sum(bool(one.beyond or one.noise) for one in self.tables)


def answer(place: Any, question: Question) -> Answer:
    """Compute the tables in question again. Raises Refused where they are more than a page can wait for."""
    span = question.first.first, question.last.last
    lines = queries.lines_in_question(place, *span, question.arenas)
    if lines > LINES:
        raise refuse(
            "too-many",
            N_(
                "These tables have %(lines)s lines; a page computes at most %(most)s. Choose fewer periods, or use the"
                " command “leitai regime replay”."
            ),
            lines=lines,
            most=LINES,
        )
    found = queries.replay(place, question.regime, *span, arenas=question.arenas)
    units = {unit.key: unit for unit in people.units(place)}
    tables = tuple(_told_of(one, question.regime, units) for one in found.tables)
    beyond: dict[str, int] = {}
    for told in tables:
        for line in told.beyond:
            key = (line.new or line.old).unit  # type: ignore[union-attr]
            beyond[key] = beyond.get(key, 0) + 1
    sums = [Sum(units.get(key), one, beyond.get(key, 0)) for key, one in found.units().items()]
    return Answer(
        question,
        tables,
        found.skipped,
        _side(one for one in sums if one.gain.places > 0),
        _side(one for one in reversed(sums) if one.gain.places < 0),
        _side(one for one in sums if not one.gain.places),
        found.rules,
        found.unanswered,
    )


def _side(sums: Iterable[Sum]) -> Side:
    kept = list(sums)
    return Side(tuple(one for one in kept if one.beyond), tuple(one for one in kept if not one.beyond))


def _told_of(one: Replayed, regime: Regime, units: Mapping[str, Any]) -> Told:
    view = queries.view(one.table)
    lines = [_line(moved, view, units) for moved in one.moved]
    lines = [line for line in lines if _matters(line)]
    known: Mapping[str, Any] = {**regime.measures, **regime.arenas}
    return Told(
        view,
        tuple(line for line in lines if not line.noise),
        tuple(line for line in lines if line.noise),
        tuple(known[key].name for key in one.fresh),
        tuple((units.get(deed.unit), deed) for deed in one.deeds),
    )


def _line(moved: Moved, view: queries.TableView, units: Mapping[str, Any]) -> Line:
    old, new = moved.old, moved.new
    gain = None
    if old and new and old.rank and old.rank_low and old.rank_high and new.rank:
        noise = (new.rank_low or 0) <= old.rank_high and (new.rank_high or 0) >= old.rank_low
        gain = Gain(old.rank - new.rank, noise, (old.rank_low, old.rank, old.rank_high))
    return Line(units.get(moved.unit), view.groups.get(moved.group), old, new, gain)


def _matters(line: Line) -> bool:
    """Whether more than the score or the interval is another."""
    return line.gain is None or bool(line.gain.places) or line.named or line.cleared


def _is_named(row: Row | None) -> bool:
    return row is not None and row.named_worst
