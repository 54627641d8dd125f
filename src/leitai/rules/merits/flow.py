"""The flow of a merit file: proposed, replied to, decided; one table, checked and drawn as a case's.

The one concerned holds a new file: their words come first. The deciding body can act on a silent one only
when the time to reply is over, which `check_decide` asks. An honour goes the same way, and most have nobody
who objects.
"""

from __future__ import annotations

from leitai.rules.casework import Flow, Move, State
from leitai.rules.kernel import Text

FLOW = Flow(
    key="merit",
    label=Text(zh="奖惩事项", en="merit file"),
    start="proposed",
    opens="merit.proposed",
    milestones=("proposed", "replied", "decided"),
    states=(
        State("proposed", "subject", Text(zh="待当事人申辩", en="waiting for a reply")),
        State("replied", "decider", Text(zh="待决定", en="to be decided")),
        State("upheld", "none", Text(zh="已决定", en="upheld"), terminal=True),
        State("dismissed", "none", Text(zh="不予采纳", en="dismissed"), terminal=True),
        State("withdrawn", "none", Text(zh="已撤回", en="withdrawn"), terminal=True),
    ),
    moves=(
        Move("reply", ("proposed",), "replied", ("subject",), "merit.replied",
             Text(zh="陈述申辩", en="Reply"), "replied", ("note",)),
        Move("uphold", ("proposed", "replied"), "upheld", ("decider",), "merit.decided",
             Text(zh="作出决定", en="Uphold"), "decided", ("reason",)),
        Move("dismiss", ("proposed", "replied"), "dismissed", ("decider",), "merit.decided",
             Text(zh="不予采纳", en="Dismiss"), "decided", ("reason",)),
        Move("withdraw", ("proposed", "replied"), "withdrawn", ("office",), "merit.withdrawn",
             Text(zh="撤回提议", en="Withdraw"), None, ("reason",)),
    ),
)  # fmt: skip
