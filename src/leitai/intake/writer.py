"""One writer for many ballots that arrive at once, so that a crowd costs few commits.

A commit that reaches the disk takes milliseconds, whatever is in it. So ballots are gathered and written together,
by one thread, in one commit; each is told the outcome only after it. Group commit, as databases do it inside:
DeWitt and others, "Implementation techniques for main memory database systems", SIGMOD 1984. How long to gather:
until those who were just answered can have come again beside those who waited meanwhile; and where they do not come,
no longer than the last batch took to write, so that gathering at most doubles the time.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import queue
import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")
LONGEST = 0.02  # seconds that a batch is gathered for
log = logging.getLogger("leitai.intake")


class Busy(Exception):
    """More are waiting than the house can promise to write soon: the item may not be kept."""


class Writer(Generic[Item, Outcome]):
    """Hands items to `write` in batches, from a thread of its own, in the order they came.

    `write` takes a list and returns as many outcomes, in order, all durable when it returns. Where it raises it
    may have kept some of the batch (a batch of several places is several commits), for every item is then
    written again by itself: so writing an item twice must come to the same as once, as a ballot's idempotency
    key makes it. `most`: items in one batch. `room`: items that may wait. `patience`: seconds that a batch may take;
    when it takes longer, whoever waits is told Busy, and so is whoever comes, until it is over.

    Used from the thread of `loop` alone.
    """

    def __init__(
        self,
        write: Callable[[list[Item]], Sequence[Outcome]],
        loop: asyncio.AbstractEventLoop,
        *,
        most: int = 256,
        room: int = 800,
        patience: float = 4.0,
    ) -> None:
        self._write = write
        self._most, self._room, self._patience = most, room, patience
        self._loop = loop
        self._waiting: deque[tuple[Item, asyncio.Future[Outcome]]] = deque()
        self._expected, self._took, self._begun = 1, 0.0, 0.0
        self._writing: list[tuple[Item, asyncio.Future[Outcome]]] = []
        self._stuck = False
        self._timer: asyncio.TimerHandle | None = None
        self._batches: queue.SimpleQueue[list[Item] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="ballot-writer", daemon=True)
        self._thread.start()

    def submit(self, item: Item) -> asyncio.Future[Outcome]:
        """The outcome to come. Raises Busy, at once or from the future."""
        if self._stuck or len(self._waiting) >= self._room:
            raise Busy
        promise: asyncio.Future[Outcome] = self._loop.create_future()
        self._waiting.append((item, promise))
        if not self._writing:
            self._gather()
        return promise

    @property
    def waiting(self) -> int:
        """How many wait for the next batch."""
        return len(self._waiting)

    def close(self) -> None:
        """Stops when what is being written is there; returns when the thread is gone. Who waits longer is not told."""
        self._batches.put(None)
        self._thread.join()

    # In the loop

    def _gather(self) -> None:
        """Begin when all who are expected are there, or in a moment."""
        if len(self._waiting) >= min(self._expected, self._most):
            if self._timer is not None:
                self._timer.cancel()
            self._begin()
        elif self._timer is None:
            self._timer = self._loop.call_later(self._took, self._begin)

    def _begin(self) -> None:
        count = min(len(self._waiting), self._most)
        self._writing = [self._waiting.popleft() for _ in range(count)]
        self._begun = self._loop.time()
        self._timer = self._loop.call_at(self._begun + self._patience, self._give_up)
        self._batches.put([item for item, _ in self._writing])

    def _give_up(self) -> None:
        """The batch takes too long: nobody is kept waiting for it. What it holds may yet be written."""
        log.warning("a batch of %d has not reached the disk in %s s", len(self._writing), self._patience)
        self._stuck = True
        for _, promise in (*self._writing, *self._waiting):
            if not promise.done():
                promise.set_exception(Busy())
        self._waiting.clear()

    def _settle(self, outcomes: Sequence[Outcome | Exception]) -> None:
        """Tell everyone of a batch, and begin with the next."""
        for (_, promise), outcome in zip(self._writing, outcomes, strict=True):
            if promise.done():
                continue
            if isinstance(outcome, Exception):
                promise.set_exception(outcome)
            else:
                promise.set_result(outcome)
        if self._timer is not None:
            self._timer.cancel()
        self._expected = len(self._writing) + len(self._waiting)
        self._took = min(self._loop.time() - self._begun, LONGEST)
        self._writing, self._stuck, self._timer = [], False, None
        if self._waiting:
            self._gather()

    # In the thread

    def _run(self) -> None:
        while (items := self._batches.get()) is not None:
            outcomes = self._written(items)
            with contextlib.suppress(RuntimeError):  # the loop may be gone, and with it whoever waited
                self._loop.call_soon_threadsafe(self._settle, outcomes)

    def _written(self, items: list[Item]) -> Sequence[Outcome | Exception]:
        """Writes a batch; where that fails, each item by itself, so that one bad item spoils no other's."""
        try:
            return self._write(items)
        except Exception as fault:  # noqa: BLE001  also a connection that broke: the next one may hold
            log.warning("a batch of %d could not be written together: %s", len(items), fault)
            return [self._alone(item) for item in items]

    def _alone(self, item: Item) -> Outcome | Exception:
        if self._stuck:  # whoever waited was told so
            return Busy()
        try:
            return self._write([item])[0]
        except Exception as fault:
            log.exception("a ballot could not be written")
            return fault
