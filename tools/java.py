"""Finds a Java for recounts on Spark, and installs one where the machine allows it.

Looked for as `leitai.lake` looks for it: JAVA_HOME, or else the path and the system's own folder. Where none fits and
JAVA_HOME names none: the system's package, if apt-get is there and we are root.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from leitai.lake.engines import PACKAGES, java, java_version


def ensure() -> Path | None:
    """The home of a Java that Spark can use, installed if need be; None where none can be had."""
    home = java()
    if home is None and not os.environ.get("JAVA_HOME"):
        install()
        home = java()
    return home


def install() -> None:
    """Installs the first of the packages that the system has, if we may; leaves it to the caller to look."""
    apt = shutil.which("apt-get")
    if not apt or os.geteuid() != 0:
        return
    if attempt([apt, "update", "-q"], 300):
        for package in PACKAGES:
            print(f"java: installing {package} with apt-get", flush=True)
            if attempt([apt, "install", "-q", "-y", "--no-install-recommends", package], 900):
                return


def attempt(command: list[str], limit: int) -> bool:
    """Whether a command that may fail did what it should; says so where it did not."""
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(
            command, env=quiet, timeout=limit, capture_output=True, text=True, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        print(f"java: {error}", flush=True)
        return False
    if done.returncode:
        print(f"java: {' '.join(command[:3])}: {(done.stderr or done.stdout).strip()[-400:]}", flush=True)
    return done.returncode == 0


if __name__ == "__main__":
    home = ensure()
    print(f"Java {java_version(home)} at {home}" if home else "no Java 17 could be had")
    sys.exit(0 if home else 1)
