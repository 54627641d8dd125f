"""Sends the interface whatever its own description lets one think of, and much that it does not, for some minutes.

    make fuzz                                   five minutes on a file of SQLite
    make fuzz ARGS="--minutes 1 --database postgres"

A real server is started on a free port, with a database that is thrown away afterwards; schemathesis makes the
requests. Fails on any answer of 500 or above, on any that the description does not have, on any key that was not
asked for; and where rows, log and counts do not agree when all is over.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv/bin"
# A shape that is right may still name a point that is not there, so what is well-formed can be refused.
LEFT_OUT = "positive_data_acceptance"
DOORS = 0.25  # so much of the time is for the doors that have no description


def main() -> int:
    """Fuzzes for --minutes; 0 where nothing was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--minutes", type=float, default=5, help="how long")
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--seed", type=int, help="the seed that an earlier run printed")
    given = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="leitai-fuzz-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "leitai.config.settings",
            "LEITAI_VAR": str(folder),
            "LEITAI_DATABASE_URL": f"sqlite:///{folder}/leitai.sqlite3",
            "LEITAI_HOSTS": "127.0.0.1",
        }
        if given.database == "postgres":
            os.environ["LEITAI_DATABASE_URL"] = stack.enter_context(throwaway())
        secret = "leitai_" + secrets.token_urlsafe(32)
        known = furnished(secret)
        with server(folder / "server.log") as address:
            wrong = crude(address, secret)
            signs, seed = known.pop("signs")[0], given.seed or secrets.randbelow(1 << 30)
            seconds = given.minutes * 60 * DOORS
            wrong += fuzz_doors.tried(address, secret, "fuzz", signs, seconds, seed)
            failed = fuzzed(address, secret, known, folder, given)
        told = (folder / "server.log").read_text(encoding="utf-8", errors="replace")
        traces = told.count("Traceback (most recent call last)")
        if traces:
            print(told[-8000:])
        wrong += disagreeing()
    for one in wrong:
        print(f"fuzz: {one}")
    print(
        f"fuzz: {traces} tracebacks in the server's log; rows, log and counts {'DIFFER' if wrong else 'agree'}"
    )
    return 1 if failed or traces or wrong else 0


@contextmanager
def throwaway() -> Iterator[str]:
    """A database of PostgreSQL that is dropped afterwards; gives its URL."""
    import psycopg

    from tests import postgres

    with postgres.server() as url:
        parts, name = urlsplit(url), f"leitai_fuzz_{os.getpid()}"
        with psycopg.connect(parts._replace(path="/postgres").geturl(), autocommit=True) as root:
            root.execute(f"CREATE DATABASE {name}")
            try:
                yield parts._replace(path=f"/{name}").geturl()
            finally:
                root.execute(f"DROP DATABASE {name} WITH (FORCE)")


def furnished(secret: str) -> dict[str, list[Any]]:
    """Two places with verdicts, heads, tickets and a key for everything; returns what requests may name of them."""
    import django

    django.setup()
    from django.core.management import call_command

    from leitai.api import webhook
    from leitai.apps.ballots import actions, queries
    from leitai.apps.ledger import log
    from leitai.apps.people.actions import SCOPES, add_api_key
    from tests.factories import BY, build

    call_command("migrate", interactive=False, verbosity=0)
    now = datetime.now(UTC)
    town, other = build("town", now=now), build("vale", now=now)
    place = town.place
    old = [
        actions.BallotRecord(
            f"old-{number}",
            town.units["tax" if number % 3 else "water"].pk,
            "satisfied" if number % 5 else "dissatisfied",
            now - timedelta(days=number),
        )
        for number in range(600)
    ]
    actions.import_ballots(place=place, source="old", records=old, by=BY, now=now)
    receipts = [town.verdict(at=now).receipt for _ in range(5)] + [other.verdict(at=now).receipt]
    log.publish(place, now=now)
    town.verdict(at=now)
    log.publish(place, now=now + timedelta(seconds=1))
    numbers = [point.number for point in (*town.points.values(), *other.points.values())]
    asks = [actions.TicketAsk(numbers[0], "visit", f"A{number:03}") for number in range(5)]
    tickets = actions.issue_tickets(place=place, asks=asks, by=BY, now=now)
    key = add_api_key(place=place, name="fuzz", scopes=SCOPES, secret=secret, by=BY, now=now)
    return {
        "signs": [webhook.secret(key)],
        "places": ["town"] * 9 + ["vale"],
        "receipts": receipts,
        "sizes": [1, 255, 256, 257, 605, 606, 607],
        "levels": [0, 1, 2],
        "tiles": [0, 1, 2, 3],
        "months": [f"{now - timedelta(days=days):%Y-%m}" for days in (0, 31, 62, 400)],
        "points": numbers,
        "codes": [queries.code_of(point) for point in town.points.values()] + [queries.token_of(tickets[0])],
        "refs": [ask.ref for ask in asks] + [town.case("hole", None, at=now).ref for _ in range(3)],
        "units": list(town.units),
        "kinds": ["finding", "hole", "question", "errand"],
        "grades": ["satisfied", "dissatisfied", "满意", "very-satisfied"],
        "instants": [(now - timedelta(days=days)).isoformat() for days in (-400, -1, 0, 1, 40)],
    }


# How often a part is filled from a list, where it is not half of the time.
ODDS = {"places": 0.95, "refs": 0.2, "instants": 0.3}
# What a request's parts are filled with; else schemathesis makes something up.
FILLED = {
    "path.place": "places",
    "path.ref": "refs",
    "body.kind": "kinds",
    "body.unit": "units",
    "body.due": "instants",
    "path.level": "levels",
    "path.number": "tiles",
    "query.receipt": "receipts",
    "query.size": "sizes",
    "query.first": "sizes",
    "query.second": "sizes",
    "query.from": "months",
    "query.to": "months",
    "body.point": "points",
    "body.ref": "refs",
    "body.expires_at": "instants",
    "body.tickets[*].point": "codes",
    "body.tickets[*].ref": "refs",
    "body.ballots[*].unit": "units",
    "body.ballots[*].grade": "grades",
    "body.ballots[*].cast_at": "instants",
}


def configuration(known: dict[str, list[Any]]) -> str:
    """The configuration of schemathesis, as TOML."""
    lines = []
    for name, values in known.items():
        lines += [f"[dictionaries.{name}]", f"values = {json.dumps(values, ensure_ascii=False)}"]
    lines.append("[parameters]")
    for parameter, name in FILLED.items():
        lines.append(f'"{parameter}" = {{ dictionary = "{name}", probability = {ODDS.get(name, 0.5)} }}')
    return "\n".join(lines) + "\n"


@contextmanager
def server(log: Path) -> Iterator[str]:
    """The pages as they run for a place, on a free port; gives their address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [str(BIN / "leitai"), "serve", "--port", str(port), "--workers", "2"]
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, start_new_session=True)
        try:
            address = f"http://127.0.0.1:{port}"
            wait_for(f"{address}/healthz", process)
            yield address
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    """Returns once the address answers. Raises SystemExit where the server ended, or did not come up in a minute."""
    end = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < end:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise SystemExit("fuzz: the server did not come up")


def crude(address: str, secret: str) -> list[str]:
    """What is wrong with the answers to bytes that no description would lead anyone to send."""
    good = b'{"point": 1, "channel": "visit", "ref": "A"}'
    bodies = {
        "10 MB of text": b'{"ref": "' + b"x" * 10_000_000 + b'"}',
        "broken UTF-8": good.replace(b"A", b"\xff\xfe"),
        "UTF-16": good.decode().encode("utf-16"),
        "no end": good[:-3],
        "a hundred thousand brackets": b"[" * 100_000,
        "a number of a hundred thousand digits": b"1" * 100_000,
        "half a letter": good.replace(b"A", b"\\ud800"),
        "the letter that ends texts": good.replace(b"A", b"A\\u0000"),
        "nothing": b"",
    }
    wrong = []
    headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
    for name, body in bodies.items():
        for room in ("tickets", "tickets/bulk", "ballots", "cases", "hooks/cases?key=fuzz"):
            status, _kind, _body = fuzz_doors.send(address, "POST", f"/api/v1/town/{room}", body, headers)
            if not 400 <= status < 500:
                wrong.append(f"{name} sent to {room} was answered with {status or 'nothing'}")
    return wrong


def fuzzed(address: str, secret: str, known: dict[str, list[Any]], folder: Path, given: Any) -> bool:
    """Whether schemathesis found something; prints what, and how many answers of each status there were."""
    settings, report = folder / "schemathesis.toml", folder / "answers.ndjson"
    settings.write_text(configuration(known), encoding="utf-8")
    command = [
        str(BIN / "schemathesis"),
        "--config-file",
        str(settings),
        "run",
        f"{address}/api/v1/openapi.json",
    ]
    # One worker: Python 3.11 cannot parse source in two threads at once, which hypothesis does to name its lambdas.
    seconds = max(1, round(given.minutes * 60 * (1 - DOORS)))
    command += ["--max-time", str(seconds), "--workers", "1", "--checks", "all"]
    command += ["--exclude-checks", LEFT_OUT, "--continue-on-failure", "--request-timeout", "30"]
    command += ["--header", f"Authorization: Bearer {secret}", "--warnings", "off"]
    command += ["--report", "ndjson", "--report-ndjson-path", str(report)]
    if given.seed is not None:
        command += ["--seed", str(given.seed)]
    done = subprocess.run(command, cwd=folder)
    statuses = answers(report)
    said = ", ".join(f"{status}: {count:,}" for status, count in sorted(statuses.items()))
    print(f"fuzz: {sum(statuses.values()):,} answers ({said})")
    return bool(done.returncode) or any(status >= 500 for status in statuses)


def answers(report: Path) -> Counter[int]:
    """How many answers of each status are in schemathesis' record of its run."""
    found: Counter[int] = Counter()
    with report.open(encoding="utf-8") as lines:
        for line in lines:
            found.update(statuses_in(json.loads(line)))
    return found


def statuses_in(value: Any) -> Iterator[int]:
    """Every status of an answer anywhere in a record."""
    if isinstance(value, dict):
        status = value.get("status_code")
        if isinstance(status, int):
            yield status
        for one in value.values():
            yield from statuses_in(one)
    elif isinstance(value, list):
        for one in value:
            yield from statuses_in(one)


def disagreeing() -> list[str]:
    """What of rows, log and counts does not agree with the rest, in either place."""
    from leitai.apps.ballots import queries, tallies
    from leitai.apps.ballots.models import Point, Ticket
    from leitai.apps.people import queries as people

    wrong = []
    for place in people.places():
        wrong += [f"{place.key}: {one.text}" for one in queries.check(place) if one is not None]
        if tallies.kept(place) != tallies.recounted(place):
            wrong.append(f"{place.key}: the tallies are not the verdicts'")
    for point in Point.objects.all():
        if Ticket.objects.filter(point=point).count() != point.serials:
            wrong.append(f"point {point.number}: tickets are missing")
    return wrong


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    from tools import fuzz_doors

    sys.exit(main())
