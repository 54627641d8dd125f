"""The proof of a receipt checked in a real Chromium, on a page that was saved and opened without a network."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.pages.place import Shan, found

from .conftest import PHONE

expect.set_options(timeout=15_000)
Open = Callable[..., Any]


class Kept:
    """A log of the place as it grew: documents that were saved on the way."""

    def __init__(self, shan: Shan, leaves: int) -> None:
        from leitai.apps.ledger import log

        self.shan, self.rows, self.heads = shan, [], {}
        for n in range(leaves):
            self.rows.append(shan.verdict("satisfied", f"once-{n:015d}"))
            at = shan.now + timedelta(seconds=n)
            self.heads[n + 1] = log.publish(shan.place, now=at).note

    def proof(self, index: int, size: int) -> dict[str, Any]:
        from leitai.apps.ballots import queries

        row = queries.by_receipt(self.rows[index].receipt)
        return queries.proof(row, size).to_json()

    def road(self, first: int, second: int) -> dict[str, Any]:
        from leitai.apps.ballots import queries

        return queries.log_road(self.shan.place, first, second).to_json()


@pytest.fixture
def kept(live_server: Any, browser: Any) -> Kept:
    """A log of seven verdicts, a head saved after each."""
    return Kept(found(), 7)


@pytest.fixture
def alone(live_server: Any, kept: Kept, open_page: Open, tmp_path: Path) -> Any:
    """The page that checks, saved to a file and opened from there, with no network."""
    saved = tmp_path / "check.html"
    page = open_page(*PHONE)
    saved.write_text(page.request.get(f"{live_server.url}/r/check?lang=en").text(), encoding="utf-8")
    page.context.set_offline(True)
    page.goto(saved.as_uri())
    return page


def says(page: Any, proof: Any, head: str = "", road: Any = None) -> str:
    """What the page says of these documents, in one word."""
    page.evaluate("delete document.getElementById('result').dataset.verdict")
    for name, document in (("proof", proof), ("head", head), ("road", road)):
        text = document if isinstance(document, str) else json.dumps(document) if document else ""
        page.evaluate("([id, text]) => { document.getElementById(id).value = text }", [name, text])
    page.evaluate("document.getElementById('check').requestSubmit()")
    return page.locator("#result[data-verdict]").get_attribute("data-verdict")


def test_a_saved_page_finds_a_true_proof_true_offline(kept: Kept, alone: Any) -> None:
    for size in range(1, 8):
        for index in range(size):
            proof = kept.proof(index, size)
            assert says(alone, proof) == "alone"
            for head in range(1, 8):
                road = kept.road(*sorted((head, size))) if head != size else None
                wanted = "holds" if head > index else "later"
                assert says(alone, proof, kept.heads[head], road) == wanted, (index, size, head)
                if road is not None:
                    assert says(alone, proof, kept.heads[head]) == "unsure"
    assert says(alone, kept.proof(2, 7), json.dumps(kept.proof(5, 7))) == "holds", (
        "an older proof has a head too"
    )


def flipped(text: str) -> str:
    """A hash in hex with one digit changed."""
    return ("1" if text[0] == "0" else "0") + text[1:]


def test_a_saved_page_finds_every_tampering_offline(kept: Kept, alone: Any) -> None:
    proof, head, road = kept.proof(2, 5), kept.heads[7], kept.road(5, 7)
    assert says(alone, proof, head, road) == "holds"
    leaf = proof["leaf"]
    wrong = [
        proof | {"leaf": leaf.replace("satisfied", "dissatisfied")},
        proof | {"leaf": leaf.replace("Z\n", "Z\n\n")},
        proof | {"index": 3},
        proof | {"size": 6},
        proof | {"root": flipped(proof["root"])},
        *(
            proof | {"path": [flipped(h) if at == n else h for at, h in enumerate(proof["path"])]}
            for n in range(3)
        ),
        proof | {"path": proof["path"][:-1]},
        proof | {"path": [*proof["path"], proof["root"]]},
        proof | {"note": kept.heads[6]},
        proof | {"note": proof["note"].replace("at 2", "at 1")},
    ]
    for one in wrong:
        assert says(alone, one) in ("wrong", "useless"), one
        assert says(alone, one, head, road) in ("wrong", "useless"), one
    other = {
        "no head": "nonsense",
        "of another log": head.replace("/shan/", "/hai/"),
        "another root": re.sub(r"\n[A-Za-z0-9+/]{43}=\n", "\n" + "A" * 43 + "=\n", head, count=1),
        "another size": head.replace("\n7\n", "\n8\n", 1),
        "unsigned": head.partition("\n\n")[0],
    }
    for name, one in other.items():
        assert says(alone, proof, one, road) in ("wrong", "useless", "unsure"), name
        assert says(alone, proof, one, road) != "holds"
    for name, value in (
        ("path", [flipped(road["path"][0]), *road["path"][1:]]),
        ("first", 4),
        ("format", "x"),
    ):
        assert says(alone, proof, head, road | {name: value}) in ("wrong", "unsure"), name
    for text in ("", "{}", "[]", "null", "nonsense", json.dumps(proof | {"hash": "sm3"}), json.dumps(road)):
        assert says(alone, text, head, road) == "useless"


def test_a_rewritten_log_is_found_out_by_a_head_saved_before(
    kept: Kept, alone: Any, accessible: Any, shot: Any
) -> None:
    """Who has the database drops a verdict and signs anew: the proof holds by itself, and not with the saved head."""
    from leitai.apps.ballots.leaves import leaf_of_ballot
    from leitai.apps.ledger import log
    from leitai.rules import ledger
    from leitai.rules.ballots import Proof, Road

    leaves = [leaf_of_ballot(row) for row in kept.rows if row.index != 1]
    hashes = [ledger.leaf_hash(leaf) for leaf in leaves]
    note = ledger.Note(
        log.origin("shan"), len(leaves), ledger.root(hashes), kept.shan.now + timedelta(hours=1)
    )
    forged = ledger.signed(note, log.sign(note))
    proof = Proof(leaves[0], 0, 6, ledger.inclusion_proof(hashes, 0), note.root, note=forged).to_json()
    assert says(alone, proof) == "alone"
    assert says(alone, proof, kept.heads[6]) == "wrong"
    road = Road(3, 6, ledger.consistency_proof(hashes, 3)).to_json()
    assert says(alone, proof, kept.heads[3], road) == "wrong"
    assert (
        says(alone, proof, kept.heads[1], Road(1, 6, ledger.consistency_proof(hashes, 1)).to_json())
        == "holds"
    )
    says(alone, proof, kept.heads[6])
    expect(alone.get_by_role("status")).to_contain_text("the log was rewritten")
    accessible(alone)
    shot(alone, "citizen-check-rewritten", full=True)


def test_a_receipts_proof_is_saved_and_checked_on_the_phone(
    live_server: Any, kept: Kept, open_page: Open, tmp_path: Path, accessible: Any, shot: Any
) -> None:
    phone = open_page(*PHONE)
    phone.goto(f"{live_server.url}/r/{kept.rows[2].receipt}?lang=en")
    phone.get_by_role("link", name="See and save the proof").tap()
    with phone.expect_download() as saved:
        phone.get_by_role("link", name="Save the proof").tap()
    file = tmp_path / saved.value.suggested_filename
    saved.value.save_as(file)
    head = tmp_path / "head.txt"
    head.write_text(kept.heads[4], encoding="utf-8")
    phone.get_by_role("link", name="Check it on this device").tap()
    expect(phone.locator("#result")).to_have_attribute("data-verdict", "alone")
    phone.get_by_label("The proof, as it was saved from a receipt").set_input_files(file)
    phone.get_by_label("A head saved earlier, by you or anybody, or an older proof").set_input_files(head)
    phone.get_by_role("button", name="Check").tap()
    expect(phone.get_by_role("status")).to_contain_text(
        "It holds: the log of the saved head has this verdict"
    )
    accessible(phone)
    shot(phone, "citizen-check-holds", full=True)
