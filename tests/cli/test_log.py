"""`leitai log verify --proof`, as typed: a receipt's proof checked with nothing but files and a key."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from leitai.apps.ballots import queries
from leitai.apps.ledger import log
from leitai.cli import complete
from tests.factories import HOUR, NOW, build

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("english")]
Verify = Callable[..., tuple[int, set[str]]]


@pytest.fixture
def proof() -> dict[str, Any]:
    """A proof as its citizen saved it, with the signed head in it."""
    town = build("town")
    ballot = town.verdict()
    log.publish(town.place, now=NOW + HOUR)
    found = queries.proof(ballot)
    assert found is not None and found.note
    return found.to_json()


@pytest.fixture
def verify(tmp_path: Path) -> Verify:
    """Check a document; how the command ended, and the codes of what it found."""

    def run(document: dict[str, Any], *more: str) -> tuple[int, set[str]]:
        file = tmp_path / "receipt.json"
        file.write_text(json.dumps(document), encoding="utf-8")
        words = ["log", "verify", "--proof", str(file), "--json", *more]
        result = CliRunner(env={"LANG": "C.UTF-8", "LC_ALL": ""}).invoke(complete(), words)
        return result.exit_code, {one["code"] for one in json.loads(result.output)["findings"]}

    return run


def test_a_proof_holds_under_the_head_inside_it(proof: dict[str, Any], verify: Verify) -> None:
    assert verify(proof, "--key", log.public_key()) == (0, set())


def test_a_head_put_into_a_proof_is_found(proof: dict[str, Any], verify: Verify) -> None:
    lines = proof["note"].split("\n")
    lines[1] = str(int(lines[1]) + 1)
    assert verify(proof | {"note": "\n".join(lines)}) == (1, {"note-differs"})
    assert verify(proof | {"note": "mine"}) == (1, {"note-malformed"})


def test_a_head_that_the_key_did_not_sign_is_found(proof: dict[str, Any], verify: Verify) -> None:
    later = proof["note"].replace("\nat 2", "\nat 3")
    assert later != proof["note"]
    assert verify(proof | {"note": later}, "--key", log.public_key()) == (1, {"note-unsigned"})
    unsigned = proof["note"].partition("\n\n")[0] + "\n\n"
    assert verify(proof | {"note": unsigned}, "--key", log.public_key()) == (1, {"note-unsigned"})
