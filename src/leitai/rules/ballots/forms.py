"""What every form of a verdict must hold, whichever door it comes through.

>>> form_lack("satisfied", "drawn-with-the-form") is None
True
"""

from __future__ import annotations

import re

from leitai.rules.kernel import N_, Finding

_GRADE = re.compile(r"[a-z][a-z-]{0,29}")
_ONCE = re.compile(r"[A-Za-z0-9_-]{16,64}")
_INCOMPLETE = Finding("form-incomplete", N_("The form lacks its grade or its key. Scan the code again."))


def form_lack(grade: str, once: str) -> Finding | None:
    """What a form lacks whose grade and idempotency key are these: `form-incomplete` unless both can be ones."""
    return None if _GRADE.fullmatch(grade) and _ONCE.fullmatch(once) else _INCOMPLETE
