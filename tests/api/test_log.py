"""The log over the wire is enough to check a receipt: with what is fetched here, and nothing of the server's."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from leitai.apps.ballots.actions import BallotRecord, import_ballots
from leitai.apps.ledger import log
from leitai.rules.ballots import check_receipt, read_proof, read_road
from leitai.rules.ledger import Note, leaf_hash, read_note, root
from tests.factories import BY, HOUR, MINUTE, NOW, Town

from .conftest import Caller


def more(town: Town, count: int, source: str = "bulk", at: datetime = NOW) -> None:
    """So many leaves more."""
    unit = town.units["tax"].pk
    records = [BallotRecord(f"{source}-{number}", unit, "satisfied", NOW) for number in range(count)]
    import_ballots(place=town.place, source=source, records=records, by=BY, now=at)


def head_of(answer: Any) -> Note:
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    note, signatures = read_note(answer.content.decode())
    assert len(signatures) == 1
    return note


def test_a_receipt_is_checked_against_a_head_kept_before(town: Town, anyone: Caller) -> None:
    row = town.verdict()
    log.publish(town.place, now=NOW + MINUTE)
    kept = head_of(anyone.get("log/checkpoint"))
    more(town, 300)
    log.publish(town.place, now=NOW + HOUR)
    newest = head_of(anyone.get("log/checkpoint"))
    assert (kept.size, newest.size) == (1, 301)

    document = anyone.get("log/proof/inclusion", receipt=row.receipt.lower().replace("-", " ")).json()
    proof = read_proof(document)
    road = read_road(anyone.get("log/proof/consistency", first=kept.size, second=newest.size).json())
    assert proof.size == 301 and document["note"] == anyone.get("log/checkpoint").content.decode()
    assert check_receipt(proof, receipt=row.receipt, head=newest) == ()
    assert check_receipt(proof, receipt=row.receipt, head=kept, road=road) == ()
    under_the_first = read_proof(anyone.get("log/proof/inclusion", receipt=row.receipt, size=1).json())
    assert check_receipt(under_the_first, receipt=row.receipt, head=kept) == ()
    assert row.receipt in document["leaf"] and row.grade in document["leaf"]


def test_heads_are_listed_and_found_by_their_size(town: Town, anyone: Caller) -> None:
    assert anyone.get("log/checkpoint").json()["code"] == "no-checkpoint"
    assert anyone.get("log/checkpoints").json() == {"heads": []}
    for turn in range(3):
        town.verdict(once=f"once-{turn:016}")
        log.publish(town.place, now=NOW + turn * HOUR)
    heads = anyone.get("log/checkpoints").json()["heads"]
    assert [one["size"] for one in heads] == [3, 2, 1]
    assert len(anyone.get("log/checkpoints", limit=2).json()["heads"]) == 2
    for one in heads:
        note = head_of(anyone.get("log/checkpoint", size=one["size"]))
        assert (note.size, note.root.hex()) == (one["size"], one["root"])
    assert anyone.get("log/checkpoint", size=4).status_code == 404


def test_the_key_checks_the_heads_and_names_itself_as_they_do(town: Town, anyone: Caller) -> None:
    town.verdict()
    log.publish(town.place, now=NOW)
    told = anyone.get("log/key").json()
    note, signatures = read_note(anyone.get("log/checkpoint").content.decode())
    assert log.signature_holds(note, signatures, told["key"])
    name, number, _ = told["verifier"].split("+", 2)
    assert (name, number) == (signatures[0].name, signatures[0].key.hex())
    assert note.origin == told["origin"] == "leitai/town/verdicts"
    assert told["hash"] == note.algorithm == "sha256"


def test_the_whole_tree_can_be_copied_in_tiles(town: Town, anyone: Caller) -> None:
    assert anyone.get("log/tile/0/0").json()["code"] == "no-tile"
    row = town.verdict()
    more(town, 599)
    log.publish(town.place, now=NOW)
    tiles = [anyone.get(f"log/tile/0/{number}") for number in range(3)]
    assert [len(one.content) for one in tiles] == [256 * 32, 256 * 32, 88 * 32]
    assert ["immutable" in one["Cache-Control"] for one in tiles] == [True, True, False]
    data = b"".join(one.content for one in tiles)
    leaves = [data[at : at + 32] for at in range(0, len(data), 32)]
    assert root(leaves) == head_of(anyone.get("log/checkpoint")).root
    assert leaves[0] == leaf_hash(
        anyone.get("log/proof/inclusion", receipt=row.receipt).json()["leaf"].encode()
    )
    assert len(anyone.get("log/tile/1/0").content) == 2 * 32
    for away in ("0/3", "1/1", "2/0", "7/9007199254740992"):
        assert anyone.get(f"log/tile/{away}").status_code == 404


def test_a_receipt_that_is_none_is_told(town: Town, anyone: Caller) -> None:
    for receipt in ("7", "0000-0000-0000-0000-1", "A" * 21, "�", "U" * 17):
        answer = anyone.get("log/proof/inclusion", receipt=receipt)
        assert (answer.status_code, answer.json()["code"]) == (404, "unknown-receipt"), receipt


def test_a_receipt_proves_nothing_at_another_place(town: Town, vale: Town, anyone: Caller) -> None:
    row = vale.verdict()
    assert anyone.get("log/proof/inclusion", receipt=row.receipt).json()["code"] == "unknown-receipt"
    assert Caller("vale").get("log/proof/inclusion", receipt=row.receipt).status_code == 200


def test_there_is_no_road_between_trees_that_are_not(town: Town, anyone: Caller) -> None:
    assert anyone.get("log/proof/consistency", first=1, second=1).status_code == 404
    more(town, 2)
    for first, second in ((2, 1), (1, 3), (1, 9007199254740992)):
        answer = anyone.get("log/proof/consistency", first=first, second=second)
        assert (answer.status_code, answer.json()["code"]) == (404, "not-in-tree"), (first, second)
    assert anyone.get("log/proof/consistency", first=1, second=2).status_code == 200


def test_a_verdict_is_not_in_a_tree_before_it(town: Town, anyone: Caller) -> None:
    more(town, 2)
    row = town.verdict()
    assert anyone.get("log/proof/inclusion", receipt=row.receipt, size=2).json()["code"] == "not-in-tree"
    assert anyone.get("log/proof/inclusion", receipt=row.receipt, size=4).json()["code"] == "not-in-tree"
    assert read_proof(anyone.get("log/proof/inclusion", receipt=row.receipt).json()).holds
