"""The real worker in a process that dies by SIGKILL: before its nth statement, or when it has nothing left to do.

    python tests/drive/victim.py N     (0: only somebody else kills it)

It says "ready" once it begins. Counting statements makes the instants of death cover every step of every
transaction, and the same seed gives the same deaths.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import Any


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class Never:
    """Tells the worker never to stop; to pause, only where nobody counts."""

    def __init__(self, counted: bool) -> None:
        self.counted = counted

    def is_set(self) -> bool:
        return False

    def wait(self, _seconds: float) -> None:
        if self.counted:
            die()


def main(deadly: int) -> None:
    import django

    django.setup()
    from django.db import connection

    from leitai.drive.worker import work

    count = 0

    def counted(execute: Any, *what: Any) -> Any:
        nonlocal count
        count += 1
        if count == deadly:
            die()
        return execute(*what)

    print("ready", flush=True)
    with connection.execute_wrapper(counted):
        work(Never(counted=bool(deadly)))


if __name__ == "__main__":
    main(int(sys.argv[1]))
