"""The core's tests are run at every save: no idle work between them, and no example fails for a slow machine."""

from __future__ import annotations

import gc

from hypothesis import settings

settings.register_profile("core", deadline=None)
settings.load_profile("core")


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end, so nothing is gained by looking through it again and again."""
    gc.collect()
    gc.freeze()
