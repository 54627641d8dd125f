"""The pack of a meeting: parts in the rule-book's order, what cannot be explained by chance first, nothing empty."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from leitai.rules.cadence.agenda import ENDS, MOVERS, Line, Read, Sources, assemble, touch
from leitai.rules.ledger import canonical
from leitai.rules.regime.gatherings import AGENDA

HEAD = {"table": 7, "name": {"zh": "擂台", "en": "Works"}, "period": "2024-03", "edition": 1}


def line(unit: str, rank: int | None, wide: int = 0, of: int = 20, **named: bool) -> Line:
    who = {"key": unit, "zh": unit, "en": unit}
    low, high = (None, None) if rank is None else (max(1, rank - wide), min(of, rank + wide))
    return Line(who, "all", rank, low, high, of, None, named.get("best", False), named.get("worst", False))


def read(lines: list[Line], earlier: list[Line] | None = None) -> Sources:
    return Sources(tables=[Read(HEAD, {"all": {"zh": "全部", "en": "All"}}, lines, earlier)])


def only(agenda: list[str], sources: Sources) -> list[dict[str, Any]]:
    return assemble(agenda, sources)  # type: ignore[arg-type]


def promise(number: int, verdict: str, times: int = 1) -> dict[str, Any]:
    return {"commitment": number, "verdict": verdict, "times": times}


def test_parts_come_in_the_rule_books_order_each_once() -> None:
    sources = read([line("x", 1, best=True)])
    agenda = ["words", "best", "standings", "commitments", "best"]
    assert [one["part"] for one in only(agenda, sources)] == ["words", "best", "standings", "commitments"]


def test_what_has_nothing_to_say_is_left_out_but_for_the_promises() -> None:
    assert only([*AGENDA, "projects", "inspections"], Sources()) == [
        {
            "part": "commitments",
            "items": [],
            "counts": {"missed": 0, "unknown": 0, "kept": 0},
            "open": [],
        }
    ]


def test_the_missed_come_first_and_among_them_those_promised_most_often() -> None:
    items = [promise(1, "kept"), promise(2, "missed"), promise(3, "unknown"), promise(4, "missed", 3)]
    (part,) = only(["commitments"], Sources(promised=items))
    assert [one["commitment"] for one in part["items"]] == [4, 2, 3, 1]
    assert part["counts"] == {"missed": 2, "unknown": 1, "kept": 1}


def test_both_ends_of_a_group_are_shown_and_who_is_named_wherever_they_stand() -> None:
    lines = [line(f"u{n:02}", n, worst=n == 10) for n in range(1, 21)] + [line("few", None)]
    (part,) = only(["standings"], read(lines))
    (group,) = part["tables"][0]["groups"]
    assert [one["rank"] for one in group["lines"]] == [1, 2, 3, 10, 18, 19, 20]
    assert (group["rest"], group["unranked"]) == (20 - 2 * ENDS - 1, 1)


def test_moves_beyond_noise_come_first_and_the_rest_is_counted() -> None:
    old = [line("up", 9, 1), line("down", 2, 1), line("drift", 5, 3), line("still", 7), line("new", None)]
    now = [line("up", 3, 2), line("down", 12, 1), line("drift", 3, 4), line("still", 7), line("new", 1)]
    (part,) = only(["changes"], read(now, old))
    (table,) = part["tables"]
    assert [(one["unit"]["key"], one["gained"]) for one in table["movers"]] == [("down", -10), ("up", 6)]
    assert (table["more"], table["within_noise"]) == (0, 1)
    assert only(["changes"], read(now, None)) == []


def test_best_practice_is_what_is_told_and_else_who_is_named() -> None:
    named = read([line("x", 1, best=True), line("y", 2)])
    (part,) = only(["best"], named)
    assert [(one["unit"]["key"], one["table"]) for one in part["named"]] == [("x", 7)]
    spoken = [{"kind": "experience", "unit": "x"}, {"kind": "statement", "unit": "z"}]
    best, last = only(["best", "statements"], Sources(tables=named.tables, spoken=spoken))
    assert (best["items"], best["named"]) == ([spoken[0]], [])
    assert last["items"] == [spoken[1]]


def test_the_gravest_cases_are_listed_and_the_rest_counted() -> None:
    (part,) = only(["cases"], Sources(red=[{"case": f"{n}"} for n in range(30)], late=45))
    assert (len(part["items"]), part["more"]) == (20, 25)


INTERVALS = st.tuples(st.integers(1, 30), st.integers(0, 5), st.integers(0, 5)).map(
    lambda three: [max(1, three[0] - three[1]), three[0], three[0] + three[2]]
)


@given(INTERVALS, INTERVALS)
def test_touching_is_mutual_and_what_is_apart_has_no_rank_in_common(one: list[int], other: list[int]) -> None:
    assert touch(one, other) == touch(other, one)
    common = set(range(one[0], one[2] + 1)) & set(range(other[0], other[2] + 1))
    assert touch(one, other) == bool(common)


@given(st.lists(st.tuples(st.integers(1, 40), st.integers(0, 9)), max_size=60), st.randoms())
def test_a_pack_can_be_kept_and_counts_every_move(ranks: list[tuple[int, int]], chance) -> None:  # type: ignore[no-untyped-def]
    now = [line(f"u{n}", rank, wide, of=40) for n, (rank, wide) in enumerate(ranks)]
    old = list(ranks)
    chance.shuffle(old)
    earlier = [line(f"u{n}", rank, wide, of=40) for n, (rank, wide) in enumerate(old)]
    (part,) = only(["changes"], read(now, earlier))
    canonical(part)
    (table,) = part["tables"]
    moved = sum(one[0] != two[0] for one, two in zip(ranks, old, strict=True))
    assert len(table["movers"]) + table["more"] + table["within_noise"] == moved
    assert len(table["movers"]) <= MOVERS
    assert all(not touch(one["was"], one["now"]) for one in table["movers"])
