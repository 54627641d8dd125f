"""The wall's stream: a screen hears which of its tiles changed, never what is in them.

A screen hangs for months, so it may not hold a thread of the pages, of which there are few. Here it costs a task that
sleeps. What it hears is in server-sent events (WHATWG HTML, section 9.2); what a tile shows it then fetches from the
pages, which ask every time whether it may. So the stream knows no person and no permission: a ticket, signed by the
pages and short-lived, says which place it is about.

    GET /wall/<ticket>?after=<number>     (or Last-Event-ID, which a browser sends when it comes again)

    id: 4711                              the number of the newest sealed event that this message speaks for
    event: tiles
    data: {"tiles": ["cases"], "clock": "…", "present": "…", "held": 0}

A message is a state, not a step: whoever missed ten hears, with the next, of every tile that any of them touched. So
nothing is queued for a slow screen but the names of six tiles. `held`: seconds for which events have been waiting for
their number while none was given, as when the worker does not run.

Numbers, not ids, are followed: an id may appear after a higher one has been seen (docs/adr/0003).
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs

from django.conf import settings
from django.db import connection
from django.utils import timezone
from granian.rsgi import ProtocolClosed

from leitai.apps.ledger import queries as ledger
from leitai.apps.people import queries as people

TILES = ("map", "arenas", "cases", "tonight", "verdicts", "promises")
# Which tiles an event touches, by what its kind begins with; what is not named here touches none.
TOUCHES: dict[str, tuple[str, ...]] = {
    "ballot": ("verdicts",),
    "ballots": ("verdicts",),
    "case": ("cases",),
    "clock": ("cases",),
    "slip": ("cases",),
    "commitment": ("promises",),
    "occasion": ("tonight",),
    "occasions": ("tonight",),
    "preparation": ("tonight",),
    "project": ("map",),
    "delay": ("map",),
    "regime": TILES,
    "table": ("arenas",),
    "units": TILES,
}
MOST_MISSED = 2000  # events; whoever missed more fetches everything
LIFE = 3600  # seconds that a ticket is good for; a screen asks the pages for the next one
MOST_SCREENS = 200
EVERY, BEAT, GAP = 1.0, 15.0, 1.0  # seconds between looks at the ledger, of silence, between two messages
_SIGN = 40
log = logging.getLogger("leitai.intake")


def ticket(place: Any, clock: datetime) -> str:
    """What lets a screen hear of a place for an hour."""
    said = f"{place.pk}.{int(clock.timestamp()) + LIFE}"
    return f"{said}.{_signed(said)}"


def read_ticket(text: str, clock: datetime) -> int | None:
    """The number of the place that a ticket is about; None where it is not ours or over."""
    said, _dot, sign = text.rpartition(".")
    place, _dot, end = said.partition(".")
    good = hmac.compare_digest(_signed(said).encode(), sign.encode())
    return int(place) if good and int(end) > clock.timestamp() else None


def _signed(said: str) -> str:
    key = hashlib.sha256(b"leitai/wall-tickets/1\n" + settings.DATA_KEY.encode()).digest()
    return hmac.digest(key, said.encode(), "sha256").hex()[:_SIGN]


@dataclass(frozen=True)
class News:
    """The number of the newest sealed event of a place, the tiles touched since, whether events wait for a number."""

    seq: int
    tiles: frozenset[str]
    waiting: bool
    present: datetime


def touched(kinds: Iterable[str]) -> frozenset[str]:
    """The tiles that events of these kinds touch."""
    return frozenset(tile for kind in kinds for tile in TOUCHES.get(kind.partition(".")[0], ()))


def news(place: Any, after: int, clock: datetime) -> News:
    """What happened in a place since its event number `after`."""
    chain = ledger.chain(place)
    seq = chain.size if chain is not None else 0
    if not 0 <= seq - after <= MOST_MISSED:
        tiles = frozenset(TILES)
    elif seq == after:
        tiles = frozenset()
    else:
        kinds = ledger.after(place, after + 1, seq - after).values_list("kind", flat=True)
        tiles = touched(set(kinds))
    return News(seq, tiles, ledger.unsealed(place) > 0, place.now(clock))


@dataclass(eq=False)
class Screen:
    """One that listens: up to which event it was told of everything, and what it is still to be told."""

    place: int
    seq: int = 0
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    tiles: set[str] = field(default_factory=set)


@dataclass
class _Seen:
    """How far a place has been followed; since when events wait while none is numbered."""

    news: News
    stuck_since: float | None = None


class Walls:
    """Every screen that listens, and the one look a second at the ledger that serves them all; of one loop."""

    def __init__(self) -> None:
        self._screens: set[Screen] = set()
        self._seen: dict[int, _Seen] = {}
        self._places: dict[int, Any] = {}
        self._follower: asyncio.Task[None] | None = None
        self._thread = ThreadPoolExecutor(1, "walls")

    @property
    def screens(self) -> int:
        """How many listen."""
        return len(self._screens)

    def close(self) -> None:
        """Whoever listens comes again, here or elsewhere."""
        if self._follower is not None:
            self._follower.cancel()
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def serve(self, scope: Any, proto: Any, text: str, web: str) -> None:
        """Tell a screen, until it goes or its ticket is over."""
        number = read_ticket(text, timezone.now())
        if number is None:
            proto.response_str(403, _PLAIN, "the ticket is over\n")
            return
        if len(self._screens) >= MOST_SCREENS:
            proto.response_str(503, [*_PLAIN, ("retry-after", "60")], "too many screens\n")
            return
        screen = Screen(number)
        self._screens.add(screen)  # first, so that nothing falls between what it missed and what comes
        try:
            first = await self._look(number, _after(scope))
            if first is None:
                proto.response_str(404, _PLAIN, "no such place\n")
                return
            screen.tiles |= first.tiles
            screen.seq = first.seq
            screen.wake.set()
            self._seen.setdefault(number, _Seen(first))
            if self._follower is None or self._follower.done():
                self._follower = asyncio.get_running_loop().create_task(self._follow())
            headers = [*_STREAM, ("access-control-allow-origin", web)] if web else _STREAM
            await self._tell(screen, text, proto, proto.response_stream(200, headers))
        finally:
            self._screens.discard(screen)

    async def _tell(self, screen: Screen, text: str, proto: Any, line: Any) -> None:
        gone = asyncio.ensure_future(proto.client_disconnect())
        try:
            await line.send_str("retry: 5000\n\n")
            while not gone.done() and read_ticket(text, timezone.now()) is not None:
                woken = asyncio.ensure_future(screen.wake.wait())
                await asyncio.wait({gone, woken}, timeout=BEAT, return_when=asyncio.FIRST_COMPLETED)
                woken.cancel()
                if gone.done():
                    break
                screen.wake.clear()
                tiles, screen.tiles = screen.tiles, set()
                await line.send_str(self._message(screen, tiles))
                await asyncio.wait({gone}, timeout=GAP)
        except (ProtocolClosed, RuntimeError):
            pass  # it went while it was told
        finally:
            gone.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await gone

    def _message(self, screen: Screen, tiles: set[str]) -> str:
        seen, clock = self._seen[screen.place], timezone.now()
        screen.seq = max(screen.seq, seen.news.seq)
        since = seen.stuck_since
        said = {
            "tiles": sorted(tiles),
            "clock": clock.isoformat(),
            "present": self._places[screen.place].now(clock).isoformat(),
            "held": round(asyncio.get_running_loop().time() - since) if since is not None else 0,
        }
        return f"id: {screen.seq}\nevent: tiles\ndata: {json.dumps(said)}\n\n"

    async def _follow(self) -> None:
        """Look at the ledger, as long as anybody listens."""
        while self._screens:
            await asyncio.sleep(EVERY)
            for number in {one.place for one in self._screens}:
                seen = self._seen.get(number)
                if seen is not None:
                    await self._follow_one(number, seen)
        self._seen.clear()
        self._places.clear()

    async def _follow_one(self, number: int, seen: _Seen) -> None:
        found = await self._look(number, seen.news.seq)
        if found is None:
            return
        moved = found.seq != seen.news.seq
        if moved or not found.waiting:
            seen.stuck_since = None
        elif seen.stuck_since is None:
            seen.stuck_since = asyncio.get_running_loop().time()
        seen.news = found
        for screen in self._screens:
            if found.tiles and screen.place == number:
                screen.tiles |= found.tiles
                screen.wake.set()

    async def _look(self, number: int, after: int) -> News | None:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, self._news, number, after)

    def _news(self, number: int, after: int) -> News | None:
        """In the thread: None where there is no such place, or the database does not answer."""
        try:
            place = people.by_number([number]).get(number)
            if place is None:
                return None
            self._places[number] = place
            return news(place, after, timezone.now())
        except Exception:
            log.exception("the ledger could not be followed for the walls")
            connection.close()  # whatever is wrong with it, the next look has a new one
            return None


def _after(scope: Any) -> int:
    """The event up to which a screen knows everything; -1 where it does not say."""
    said = scope.headers.get("last-event-id") or parse_qs(scope.query_string).get("after", [""])[0]
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 19 else -1


_NO_STORE = ("cache-control", "no-store")
_PLAIN = [("content-type", "text/plain; charset=utf-8"), _NO_STORE]
_STREAM = [("content-type", "text/event-stream"), _NO_STORE, ("x-accel-buffering", "no")]
