"""Writing to the ledger: every act of the house leaves its event in its own transaction.

`action` is what every writing function of every room wears: it opens the transaction, and refuses to
close it unless an event of the declared kind was recorded inside. Numbers and links come later: see `sealing`.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache, wraps
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import DateTimeField, Model

from leitai.rules import ledger as core
from leitai.rules.kernel import N_

from .errors import refuse
from .models import Event

NOTHING = "-"
_recorded: ContextVar[set[str] | None] = ContextVar("recorded", default=None)


class ActionError(Exception):
    """A fault in the house: an action that is not keyword-only, or that left no event."""


def action(*kinds: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare a write: atomic, keyword-only, told who (`by`) and when (`now`), leaving an event of these kinds.

    An action that finds nothing to change says so by returning `UNCHANGED`, or by `nothing_new()` where it has an
    answer all the same; then it leaves none.
    """

    def wrap(function: Callable[..., Any]) -> Callable[..., Any]:
        parameters = inspect.signature(function).parameters
        if any(p.kind is not p.KEYWORD_ONLY for p in parameters.values()) or not {"by", "now"} <= set(
            parameters
        ):
            raise ActionError(f"{function.__qualname__}: an action is keyword-only and takes by= and now=")

        @wraps(function)
        def inner(**named: Any) -> Any:
            seen: set[str] = set()
            token = _recorded.set(seen)
            try:
                with transaction.atomic():
                    result = _unraced(function, named)
                    if result is not UNCHANGED and not seen & {*kinds, NOTHING}:
                        raise ActionError(
                            f"{function.__qualname__}: no event of {', '.join(kinds)} was recorded"
                        )
            finally:
                _recorded.reset(token)
                outer = _recorded.get()
                if outer is not None:
                    outer |= seen - {NOTHING}
            return result

        inner.__leitai_action__ = kinds
        return inner

    return wrap


def _unraced(function: Callable[..., Any], named: Mapping[str, Any]) -> Any:
    """Run an action; where another did the same in the same moment, say so instead of failing."""
    try:
        return function(**named)
    except IntegrityError as fault:
        if "unique" in str(fault).lower():
            raise refuse("raced", N_("Somebody did this in the same moment; look again.")) from fault
        raise


def nothing_new() -> None:
    """Say, inside an action, that what was asked for had been done before."""
    seen = _recorded.get()
    if seen is not None:
        seen.add(NOTHING)


class _Unchanged:
    """What an action answers when there was nothing to do."""

    def __bool__(self) -> bool:
        return False


UNCHANGED = _Unchanged()


@dataclass(frozen=True)
class Draft:
    """An event about to be written. `at` is when it took effect; times are UTC."""

    place_id: int
    kind: str
    at: datetime
    now: datetime
    by: str
    subject: str
    data: Mapping[str, Any]
    cause: str = ""


def record(
    *,
    place: Any,
    kind: str,
    by: str,
    now: datetime,
    subject: str,
    data: Mapping[str, Any] | None = None,
    at: datetime | None = None,
    cause: str = "",
) -> Event:
    """Write one event inside the running transaction. `at` defaults to `now`."""
    row = Event(**_columns(Draft(place.pk, kind, at or now, now, by, subject, data or {}, cause)))
    _note([kind])
    row.save(force_insert=True)
    return row


def record_many(drafts: Iterable[Draft]) -> None:
    """Write events inside the running transaction, in order."""
    rows = [_columns(draft) for draft in drafts]
    if rows:
        _note([row["kind"] for row in rows])
        insert_many(Event, tuple(rows[0]), [tuple(row.values()) for row in rows])


def _note(kinds: Iterable[str]) -> None:
    """Events of these kinds are about to be written."""
    if not connection.in_atomic_block:
        raise ActionError("an event is recorded inside the transaction of its act")
    seen = _recorded.get()
    if seen is not None:
        seen.update(kinds)


def _columns(draft: Draft) -> dict[str, Any]:
    return {
        "place_id": draft.place_id,
        "kind": draft.kind,
        "at": draft.at,
        "noted_at": draft.now,
        "by": draft.by,
        "subject": draft.subject,
        "cause": draft.cause,
        "data": core.canonical(dict(draft.data)).decode(),
    }


def insert_many(model: type[Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert many rows of values inside the running transaction, past the ORM's compiler: three times as fast.

    `names` are attribute names (unit_id); columns that are not named get their field's default. No ids come back.
    """
    columns, defaults, instants = _plan(model, tuple(names))
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            sql = f"COPY {table} ({columns}) FROM STDIN"
            with connection.wrap_database_errors, cursor.copy(sql) as copy:
                for row in rows:
                    copy.write_row((*row, *defaults))
            return
        marks = ", ".join(["%s"] * (len(names) + len(defaults)))
        cursor.executemany(
            f"INSERT INTO {table} ({columns}) VALUES ({marks})",  # noqa: S608
            [(*row, *defaults) for row in _texts(rows, instants)],
        )


def update_many(model: type[Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Set columns of many rows inside the running transaction, past the ORM's compiler: each row its id, then values.

    `names` are attribute names, in the order of the values.
    """
    quote = connection.ops.quote_name
    fields = {field.attname: field for field in model._meta.concrete_fields}
    assert model._meta.pk is not None
    columns = ", ".join(f"{quote(fields[name].column)} = %s" for name in names)
    where = quote(model._meta.pk.column)
    sql = f"UPDATE {quote(model._meta.db_table)} SET {columns} WHERE {where} = %s"  # noqa: S608
    instants = [n for n, name in enumerate(names, 1) if isinstance(fields[name], DateTimeField)]
    ready = _texts(rows, instants) if connection.vendor == "sqlite" else rows
    with connection.cursor() as cursor:
        cursor.executemany(sql, [(*values, pk) for pk, *values in ready])


def _texts(rows: Iterable[Sequence[Any]], instants: Sequence[int]) -> Iterator[Sequence[Any]]:
    """Rows with their instants as SQLite has them; rows that are written together often have the same."""
    adapt = lru_cache(maxsize=1000)(connection.ops.adapt_datetimefield_value)
    for row in rows:
        found = list(row)
        for place in instants:
            found[place] = adapt(found[place])
        yield found


@cache
def _plan(model: type[Model], names: tuple[str, ...]) -> tuple[str, tuple[Any, ...], tuple[int, ...]]:
    """The columns of these names and of the rest, the values of the rest, and which of the names are instants."""
    fields = {field.attname: field for field in model._meta.concrete_fields if not field.primary_key}
    rest = [field for name, field in fields.items() if name not in names]
    defaults = tuple(field.get_db_prep_save(field.get_default(), connection) for field in rest)
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in (*(fields[name] for name in names), *rest))
    return (
        columns,
        defaults,
        tuple(n for n, name in enumerate(names) if isinstance(fields[name], DateTimeField)),
    )
