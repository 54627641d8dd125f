"""What stops an import: a file that cannot be read, a map that does not fit, a place without such a thing."""

from __future__ import annotations

from collections.abc import Sequence

from leitai.apps.ledger.errors import tell
from leitai.rules.kernel import Finding, Where


class FileFault(Exception):
    """An import that cannot begin or go on. `findings` say why; its text is all of them, a line each."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("; ".join(str(one) for one in findings))
        self.findings = tuple(findings)

    def __str__(self) -> str:
        return "\n".join(
            f"{one.where}: {tell(one)}" if str(one.where) else tell(one) for one in self.findings
        )


def fault(code: str, message: str, file: object = "", line: int = 0, **values: object) -> FileFault:
    """A single fault to raise; the message is marked with `N_` where it is written."""
    return FileFault([Finding(code, message, Where(str(file), line), values)])
