"""Contests: their stages, what the record must allow, and the count of a jury's secret ballot.

Who is honoured is decided by people who read the evidence, once it is public and could be challenged; what the record
says of who is nominated is looked up, not asked for; clicks and network votes have no place to enter. The count is an
approval ballot, as used for 票决: a juror names as many as there are seats or fewer; elected is who is named on more
than half of the ballots, the most named first; those level at the last seat are not split by chance, and the seat
stays empty.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from leitai.rules.kernel import N_, Finding, Text
from leitai.rules.regime.conditions import compile_condition
from leitai.rules.regime.duties import ContestSpec
from leitai.rules.regime.vocabulary import RECORD
from leitai.rules.worktime import Calendar, due, parse_within

Stage = Literal["nominations", "notice", "held", "vote", "count", "closed"]


@dataclass(frozen=True, slots=True)
class Ends:
    """When each stage of a contest ends; instants in UTC, each after the one before."""

    nominations: datetime
    notice: datetime
    vote: datetime


def ends(spec: ContestSpec, opened_at: datetime, calendar: Calendar) -> Ends:
    """The ends of the stages of a contest called at an instant (aware), each counted from the end before it."""
    return ends_after(spec, due(opened_at, parse_within(spec.nominations), calendar).instant, calendar)


def ends_after(spec: ContestSpec, nominations: datetime, calendar: Calendar) -> Ends:
    """The ends of the stages that follow the end of nominations, which may come later than it was meant to."""
    notice = due(nominations, parse_within(spec.notice), calendar).instant
    return Ends(nominations, notice, vote_end(spec, notice, calendar))


def vote_end(spec: ContestSpec, start: datetime, calendar: Calendar) -> datetime:
    """The end of a vote that can only begin at `start`: the jury has as long as the rule-book gives it."""
    return due(start, parse_within(spec.vote), calendar).instant


def answer_due(spec: ContestSpec, made: datetime, calendar: Calendar) -> datetime:
    """Until when an objection made at an instant (aware) is to be answered."""
    return due(made, parse_within(spec.answer), calendar).instant


def stage_at(times: Ends, now: datetime, *, closed: bool, unanswered: bool = False) -> Stage:
    """Which stage a contest is in; an end belongs to the stage after it.

    `unanswered`: an objection to somebody who stands has no answer yet. Then neither vote nor count begins.
    """
    if closed:
        return "closed"
    if now < times.nominations:
        return "nominations"
    if now < times.notice:
        return "notice"
    if unanswered:
        return "held"
    return "vote" if now < times.vote else "count"


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check of the rule-book came to for one record: `asked` are the figures that it was asked of."""

    key: str
    name: Text
    held: bool
    asked: Mapping[str, int]


def check_record(spec: ContestSpec, record: Mapping[str, int]) -> tuple[Checked, ...]:
    """Every check of a contest, asked of a record. `record` has a figure for every word of the vocabulary (RECORD).

    Raises KeyError for a record that lacks a word that a check asks for.
    """
    found = []
    for key, check in spec.checks.items():
        condition = compile_condition(check.if_, RECORD)
        asked = {name: record[name] for name in condition.names}
        found.append(Checked(key, check.name, condition.holds(asked), asked))
    return tuple(found)


def check_ballot(choices: Sequence[str], nominees: Iterable[str], seats: int) -> Finding | None:
    """Why a juror's choices may not be put in the box; None where they may. One that names nobody counts."""
    known = set(nominees)
    if wrong := [one for one in choices if one not in known]:
        return Finding(
            "not-nominated", N_("“%(one)s” is not among those to be voted on"), values={"one": wrong[0]}
        )
    if len(set(choices)) != len(choices):
        return Finding("named-twice", N_("the same is named twice on this ballot"))
    if len(choices) > seats:
        message = N_("a ballot names at most %(seats)s; this one names %(named)s")
        return Finding("too-many", message, values={"seats": seats, "named": len(choices)})
    return None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a vote came to: `votes` of every nominee; `elected` in the order of votes, then of keys.

    `level`: those who stand level at the last seat and are therefore not elected. `valid` is False where fewer
    jurors voted than the rule-book asks for, and then nobody is elected.
    """

    votes: Mapping[str, int]
    ballots: int
    elected: tuple[str, ...]
    level: tuple[str, ...]
    valid: bool


def count(nominees: Iterable[str], ballots: Iterable[Sequence[str]], *, seats: int, jury: int) -> Outcome:
    """The count of secret ballots.

    >>> count("abc", ["ab", "ab", "ac"], seats=2, jury=3).elected
    ('a', 'b')
    """
    cast = [tuple(one) for one in ballots]
    named = Counter(one for ballot in cast for one in ballot)
    votes = {one: named[one] for one in sorted(nominees)}
    if len(cast) < jury:
        return Outcome(votes, len(cast), (), (), False)
    ranked = sorted((one for one in votes if 2 * votes[one] > len(cast)), key=lambda one: (-votes[one], one))
    if len(ranked) <= seats:
        return Outcome(votes, len(cast), tuple(ranked), (), True)
    border = votes[ranked[seats]]
    sure = tuple(one for one in ranked if votes[one] > border)
    level = tuple(one for one in ranked if votes[one] == border)
    return Outcome(votes, len(cast), sure, level, True)
