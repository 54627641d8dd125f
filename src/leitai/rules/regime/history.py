"""Values with a history: what was in force on a day.

Any value may be written `{values: {2021-02-01: 10 minutes, 2023-01-01: 30 minutes}}`; a past period is judged
by what was in force then (the way OpenFisca keeps the parameters of law). The key `values`, alone in its
mapping, marks a history; a value is in force from its date until the next one.
"""

from __future__ import annotations

from datetime import date

from leitai.rules.kernel import N_, Finding

from .source import Branch, Entry, Leaf, Row, Tree, walk

MARK = "values"


def is_history(tree: Tree) -> bool:
    """Whether a mapping is a history of values."""
    return isinstance(tree, Branch) and len(tree.entries) == 1 and tree.entries[0].key == MARK


def dates_of(tree: Tree) -> tuple[date, ...]:
    """Every date at which some value of the file changes, in order, each once."""
    found: set[date] = set()
    for _, _, node in walk(tree):
        past = node.get(MARK) if isinstance(node, Branch) and is_history(node) else None
        if isinstance(past, Branch):
            found |= {entry.key for entry in past.entries if isinstance(entry.key, date)}
    return tuple(sorted(found))


def resolve(tree: Tree, on: date | None) -> tuple[Tree, tuple[Finding, ...]]:
    """The tree with every history replaced by its value in force on a day (None: its latest)."""
    findings: list[Finding] = []
    return _resolve(tree, on, findings), tuple(findings)


def _resolve(tree: Tree, on: date | None, findings: list[Finding]) -> Tree:
    if isinstance(tree, Row):
        return Row(tuple(_resolve(item, on, findings) for item in tree.items), tree.where)
    if isinstance(tree, Leaf):
        return tree
    if is_history(tree):
        return _pick(tree, on, findings)
    entries = (Entry(entry.key, entry.where, _resolve(entry.tree, on, findings)) for entry in tree.entries)
    return Branch(tuple(entries), tree.where)


def _pick(tree: Branch, on: date | None, findings: list[Finding]) -> Tree:
    """The value in force; where there is none the earliest, so that one fault is not told as two."""
    past = tree.entries[0].tree
    if not isinstance(past, Branch) or not past.entries:
        findings.append(
            Finding(
                "bad-history",
                N_("“values” holds a history: values by their first day, such as {2021-02-01: 10 minutes}"),
                tree.entries[0].where,
            )
        )
        return Leaf(None, tree.entries[0].where)
    dated = [entry for entry in past.entries if isinstance(entry.key, date)]
    for entry in past.entries:
        if not isinstance(entry.key, date):
            findings.append(
                Finding(
                    "bad-history",
                    N_("%(key)s is not a date; a history has its values by their first day, as 2021-02-01"),
                    entry.where,
                    {"key": entry.key},
                )
            )
    if not dated:
        return Leaf(None, past.entries[0].where)
    dated.sort(key=lambda entry: str(entry.key))
    begun = [entry for entry in dated if on is None or str(entry.key) <= on.isoformat()]
    if not begun:
        findings.append(
            Finding(
                "before-history",
                N_("on %(day)s no value is in force yet; the first one begins on %(first)s"),
                dated[0].where,
                {"day": on, "first": dated[0].key},
            )
        )
    return _resolve((begun or dated[:1])[-1].tree, on, findings)
