"""The one writer of the ballot door: batches, order, a full queue, a stalled disk, and a bad item among good ones."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from leitai.intake.writer import Busy, Writer

WAIT = 20


class Disk:
    """What a writer writes to: each write is noted, begins when it is entered and ends when it is let go."""

    def __init__(self, answer: Callable[[Any], Any]) -> None:
        self.answer = answer
        self.batches: list[list[Any]] = []
        self.entered, self.go = threading.Semaphore(0), threading.Event()

    def write(self, items: list[Any]) -> list[Any]:
        self.batches.append(items)
        self.entered.release()
        assert self.go.wait(WAIT)
        return [self.answer(item) for item in items]

    async def busy(self) -> None:
        """Until a write has begun."""
        assert await asyncio.to_thread(self.entered.acquire, timeout=WAIT)


def run(play: Callable[[], Coroutine[Any, Any, None]]) -> None:
    async def limited() -> None:
        await asyncio.wait_for(play(), WAIT)

    asyncio.run(limited())


def test_what_waits_together_is_written_together_and_in_order() -> None:
    async def play() -> None:
        disk = Disk(lambda item: item * 10)
        writer = Writer(disk.write, asyncio.get_running_loop(), most=4)
        first = writer.submit(0)
        await disk.busy()
        rest = [writer.submit(n) for n in range(1, 7)]
        assert writer.waiting == 6
        disk.go.set()
        assert await asyncio.gather(first, *rest) == [0, 10, 20, 30, 40, 50, 60]
        assert disk.batches == [[0], [1, 2, 3, 4], [5, 6]]
        writer.close()

    run(play)


def test_a_crowd_that_was_answered_is_waited_for_and_one_alone_is_not_kept() -> None:
    async def play() -> None:
        disk = Disk(str)
        writer = Writer(disk.write, asyncio.get_running_loop())
        first = writer.submit(0)
        await disk.busy()
        crowd = [writer.submit(n) for n in (1, 2)]
        disk.go.set()
        await asyncio.gather(first, *crowd)
        again = [writer.submit(n) for n in (3, 4)]
        assert await asyncio.gather(*again) == ["3", "4"]
        # Two were answered and one comes: it is written alone, after a moment.
        assert await writer.submit(5) == "5"
        assert disk.batches == [[0], [1, 2], [3, 4], [5]]
        writer.close()

    run(play)


def test_a_full_queue_takes_no_more_and_forgets_nothing() -> None:
    async def play() -> None:
        disk = Disk(str)
        writer = Writer(disk.write, asyncio.get_running_loop(), room=2)
        promises = [writer.submit("under way")]
        await disk.busy()
        promises += [writer.submit("waits"), writer.submit("waits too")]
        with pytest.raises(Busy):
            writer.submit("one too many")
        disk.go.set()
        assert await asyncio.gather(*promises) == ["under way", "waits", "waits too"]
        writer.close()

    run(play)


def test_nobody_is_kept_waiting_for_a_disk_that_stalls_and_it_may_come_back() -> None:
    async def play() -> None:
        disk = Disk(str)
        writer = Writer(disk.write, asyncio.get_running_loop(), patience=0.01)
        under_way = writer.submit("under way")
        await disk.busy()
        waits = writer.submit("waits")
        for promise in (under_way, waits):
            with pytest.raises(Busy):
                await promise
        with pytest.raises(Busy):
            writer.submit("comes too late")
        disk.go.set()
        while True:
            try:
                again = writer.submit("comes again")
            except Busy:  # not yet over
                await asyncio.sleep(0)
            else:
                break
        assert await again == "comes again"
        assert disk.batches == [["under way"], ["comes again"]]
        writer.close()

    run(play)


def test_one_bad_item_spoils_no_other() -> None:
    def answer(item: str) -> str:
        if item == "bad":
            raise ValueError(item)
        return item.upper()

    async def play() -> None:
        disk = Disk(answer)
        writer = Writer(disk.write, asyncio.get_running_loop())
        start = writer.submit("start")
        await disk.busy()
        good, bad, other = (writer.submit(word) for word in ("good", "bad", "other"))
        disk.go.set()
        assert await asyncio.gather(start, good, other) == ["START", "GOOD", "OTHER"]
        with pytest.raises(ValueError, match="bad"):
            await bad
        assert await writer.submit("after") == "AFTER"
        writer.close()

    run(play)


def test_what_is_being_written_at_the_end_is_written() -> None:
    async def play() -> None:
        disk = Disk(str)
        writer = Writer(disk.write, asyncio.get_running_loop())
        writer.submit("last")
        await disk.busy()
        disk.go.set()
        writer.close()
        assert disk.batches == [["last"]]

    run(play)
