"""The hash chain: each event's link covers the link before it, so the past cannot change quietly.

`verify` does more than say "broken": an inspector asks which event, and what was done to it. It reads the
rows once, in order, with bounded memory: rows that follow from each other form a run, and only the edges
of runs are kept. What was done is told from where each run's first row belongs. What a chain alone cannot
tell (a tail cut off, or everything rewritten from some event on) needs a head kept elsewhere: give it.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from leitai.rules.kernel import N_, Finding

_GENESIS = b"leitai/ledger/genesis/1\n"
_LINK = b"leitai/ledger/link/1\n"
_SIZE = 32
_TAIL = 16  # how many inserted rows in a row can still be named


@dataclass(frozen=True, slots=True)
class Head:
    """The state of a chain after event `seq`: its link, 32 bytes. Before the first event, seq is 0."""

    seq: int
    link: bytes


@dataclass(frozen=True, slots=True)
class Checked:
    """What a verification saw: how many rows, the head after the last one, and what is wrong."""

    count: int
    head: Head
    findings: tuple[Finding, ...]


def genesis(place: str) -> Head:
    """The head of a place's empty chain; two places never share one."""
    return Head(0, hashlib.sha256(_GENESIS + place.encode()).digest())


def link(previous: bytes, body: bytes) -> bytes:
    """The link of an event with this body after the link `previous` (32 bytes, else ValueError)."""
    if len(previous) != _SIZE:
        raise ValueError(f"a link is {_SIZE} bytes, not {len(previous)}")
    return hashlib.sha256(_LINK + previous + body).digest()


@dataclass(frozen=True, slots=True)
class _Run:
    """Rows that follow from each other: the first one whole, and the last few (seq, link)."""

    seq: int
    body: bytes
    stored: bytes
    tail: tuple[tuple[int, bytes], ...]


def verify(
    rows: Iterable[tuple[int, bytes, str]], start: Head, *, head: Head | None = None, limit: int = 64
) -> Checked:
    """Check rows of (seq, body, link in hex), in the order they are kept, against the head they follow.

    `head` is one kept elsewhere (a published one), which the rows must reach or pass through. Findings:
    `altered`, `removed`, `inserted`, `reordered`, `renumbered`, `head-missing`, `head-differs`, each naming
    its event; after `limit` breaks the reading stops with `too-many`. Time is one SHA-256 a row, memory
    constant.
    """
    runs: list[_Run] = []
    first: tuple[int, bytes, bytes] = (start.seq, b"", start.link)
    tail: deque[tuple[int, bytes]] = deque([(start.seq, start.link)], maxlen=_TAIL)
    sha256, seq, previous, count = hashlib.sha256, start.seq, start.link, 0
    findings: list[Finding] = []
    passed = head is None or (start.seq, start.link) == (head.seq, head.link)
    wanted = -1 if passed or head is None else head.seq
    for number, body, text in rows:
        computed = sha256(_LINK + previous + body).digest()
        count += 1
        if number == seq + 1 and computed.hex() == text:
            seq, previous = number, computed
        else:
            if len(runs) == limit:
                message = N_("more than %(limit)s breaks: reading stopped before event %(seq)s")
                findings.append(Finding("too-many", message, values={"limit": limit, "seq": number}))
                passed = True
                break
            runs.append(_Run(*first, tuple(tail)))
            seq, previous = number, _link_bytes(text)
            first = (number, body, previous)
            tail.clear()
        tail.append((seq, previous))
        if number == wanted and head is not None:
            passed = True
            if previous != head.link:
                message = N_(
                    "event %(seq)s does not bear the link that was kept: what leads to it was rewritten"
                )
                findings.append(Finding("head-differs", message, values={"seq": number}))
    runs.append(_Run(*first, tuple(tail)))
    if not passed and head is not None:
        message = N_(
            "the rows end at event %(last)s, but the kept head is event %(seq)s: the tail is missing"
        )
        findings.append(Finding("head-missing", message, values={"last": seq, "seq": head.seq}))
    return Checked(count, Head(seq, previous), (*_diagnose(runs), *findings))


def _link_bytes(text: str) -> bytes:
    """A stored link as bytes; what is no link becomes one that nothing follows from."""
    try:
        found = bytes.fromhex(text)
    except ValueError:
        return bytes(_SIZE)
    return found if len(found) == _SIZE else bytes(_SIZE)


def _diagnose(runs: list[_Run]) -> Iterator[Finding]:
    """For each run after the first, what was done so that it does not follow from the one before."""
    belongs = _predecessors(runs)
    strangers = _strangers(len(runs), belongs)
    moved = _moved(runs, belongs, strangers)
    for index in range(1, len(runs)):
        run, after = runs[index], runs[index - 1].tail[-1][0]
        if index in strangers:
            yield _inserted(run.seq, run.tail[-1][0], after)
        elif index in moved or (index not in belongs and run.seq <= after):
            yield _reordered(run, after, runs, belongs.get(index))
        elif index not in belongs and run.seq > after + 1:
            message = N_("events %(seq)s to %(last)s were removed")
            yield Finding("removed", message, values={"seq": after + 1, "last": run.seq - 1})
        elif index not in belongs:
            message = N_(
                "event %(seq)s was altered: it does not follow from event %(after)s"
                " (or that one was rewritten together with its link)"
            )
            yield Finding("altered", message, values={"seq": run.seq, "after": after})
        else:
            before, place = belongs[index]
            tail = runs[before].tail
            if place < len(tail) - 1:
                yield _inserted(tail[place + 1][0], tail[-1][0], tail[place][0])
            elif before == index - 1:
                message = N_("event %(seq)s follows from event %(after)s, but its number is not the next one")
                yield Finding("renumbered", message, values={"seq": run.seq, "after": after})


def _predecessors(runs: list[_Run]) -> dict[int, tuple[int, int]]:
    """For each run whose first row follows from a row kept: which run, and where in its tail."""
    ends = {end: (index, place) for index, run in enumerate(runs) for place, (_, end) in enumerate(run.tail)}
    found: dict[int, tuple[int, int]] = {}
    for index, run in enumerate(runs[1:], 1):
        place = next((place for end, place in ends.items() if link(end, run.body) == run.stored), None)
        if place is not None and place[0] != index:
            found[index] = place
    return found


def _strangers(count: int, belongs: dict[int, tuple[int, int]]) -> set[int]:
    """Runs that follow from nothing and that nothing follows from, where the chain goes on over them."""
    followed = {before for before, _ in belongs.values()}
    alone = {index for index in range(1, count) if index not in belongs and index not in followed}
    return {index for index in alone if any(before < index < after for after, (before, _) in belongs.items())}


def _moved(runs: list[_Run], belongs: dict[int, tuple[int, int]], strangers: set[int]) -> set[int]:
    """The runs that stand out of the chain's own order: the fewest rows whose moving back would mend it."""
    follower = {before: after for after, (before, _) in belongs.items()}
    pieces: list[list[int]] = []
    seen: set[int] = set(strangers)
    for one in (*(index for index in range(len(runs)) if index not in belongs), *range(len(runs))):
        piece: list[int] = []
        while one not in seen:
            seen.add(one)
            piece.append(one)
            one = follower.get(one, one)
        if piece:
            pieces.append(piece)
    size = [abs(run.tail[-1][0] - run.seq) + 1 for run in runs]
    pieces.sort(key=lambda piece: max(piece, key=lambda index: (size[index], -index)))
    order = [index for piece in pieces for index in piece]
    best: dict[int, tuple[int, tuple[int, ...]]] = {}
    for index in order:
        rows, kept = max((best[other] for other in best if other < index), default=(0, ()))
        best[index] = (rows + size[index], (*kept, index))
    kept = max(best.values())[1]
    return {index for index in order if index not in kept}


def _inserted(seq: int, last: int, after: int) -> Finding:
    message = N_(
        "events %(seq)s to %(last)s were inserted: the chain goes on from event %(after)s without them"
    )
    return Finding("inserted", message, values={"seq": seq, "last": last, "after": after})


def _reordered(run: _Run, after: int, runs: list[_Run], place: tuple[int, int] | None) -> Finding:
    if place is None:
        message = N_("event %(seq)s stands after event %(after)s, where its number does not belong")
        return Finding("reordered", message, values={"seq": run.seq, "after": after})
    message = N_("event %(seq)s was moved: by its link it belongs after event %(belongs)s")
    return Finding("reordered", message, values={"seq": run.seq, "belongs": runs[place[0]].tail[place[1]][0]})
