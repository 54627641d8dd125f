"""Reading what a scoring comes to: gathered inputs, the frozen result, and whether it comes out the same again."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from leitai.rules.ledger import canonical, digest
from leitai.rules.scoring.judges_result import FORMAT
from leitai.rules.scoring.judges_result import result as compute

from ..models import Mark, Result
from .sheets import barred, scorers, sites
from .terms import terms_of


def result(occasion: Any) -> Result | None:
    """The frozen result of an occasion's scoring, if it was worked out."""
    return Result.objects.filter(occasion=occasion).first()


def gathered(occasion: Any) -> dict[str, Any]:
    """All that a result is worked out from, as canonical JSON can hold it."""
    terms, judges = terms_of(occasion), scorers(occasion)
    last: dict[tuple[int, int, str], Mark] = {}
    marks = Mark.objects.filter(scorer__occasion=occasion).select_related("scorer", "site")
    for one in marks.order_by("received_at", "pk"):
        last[one.scorer.number, one.site.turn, one.criterion] = one
    inputs: dict[str, Any] = {
        "format": FORMAT,
        "level": str(terms.level),
        "criteria": [
            {"key": one.key, "most": str(one.most), "name": {"zh": one.name.zh, "en": one.name.en}}
            for one in terms.criteria
        ],
        "sites": [{"turn": one.turn, "name": one.name, "unit": one.unit.key} for one in sites(occasion)],
        "judges": [
            {
                "number": one.number,
                "unit": one.unit.key,
                "start": one.start,
                "backwards": one.backwards,
                "handed_in": one.handed_in_at is not None,
            }
            for one in judges
        ],
        "barred": [[number, turn, why] for (number, turn), why in sorted(barred(occasion).items())],
        "marks": [[*key, f"{one.points:f}"] for key, one in sorted(last.items())],
    }
    # Nobody chooses what the draws begin from: it follows from the marks.
    return {**inputs, "seed": int(digest(canonical(inputs))[:12], 16)}


def worked_out(inputs: dict[str, Any]) -> dict[str, Any]:
    """The outcome of inputs; the same for the same."""
    return compute(inputs, chance=np.random.default_rng(inputs["seed"]))


def digest_of(inputs: str, outcome: str) -> str:
    """The SHA-256 of inputs and outcome, as they are kept, with a new line between."""
    return digest(f"{inputs}\n{outcome}".encode())


def holds(row: Result) -> bool:
    """Whether the digest is that of what is kept, and the outcome comes out of the inputs again, bit for bit."""
    outcome = canonical(worked_out(json.loads(row.inputs))).decode()
    return outcome == row.outcome and digest_of(row.inputs, row.outcome) == row.digest
