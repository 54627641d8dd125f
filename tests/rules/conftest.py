"""The core's tests are run at every save, so they are to be quick: some examples of each property, and no idle work."""

from __future__ import annotations

import gc

from hypothesis import settings

settings.register_profile("core", max_examples=30, deadline=None)
settings.load_profile("core")


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end, so nothing is gained by looking through it again and again."""
    gc.collect()
    gc.freeze()
