"""The citizen's own pages: a verdict in five seconds, a receipt that tells what became of it, and its proof.

No login, no cookie, no location; the optional rest comes only after the verdict is kept. A page is one request,
with its style and script inside, and works without the script.
"""

from .proofs import check, proof, proof_file
from .receipts import receipt
from .verdicts import verdict

__all__ = ["check", "proof", "proof_file", "receipt", "verdict"]
