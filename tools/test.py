"""Runs every test, in the stages that need ever more of a machine, and counts them in one last line.

    rules        the core, with Django out of reach
    places       the rule-books of the places, each with its worked cases
    sqlite       everything else on a file of SQLite
    lake         sealed days, recounted on DuckDB and on Spark, which needs Java 17
    postgresql   the same on a real PostgreSQL: LEITAI_TEST_DATABASE_URL, or one started here
    browser      the pages in a real Chromium

What could not be had is said before the last line; with CI=true it counts as a failure.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree as ET

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / ".cache/test"
LIMIT = 20 * 60  # seconds for one stage, many times what it takes
# The checks of the house run in `make check`; the browser's tests and the core's have stages of their own.
SHARED = [
    "tests",
    "--ignore=tests/rules",
    "--ignore=tests/places",
    "--ignore=tests/browser",
    "--ignore=tests/checks",
    "--ignore=tests/lake",
    "-n",
    "2",
    "--dist=worksteal",
]
# Without Django, and without whatever else would be loaded of itself: this is the stage people run at every save.
ALONE = ["-p", "xdist", "-p", "_hypothesis_pytestplugin", "-n", "2"]
STAGES = {
    "rules": [*ALONE, "tests/rules"],
    "places": [*ALONE, "tests/places"],
    "sqlite": ["--database=sqlite", *SHARED],
    "lake": ["--database=sqlite", "-p", "no:xdist", "tests/lake"],
    "postgresql": ["--database=postgres", *SHARED],
    # A file of tests shares one running house, so it stays with one worker.
    "browser": ["--database=sqlite", "-n", "2", "--dist=loadfile", "tests/browser"],
}


@dataclass
class Tally:
    """What the stages came to, and what was found on the machine."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    notes: list[str] = field(default_factory=list)

    def lacks(self, what: str) -> None:
        """Something could not be had: a note here, a failure in CI."""
        self.notes.append(what)
        self.failed += 1 if os.environ.get("CI") else 0


def main() -> int:
    """Runs the stages named by --only, or all; 0 when nothing failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--only", default=",".join(STAGES), help="stages, with commas between them")
    given, more = parser.parse_known_args()
    wanted = given.only.split(",")
    if unknown := set(wanted) - set(STAGES):
        parser.error(f"no such stage: {', '.join(unknown)}; there are {', '.join(STAGES)}")
    RESULTS.mkdir(parents=True, exist_ok=True)
    tally = Tally()
    with ExitStack() as stack:
        for name in (name for name in STAGES if name in wanted):
            environment = prepared(name, tally, stack)
            if environment is not None:
                stage(name, [*STAGES[name], *more], environment, tally)
    print("", *tally.notes, sep="\n")
    print(f"{tally.passed} passed, {tally.failed} failed, {tally.skipped} skipped", flush=True)
    return 1 if tally.failed else 0


def prepared(name: str, tally: Tally, stack: ExitStack) -> dict[str, str] | None:
    """The environment for a stage, with its server or browser made ready; None where that cannot be had."""
    environment = {**os.environ, "HYPOTHESIS_STORAGE_DIRECTORY": str(ROOT / ".cache/hypothesis")}
    if name in ("rules", "places"):
        return {**environment, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    if name == "postgresql":
        from tests import postgres

        try:
            url = stack.enter_context(postgres.server())
            whose = "given" if os.environ.get("LEITAI_TEST_DATABASE_URL") else "started for this run"
            tally.notes.append(f"{postgres.version(url)}, {whose}")
        except Exception as error:  # noqa: BLE001 - whatever keeps it from starting is told and counted
            tally.lacks(f"no PostgreSQL could be had: {error}")
            return None
        return {**environment, "LEITAI_TEST_DATABASE_URL": url}
    if name == "lake":
        from tools import java

        home = java.ensure()
        if home is None:
            tally.lacks("no Java 17 could be had: recounts on Spark were not tested")
            return environment
        return {**environment, "JAVA_HOME": str(home)}
    if name == "browser":
        from tools import chromium

        path = chromium.ensure()
        if path is None:
            tally.lacks("no Chromium could be had: the browser tests did not run")
            return None
        fonts = "" if chromium.chinese() else ", without a Chinese font"
        tally.notes.append(f"{chromium.version(path)} at {path}{fonts}")
        return {**environment, "LEITAI_CHROMIUM": path}
    return environment


def stage(name: str, arguments: list[str], environment: dict[str, str], tally: Tally) -> None:
    """Runs one stage with its output shown as it comes, and adds what it counted."""
    print(f"\ntest: {name}", flush=True)
    results = RESULTS / f"{name}.xml"
    results.unlink(missing_ok=True)
    command = [sys.executable, "-m", "pytest", "-q", f"--junitxml={results}", *arguments]
    start = time.monotonic()
    try:
        code = subprocess.run(command, cwd=ROOT, env=environment, timeout=LIMIT).returncode
    except subprocess.TimeoutExpired:
        code = 124
    passed, failed, skipped = counted(results)
    if code and not failed:
        tally.notes.append(f"{name}: pytest ended with {code}" + (" (no tests)" if code == 5 else ""))
        failed = 1
    tally.passed += passed
    tally.failed += failed
    tally.skipped += skipped
    print(f"test: {name} took {time.monotonic() - start:.1f} s", flush=True)


def counted(results: Path) -> tuple[int, int, int]:
    """How many tests passed, failed (or broke) and were skipped, from pytest's report; zeros without one."""
    if not results.is_file():
        return (0, 0, 0)
    passed = failed = skipped = 0
    for case in ET.parse(results).getroot().iter("testcase"):
        kinds = {child.tag for child in case}
        failed += bool(kinds & {"failure", "error"})
        skipped += "skipped" in kinds
        passed += not kinds & {"failure", "error", "skipped"}
    return passed, failed, skipped


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main())
