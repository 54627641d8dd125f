"""Reading scoring on the spot: the route, who scores, a scorer's sheet, the result."""

from .results import holds as holds
from .results import result as result
from .sheets import barred as barred
from .sheets import default_units as default_units
from .sheets import odd_clocks as odd_clocks
from .sheets import progress as progress
from .sheets import scorer_by_link as scorer_by_link
from .sheets import scorer_by_number as scorer_by_number
from .sheets import scorers as scorers
from .sheets import scoring as scoring
from .sheets import sheet as sheet
from .sheets import site as site
from .sheets import sites as sites
from .terms import Criterion as Criterion
from .terms import Terms as Terms
from .terms import terms_of as terms_of
