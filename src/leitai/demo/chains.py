"""The place's industrial chains, where its folder has them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from leitai.apps.chains import queries
from leitai.bulk.chains import put_chains


def put_demo_chains(place: Any, folder: Path, now: datetime) -> int:
    """Put the chains of chains.yaml, once: what was changed since is left alone. How many chains there were to put."""
    path = folder / "chains.yaml"
    if not path.is_file() or any(one.rows for one in queries.board(place, now)):
        return 0
    return put_chains(place, path, by="demo", now=now).chains
