"""Whatever is done to a row of the ledger is found, and named by the number of the event."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leitai.rules.ledger import Head, genesis, link, verify

Row = tuple[int, bytes, str]
START = genesis("a-place")


def chain(count: int, start: Head = START) -> list[Row]:
    rows, previous = [], start.link
    for seq in range(start.seq + 1, start.seq + count + 1):
        body = b"event %d" % seq
        previous = link(previous, body)
        rows.append((seq, body, previous.hex()))
    return rows


def renumbered(rows: list[Row]) -> list[Row]:
    return [(seq, body, text) for seq, (_, body, text) in enumerate(rows, 1)]


def found(rows: list[Row], head: Head | None = None) -> list[tuple[str, object]]:
    return [(one.code, one.values["seq"]) for one in verify(rows, START, head=head).findings]


def test_a_whole_chain_has_no_finding_and_says_its_head() -> None:
    rows = chain(200)
    checked = verify(iter(rows), START)
    assert (checked.count, checked.findings) == (200, ())
    assert checked.head == Head(200, bytes.fromhex(rows[-1][2]))
    assert verify(chain(5, checked.head), checked.head).findings == ()
    assert verify([], START).head == START
    assert genesis("a-place") != genesis("b-place")


@settings(max_examples=30)
@given(st.integers(2, 30), st.data())
def test_an_altered_body_is_named(count: int, data: st.DataObject) -> None:
    rows, at = chain(count), data.draw(st.integers(0, count - 1))
    rows[at] = (rows[at][0], rows[at][1] + b"!", rows[at][2])
    assert found(rows) == [("altered", at + 1)]


@settings(max_examples=30)
@given(st.integers(3, 30), st.data())
def test_removed_events_are_named(count: int, data: st.DataObject) -> None:
    rows, at = chain(count), data.draw(st.integers(0, count - 2))
    last = data.draw(st.integers(at, count - 2))
    del rows[at : last + 1]
    (finding,) = verify(rows, START).findings
    assert (finding.code, finding.values["seq"], finding.values["last"]) == ("removed", at + 1, last + 1)


@settings(max_examples=30)
@given(st.integers(2, 30), st.data())
def test_exchanged_events_are_named(count: int, data: st.DataObject) -> None:
    rows = chain(count)
    one, other = sorted(data.draw(st.lists(st.integers(0, count - 1), min_size=2, max_size=2, unique=True)))
    rows[one], rows[other] = rows[other], rows[one]
    codes = found(renumbered(rows))
    assert {code for code, _ in codes} == {"reordered"}
    assert {seq for _, seq in codes} & {one + 1, other + 1}


def test_an_event_moved_far_is_told_where_it_belongs() -> None:
    rows = chain(100)
    rows.insert(80, rows.pop(9))
    (finding,) = verify(renumbered(rows), START).findings
    assert (finding.code, finding.values) == ("reordered", {"seq": 81, "belongs": 9})


@pytest.mark.parametrize("linked", [True, False])
def test_an_inserted_event_is_named(linked: bool) -> None:
    rows = chain(30)
    text = link(bytes.fromhex(rows[11][2]), b"new").hex() if linked else "ab" * 32
    rows.insert(12, (0, b"new", text))
    assert found(renumbered(rows)) == [("inserted", 13)]


def test_several_faults_are_all_named() -> None:
    rows = chain(60)
    rows[9] = (10, b"other", rows[9][2])
    rows[10] = (11, b"other", rows[10][2])
    del rows[39:41]
    assert found(rows) == [("altered", 10), ("altered", 11), ("removed", 40)]


def test_a_number_left_out_and_a_link_that_is_none_are_named() -> None:
    rows = [(seq + (seq > 5), body, text) for seq, body, text in chain(10)]
    assert found(rows) == [("renumbered", 7)]
    rows = chain(10)
    rows[4] = (5, rows[4][1], "no link")
    assert found(rows)[0] == ("altered", 5)


def test_a_kept_head_shows_a_cut_tail_and_a_rewritten_past() -> None:
    rows = chain(20)
    kept = Head(18, bytes.fromhex(rows[17][2]))
    assert found(rows, kept) == []
    assert found(rows[:15], kept) == [("head-missing", 18)]
    rewritten, previous = rows[:10], bytes.fromhex(rows[9][2])
    for seq in range(11, 21):
        previous = link(previous, b"rewritten %d" % seq)
        rewritten.append((seq, b"rewritten %d" % seq, previous.hex()))
    assert found(rewritten) == []
    assert found(rewritten, kept) == [("head-differs", 18)]


def test_reading_stops_where_everything_is_broken() -> None:
    rows = [(seq, b"x", "00" * 32) for seq in range(1, 1000)]
    checked = verify(rows, START, limit=5)
    assert checked.count == 6
    assert checked.findings[-1].code == "too-many"
    assert all(one.text for one in checked.findings)


def test_a_link_takes_only_a_link() -> None:
    with pytest.raises(ValueError):
        link(b"short", b"body")
