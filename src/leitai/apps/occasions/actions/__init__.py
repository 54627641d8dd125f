"""Writing occasions: what comes round, what is made ready for it, and what was noted of it."""

from .commitments import accept as accept
from .commitments import promise as promise
from .commitments import show as show
from .commitments import test_again as test_again
from .commitments import test_commitments as test_commitments
from .links import renew_calendar_link as renew_calendar_link
from .meetings import ask_statements as ask_statements
from .meetings import give_statement as give_statement
from .meetings import hold as hold
from .meetings import make_pack as make_pack
from .meetings import note as note
from .planning import call as call
from .planning import cancel as cancel
from .planning import open_due as open_due
from .planning import plan as plan
from .planning import shift as shift
from .planning import tell_due as tell_due
from .preparing import prepare as prepare
from .preparing import tick_preparations as tick_preparations
