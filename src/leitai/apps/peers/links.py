"""A scorer's secret link: what is kept of it, and how it is found."""

from __future__ import annotations

import hashlib


def link_digest(secret: str) -> str:
    """What is kept of a scorer's secret link."""
    return hashlib.sha256(b"leitai/scorer-link/1\n" + secret.encode()).hexdigest()
