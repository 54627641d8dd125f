"""Reading bulletins: what was issued, what is drafted, what each rests on and what was corrected since."""

from .corrected import Corrected as Corrected
from .corrected import corrections as corrections
from .corrected import outdated as outdated
from .corrected import resting_on as resting_on
from .reading import Piece as Piece
from .reading import bulletin as bulletin
from .reading import digest_of as digest_of
from .reading import drafts as drafts
from .reading import editable as editable
from .reading import issued as issued
from .reading import meant as meant
from .reading import of_table as of_table
from .reading import pieces as pieces
from .reading import short as short
from .reading import unit_of as unit_of
from .reading import word as word
