"""Where tests find real records: a folder beside the checkout, or the one that LEITAI_DATA names.

The records belong to others and are not part of the project. A test that needs one is skipped with the
reason where the folder is absent, and fails where CI=true says that everything must be there.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def data_folder() -> Path:
    """The folder of real records, whether or not it is there."""
    return Path(os.environ.get("LEITAI_DATA") or ROOT.parent / "shared" / "data")


def data_file(name: str) -> Path:
    """The path of a record such as "fft_gp/ballots.csv"; skips the test, or fails it under CI, without it."""
    path = data_folder() / name
    if not path.exists():
        reason = f"no {path}: set LEITAI_DATA to the folder of real records"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return path
