"""What the citizen's pages carry inside themselves: on a poor line one request comes through where four do not.

The content policy of the pages names these texts by their digests, so that nothing else is run or styled.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path

from django.conf import settings

FOLDER = Path(__file__).resolve().parent.parent / "static/ballots"
STYLE = "citizen.css"
SCRIPTS = ("verdict.js", "check.js")


@cache
def text(name: str) -> str:
    """A style or script of the room. Raises OSError where there is none of this name."""
    return Path(f"{FOLDER}/{name}").read_text(encoding="utf-8")  # a template gives a text of its own type


def policy() -> str:
    """The content policy of every page here: the room's own style and scripts, and what the script talks to."""
    scripts = " ".join(_source(name) for name in SCRIPTS)
    return (
        f"default-src 'none'; style-src {_source(STYLE)}; script-src {scripts}; img-src 'self'; "
        f"connect-src 'self' {settings.INTAKE_URL}; base-uri 'none'; frame-ancestors 'none'"
    )


@cache
def _source(name: str) -> str:
    digest = hashlib.sha256(text(name).encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
