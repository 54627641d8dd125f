"""Verdicts held against the log: leaves made anew from rows, proofs of receipts, imported batches.

Who has the database can change a row, a leaf or both. The rows are therefore hashed anew, and the tree that
they give is held against the events of the ledger and against signed heads, of which others keep copies.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import Any

from leitai.apps.ledger import log
from leitai.apps.ledger import queries as events
from leitai.rules import ballots as core
from leitai.rules import ledger
from leitai.rules.kernel import N_, Finding
from leitai.rules.ledger import canonical, digest
from leitai.rules.ledger.tiles import WIDTH, pieces

from ..leaves import in_order, leaf_of, leaf_of_ballot
from ..models import Ballot, Standing


def proof(ballot: Ballot, size: int | None = None) -> core.Proof | None:
    """The proof that a verdict is in the tree of `size` leaves.

    By default under the newest signed head that holds it, or as the tree stands where none does yet. None where the
    verdict is not in that tree. The ballot has its place, unit and point.
    """
    tree = log.of(ballot.place)
    if tree is None or ballot.index is None:
        return None
    head = log.head_over(ballot.place, ballot.index, size)
    size = size or (head.size if head is not None else tree.size)
    if not ballot.index < size <= tree.size:
        return None
    return core.Proof(
        leaf_of_ballot(ballot),
        ballot.index,
        size,
        log.inclusion(tree, ballot.index, size),
        log.root_at(tree, size),
        log.algorithm(tree),
        head.note if head is not None else "",
    )


def road(place: Any, first: int, second: int) -> core.Road:
    """The proof that the tree of `second` leaves begins with that of `first`. Raises IndexError where there is none."""
    tree = log.of(place)
    if tree is None or second > tree.size:
        raise IndexError(f"the log has no {second} leaves")
    return core.Road(first, second, log.consistency(tree, first, second), log.algorithm(tree))


def check(place: Any, kept: Iterable[tuple[int, str]] = ()) -> Iterator[Finding | None]:
    """Hold every verdict of a place against its log, and the log against events and heads; one item for each compared.

    `kept`: (size, root in hex) of heads that somebody kept elsewhere. Streams; a million take some ten seconds.
    Findings name the leaf: `verdict-gone`, `verdict-altered`, `verdict-unlogged`, `log-cut`, `log-rewritten`.
    """
    tree = log.of(place)
    algorithm = log.algorithm(tree) if tree is not None else "sha256"
    heads = _Heads(place, kept)
    rows, added = in_order(place), _added(place)
    row = next(rows, None)
    frontier = ledger.Frontier(algorithm=algorithm)
    for index, stored in enumerate(_stored(place, tree, algorithm)):
        while row is not None and row.index is not None and row.index < index:
            row = next(rows, None)
        if row is not None and row.index == index:
            found, wrong = leaf_of(place.key, row), "verdict-altered"
            row = next(rows, None)
        else:
            found, wrong = added.get(index), "verdict-gone"
        same = found is not None and ledger.leaf_hash(found, algorithm) == stored
        yield None if same else _leaf_finding(wrong, index)
        frontier = frontier.append(stored)
        yield from heads.at(frontier)
    while row is not None:
        message = N_("the verdict at leaf %(leaf)s is there, but the log ends before it")
        yield Finding("verdict-unlogged", message, values={"leaf": row.index})
        row = next(rows, None)
    for number in Ballot.objects.filter(place=place, index__isnull=True).values_list("pk", flat=True):
        message = N_("verdict %(number)s is there, and the log knows nothing of it")
        yield Finding("verdict-invented", message, values={"number": number})
    yield from heads.beyond(frontier.size, tree)


def _leaf_finding(code: str, index: int) -> Finding:
    message = {
        "verdict-altered": N_("the verdict at leaf %(leaf)s is not what was given"),
        "verdict-gone": N_("the log has leaf %(leaf)s, and what it stands for is gone"),
    }[code]
    return Finding(code, message, values={"leaf": index})


def _stored(place: Any, tree: Any, algorithm: str) -> Iterator[bytes]:
    """The leaf hashes that the log holds, in order."""
    size = tree.size if tree is not None else 0
    for number in range(-(-size // WIDTH)):
        yield from pieces(log.tile(place, 0, number), algorithm)


def _added(place: Any) -> dict[int, bytes]:
    """The leaves of what was added in words, by index, as the ledger tells of them: also of what was purged."""
    found = {}
    receipts = dict(Ballot.objects.filter(place=place, receipt__isnull=False).values_list("pk", "receipt"))
    rows = events.told(place, "ballot.words_added").values_list("subject", "data")
    for subject, data in rows.iterator(chunk_size=5000):
        said = json.loads(data)
        receipt = receipts.get(int(subject.partition(":")[2]))
        if "leaf" in said and receipt is not None:
            found[said["leaf"]] = core.words_leaf(place.key, receipt, said["commitment"])
    return found


class _Heads:
    """Roots by size, from signed heads, from events, and from whoever kept one, held against the growing tree."""

    def __init__(self, place: Any, kept: Iterable[tuple[int, str]]) -> None:
        self.wanted: dict[int, set[str]] = {}
        for size, root in (*log.heads(place), *_told(place), *kept):
            self.wanted.setdefault(size, set()).add(root)

    def at(self, frontier: ledger.Frontier) -> Iterator[Finding | None]:
        """What the heads of the tree's present size say of it."""
        roots = self.wanted.get(frontier.size)
        if roots is None:
            return
        if roots == {frontier.root().hex()}:
            yield None
        else:
            message = N_("the first %(size)s leaves are not those of which a head was given out")
            yield Finding("log-rewritten", message, values={"size": frontier.size})

    def beyond(self, size: int, tree: Any) -> Iterator[Finding | None]:
        """Heads of more leaves than there are: the tail was cut."""
        most = max((*self.wanted, tree.size if tree is not None else 0), default=0)
        if most > size:
            message = N_(
                "a head of %(most)s leaves was given out, and only %(size)s are left: the tail was cut"
            )
            yield Finding("log-cut", message, values={"most": most, "size": size})


def _told(place: Any) -> Iterator[tuple[int, str]]:
    """(size, root) of the log as events of the ledger told them."""
    kinds = ("ballots.cast", "ballots.imported", "ballots.logged")
    rows = events.told(place, *kinds).values_list("data", flat=True)
    for data in rows.iterator(chunk_size=5000):
        said = json.loads(data)
        if "size" in said:
            yield said["size"], said["root"]


def standings(place: Any) -> dict[int, str]:
    """What each verdict that is no longer simply counted counts as, by number; imported ones apart."""
    rows = Ballot.objects.filter(place=place, source="").exclude(standing=Standing.COUNTED)
    return dict(rows.values_list("pk", "standing"))


def batch_digest(rows: Iterable[tuple[str, int, str, datetime, str]]) -> str:
    """What an imported batch is known by: (source id, unit, grade, instant, standing) of each verdict, in order."""
    return digest(canonical([list(row) for row in rows]))


def batch_holds(place: Any, batch: str, decided: Collection[int]) -> bool:
    """Whether the verdicts of an imported batch are what its digest says; `decided` were verified here later."""
    rows = Ballot.objects.filter(place=place, batch=batch).order_by("id")
    found = rows.values_list("source_id", "unit_id", "grade", "cast_at", "standing", "pk")
    said = (
        (*row[:4], Standing.COUNTED.value if row[5] in decided else row[4]) for row in found.iterator(5000)
    )
    return batch_digest(said) == batch
