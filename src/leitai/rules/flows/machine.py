"""What a state machine is here: one table of states and moves that can be checked, drawn and asked.

A flow that is written as code in many places is known to nobody. Here it is one table of states and
moves: the buttons of a page, the policy, the clocks and the reference diagram all read the same rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from leitai.rules.kernel import Text

NOBODY = "none"

# Who can hold a matter or move it. Which account plays which role is a question of permissions.
ROLES: Mapping[str, Text] = MappingProxyType(
    {
        "office": Text(zh="督查室", en="the office"),
        "unit": Text(zh="责任单位", en="the unit"),
        "caller": Text(zh="回访人员", en="the call-back team"),
        "reviewer": Text(zh="复核人员", en="the reviewer"),
        "enterprise": Text(zh="企业", en="the enterprise"),
        "subject": Text(zh="当事人", en="the one concerned"),
        "decider": Text(zh="决定机关", en="the deciding body"),
        NOBODY: Text(zh="无", en="nobody"),
    }
)

# What a move's form may ask for, with the words of its box.
FIELDS: Mapping[str, Text] = MappingProxyType(
    {
        "note": Text(zh="说明", en="note"),
        "unit": Text(zh="责任单位", en="responsible unit"),
        "owner": Text(zh="经办人", en="who handles it"),
        "next_step": Text(zh="下一步", en="next step"),
        "time": Text(zh="何时完成", en="by when"),
        "done": Text(zh="办理结果", en="what was done"),
        "reason": Text(zh="理由", en="reason"),
        "evidence": Text(zh="核实依据", en="evidence"),
    }
)
# Fields that are picked from a list, not written: their values are keys, not words.
CHOICES = frozenset({"unit"})


@dataclass(frozen=True, slots=True)
class State:
    """A place where a matter can rest: `owner` is the role that holds it, "none" where it is over."""

    key: str
    owner: str
    label: Text
    terminal: bool = False


@dataclass(frozen=True, slots=True)
class Move:
    """A step from some states to another.

    `by`: roles that may take it; `event`: the kind it writes to the ledger; `milestone`: what clocks run
    from or until; `needs`: form fields that must be filled; `undoes`: a milestone that no longer holds.
    """

    key: str
    from_states: tuple[str, ...]
    to_state: str
    by: tuple[str, ...]
    event: str
    label: Text
    milestone: str | None = None
    needs: tuple[str, ...] = ()
    undoes: str | None = None


@dataclass(frozen=True, slots=True)
class Flow:
    """A state machine: `start` is its first state, entered by the event `opens` and the first milestone.

    `milestones` are in the order in which a matter passes them.
    """

    key: str
    label: Text
    start: str
    opens: str
    milestones: tuple[str, ...]
    states: tuple[State, ...]
    moves: tuple[Move, ...]

    def state(self, key: str) -> State:
        """The state of a key. Raises KeyError for one that the flow does not have."""
        for state in self.states:
            if state.key == key:
                return state
        raise KeyError(f"flow {self.key} has no state {key!r}")

    def move(self, key: str) -> Move:
        """The move of a key. Raises KeyError for one that the flow does not have."""
        for move in self.moves:
            if move.key == key:
                return move
        raise KeyError(f"flow {self.key} has no move {key!r}")

    def fulfils(self, milestone: str) -> tuple[str, ...]:
        """The milestones that are passed when this one is: itself and those before it.

        An answer given at once is a reply too, and nothing runs on for a matter that is closed.
        Raises ValueError for a milestone that the flow does not have.
        """
        return self.milestones[: self.milestones.index(milestone) + 1]

    def follows(self, milestone: str) -> tuple[str, ...]:
        """The milestones that no longer hold when this one is undone: itself and those after it."""
        return self.milestones[self.milestones.index(milestone) :]


def diagram(flow: Flow, language: str = "en") -> str:
    """The flow as a Mermaid `stateDiagram-v2`, states in table order, each with its holder.

    Mermaid's own punctuation (":", ";", "#") is kept out of labels.
    """
    lines = ["stateDiagram-v2"]
    for state in flow.states:
        holder = "" if state.terminal else f" ({_plain(ROLES[state.owner].show(language))})"
        lines.append(f'    state "{_plain(state.label.show(language))}{holder}" as {_id(state.key)}')
    lines.append(f"    [*] --> {_id(flow.start)}: {flow.opens}")
    lines += [
        f"    {_id(source)} --> {_id(move.to_state)}: {_plain(move.label.show(language))}"
        for move in flow.moves
        for source in move.from_states
    ]
    lines += [f"    {_id(state.key)} --> [*]" for state in flow.states if state.terminal]
    return "\n".join(lines) + "\n"


def _id(key: str) -> str:
    return key.replace("-", "_")


def _plain(text: str) -> str:
    return "".join(" " if letter in ':;#"' else letter for letter in text)
