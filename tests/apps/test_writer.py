"""The one writer of the ballot door: batches, order, a full queue, and a bad item among good ones."""

from __future__ import annotations

import threading

import pytest

from leitai.intake.writer import Busy, Writer

WAIT = 20


def test_what_waits_together_is_written_together_and_in_order() -> None:
    entered, go, batches = threading.Event(), threading.Event(), []

    def write(items: list[int]) -> list[int]:
        batches.append(items)
        entered.set()
        assert go.wait(WAIT)
        return [item * 10 for item in items]

    writer = Writer(write, most=4)
    first = writer.submit(0)
    assert entered.wait(WAIT)
    rest = [writer.submit(n) for n in range(1, 7)]
    go.set()
    assert [one.result(WAIT) for one in (first, *rest)] == [0, 10, 20, 30, 40, 50, 60]
    assert batches == [[0], [1, 2, 3, 4], [5, 6]]
    writer.close()


def test_a_full_queue_takes_no_more_and_forgets_nothing() -> None:
    entered, go = threading.Event(), threading.Event()

    def write(items: list[str]) -> list[str]:
        entered.set()
        assert go.wait(WAIT)
        return items

    writer = Writer(write, room=2)
    promises = [writer.submit("under way")]
    assert entered.wait(WAIT)
    promises += [writer.submit("waits"), writer.submit("waits too")]
    with pytest.raises(Busy):
        writer.submit("one too many")
    go.set()
    writer.close()
    assert [one.result(0) for one in promises] == ["under way", "waits", "waits too"]


def test_one_bad_item_spoils_no_other() -> None:
    entered, go = threading.Event(), threading.Event()

    def write(items: list[str]) -> list[str]:
        entered.set()
        assert go.wait(WAIT)
        if "bad" in items:
            raise ValueError("bad")
        return [item.upper() for item in items]

    writer = Writer(write)
    start = writer.submit("start")
    assert entered.wait(WAIT)
    good, bad, other = (writer.submit(word) for word in ("good", "bad", "other"))
    go.set()
    assert (start.result(WAIT), good.result(WAIT), other.result(WAIT)) == ("START", "GOOD", "OTHER")
    with pytest.raises(ValueError, match="bad"):
        bad.result(WAIT)
    assert writer.submit("after").result(WAIT) == "AFTER"
    writer.close()
