"""The door is killed again and again under load, at instants drawn from a seed, and keeps every promise it made.

A receipt that was given out is in the log once, and proves against a head signed afterwards. Who got no answer sends
the same form again: what had reached the disk is not doubled.
"""

from __future__ import annotations

import http.client
import json
import random
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest

from leitai.apps.ballots import queries
from leitai.apps.ballots.leaves import leaf_of_ballot
from leitai.apps.ballots.models import Ballot
from leitai.apps.ballots.tallies import kept, recounted
from leitai.apps.ledger import log
from leitai.rules import ledger as core
from tests.intake.door import FORM, WAIT, Door, open_door, slip
from tests.pages.place import Shan, found

KILLS, PHONES, EACH = 20, 16, 400
LEAST, MOST = 0.02, 0.4  # seconds from the first receipts to the kill


@pytest.fixture
def shan(leitai_environment: dict[str, str]) -> Shan:
    """The small place, committed, so that another process sees it."""
    return found()


class Crowd:
    """Telephones that send one verdict after the other until the door hangs up. `told`: the receipts, None for none."""

    def __init__(self, code: str) -> None:
        self.code, self.told = code, dict[str, str | None]()
        self.begun = threading.Semaphore(0)

    @contextmanager
    def at(self, door: Door, round_: int) -> Iterator[None]:
        """All of them at a door; the block ends it, and they have all gone when this returns."""
        threads = [
            threading.Thread(target=self._phone, args=(door.port, f"{round_:04}-{who:04}"))
            for who in range(PHONES)
        ]
        for one in threads:
            one.start()
        for _ in threads:
            assert self.begun.acquire(timeout=WAIT)
        yield
        for one in threads:
            one.join(WAIT)
            assert not one.is_alive()

    def _phone(self, port: int, who: str) -> None:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=WAIT)
        for number in range(EACH):
            once = f"phone-{who}-verdict-{number:04}"
            self.told[once] = None
            try:
                self.told[once] = self._send(line, once, grade_of(once))
            except (OSError, http.client.HTTPException):
                return
            finally:
                if number == 0:
                    self.begun.release()

    def _send(self, line: http.client.HTTPConnection, once: str, grade: str) -> str:
        headers = {"content-type": FORM, "accept": "application/json"}
        line.request("POST", f"/b/{self.code}", slip(once, grade), headers)
        answer = line.getresponse()
        assert answer.status == 201, answer.read()
        return str(json.loads(answer.read())["receipt"])


def grade_of(once: str) -> str:
    """What a form says, by its key: the same form again says the same."""
    return "dissatisfied" if int(once[-4:]) % 3 == 0 else "satisfied"


def proved(place: Any, receipts: Mapping[str, str]) -> None:
    """Every receipt is there once, and a head signed now holds its leaf."""
    checkpoint = log.publish(place, now=datetime.now(UTC))
    assert checkpoint is not None
    head = core.read_note(checkpoint.note)
    assert isinstance(head, tuple)
    note, signatures = head
    assert log.signature_holds(note, signatures, log.public_key())
    rows = Ballot.objects.filter(place=place).select_related("place", "unit", "point")
    by_receipt = {row.receipt: row for row in rows}
    assert note.size == len(rows) == len(by_receipt)
    tree = log.of(place)
    assert tree is not None
    for once, receipt in receipts.items():
        row = by_receipt[receipt]
        leaf = core.leaf_hash(leaf_of_ballot(row), note.algorithm)
        path = log.inclusion(tree, row.index, note.size)
        assert row.grade == grade_of(once)
        assert core.verify_inclusion(leaf, row.index, note.size, path, note.root, note.algorithm)


def test_killed_twenty_times_under_load_it_keeps_what_it_acknowledged_and_doubles_nothing(
    shan: Shan, leitai_environment: dict[str, str]
) -> None:
    draw = random.Random(20240410)
    crowd = Crowd(shan.code)
    doors = [open_door(leitai_environment)]
    try:
        for round_ in range(KILLS):
            doors.append(open_door(leitai_environment))  # starts up while the one before is at work
            doors[-2].wait()
            with crowd.at(doors[-2], round_):
                with pytest.raises(subprocess.TimeoutExpired):  # it must not end by itself
                    doors[-2].process.wait(draw.uniform(LEAST, MOST))
                doors[-2].kill()
        acknowledged = {once: receipt for once, receipt in crowd.told.items() if receipt is not None}
        asked_in_vain = crowd.told.keys() - acknowledged.keys()
        kept_before = set(Ballot.objects.values_list("receipt", flat=True))
        assert len(acknowledged) >= KILLS * PHONES
        assert len(asked_in_vain) >= KILLS * PHONES // 2, (
            "most deaths must interrupt something, or this says little"
        )

        doors[-1].wait()
        receipts = acknowledged | {
            once: doors[-1].vote(shan.code, once, grade_of(once)) for once in sorted(asked_in_vain)
        }
    finally:
        for one in doors:
            one.kill()
    stored = sum(receipts[once] in kept_before for once in asked_in_vain)
    print(f"{len(acknowledged)} acknowledged, {len(asked_in_vain)} not, of which {stored} were stored")
    assert sorted(Ballot.objects.values_list("receipt", flat=True)) == sorted(receipts.values())
    proved(shan.place, receipts)
    assert [one for one in queries.check(shan.place, []) if one is not None] == []
    assert kept(shan.place) == dict(recounted(shan.place))
