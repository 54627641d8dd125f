"""Writing bulletins: drafts, two approvals, the issue, and marks of what was corrected since."""

from .drafting import cite as cite
from .drafting import draft as draft
from .drafting import draw as draw
from .drafting import drop as drop
from .drafting import edit as edit
from .issuing import approve as approve
from .marking import mark as mark
