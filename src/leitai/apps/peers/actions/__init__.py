"""Writing scoring on the spot: the route and its scorers, marks from telephones, the result."""

from .laying import lay as lay
from .laying import open_scoring as open_scoring
from .laying import renew_link as renew_link
from .marking import hand_in as hand_in
from .marking import mark as mark
from .results import work_out as work_out
