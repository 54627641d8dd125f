"""The house's flows for cases, each one table: a problem, an enterprise's question, a bad verdict.

Three facts of practice shape them. A matter ends only when somebody other than the unit that
worked on it says so (销号 by the supervision office, or the enterprise itself). A unit that got
what is not its business hands it back (退回) before it accepts, never afterwards. And a bad
verdict is called back by people outside the unit: the national rules on 好差评 leave setting it
aside to a review, never to the unit itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from leitai.rules.kernel import Text

from .machine import Flow, Move, State

_PROMISE = ("owner", "next_step", "time")

_PROBLEM = Flow(
    key="problem",
    label=Text(zh="问题", en="problem"),
    start="received",
    opens="case.opened",
    milestones=("opened", "dispatched", "replied", "answered", "closed"),
    states=(
        State("received", "office", Text(zh="待交办", en="to be dispatched")),
        State("dispatched", "unit", Text(zh="待受理", en="to be accepted")),
        State("working", "unit", Text(zh="办理中", en="being worked on")),
        State("answered", "office", Text(zh="待核实", en="to be verified")),
        State("closed", "none", Text(zh="已销号", en="struck off"), terminal=True),
        State("set-aside", "none", Text(zh="不予受理", en="not taken up"), terminal=True),
    ),
    moves=(
        Move("dispatch", ("received",), "dispatched", ("office",), "case.dispatched",
             Text(zh="交办", en="Dispatch"), "dispatched", ("unit",)),
        Move("set-aside", ("received",), "set-aside", ("office",), "case.closed",
             Text(zh="不予受理", en="Do not take up"), "closed", ("reason",)),
        Move("reply", ("dispatched",), "working", ("unit",), "case.replied",
             Text(zh="受理并答复", en="Accept and reply"), "replied", _PROMISE),
        Move("answer", ("dispatched", "working"), "answered", ("unit",), "case.answered",
             Text(zh="报告办结", en="Report what was done"), "answered", ("done",)),
        Move("hand-back", ("dispatched",), "received", ("unit",), "case.handed_back",
             Text(zh="退回", en="Hand back"), None, ("reason",), undoes="dispatched"),
        Move("return", ("answered",), "working", ("office",), "case.returned",
             Text(zh="退回重办", en="Return, not really over"), None, ("reason",), undoes="answered"),
        Move("close", ("answered",), "closed", ("office",), "case.closed",
             Text(zh="核实销号", en="Verify and strike off"), "closed", ("evidence",)),
    ),
)  # fmt: skip

_QUESTION = Flow(
    key="question",
    label=Text(zh="企业诉求", en="enterprise's question"),
    start="opened",
    opens="case.opened",
    milestones=("opened", "replied", "answered", "closed"),
    states=(
        State("opened", "unit", Text(zh="待答复", en="to be replied to")),
        State("replied", "unit", Text(zh="办理中", en="being worked on")),
        State("answered", "enterprise", Text(zh="待企业确认", en="to be confirmed by the enterprise")),
        State("closed", "none", Text(zh="已办结", en="closed"), terminal=True),
    ),
    moves=(
        Move("reply", ("opened",), "replied", ("unit",), "case.replied",
             Text(zh="答复", en="Reply"), "replied", _PROMISE),
        Move("answer", ("opened", "replied"), "answered", ("unit",), "case.answered",
             Text(zh="给出解决方案", en="Give the solution"), "answered", ("done",)),
        Move("return", ("answered",), "replied", ("enterprise", "office"), "case.returned",
             Text(zh="未解决，退回", en="Not solved, return"), None, ("reason",), undoes="answered"),
        Move("confirm", ("answered",), "closed", ("enterprise",), "case.closed",
             Text(zh="确认已解决", en="Confirm it is solved"), "closed"),
        Move("close", ("answered",), "closed", ("office",), "case.closed",
             Text(zh="核实办结", en="Verify and close"), "closed", ("evidence",)),
    ),
)  # fmt: skip

_VERDICT = Flow(
    key="verdict",
    label=Text(zh="差评", en="bad verdict"),
    start="opened",
    opens="case.opened",
    milestones=("opened", "called", "answered", "closed"),
    states=(
        State("opened", "caller", Text(zh="待回访", en="to be called back")),
        State("upheld", "unit", Text(zh="属实，待整改", en="found true, to be put right")),
        State("not-upheld", "reviewer", Text(zh="不属实，待复核", en="not found true, to be reviewed")),
        State("answered", "office", Text(zh="已整改，待核实", en="put right, to be verified")),
        State("closed", "none", Text(zh="已销号", en="struck off"), terminal=True),
        State("set-aside", "none", Text(zh="不采信", en="set aside"), terminal=True),
    ),
    # What callers and reviewers do is decided about the verdict itself; the case follows, and offers no button for it.
    moves=(
        Move("uphold", ("opened",), "upheld", ("caller",), "case.called",
             Text(zh="回访：属实", en="Called back: true"), "called", ("note",)),
        Move("doubt", ("opened",), "not-upheld", ("caller",), "case.called",
             Text(zh="回访：不属实", en="Called back: not true"), "called", ("note",)),
        Move("unreached", ("opened",), "closed", ("caller",), "case.closed",
             Text(zh="未联系上，评价照计", en="Not reached: the verdict counts"), "closed", ("note",)),
        Move("overrule", ("not-upheld",), "upheld", ("reviewer",), "case.overruled",
             Text(zh="复核：属实", en="Reviewed: true after all"), "called", ("reason",), undoes="called"),
        Move("set-aside", ("not-upheld", "upheld", "answered"), "set-aside", ("reviewer",), "case.closed",
             Text(zh="复核：不采信", en="Reviewed: set aside"), "closed", ("reason", "evidence")),
        Move("answer", ("upheld",), "answered", ("unit",), "case.answered",
             Text(zh="报告整改", en="Report what was put right"), "answered", ("done",)),
        Move("return", ("answered",), "upheld", ("office",), "case.returned",
             Text(zh="退回重改", en="Return, not put right"), None, ("reason",), undoes="answered"),
        Move("close", ("answered",), "closed", ("office",), "case.closed",
             Text(zh="核实销号", en="Verify and strike off"), "closed", ("evidence",)),
    ),
)  # fmt: skip

FLOWS: Mapping[str, Flow] = MappingProxyType({flow.key: flow for flow in (_PROBLEM, _QUESTION, _VERDICT)})

# What moves write to the ledger; a flow of a rule-book's own may write no others.
MOVE_EVENTS = tuple(sorted({move.event for flow in FLOWS.values() for move in flow.moves}))
