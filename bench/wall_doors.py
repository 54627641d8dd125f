"""The pages and the door as a wall meets them when eight hours pass in minutes: looks and tickets are shorter too.

WALL_EVERY   seconds between two looks at the ledger (default: as it is)
WALL_LIFE    seconds that a ticket is good for (default: as it is)
"""

from __future__ import annotations

import os

from leitai.config.wsgi import application as pages
from leitai.intake import walls

__all__ = ["pages"]

walls.EVERY = walls.GAP = float(os.environ.get("WALL_EVERY", walls.EVERY))
walls.LIFE = int(os.environ.get("WALL_LIFE", walls.LIFE))


def __getattr__(name: str) -> object:
    """The door begins a writer when it is loaded, which the pages have no use for."""
    if name == "door":
        from leitai.intake.app import app

        return app
    raise AttributeError(name)
