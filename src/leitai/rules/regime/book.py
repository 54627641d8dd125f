"""The book of a place: every edition of its rules, so that a period is judged by what was in force then.

A repeal is explicit: an edition holds until the day the next one comes into force, and inside an edition a
value holds until the next date of its history.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from leitai.rules.kernel import N_, Finding, Severity

from .history import dates_of
from .model import Regime
from .parse import parse_tree
from .source import Branch, Tree, read


class RegimeError(ValueError):
    """Texts that are no rule-book of one place; `findings` tell why."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__("\n".join(map(str, findings)))
        self.findings = findings


@dataclass(frozen=True, slots=True)
class _Edition:
    in_force: date
    file: str
    tree: Tree
    changes: tuple[date, ...]


class Book:
    """The editions of one place's rule-book, from their texts by file name. Raises RegimeError.

    Regimes are read when they are asked for and kept: one for each span in which nothing changes.
    """

    def __init__(self, texts: Mapping[str, str]) -> None:
        editions: list[_Edition] = []
        findings: list[Finding] = []
        places: dict[str, str] = {}
        for file, text in texts.items():
            tree, wrong = read(text, file)
            parsed = parse_tree(tree, wrong, file=file) if tree is not None else None
            found = parsed.findings if parsed is not None else wrong
            findings += [finding for finding in found if finding.severity == Severity.ERROR]
            if tree is None or parsed is None or parsed.regime is None:
                continue
            places[parsed.regime.place.key] = file
            since = parsed.regime.regime.in_force
            twin = next((one.file for one in editions if one.in_force == since), None)
            if twin is not None:
                message = N_(
                    "this edition and %(twin)s come into force on the same day; one of them must give way"
                )
                findings.append(
                    Finding("same-day", message, parsed.positions.value("regime", "in_force"), {"twin": twin})
                )
            assert isinstance(tree, Branch)
            editions.append(_Edition(since, file, tree, dates_of(tree)))
        if len(places) > 1:
            message = N_("these are editions of different places: %(places)s")
            findings.append(Finding("other-place", message, values={"places": ", ".join(sorted(places))}))
        if findings or not editions:
            raise RegimeError(tuple(findings))
        self._editions = tuple(sorted(editions, key=lambda one: one.in_force))
        self._read: dict[tuple[date, date], Regime] = {}

    @property
    def editions(self) -> tuple[date, ...]:
        """The days on which the editions come into force, in order."""
        return tuple(one.in_force for one in self._editions)

    def on(self, day: date) -> Regime:
        """The regime in force on a day. Raises LookupError before the first edition, RegimeError where a
        value has no history for the day."""
        place = bisect_right(self.editions, day) - 1
        if place < 0:
            raise LookupError(f"no rule-book was in force on {day}; the first begins on {self.editions[0]}")
        edition = self._editions[place]
        passed = bisect_right(edition.changes, day)
        since = edition.changes[passed - 1] if passed else date.min
        found = self._read.get((edition.in_force, since))
        if found is None:
            parsed = parse_tree(edition.tree, file=edition.file, on=day)
            if parsed.regime is None:
                raise RegimeError(parsed.findings)
            found = self._read[edition.in_force, since] = parsed.regime
        return found

    def latest(self) -> Regime:
        """The regime of the last edition with the last value of everything."""
        return self.on(date.max)
