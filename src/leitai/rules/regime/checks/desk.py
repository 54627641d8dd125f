"""What every check of a rule-book works with: the regime, where things stand, and the findings so far."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from leitai.rules.kernel import N_, Finding, Severity, Where, nearest
from leitai.rules.worktime import Within, WithinError, parse_within

from ..conditions import ConditionError, compile_condition
from ..model import Regime
from ..source import Positions
from ..units import Unit
from ..vocabulary import CelType


@dataclass(slots=True)
class Desk:
    """One checking of one rule-book."""

    regime: Regime
    positions: Positions
    units: Mapping[str, Unit] | None = None
    findings: list[Finding] = field(default_factory=list)

    def error(self, code: str, message: str, *path: object, **values: object) -> None:
        """An error at the value of a path."""
        self.findings.append(Finding(code, message, self.positions.value(*path), values))

    def error_at_key(self, code: str, message: str, *path: object, **values: object) -> None:
        """An error at the key of a path."""
        self.findings.append(Finding(code, message, self.positions.key(*path), values))

    def warn(self, code: str, message: str, *path: object, **values: object) -> None:
        """A warning at the key of a path."""
        self.findings.append(Finding(code, message, self.positions.key(*path), values, Severity.WARNING))

    def known(self, what: str, name: str, names: Iterable[str], where: Where) -> bool:
        """Whether a name is one of those there are; else an error `unknown-<what>` with the nearest."""
        names = tuple(names)
        if name in names:
            return True
        near = nearest(name, names)
        values = {"what": what, "name": name, "near": near, "known": ", ".join(names)}
        if near is not None:
            message = N_("there is no %(what)s “%(name)s”; nearest is “%(near)s”")
        elif names:
            message = N_("there is no %(what)s “%(name)s”; there are %(known)s")
        else:
            message = N_("there is no %(what)s “%(name)s”; the rule-book has none")
        self.findings.append(Finding(f"unknown-{what}", message, where, values))
        return False

    def known_at(self, what: str, name: str, names: Iterable[str], *path: object) -> bool:
        """`known` for a name that is the value of a path."""
        return self.known(what, name, names, self.positions.value(*path))

    def limit(self, text: str, *path: object) -> Within | None:
        """A limit such as "3 workdays" that is the value of a path; None and a finding where it is none."""
        try:
            return parse_within(text)
        except WithinError as error:
            self.findings.append(
                Finding("bad-limit", error.message, self.positions.value(*path), error.values)
            )
            return None

    def condition(self, text: str, context: Mapping[str, CelType], *path: object) -> bool:
        """Whether a condition compiles over a context; else an error where in the file it goes wrong."""
        try:
            compile_condition(text, context)
        except ConditionError as error:
            where = self.positions.inside(error.line, error.column, *path)
            self.findings.append(Finding(error.code, error.message, where, error.values))
            return False
        return True

    def circles(self, code: str, paragraph: str, links: Mapping[str, Iterable[str]], last: str = "") -> bool:
        """Whether keys of a paragraph lead to themselves; each circle is told once, where it first begins."""
        told: set[frozenset[str]] = set()
        for start in links:
            circle = _circle(start, links)
            if circle and frozenset(circle) not in told:
                told.add(frozenset(circle))
                shown = " → ".join([*circle, circle[0]])
                message = N_("%(paragraph)s lead in a circle: %(circle)s")
                path = [paragraph, start, *([last] if last else [])]
                self.error_at_key(code, message, *path, paragraph=paragraph, circle=shown)
        return bool(told)


def _circle(start: str, links: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """A way from a key back to itself, or ()."""
    ways: list[tuple[str, ...]] = [(start,)]
    seen: set[str] = set()
    while ways:
        way = ways.pop()
        for name in links.get(way[-1], ()):
            if name == start:
                return way
            if name not in seen:
                seen.add(name)
                ways.append((*way, name))
    return ()
