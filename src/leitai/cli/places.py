"""Where the folders of places are, and reading a rule-book out of one: files in, values of the core out.

A place is a folder (regime.yaml, perhaps regime-YYYY-MM-DD.yaml for older editions, units.csv, scenarios/).
They are looked for in LEITAI_REGIMES, else in `regimes` of the checkout, else in what the package brings.
"""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

from leitai.rules.kernel import nearest
from leitai.rules.regime.book import Book, RegimeError
from leitai.rules.regime.calendars import calendar_of
from leitai.rules.regime.model import Regime
from leitai.rules.worktime import Calendar

REGIME = "regime.yaml"
UNITS = "units.csv"
SCENARIOS = "scenarios"


class PlaceError(LookupError):
    """A place or part of one that cannot be found or read; its text is a plain sentence."""


class UnknownPlace(PlaceError):
    """There is no folder of that name."""


class UnknownCalendar(PlaceError):
    """The place's rule-book has no calendar of that name."""


class NoRegime(PlaceError):
    """The folder has no rule-book that can be used on that day."""


def regimes_dir() -> Path:
    """The folder that holds the places' folders."""
    named = os.environ.get("LEITAI_REGIMES")
    if named:
        return Path(named)
    package = Path(__file__).resolve().parent.parent
    checkout = package.parent.parent / "regimes"
    return checkout if checkout.is_dir() else package / "places"


def places() -> tuple[str, ...]:
    """The places there are, in order of name."""
    root = regimes_dir()
    found = (one.name for one in root.iterdir() if (one / REGIME).is_file()) if root.is_dir() else ()
    return tuple(sorted(found))


def place_dir(place: str) -> Path:
    """The folder of a place, by its name or its path. Raises UnknownPlace with the nearest name."""
    path = regimes_dir() / place
    if place and (path / REGIME).is_file():
        return path
    if (Path(place) / REGIME).is_file():
        return Path(place)
    known = places()
    near = nearest(place, known)
    hint = (
        f"did you mean {near}?"
        if near
        else f"there are {', '.join(known)}"
        if known
        else f"{regimes_dir()} has none"
    )
    raise UnknownPlace(f"there is no place “{place}”; {hint}")


def regime_files(folder: Path) -> tuple[Path, ...]:
    """The editions in a folder: the one in force last, then the older ones by name."""
    older = sorted(folder.glob("regime-[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9].yaml"))
    return tuple(path for path in (folder / REGIME, *older) if path.is_file())


def read_text(path: Path) -> str:
    """A file's text. Raises PlaceError, in a plain sentence, where it is missing, empty or not text."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise PlaceError(f"there is no file {path}") from None
    except IsADirectoryError:
        raise PlaceError(f"{path} is a folder, not a file") from None
    except UnicodeDecodeError as error:
        raise PlaceError(f"{path} is not UTF-8 text (byte {error.start + 1}); save it as UTF-8") from None
    except OSError as error:
        raise PlaceError(f"{path} cannot be read: {error.strerror}") from None
    if not text.strip():
        raise PlaceError(f"{path} is empty")
    return text


def load_book(place: str) -> Book:
    """All editions of a place. Raises UnknownPlace, or NoRegime with the findings in its text."""
    folder = place_dir(place)
    try:
        return Book({str(path): read_text(path) for path in regime_files(folder)})
    except RegimeError as error:
        raise NoRegime(f"the rule-book of “{place}” cannot be used:\n{error}") from error


def load_regime(place: str, on: date | None = None) -> Regime:
    """A place's regime in force on a day (None: the latest). Raises UnknownPlace or NoRegime."""
    book = load_book(place)
    try:
        return book.latest() if on is None else book.on(on)
    except RegimeError as error:
        raise NoRegime(f"the rule-book of “{place}” cannot be used on {on}:\n{error}") from error
    except LookupError as error:
        raise NoRegime(str(error)) from None


def load_calendar(place: str, calendar: str) -> Calendar:
    """A calendar of a place. Raises UnknownPlace, NoRegime or UnknownCalendar with the nearest name."""
    regime = load_regime(place)
    if calendar not in regime.calendars:
        near = nearest(calendar, regime.calendars)
        hint = f"did you mean {near}?" if near else f"there are {', '.join(regime.calendars)}"
        raise UnknownCalendar(f"“{place}” has no calendar “{calendar}”; {hint}")
    return calendar_of(regime, calendar)
