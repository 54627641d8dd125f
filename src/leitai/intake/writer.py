"""One writer for many ballots that arrive at once, so that a crowd costs few commits.

A commit that reaches the disk takes milliseconds, whatever is in it. The requests that arrive while one is
under way therefore wait together and are written in the next, by one thread; each is told the outcome only
after its commit. Group commit, as databases do it inside: DeWitt and others, "Implementation techniques for
main memory database systems", SIGMOD 1984.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")
log = logging.getLogger("leitai.intake")


class Busy(Exception):
    """More are waiting than the house can promise to write soon; nothing was taken in."""


class Writer(Generic[Item, Outcome]):
    """Hands items to `write` in batches, from a thread of its own, in the order they came.

    `write` takes a list and returns as many outcomes, in order, all durable when it returns. Where it raises it
    may have kept some of the batch (a batch of several places is several commits), for every item is then
    written again by itself: so writing an item twice must come to the same as once, as a ballot's idempotency
    key makes it. `most`: items in one batch. `room`: items that may wait.
    """

    def __init__(
        self, write: Callable[[list[Item]], list[Outcome]], *, most: int = 256, room: int = 800
    ) -> None:
        self._write = write
        self._most = most
        self._waiting: queue.Queue[tuple[Item, Future[Outcome]] | None] = queue.Queue(room)
        self._thread = threading.Thread(target=self._run, name="ballot-writer", daemon=True)
        self._thread.start()

    def submit(self, item: Item) -> Future[Outcome]:
        """The outcome to come. Raises Busy where the queue is full."""
        promise: Future[Outcome] = Future()
        promise.set_running_or_notify_cancel()  # who hangs up now has voted all the same
        try:
            self._waiting.put_nowait((item, promise))
        except queue.Full:
            raise Busy from None
        return promise

    @property
    def waiting(self) -> int:
        """How many wait for the next batch."""
        return self._waiting.qsize()

    def close(self) -> None:
        """Writes what waits, then stops; returns when the thread is gone."""
        self._waiting.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (entry := self._waiting.get()) is not None:
            batch, last = [entry], False
            while len(batch) < self._most and not last:
                try:
                    more = self._waiting.get_nowait()
                except queue.Empty:
                    break
                if more is None:
                    last = True
                else:
                    batch.append(more)
            self._settle(batch)
            if last:
                return

    def _settle(self, batch: list[tuple[Item, Future[Outcome]]]) -> None:
        """Writes a batch; where that fails, each item by itself, so that one bad item spoils no other's."""
        try:
            outcomes = self._write([item for item, _ in batch])
        except Exception as fault:
            if len(batch) == 1:
                log.exception("a ballot could not be written")
                batch[0][1].set_exception(fault)
                return
            log.warning("a batch of %d could not be written together: %s", len(batch), fault)
            for entry in batch:
                self._settle([entry])
            return
        for (_, promise), outcome in zip(batch, outcomes, strict=True):
            promise.set_result(outcome)
