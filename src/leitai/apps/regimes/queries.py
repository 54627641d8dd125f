"""Reading rule-books: which was in force on a day, and its calendars and conditions ready to use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from leitai.apps.ledger import queries as ledger
from leitai.rules.ledger import canonical
from leitai.rules.ledger import digest as digest_of
from leitai.rules.regime.book import Book
from leitai.rules.regime.calendars import calendar_of
from leitai.rules.regime.model import CaseSpec, Regime
from leitai.rules.worktime import Calendar, thaw

from .models import CalendarPin, Version

_SHELF = "_regimes_shelf"


class NoRegime(LookupError):
    """A place without a rule-book in force on the day."""


def version_on(place: Any, day: date) -> Version:
    """The rule-book in force on a day of the place. Before the first one, the first. Raises NoRegime."""
    return shelf(place).version(day)


def regime_on(place: Any, day: date) -> Regime:
    """The rules in force on a day of the place. Raises NoRegime."""
    return shelf(place).on(day)


def versions(place: Any) -> list[Version]:
    """All rule-books of a place, the newest first."""
    return list(Version.objects.filter(place=place).order_by("-in_force", "-id"))


class Shelf:
    """A place's rule-books, read once, for whoever asks for many days."""

    def __init__(self, place: Any) -> None:
        self.place = place
        self._rows = versions(place)

    def version(self, day: date) -> Version:
        """As `version_on`, without another question to the database. Raises NoRegime."""
        if not self._rows:
            raise NoRegime(f"{self.place.key} has no rule-book")
        return next((one for one in self._rows if one.in_force <= day), self._rows[-1])

    def on(self, day: date) -> Regime:
        """As `regime_on`, without another question to the database. Raises NoRegime."""
        row = self.version(day)
        return _book(row.digest, row.text).on(max(day, row.in_force))

    def kind(self, day: date, kind: str) -> tuple[Regime, CaseSpec]:
        """The rules of a kind of case as of a day; where the book of the day lost it, of the newest that has it.

        A matter that was opened is brought to its end by the rules it was opened under, whatever came after.
        Raises KeyError for a kind that no book ever had.
        """
        regimes = [
            self.on(day),
            *(_book(row.digest, row.text).on(max(day, row.in_force)) for row in self._rows),
        ]
        found = next((one for one in regimes if kind in one.cases), None)
        if found is None:
            raise KeyError(kind)
        return found, found.cases[kind]


def shelf(place: Any) -> Shelf:
    """The rule-books of a place, read once for this row object: as long as a request, a batch or a round lasts."""
    found = place.__dict__.get(_SHELF)
    if found is None:
        found = place.__dict__[_SHELF] = Shelf(place)
    return found


def forget(place: Any) -> None:
    """Read the rule-books of a place anew the next time; for the action that adds one."""
    place.__dict__.pop(_SHELF, None)


@lru_cache(maxsize=64)
def _book(digest: str, text: str) -> Book:
    """Pure in its arguments: the digest names the text, so no place can see another's."""
    if digest_of(text.encode()) != digest:
        raise NoRegime(f"the text of rule-book {digest[:12]} is not the one that was loaded")
    return Book({digest: text})


class Calendars(Mapping[str, Calendar]):
    """The calendars of a rule-book, each built when it is asked for."""

    def __init__(self, regime: Regime) -> None:
        self.regime = regime
        self._built: dict[str, Calendar] = {}

    def __getitem__(self, key: str) -> Calendar:
        if key not in self.regime.calendars:
            raise KeyError(key)
        if key not in self._built:
            self._built[key] = calendar_of(self.regime, key)
        return self._built[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.regime.calendars)

    def __len__(self) -> int:
        return len(self.regime.calendars)


def calendars(regime: Regime) -> Calendars:
    """The calendars of a rule-book."""
    return _calendars(_Same(regime))


class _Same:
    """A regime told apart by being the same object: regimes are kept by their book and never copied."""

    def __init__(self, regime: Regime) -> None:
        self.regime = regime

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.regime is other.regime

    def __hash__(self) -> int:
        return id(self.regime)


@lru_cache(maxsize=64)
def _calendars(same: _Same) -> Calendars:
    return Calendars(same.regime)


def pinned(place: Any, key: str, version: str) -> Calendar | None:
    """A calendar as it stood under a version, day by day; None where that version was never written down."""
    row = CalendarPin.objects.filter(place=place, key=key, version=version).first()
    return thaw(row.said) if row is not None else None


def pins(place: Any, named: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Calendar]:
    """The calendars that were written down under these keys and versions; those that were not are left out."""
    return {(row.key, row.version): thaw(row.said) for row in _pins(place, named)}


def edited_pins(place: Any, named: Iterable[tuple[str, str]]) -> frozenset[tuple[str, str]]:
    """Those of the calendars written down whose days are not the ones that the ledger keeps a digest of."""
    rows = _pins(place, named)
    told = ledger.told(place, "calendar.pinned").filter(subject__in={_subject(row.key) for row in rows})
    kept = {
        (event.subject, said["version"]): said["digest"] for event in told for said in [ledger.data(event)]
    }
    return frozenset(
        (row.key, row.version)
        for row in rows
        if kept.get((_subject(row.key), row.version)) != digest_of(canonical(row.said))
    )


def _pins(place: Any, named: Iterable[tuple[str, str]]) -> list[CalendarPin]:
    wanted = set(named)
    rows = CalendarPin.objects.filter(
        place=place, key__in={key for key, _ in wanted}, version__in={version for _, version in wanted}
    )
    return [row for row in rows if (row.key, row.version) in wanted]


def _subject(key: str) -> str:
    return f"calendar:{key}"
