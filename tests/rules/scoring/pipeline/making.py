"""Specs and data for the tests of the pipeline: texts in, results out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from leitai.rules.scoring.pipeline import Chance, Data, Parsed, Result, compute, read_data, read_spec


def spec(text: str) -> Parsed:
    """A right spec, with what every spec needs added where it is not stated."""
    found = read_spec(completed(text), "spec.yaml")
    assert found.spec is not None, [str(one) for one in found.findings]
    return found


def completed(text: str) -> str:
    """The text with its first lines, and with one arithmetic node of all measures where it has no nodes."""
    if "units:" not in text:
        text = f"units: {{id: id}}\n{text}"
    return text if text.startswith("score:") else f"score: 1\n{text}"


def csv(header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """CSV text."""
    return "".join(",".join(map(str, row)) + "\n" for row in (header, *rows))


def data(parsed: Parsed, text: str) -> Data:
    """Right data for a spec."""
    assert parsed.spec is not None
    found, findings = read_data(text, parsed.spec, "data.csv", parsed.positions)
    assert found is not None, [str(one) for one in findings]
    return found


def result(spec_text: str, data_text: str) -> Result:
    """The table of a right spec and right data."""
    parsed = spec(spec_text)
    assert parsed.spec is not None
    return compute(parsed.spec, data(parsed, data_text), parsed.positions)


def chances(purpose: str, block: int) -> Chance:
    """Chance that is the same in every run."""
    return np.random.default_rng([7, *purpose.encode(), block])


def scores(done: Result) -> Mapping[str, str | None]:
    """Published scores by unit."""
    return {row.unit: None if row.score is None else str(row.score) for row in done.rows()}
