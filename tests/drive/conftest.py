"""What tests of the drive share: a small place, and a second one with the same units and rules."""

from __future__ import annotations

import pytest

from tests.factories import Town, build


@pytest.fixture
def town(db: None) -> Town:
    """The small place."""
    return build("town")


@pytest.fixture
def vale(db: None) -> Town:
    """Another place in the same database."""
    return build("vale")
