"""The flow of a merit file: proposed, replied to, decided; one table, checked and drawn as a case's.

The one concerned holds a new file: their words come first. The deciding body can act on a silent one only
when the time to reply is over, which `check_decide` asks. More may be said until the decision. Whether it
upholds is part of the decision, not a state. An honour goes the same way, and most have nobody who objects.
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
        State("decided", "none", Text(zh="已决定", en="decided"), terminal=True),
    ),
    moves=(
        Move("reply", ("proposed", "replied"), "replied", ("subject",), "merit.replied",
             Text(zh="陈述申辩", en="Reply"), "replied", ("note",)),
        Move("decide", ("proposed", "replied"), "decided", ("decider",), "merit.decided",
             Text(zh="作出决定", en="Decide"), "decided", ("reason",)),
    ),
)  # fmt: skip
