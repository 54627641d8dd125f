"""The flow of a merit file: proposed, answered, decided, appealed, settled; one table, checked and drawn as a case's.

The one concerned holds a new file: their words come first. The deciding body can act on a silent one only
when the time to reply is over, which `check_decide` asks. More may be said until the decision. Whether it
upholds is part of the decision, not a state. An honour goes the same way; its time to reply is the public notice
(公示), and what is said against it leaves it where it is until the notice is over. What rests on something that was
corrected is withdrawn with the reason, by the house while nobody decided it, by the deciding body afterwards.
"""

from __future__ import annotations

from leitai.rules.casework import Flow, Move, State
from leitai.rules.kernel import Text

FLOW = Flow(
    key="merit",
    label=Text(zh="奖惩事项", en="merit file"),
    start="proposed",
    opens="merit.proposed",
    milestones=("proposed", "replied", "decided", "appealed", "settled"),
    states=(
        State("proposed", "subject", Text(zh="待当事人申辩", en="waiting for a reply")),
        State("replied", "decider", Text(zh="待决定", en="to be decided")),
        State("decided", "subject", Text(zh="已决定", en="decided")),
        State("appealed", "decider", Text(zh="申诉待复核", en="under appeal")),
        State("settled", "decider", Text(zh="已复核", en="settled on appeal")),
        State("withdrawn", "none", Text(zh="已撤回", en="withdrawn"), terminal=True),
    ),
    moves=(
        Move("reply", ("proposed", "replied"), "replied", ("subject",), "merit.replied",
             Text(zh="陈述申辩", en="Reply"), "replied", ("note",)),
        Move("decide", ("proposed", "replied"), "decided", ("decider",), "merit.decided",
             Text(zh="作出决定", en="Decide"), "decided", ("reason",)),
        Move("appeal", ("decided",), "appealed", ("subject",), "merit.appealed",
             Text(zh="申诉", en="Appeal"), "appealed", ("note",)),
        Move("settle", ("appealed",), "settled", ("decider",), "merit.settled",
             Text(zh="作出复核决定", en="Settle the appeal"), "settled", ("reason",)),
        Move("withdraw", ("proposed", "replied", "decided", "appealed", "settled"), "withdrawn", ("decider",),
             "merit.withdrawn", Text(zh="撤回", en="Withdraw"), None, ("reason",)),
    ),
)  # fmt: skip
