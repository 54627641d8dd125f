"""Kinds of case and flows read aloud: every shipped rule-book can be read without its file."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils.translation import override

from leitai.apps.regimes.prose import sections
from leitai.rules.regime.check import check_text
from leitai.rules.regime.model import Regime
from tests.rules.regime.test_kinds import BOOK

PLACES = sorted((Path(__file__).parents[2] / "regimes").glob("*/regime.yaml"))


def _read(regime: Regime | None, section: str) -> dict[str, tuple[str, ...]]:
    assert regime is not None
    with override("en"):
        found = {one.key: one.entries for one in sections(regime)}
    return {entry.key: entry.lines for entry in found.get(section, ())}


def test_a_kind_says_its_doors_its_slips_what_stops_it_and_how_it_ends() -> None:
    lines = " ".join(_read(check_text(BOOK).regime, "cases")["noise"])
    for said in (
        "It comes by: the public form, the office's form.",
        "Its form asks: When is it loud.",
        "with the warning the blue slip goes to the unit; once it is late the yellow slip goes to the unit's head",
        "1 workday after the end the orange slip goes to the office",
        "for: Bad weather (at most 30 days).",
        "The office may give more time once, at most 5 workdays.",
        "only once the other unit has accepted: Not this unit's by law.",
        "only with a photo of how it looks then.",
        "within 90 days of closing counts as a relapse.",
        "a share of 10% not really over would show with a probability of 90%.",
    ):
        assert said in lines


def test_a_flow_of_its_own_is_read_state_by_state_and_its_milestones_by_their_moves() -> None:
    book = check_text(
        BOOK.replace("[opened, dispatched", "[opened, heard, dispatched")
        .replace("event: case.dispatched, milestone: dispatched", "event: case.dispatched, milestone: heard")
        .replace(
            "until: answered\n        within: 10", "from: heard\n        until: answered\n        within: 10"
        )
        .replace("milestones: [opened, heard, dispatched,", "milestones: [opened, heard,")
    ).regime
    assert _read(book, "flows")["hearing"] == (
        "“Received”, held by the office: “Dispatch” (needs: responsible unit).",
        "“Being heard”, held by the unit: “Answer” (needs: what was done).",
        "“To be verified”, held by the office: “Return”, “Close”.",
        "“Closed”: it is over.",
    )
    assert any("from when “Dispatch” is done until" in line for line in _read(book, "cases")["noise"])


@pytest.mark.parametrize("file", PLACES, ids=lambda file: file.parent.name)
def test_every_shipped_book_is_said_in_words(file: Path) -> None:
    regime = check_text(file.read_text(encoding="utf-8")).regime
    assert regime is not None
    for language in ("en", "zh-hans"):
        with override(language):
            told = {one.key: one.entries for one in sections(regime)}
        assert [entry.key for entry in told["rules"] if entry.code and not entry.condition] == []
        assert all(entry.lines and entry.source for entry in told["cases"])
        assert {key for key in told if key == "flows"} == ({"flows"} if regime.flows else set())
