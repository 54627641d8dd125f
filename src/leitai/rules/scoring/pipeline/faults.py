"""What stops a table: faults of its data that only show when it is computed."""

from __future__ import annotations

from leitai.rules.kernel import Finding, Where


class ScoreError(ValueError):
    """The table cannot be computed from these data; `findings` say why, each with its place."""

    def __init__(self, *findings: Finding) -> None:
        super().__init__("\n".join(str(finding) for finding in findings))
        self.findings = findings


def fault(code: str, message: str, where: Where, **values: object) -> ScoreError:
    """One fault as an error to raise."""
    return ScoreError(Finding(code, message, where, values))
