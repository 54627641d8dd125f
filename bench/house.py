"""A house of one's own for a bench: an empty database in a temporary folder, gone afterwards.

To be entered before anything of Django is imported; once per process.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def empty(url: str = "") -> Iterator[Path]:
    """The folder of a fresh house; on SQLite in it, or on the database that `url` names."""
    with tempfile.TemporaryDirectory(prefix="leitai-bench-") as name:
        os.environ |= {
            "LEITAI_VAR": name,
            "LEITAI_DATABASE_URL": url or f"sqlite:///{name}/leitai.sqlite3",
            "DJANGO_SETTINGS_MODULE": "leitai.config.settings",
        }
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", interactive=False, verbosity=0)
        yield Path(name)
