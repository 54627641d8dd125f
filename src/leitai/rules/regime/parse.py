"""A rule-book's text to a `Regime`, or to everything that keeps it from being one.

Pydantic holds the schema and `faults` tells in plain words where a text leaves it. What a name refers to is
asked by `check`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pydantic import ValidationError

from leitai.rules.kernel import N_, Finding, Where

from .faults import in_plain_words
from .history import resolve
from .model import Regime
from .source import Branch, Positions, Tree, plain, read


@dataclass(frozen=True, slots=True)
class Parsed:
    """What came of a text: the regime (None where there is an error), findings, and where things stand."""

    regime: Regime | None
    findings: tuple[Finding, ...]
    positions: Positions


def parse(text: str, *, file: str = "", on: date | None = None) -> Parsed:
    """Read a rule-book as it stood on a day (None: with the latest value of every history).

    Never raises for a fault of the text: each is a finding, sorted by position.
    """
    tree, findings = read(text, file)
    if tree is None:
        return Parsed(None, findings, Positions(None, file))
    return parse_tree(tree, findings, file=file, on=on)


def parse_tree(
    tree: Tree, before: tuple[Finding, ...] = (), *, file: str = "", on: date | None = None
) -> Parsed:
    """`parse` for a tree that was read already, with what was found wrong then."""
    if not isinstance(tree, Branch):
        wrong = Finding(
            "wrong-type", N_("a rule-book is a mapping that starts with “leitai: 1”"), Where(file, 1, 1)
        )
        return Parsed(None, (*before, wrong), Positions(tree, file))
    tree, past = resolve(tree, on)
    positions = Positions(tree, file)
    findings = [*before, *past]
    regime = None
    # A value that could not be read is told once, by the reader, and not again for being of the wrong type.
    told = {finding.where for finding in findings}
    try:
        regime = Regime.model_validate(plain(tree))
    except ValidationError as error:
        findings += [one for one in in_plain_words(error, Regime, tree, positions) if one.where not in told]
    findings.sort(key=lambda finding: finding.where)
    return Parsed(None if findings else regime, tuple(findings), positions)
