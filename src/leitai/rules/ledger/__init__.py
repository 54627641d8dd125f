"""What is written stays written: canonical bytes, a hash chain over events, a Merkle tree with proofs.

Everything a place does is an event. This room says what bytes an event is, how events are linked so that
an altered, removed, inserted or reordered one is found and named, and how a citizen proves that a
ballot's receipt is in the public log without downloading it. It stores nothing; the shell does.
"""

from .canonical import canonical, digest, instant
from .chain import Checked, Head, genesis, link, verify
from .events import Event
from .hashes import hash_size
from .merkle import (
    Frontier,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root,
    verify_consistency,
    verify_inclusion,
)
from .notes import Note, Signature, read_note, signed

__all__ = [
    "Checked",
    "Event",
    "Frontier",
    "Head",
    "Note",
    "Signature",
    "canonical",
    "consistency_proof",
    "digest",
    "genesis",
    "hash_size",
    "inclusion_proof",
    "instant",
    "leaf_hash",
    "link",
    "node_hash",
    "read_note",
    "root",
    "signed",
    "verify",
    "verify_consistency",
    "verify_inclusion",
]
