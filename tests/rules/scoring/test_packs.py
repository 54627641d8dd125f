"""A pack is whole or refused, its recount is byte for byte, and what another version wrote can be read."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings

from leitai.rules.ledger import canonical, digest
from leitai.rules.scoring import Given, Measure, TableInputs, TableResult, TableSpec
from leitai.rules.scoring.change import Edition
from leitai.rules.scoring.packs import (
    FORMAT,
    MANIFEST,
    RESULT,
    SPEC,
    Pack,
    PackError,
    differing,
    follows,
    read_pack,
    recount,
)

from .tables import edition, editions

ONE = TableSpec("arena", "2024-03", (Measure("a", Given(), Decimal(100)),))


def packed(one: Edition) -> Pack:
    spec, inputs, result = (
        canonical(value.to_json()).decode() for value in (one.spec, one.inputs, one.result)
    )
    return Pack("place", one.spec.arena, one.spec.period, 1, "0" * 64, "1.0", spec, inputs, result)


@pytest.fixture
def pack() -> Pack:
    return packed(edition(ONE, {"u": {"a": 10}, "v": {"a": 20}}, {"a": 3}))


@settings(max_examples=60, deadline=None)
@given(editions())
def test_a_table_is_recounted_to_the_byte_from_its_files(one: Edition) -> None:
    found = read_pack(packed(one).files({"README.md": b"hello"}))
    assert found == packed(one)
    again = recount(found.spec, found.inputs, found.result, same_code=True)
    assert again.same and again.computed == found.result and again.differences == ()


def test_what_was_touched_is_found_and_named(pack: Pack) -> None:
    touched = replace(pack, result=pack.result.replace('"score":"20.00"', '"score":"21.00"'))
    again = recount(touched.spec, touched.inputs, touched.result, same_code=True)
    assert not again.same
    assert [(one.where, one.kept, one.computed) for one in again.differences] == [
        ("rows[v].score", "21.00", "20.00")
    ]
    assert touched.digest != pack.digest


def test_rows_in_another_order_are_found(pack: Pack) -> None:
    data = json.loads(pack.result)
    data["rows"].reverse()
    again = recount(pack.spec, pack.inputs, canonical(data).decode(), same_code=True)
    assert [(one.where, one.kept, one.computed) for one in again.differences] == [
        ("order of rows", "u, v", "v, u")
    ]


FAULTS = {
    "no-manifest": lambda files: {key: one for key, one in files.items() if key != MANIFEST},
    "not-json": lambda files: files | {MANIFEST: b"{"},
    "other-format": lambda files: files | {MANIFEST: b'{"format": "leitai.table-pack/9"}'},
    "no-files": lambda files: files | {MANIFEST: canonical({"format": FORMAT})},
    "file-missing": lambda files: {key: one for key, one in files.items() if key != SPEC},
    "file-altered": lambda files: files | {RESULT: files[RESULT] + b" "},
}


@pytest.mark.parametrize("code", FAULTS)
def test_files_that_are_no_whole_pack_are_refused(pack: Pack, code: str) -> None:
    with pytest.raises(PackError) as told:
        read_pack(FAULTS[code](pack.files()))
    assert told.value.finding.code == code


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("digest", "0" * 64, "other-digest"),
        ("period", "last spring", "bad-manifest"),
        ("edition", "first", "bad-manifest"),
    ],
)
def test_a_manifest_that_says_something_else_is_refused(pack: Pack, key: str, value: str, code: str) -> None:
    files = pack.files()
    about = json.loads(files[MANIFEST]) | {key: value}
    with pytest.raises(PackError) as told:
        read_pack(files | {MANIFEST: canonical(about)})
    assert told.value.finding.code == code


def without(data: dict, *paths: str) -> dict:
    """A result as an earlier version wrote it, without some fields of its rows and contributions."""
    for row in data["rows"]:
        for key in paths:
            row.pop(key, None)
            for one in row["contributions"]:
                one.pop(key, None)
    return data


def test_a_result_of_an_earlier_version_is_read_and_recounted_by_what_it_has(pack: Pack) -> None:
    old = canonical(without(json.loads(pack.result), "band", "weighted")).decode()
    read = TableResult.from_json(json.loads(old))
    assert [row.band for row in read.rows] == [None, None] and read.row("v").rank == 1
    again = recount(pack.spec, pack.inputs, old, same_code=False)
    assert again.same and again.computed == old
    assert set(again.added) == {"rows[].band", "rows[].contributions[].weighted"}
    strict = recount(pack.spec, pack.inputs, old, same_code=True)
    assert not strict.same, "of this version's own editions nothing is left out"


def test_rows_that_were_taken_out_are_no_earlier_version(pack: Pack) -> None:
    data = json.loads(pack.result)
    data["rows"].pop()
    assert not recount(pack.spec, pack.inputs, canonical(data).decode(), same_code=False).same


def test_a_table_of_a_later_version_is_read_and_its_recount_says_what_is_unknown(pack: Pack) -> None:
    spec, inputs, result = (json.loads(text) for text in (pack.spec, pack.inputs, pack.result))
    for place in (spec, spec["measures"][0], spec["measures"][0]["points"], spec["naming"], result["spec"]):
        place["shape"] = "round"
    inputs["units"][0]["cells"]["a"]["shape"] = "round"
    for place in (result, result["rows"][0], result["rows"][0]["contributions"][0]):
        place["shape"] = "round"
    assert TableSpec.from_json(spec) == ONE
    assert TableInputs.from_json(inputs) == TableInputs.from_json(json.loads(pack.inputs))
    assert TableResult.from_json(result) == TableResult.from_json(json.loads(pack.result))
    texts = [canonical(one).decode() for one in (spec, inputs, result)]
    again = recount(*texts, same_code=False)
    assert not again.same
    assert "spec.measures[].points.shape" in again.unknown
    assert "inputs.units[].cells.a.shape" in again.unknown


def test_a_method_that_this_version_does_not_have_is_named() -> None:
    spec = ONE.to_json()
    spec["measures"][0]["points"]["by"] = "magic"
    with pytest.raises(ValueError, match="no method 'magic'"):
        TableSpec.from_json(spec)


def test_a_rule_book_that_is_not_the_packs_own_is_found(pack: Pack) -> None:
    assert follows(pack) is None
    book = "leitai: 1\n"
    assert follows(replace(pack, book=book)) is False, "its digest is another"
    assert follows(replace(pack, book=book, regime=digest(book.encode()))) is False, "it is no rule-book"


def test_values_that_only_look_alike_differ() -> None:
    assert [one.where for one in differing({"a": 1, "b": [True]}, {"a": True, "b": [1]})] == ["a", "b[0]"]
    assert [one.computed for one in differing({"a": 1}, {})] == ["(absent)"]
