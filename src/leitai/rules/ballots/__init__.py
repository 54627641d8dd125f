"""Verdicts of citizens: the codes they scan, the receipts they keep, the grades they give, and the count.

Nothing here knows a database or draws a random number: keys and random bytes are arguments.
"""

from .codes import Code, Visit, make_code, make_visit_token, read_code, read_visit_token
from .forms import form_lack
from .grades import NATIONAL_FIVE, TWO, Grade, Scale, scale_of
from .leaves import SALT_BYTES, ballot_leaf, commitment, source_mark, words_leaf
from .proofs import Proof, Road, check_receipt, read_proof, read_road
from .receipts import RECEIPT_BYTES, parse_receipt, receipt_code
from .tally import Rate, Tally, count, rate, too_few

__all__ = [
    "NATIONAL_FIVE",
    "RECEIPT_BYTES",
    "SALT_BYTES",
    "TWO",
    "Code",
    "Grade",
    "Proof",
    "Rate",
    "Road",
    "Scale",
    "Tally",
    "Visit",
    "ballot_leaf",
    "check_receipt",
    "commitment",
    "count",
    "form_lack",
    "make_code",
    "make_visit_token",
    "parse_receipt",
    "rate",
    "read_code",
    "read_proof",
    "read_road",
    "read_visit_token",
    "receipt_code",
    "scale_of",
    "source_mark",
    "too_few",
    "words_leaf",
]
