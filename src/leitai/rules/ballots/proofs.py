"""A receipt checked against a head that somebody saved, with nothing but the two texts: no database, no network.

A proof is a JSON document (format `leitai.receipt-proof/1`): the leaf's text, its index, the size and root of a
tree, and the path of hashes between them (RFC 9162, 2.1.3). Where the saved head is of another size, the road
from one tree to the other is shown by a consistency proof (2.1.4). Whoever kept a head finds out by this a
verdict that was dropped, altered or dated back, whoever did it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from leitai.rules.kernel import N_, Finding
from leitai.rules.ledger import Note, hash_size, leaf_hash, read_note, verify_consistency, verify_inclusion

FORMAT = "leitai.receipt-proof/1"
FORMAT_ROAD = "leitai.consistency-proof/1"


@dataclass(frozen=True, slots=True)
class Proof:
    """That a leaf is in a tree: its bytes and index, the tree's size and root, the path, the hash's name.

    `note`: the text of a signed head of just this tree, or empty.
    """

    leaf: bytes
    index: int
    size: int
    path: tuple[bytes, ...]
    root: bytes
    algorithm: str = "sha256"
    note: str = ""

    @property
    def holds(self) -> bool:
        """Whether the path leads from the leaf to the root."""
        leaf = leaf_hash(self.leaf, self.algorithm)
        return verify_inclusion(leaf, self.index, self.size, self.path, self.root, self.algorithm)

    def to_json(self) -> dict[str, Any]:
        """The document, for `read_proof`."""
        return {
            "format": FORMAT,
            "leaf": self.leaf.decode(),
            "index": self.index,
            "size": self.size,
            "path": [one.hex() for one in self.path],
            "root": self.root.hex(),
            "hash": self.algorithm,
            "note": self.note,
        }


@dataclass(frozen=True, slots=True)
class Road:
    """That one tree begins with another: their sizes and the hashes between their roots."""

    first: int
    second: int
    path: tuple[bytes, ...]
    algorithm: str = "sha256"

    def to_json(self) -> dict[str, Any]:
        """The document, for `read_road`."""
        return {
            "format": FORMAT_ROAD,
            "first": self.first,
            "second": self.second,
            "path": [one.hex() for one in self.path],
            "hash": self.algorithm,
        }


def read_proof(document: Mapping[str, Any]) -> Proof | Finding:
    """The proof that a document holds. Findings: `proof-malformed`."""
    try:
        if document["format"] != FORMAT:
            raise ValueError(document["format"])
        leaf, name = str(document["leaf"]), str(document["hash"])
        if not leaf.startswith("leitai verdict 1\n"):
            raise ValueError(leaf)
        return Proof(
            leaf.encode(),
            _count(document["index"]),
            _count(document["size"]),
            tuple(_hash(one, name) for one in document["path"]),
            _hash(document["root"], name),
            name,
            str(document.get("note", "")),
        )
    except (KeyError, TypeError, ValueError):
        return Finding("proof-malformed", N_("this is not the proof of a receipt as a place gives it out"))


def read_road(document: Mapping[str, Any]) -> Road | Finding:
    """The road between two trees that a document holds. Findings: `proof-malformed`."""
    try:
        if document["format"] != FORMAT_ROAD:
            raise ValueError(document["format"])
        name = str(document["hash"])
        path = tuple(_hash(one, name) for one in document["path"])
        return Road(_count(document["first"]), _count(document["second"]), path, name)
    except (KeyError, TypeError, ValueError):
        return Finding("proof-malformed", N_("this is not the proof of a receipt as a place gives it out"))


def _count(value: object) -> int:
    """A whole number from 0 up, written as one. Raises TypeError, ValueError."""
    if type(value) is not int or not 0 <= value < 1 << 53:
        raise ValueError(value)
    return value


def _hash(text: object, name: str) -> bytes:
    """A hash of the hash function's own length, in lower-case hex. Raises ValueError."""
    if not isinstance(text, str) or len(text) != 2 * hash_size(name) or set(text) - set("0123456789abcdef"):
        raise ValueError(text)
    return bytes.fromhex(text)


def check_receipt(
    proof: Proof, *, receipt: str = "", head: Note | None = None, road: Road | None = None
) -> tuple[Finding, ...]:
    """What is wrong with a proof and the head inside it, and held against a head that was kept; empty where all holds.

    Whether heads are signed is for the caller to check. Findings: `proof-broken`, `note-malformed`, `note-differs`
    (the head inside is of another tree), `receipt-differs`, `head-other` (of another log), `head-older` (the
    verdict was given after it), `head-differs`, `road-missing` (say which proof is needed), `road-broken`.
    """
    found = []
    if not proof.holds:
        found.append(
            Finding("proof-broken", N_("the path does not lead from the verdict to the root it names"))
        )
    if proof.note:
        found += _inside(proof)
    written = proof.leaf.decode(errors="replace").rstrip("\n").rpartition("\n")[2]
    if receipt and receipt != written:
        message = N_("the proof is of the receipt %(written)s, not of %(receipt)s")
        found.append(Finding("receipt-differs", message, values={"written": written, "receipt": receipt}))
    if head is not None:
        found += _against(proof, head, road)
    return tuple(found)


def _inside(proof: Proof) -> list[Finding]:
    """The tree of a proof held against the head that it brings along."""
    read = read_note(proof.note)
    if isinstance(read, Finding):
        return [read]
    note, _ = read
    same = (note.size, note.root, note.algorithm) == (proof.size, proof.root, proof.algorithm)
    if not same or _is_other(proof, note):
        message = N_("the head inside the proof, of %(size)s leaves, is not of the tree that the proof is of")
        return [Finding("note-differs", message, values={"size": note.size})]
    return []


def _is_other(proof: Proof, head: Note) -> bool:
    """Whether a head is of another place's log than the verdict."""
    place = proof.leaf.decode(errors="replace").split("\n")[1]
    return not head.origin.endswith(f"/{place}/verdicts")


def _against(proof: Proof, head: Note, road: Road | None) -> list[Finding]:
    """The tree of a proof held against a head."""
    if _is_other(proof, head):
        other = N_("the head that was kept is of another log: %(origin)s")
        return [Finding("head-other", other, values={"origin": head.origin})]
    differs = N_("the log of %(size)s leaves is not the one of the head that was kept: it was rewritten")
    if head.algorithm != proof.algorithm:
        return [Finding("head-differs", differs, values={"size": head.size})]
    if head.size == proof.size:
        same = head.root == proof.root
        return [] if same else [Finding("head-differs", differs, values={"size": head.size})]
    if head.size <= proof.index and road is None:
        message = N_(
            "the head that was kept is of %(size)s leaves, and the verdict came after it, as leaf %(leaf)s"
        )
        return [Finding("head-older", message, values={"size": head.size, "leaf": proof.index})]
    first, second = sorted((head.size, proof.size))
    if road is None or (road.first, road.second) != (first, second):
        message = N_(
            "to hold a proof of %(size)s leaves against a head of %(kept)s, the road between them is needed"
        )
        return [Finding("road-missing", message, values={"size": proof.size, "kept": head.size})]
    roots = (head.root, proof.root) if head.size < proof.size else (proof.root, head.root)
    if verify_consistency(first, second, road.path, *roots, road.algorithm):
        return []
    return [Finding("road-broken", differs, values={"size": head.size})]
