"""The arrays that measures are computed from: instants of cases, and what befell on their road.

The database hands over whole numbers, not rows of objects: a million cases take seconds. What is asked of the road is
read when it is asked for, one grouped question for each thing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from django.db.models import BigIntegerField, Func, Min, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from leitai.apps.regimes import queries as regimes
from leitai.rules import casework as core

from ..models import Case, Recheck, Step
from .charged import LATE, MOVED, unit_at_due

SET_ASIDE = "set-aside"
DECIDED = ("over", "not-over")
Wanted = Callable[[core.Move, core.Flow], bool]


class Epoch(Func):
    """An instant as whole seconds since 1970, rounded down."""

    arity = 1
    output_field = BigIntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        # To 19 letters: SQLite rounds what comes after the second, up too.
        template = "CAST(strftime('%%%%s', substr(%(expressions)s, 1, 19)) AS INTEGER)"
        return self.as_sql(compiler, connection, template=template, **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "FLOOR(EXTRACT(EPOCH FROM %(expressions)s))::bigint"
        return self.as_sql(compiler, connection, template=template, **context)


@dataclass(frozen=True, eq=False)
class Pauses:
    """Pauses of cases: the place of the case in the arrays, from when, until when (-1: it still lasts)."""

    case: Any
    begun: Any
    ended: Any


@dataclass(frozen=True, eq=False)
class Arrays:
    """Cases in the order of their ids: instants as epoch seconds (-1: none), and each one's unit id (-1: none).

    What is told of their road stands in arrays of the same length, or False where nothing of the sort befell.
    """

    place: Any = field(repr=False)
    kind: str | None
    ids: Any
    opened: Any
    due: Any
    closed: Any
    unit: Any

    @cached_property
    def told(self) -> Any:
        """Whether anything is known of its road: not of those that came from another system and were over."""
        return self._marks(self._steps().values_list("case_id").distinct())

    @cached_property
    def at_due(self) -> Any:
        """The id of the unit that had it when it fell due, where it is late or may be; else of the one it is with."""
        rows = self._cases().filter(LATE & MOVED)
        found = self.unit.copy()
        for case, unit in rows.values_list("pk", Coalesce(unit_at_due(), Value(-1))):
            found[np.searchsorted(self.ids, case)] = unit
        return found

    @cached_property
    def replied(self) -> Any:
        """When the unit first passed a milestone on it: replied, or answered at once."""
        return self._first(lambda move, _flow: move.milestone is not None and "unit" in move.by, role="unit")

    @cached_property
    def answered(self) -> Any:
        """When it was first reported as done."""
        return self._first(lambda move, _flow: move.milestone == "answered")

    @cached_property
    def returned(self) -> Any:
        """Whether it was sent back after it was reported as done."""
        return self._first(lambda move, _flow: move.event == "case.returned") >= 0

    @cached_property
    def spoke(self) -> Any:
        """What who had the problem said first of its end: 1 it is solved, 0 it is not, -1 nothing."""
        good = self._moves(lambda move, flow: move.milestone == flow.milestones[-1], "enterprise")
        bad = self._moves(lambda move, _flow: move.event == "case.returned", "enterprise")
        found = np.full(self.ids.size, -1, np.int64)
        rows: list[tuple[int, int, int]] = []
        for value, moves, own in ((1, good, "reporter-over"), (0, bad, "reporter-not-over")):
            said = self._steps().filter(Q(role="enterprise") & moves | Q(move=own))
            rows += [(case, at, value) for case, at in said.values_list("case_id", Epoch("at"))]
        for case, _at, value in sorted(rows, key=lambda row: row[1], reverse=True):
            found[np.searchsorted(self.ids, case)] = value
        return found

    @cached_property
    def relapsed(self) -> Any:
        """Whether it came back after it was closed."""
        return self._marks(self._cases().filter(relapses__isnull=False).values_list("pk").distinct())

    @cached_property
    def aside(self) -> Any:
        """Whether it was never taken up."""
        return self._marks(self._cases().filter(state=SET_ASIDE).values_list("pk"))

    @cached_property
    def checked(self) -> Any:
        """What re-inspection found: 1 that it was not over, 0 that it was, -1 nothing."""
        found = np.full(self.ids.size, -1, np.int64)
        rows = Recheck.objects.filter(place=self.place, outcome__in=DECIDED)
        for case, outcome in (
            self._of_kind(rows, "case__kind").order_by("at").values_list("case_id", "outcome")
        ):
            found[np.searchsorted(self.ids, case)] = outcome == "not-over"
        return found

    @cached_property
    def pauses(self) -> Pauses:
        """The pauses, by steps in order."""
        columns: tuple[list[int], list[int], list[int]] = ([], [], [])
        rows = self._steps().filter(move__in=("pause", "resume")).order_by("case_id", "at", "id")
        for case, move, at in rows.values_list("case_id", "move", Epoch("at")):
            if move == "pause":
                for column, value in zip(
                    columns, (int(np.searchsorted(self.ids, case)), at, -1), strict=True
                ):
                    column.append(value)
            elif columns[2]:
                columns[2][-1] = at
        case, begun, ended = (np.array(column, np.int64) for column in columns)
        return Pauses(case, begun, ended)

    def _cases(self) -> QuerySet[Case]:
        return self._of_kind(Case.objects.filter(place=self.place), "kind")

    def _steps(self) -> QuerySet[Step]:
        return self._of_kind(Step.objects.filter(case__place=self.place), "case__kind").order_by()

    def _of_kind(self, rows: QuerySet[Any], name: str) -> QuerySet[Any]:
        return rows if self.kind is None else rows.filter(**{name: self.kind})

    def _moves(self, wanted: Wanted, role: str = "") -> Q:
        """The steps that are such moves of the flow of their kind, by whichever rule-book."""
        shelf = regimes.shelf(self.place)
        days = {row.in_force for row in regimes.versions(self.place)}
        found = Q(pk__in=())
        for kind in self._kinds():
            flows = [core.flow_of(shelf.kind(day, kind)[1]) for day in days]
            keys = {
                move.key
                for flow in flows
                for move in flow.moves
                if wanted(move, flow) and (not role or role in move.by)
            }
            found |= Q(case__kind=kind, move__in=keys)
        return found

    def _kinds(self) -> list[str]:
        if self.kind is not None:
            return [self.kind] if self.ids.size else []
        return kinds_of(self.place)

    def _first(self, wanted: Wanted, **more: str) -> Any:
        rows = self._steps().filter(self._moves(wanted), **more)
        return self._placed(rows.values_list("case_id").annotate(first=Min(Epoch("at"))))

    def _marks(self, rows: Iterable[tuple[int]]) -> Any:
        found = np.zeros(self.ids.size, np.bool_)
        found[np.searchsorted(self.ids, np.fromiter((case for (case,) in rows), np.int64))] = True
        return found

    def _placed(self, rows: Iterable[tuple[int, int]]) -> Any:
        found = np.full(self.ids.size, -1, np.int64)
        pairs = np.fromiter(rows, np.dtype([("case", np.int64), ("value", np.int64)]))
        found[np.searchsorted(self.ids, pairs["case"])] = pairs["value"]
        return found


def arrays(place: Any, kind: str | None = None) -> Arrays:
    """All cases of a place, or of one kind, as arrays."""
    rows = Case.objects.filter(place=place)
    if kind is not None:
        rows = rows.filter(kind=kind)
    names = ("opened_at", "due_at", "closed_at")
    instants = [Coalesce(Epoch(name), Value(-1)) for name in names]
    stream = rows.order_by("id").values_list("id", *instants, Coalesce("unit_id", Value(-1)))
    shape = np.dtype([(name, np.int64) for name in ("id", *names, "unit")])
    table = np.fromiter(stream.iterator(chunk_size=20_000), shape)
    columns = [np.ascontiguousarray(table[name]) for name in shape.names or ()]
    return Arrays(place, kind, *columns)


def kinds_of(place: Any) -> list[str]:
    """The kinds that a place has cases of, in alphabetical order."""
    return sorted(Case.objects.filter(place=place).order_by().values_list("kind", flat=True).distinct())
