"""The shape of what a rule-book says of cases: flows, kinds with their doors and forms, clocks, slips, and proofs."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, PrivateAttr

from leitai.rules.flows import NOBODY, Flow, Move, State

from .parts import Key, Model, Words

Colour = Literal["blue", "yellow", "orange", "red"]


class SlipSpec(Model):
    """A rung of a clock's ladder: a coloured slip, to whom, when. Each rung later and to a higher one than the last."""

    slip: Colour
    at: str = Field(
        "due",
        description='"warn", "due", or how long after the due time on the clock\'s calendar: "2 workdays"',
    )
    to: Literal["unit", "head", "leader", "office"]
    name: Words | None = None
    source: str = ""


class ClockSpec(Model):
    """A time limit on a case: runs from a milestone until another, in a calendar."""

    name: Words | None = None
    from_: str = Field("opened", alias="from")
    until: str
    within: str = Field(
        description='"10 minutes", "3 workdays", or "given": the record brings its own due time'
    )
    on: Key
    warn: str | None = Field(None, description="how long before the due time the holder is warned")
    when: str | None = Field(None, description="CEL: the clock runs only for cases where this is true")
    slips: tuple[SlipSpec, ...] = Field((), description="the ladder: what is sent to whom as it grows late")
    source: str = ""


class QuestionSpec(Model):
    """A question that the form of a kind of case asks beside what it is about."""

    name: Words
    kind: Literal["text", "number", "date", "choice", "choices"] = "text"
    options: dict[Key, Words] = Field({}, description="what can be chosen, for choice and choices")
    needed: bool = False


class PauseSpec(Model):
    """A reason for which a clock may pause, once the other side has agreed."""

    name: Words
    most: str = Field("30 days", description="the longest pause for this reason")
    source: str = ""


class ExtendSpec(Model):
    """How often the office may give more time, and how much at once."""

    times: int = Field(default=1, ge=1, le=10)
    most: str = Field("15 workdays", description="the most time given at once, from the old due time")
    source: str = ""


class RecheckSpec(Model):
    """Random re-inspection of closed cases, sized to bound the share that was not really over."""

    way: Literal["inspect", "callback"] = "inspect"
    bound: float = Field(default=0.1, gt=0, lt=1, description="share of false closings that must show")
    confidence: float = Field(default=0.9, gt=0, lt=1, description="with at least this probability")
    every: Literal["month", "quarter"] = "month"
    source: str = ""


Door = Literal["office", "patrol", "enterprise", "public", "open311", "mail"]


class CaseSpec(Model):
    """A kind of case: the flow it goes through, its doors and form, the clocks that run, and how it really ends."""

    name: Words
    flow: str
    about: Words | None = Field(None, description="what it is for, as the public form says")
    doors: tuple[Door, ...] | None = Field(
        None,
        description="through which doors it comes; without it the office's form, and enterprises for questions",
    )
    form: dict[Key, QuestionSpec] = Field({}, description="what its form asks beside what it is about")
    clocks: dict[Key, ClockSpec] = {}
    photos: Literal["none", "after", "before-after"] = Field(
        "none", description="the photos without which a unit cannot report it as done"
    )
    pauses: dict[Key, PauseSpec] = Field({}, description="reasons for a pause; without any it cannot pause")
    grounds: dict[Key, Words] = Field(
        {}, description="legal grounds of a transfer to another unit; without any it cannot be transferred"
    )
    extend: ExtendSpec | None = Field(None, description="without it nobody can give more time")
    relapse: str | None = Field(
        None, description="how long after closing the same thing in the same place is a relapse"
    )
    recheck: RecheckSpec | None = None
    public: bool = False
    source: str = ""

    _own: Flow | None = PrivateAttr(None)

    @property
    def own_flow(self) -> Flow | None:
        """The flow that the rule-book itself lays down for this kind; None where it is one of the house's."""
        return self._own


class StateSpec(Model):
    """A state of a flow of the rule-book's own: who holds the case there; an end has no holder."""

    name: Words
    held: str = Field(NOBODY, description="office, unit or enterprise; none (or nothing said) for an end")


class MoveSpec(Model):
    """A step of a flow of the rule-book's own."""

    name: Words
    from_: tuple[Key, ...] = Field(alias="from", min_length=1)
    to: Key
    by: tuple[str, ...] = Field(min_length=1, description="who may take it: office, unit, enterprise")
    event: str = Field(
        description="what the ledger writes: case.dispatched, case.replied, case.answered, case.returned, …"
    )
    milestone: str | None = Field(None, description="the milestone that a case passes with it")
    needs: tuple[str, ...] = Field(
        (), description="boxes that must be filled: note, unit, owner, done, evidence …"
    )
    undoes: str | None = Field(None, description="the milestone that no longer holds after it")


class FlowSpec(Model):
    """A flow of the rule-book's own: states, moves, and the milestones that clocks run from and until.

    What an end named `set-aside` ends was never taken up: its clocks are neither kept nor missed.
    """

    name: Words
    start: Key = Field(description="the state in which a case is opened")
    milestones: tuple[str, ...] = Field(
        min_length=2, description="in the order in which a case passes them: opened first, closed last"
    )
    states: dict[Key, StateSpec] = Field(min_length=2)
    moves: dict[Key, MoveSpec] = Field(min_length=1)
    source: str = ""

    def table(self, key: str) -> Flow:
        """The flow as the table that pages, policy and clocks read."""
        return Flow(
            key=key,
            label=self.name,
            start=self.start,
            opens="case.opened",
            milestones=self.milestones,
            states=tuple(
                State(name, state.held, state.name, terminal=state.held == NOBODY)
                for name, state in self.states.items()
            ),
            moves=tuple(
                Move(
                    name, move.from_, move.to, move.by, move.event, move.name,
                    move.milestone, move.needs, move.undoes,
                )
                for name, move in self.moves.items()
            ),
        )  # fmt: skip
