"""What becomes of a bad verdict: who is drawn to call, what follows from what they find, who may ask for a review.

The national rules have a bad verdict called back, put right where it is true, and left out of account where it
was mistaken or malicious (国办发〔2019〕51号); of those decided in one month of one city, 27 % had been
withdrawn. So the unit verifies nothing itself: a caller outside it is drawn by a seed that nobody can choose and
anyone can draw again with, a second person sets aside, and each side asks for a review once, in days of the
rule-book.

>>> OUTCOMES["mistaken"].ask, DECISIONS["proposal", True].standing
('proposal', 'set_aside')
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from types import MappingProxyType

from leitai.rules.kernel import N_, Finding, Text

_BLOCK = 8  # bytes of a digest that make one number
_WHOLE = 1 << (8 * _BLOCK)


def seed_of(place: str, leaf: int | None, link: str) -> bytes:
    """The seed of a draw: the place, the verdict's leaf in the log, and the link of the event that asks for it.

    The link hangs on every event before it and is made after the verdict was given, so nobody can choose it.
    """
    return hashlib.sha256(f"leitai draw 1\n{place}\n{leaf}\n{link}\n".encode()).digest()


def below(end: int, seed: bytes) -> int:
    """A number from 0 up to `end`, each equally likely over all seeds: the first fitting block of SHA-256.

    Block n is the first eight bytes of SHA-256(seed, n as eight bytes); blocks past the last whole multiple of
    `end` are passed over, for they would favour small numbers. Raises ValueError unless 0 < end <= 2**64.
    """
    if not 0 < end <= _WHOLE:
        raise ValueError(f"nothing can be drawn below {end}")
    fair = _WHOLE - _WHOLE % end
    block = 0
    while True:
        found = int.from_bytes(hashlib.sha256(seed + block.to_bytes(8, "big")).digest()[:_BLOCK], "big")
        if found < fair:
            return found % end
        block += 1


def draw(candidates: Collection[str], seed: bytes) -> str:
    """The one that a seed draws, in whatever order and however often they are named. Raises ValueError for none."""
    ordered = sorted(set(candidates))
    return ordered[below(len(ordered), seed)]


class Stage(StrEnum):
    """Where a bad verdict stands on its road."""

    UNDRAWN = "undrawn"
    CALLING = "calling"
    UNREACHED = "unreached"
    DOUBTED = "doubted"
    UPHELD = "upheld"
    APPEALED = "appealed"
    ANSWERED = "answered"
    SET_ASIDE = "set-aside"
    OBJECTED = "objected"


STAGES: Mapping[Stage, Text] = MappingProxyType(
    {
        Stage.UNDRAWN: Text(zh="待抽取回访人员", en="waiting for a caller to be drawn"),
        Stage.CALLING: Text(zh="回访中", en="being called back"),
        Stage.UNREACHED: Text(zh="未联系上，照计", en="not reached: it counts"),
        Stage.DOUBTED: Text(zh="回访认为不属实，待复核", en="doubted by the caller, to be reviewed"),
        Stage.UPHELD: Text(zh="属实", en="found true"),
        Stage.APPEALED: Text(zh="单位申诉，待复核", en="appealed by the unit, to be reviewed"),
        Stage.ANSWERED: Text(zh="已整改并反馈", en="put right, and the citizen told"),
        Stage.SET_ASIDE: Text(zh="不采信", en="set aside"),
        Stage.OBJECTED: Text(zh="群众异议，待复核", en="objected to by the citizen, to be reviewed"),
    }
)
_ASKED = {"proposal": Stage.DOUBTED, "appeal": Stage.APPEALED, "objection": Stage.OBJECTED}


def stage_of(standing: str, outcome: str | None, answered: bool, asked: str | None) -> Stage:
    """Where a bad verdict stands.

    `outcome` of its call-back: None while nobody is drawn, "" while the call is open; `asked`: the review that is
    open, if one is.
    """
    if asked is not None:
        return _ASKED[asked]
    if standing == "set_aside":
        return Stage.SET_ASIDE
    if standing == "upheld":
        return Stage.ANSWERED if answered else Stage.UPHELD
    if outcome is None:
        return Stage.UNDRAWN
    return Stage.UNREACHED if outcome else Stage.CALLING


@dataclass(frozen=True, slots=True)
class Follow:
    """What an outcome or a decision sets going.

    The event that is told, what the verdict counts as from then on ("" where that stays), the review that it opens
    (of an outcome), and the sentence that tells whoever is about to say it.
    """

    event: str
    standing: str
    says: str
    ask: str = ""


_DOUBT = N_("A reviewer decides. Until then it counts as it is.")
OUTCOMES: Mapping[str, Follow] = MappingProxyType(
    {
        "upheld": Follow(
            "ballot.upheld",
            "upheld",
            N_("It counts as found true; the unit must put it right, and may appeal."),
        ),
        "not-upheld": Follow("ballot.doubted", "", _DOUBT, "proposal"),
        "mistaken": Follow("ballot.doubted", "", _DOUBT, "proposal"),
        "malicious": Follow("ballot.doubted", "", _DOUBT, "proposal"),
        "out-of-remit": Follow("ballot.doubted", "", _DOUBT, "proposal"),
        "unreachable": Follow(
            "ballot.unreached", "", N_("It goes on counting; nothing was found out about it.")
        ),
    }
)

# What a reviewer decides: (what was asked for, granted) to what follows.
DECISIONS: Mapping[tuple[str, bool], Follow] = MappingProxyType(
    {
        ("proposal", True): Follow(
            "ballot.set_aside",
            "set_aside",
            N_(
                "It is set aside: it no longer counts, stays public with the reason, and the citizen may object."
            ),
        ),
        ("proposal", False): Follow(
            "ballot.upheld", "upheld", N_("It counts as found true after all; the unit must put it right.")
        ),
        ("appeal", True): Follow(
            "ballot.set_aside",
            "set_aside",
            N_(
                "It is set aside: it no longer counts, stays public with the reason, and the citizen may object."
            ),
        ),
        ("appeal", False): Follow(
            "ballot.appeal_refused", "", N_("It counts as before. There is no second appeal.")
        ),
        ("objection", True): Follow(
            "ballot.reinstated",
            "upheld",
            N_("It is brought back: it counts as found true, and the unit must put it right."),
        ),
        ("objection", False): Follow(
            "ballot.objection_refused", "", N_("It stays as it is. There is no second objection.")
        ),
    }
)

# Each act with the stages in which it may be done: the buttons of pages and the actions ask this same table.
ACTS: Mapping[str, frozenset[Stage]] = MappingProxyType(
    {
        "call": frozenset({Stage.CALLING}),
        "pass-on": frozenset({Stage.UNDRAWN, Stage.CALLING}),
        "appeal": frozenset({Stage.UPHELD, Stage.UNREACHED}),
        "object": frozenset({Stage.SET_ASIDE, Stage.ANSWERED}),
        "answer": frozenset({Stage.UPHELD, Stage.APPEALED}),
        "decide-proposal": frozenset({Stage.DOUBTED}),
        "decide-appeal": frozenset({Stage.APPEALED}),
        "decide-objection": frozenset({Stage.OBJECTED}),
    }
)
# The events by which a verdict enters a stage from which days are counted.
TURNS = (
    "ballot.upheld",
    "ballot.unreached",
    "ballot.set_aside",
    "ballot.answered",
    "ballot.reinstated",
    "ballot.appeal_refused",
    "ballot.objection_refused",
)


def check_stage(act: str, stage: Stage) -> Finding | None:
    """Why an act cannot be done to a verdict where it stands; None where it can. Raises KeyError for no such act."""
    if stage in ACTS[act]:
        return None
    message = N_("This cannot be done now; where the verdict stands: %(stage)s.")
    return Finding("wrong-stage", message, values={"stage": STAGES[stage], "act": act})


def check_outcome(outcome: str, tries: int, needed: int, reachable: bool) -> Finding | None:
    """Why a call cannot end with an outcome; None where it can.

    Nobody is "not reached" before the rule-book's number of tries, unless no telephone was left to call.
    """
    if outcome not in OUTCOMES:
        return Finding("unknown-outcome", N_("Say what the call found."))
    if outcome == "unreachable" and reachable and tries < needed:
        message = N_("Not reached is said after %(needed)s tries; there were %(tries)s.")
        return Finding("tries-left", message, values={"needed": needed, "tries": tries})
    return None


@dataclass(frozen=True, slots=True)
class Window:
    """The days in which something may be asked for: as many as `days` whole ones after the day of `since`, local."""

    since: datetime
    days: int
    zone: tzinfo

    @property
    def first(self) -> date:
        """The day of what it counts from; it is open from then on."""
        return self.since.astimezone(self.zone).date()

    @property
    def last(self) -> date:
        """The last day."""
        return self.first + timedelta(days=self.days)

    @property
    def end(self) -> datetime:
        """The first instant after it: midnight after the last day, in its zone."""
        return datetime.combine(self.last + timedelta(days=1), time(), self.zone)

    @property
    def account(self) -> Text:
        """How it was counted, for whoever is held to it."""
        return Text(
            zh=f"{self.first}作出，次日起算{self.days}日，末日为{self.last}，当日24时截止",
            en=f"Told on {self.first}; {self.days} days from the day after; the last is {self.last}, until midnight",
        )


def check_window(window: Window, now: datetime) -> Finding | None:
    """Why it is too late to ask, or why one cannot at all; None inside the days."""
    if not window.days:
        return Finding("no-days", N_("The rule-book gives no days for this."))
    if now >= window.end:
        message = N_("The time for this is over: the last day was %(last)s.")
        return Finding("too-late", message, values={"last": window.last.isoformat()})
    return None


@dataclass(frozen=True, slots=True)
class Hands:
    """Whose hands a verdict has gone through, as the ledger names them.

    Who asks for this review, who called, who decided an earlier one; and whether the one who is to decide is posted
    at the unit, above it or below it.
    """

    asked: str
    called: str
    decided: Sequence[str]
    near: bool


def check_reviewer(by: str, hands: Hands) -> Finding | None:
    """Why somebody may not decide a review, whatever their post allows; None where they may."""
    if hands.near:
        return Finding(
            "own-unit", N_("You are posted at this unit, above it or below it; somebody else must decide.")
        )
    if by == hands.called:
        return Finding("own-call", N_("You made the call-back; somebody else must decide."))
    if by == hands.asked:
        return Finding("own-ask", N_("You asked for this yourself; somebody else must decide."))
    if by in hands.decided:
        return Finding(
            "own-decision", N_("You decided on this verdict before; somebody else must decide now.")
        )
    return None
