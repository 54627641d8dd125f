"""What the citizen's pages of this room carry inside themselves, and may talk to."""

from __future__ import annotations

from django.conf import settings

from leitai.ui.citizen import content_policy

SCRIPTS = ("ballots/verdict.js", "ballots/check.js")


def policy() -> str:
    """The content policy of every page here: the style, the room's own scripts, and the ballot door."""
    return content_policy(SCRIPTS, settings.INTAKE_URL)
