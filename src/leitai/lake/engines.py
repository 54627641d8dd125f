"""The engines that a recount can run on: DuckDB on one machine, Spark where a province outgrows it.

Both are spoken to through Ibis, so that a count is written once. Spark is an extra, for it brings 400 MB along and
needs a Java that this project cannot bring: what is missing is told with what to install.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import duckdb
import pyarrow as pa

from leitai.apps.ledger.errors import Refused, refuse
from leitai.rules.kernel import N_

ENGINES = ("duckdb", "spark")
_LOGGING = Path(__file__).with_name("log4j2.properties")
PACKAGES = ("openjdk-17-jre-headless", "openjdk-21-jre-headless")  # whichever the system has
# Spark 4.0 is built for Java 17; Java 24 took away the security manager, which Spark's file layer asks for.
JAVA_LEAST, JAVA_BELOW = 17, 24


class Engine(Protocol):
    """Where expressions are computed."""

    name: str

    def read(self, name: str, files: Sequence[Path]) -> Any:
        """Parquet files of one schema as an Ibis table; at least one file."""

    def compute(self, expression: Any) -> pa.Table:
        """What a table expression comes to."""


@contextmanager
def connect(engine: str, *, memory: str = "", threads: int = 0, master: str = "") -> Iterator[Engine]:
    """An engine, closed at the end.

    `memory`: the most it may use, such as "4GB" (DuckDB then writes to a temporary folder; for Spark, the heap).
    `threads`: how many it may use. `master`: a Spark cluster that sees the same files; "" for this machine.
    Refused: `engine-unknown`, `memory-malformed`, `spark-missing`, `java-missing`, `engine-failed`.
    """
    size = re.fullmatch(r"(\d+) ?([KMGT])i?B", memory, re.IGNORECASE) if memory else None
    if memory and size is None:
        message = N_("%(memory)s is no amount of memory: write it like 4GB")
        raise refuse("memory-malformed", message, memory=memory)
    if engine == "duckdb":
        opened = _duckdb(memory, threads)
    elif engine == "spark":
        heap = f"{size[1]}{size[2].lower()}" if size else ""
        opened = _spark(heap, master or f"local[{threads or '*'}]")
    else:
        message = N_("there is no engine %(name)s: there are %(known)s")
        raise refuse("engine-unknown", message, name=engine, known=", ".join(ENGINES))
    with opened as made:
        yield made


def _failed(engine: str, fault: BaseException) -> Refused:
    message = N_("%(engine)s could not count: %(why)s")
    return refuse("engine-failed", message, engine=engine, why=str(fault).strip().partition("\n")[0][:300])


@dataclass(frozen=True)
class _DuckDB:
    connection: Any
    name: str = "duckdb"

    def read(self, name: str, files: Sequence[Path]) -> Any:
        # The folders are named by month for people and other tools; their names are no column of ours.
        try:
            return self.connection.read_parquet(files, table_name=name, hive_partitioning=False)
        except duckdb.Error as fault:
            raise _failed(self.name, fault) from None

    def compute(self, expression: Any) -> pa.Table:
        try:
            return self.connection.to_pyarrow(expression)
        except duckdb.Error as fault:
            raise _failed(self.name, fault) from None


@contextmanager
def _duckdb(memory: str, threads: int) -> Iterator[Engine]:
    import ibis

    settings: dict[str, Any] = {"preserve_insertion_order": False}
    if memory:
        settings["memory_limit"] = memory
    if threads:
        settings["threads"] = threads
    connection = ibis.duckdb.connect(**settings)
    try:
        yield _DuckDB(connection)
    finally:
        connection.disconnect()


@dataclass(frozen=True)
class _Spark:
    connection: Any
    session: Any
    name: str = "spark"

    def read(self, name: str, files: Sequence[Path]) -> Any:
        # Spark reads a path as a pattern; what is special in one is taken as it stands.
        paths = [re.sub(r"([\\*?\[\]{}])", r"\\\1", str(one.resolve())) for one in files]
        from pyspark.errors import PySparkException

        try:
            frame = self.session.read.parquet(*(f"file://{path}" for path in paths))
        except PySparkException as fault:
            raise _failed(self.name, fault) from None
        frame.createOrReplaceTempView(name)
        return self.connection.table(name)

    def compute(self, expression: Any) -> pa.Table:
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException

        try:
            return self.session.sql(self.connection.compile(expression)).toArrow()
        except (PySparkException, Py4JError) as fault:
            raise _failed(self.name, fault) from None


@contextmanager
def _spark(memory: str, master: str) -> Iterator[Engine]:
    try:
        import pyspark  # noqa: F401
    except ImportError:
        raise refuse(
            "spark-missing", N_("Spark is not installed: pip install 'leitai[spark]' (or use DuckDB)")
        ) from None
    home = java()
    if home is None:
        message = N_(
            "Spark needs Java 17 or 21, and there is none (where JAVA_HOME is set, it must lead to it): install it"
            " (Debian: apt-get install %(package)s), or use DuckDB"
        )
        raise refuse("java-missing", message, package=PACKAGES[0])
    import ibis
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    os.environ["JAVA_HOME"] = str(home)
    settings = {
        "spark.driver.extraJavaOptions": f"-Dlog4j2.configurationFile={_LOGGING.as_uri()}",
        "spark.sql.session.timeZone": "UTC",
        # Years of days are listed here at once, rather than by a job with a task for each file.
        "spark.sql.sources.parallelPartitionDiscovery.threshold": "100000",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    if master.startswith("local"):
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
        settings |= {
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.driver.host": "127.0.0.1",
            "spark.sql.shuffle.partitions": "16",  # counts are few; hundreds of parts are for many machines
        }
    if memory:
        settings["spark.driver.memory"] = memory
    try:
        session = (
            SparkSession.builder.master(master).appName("leitai lake").config(map=settings).getOrCreate()
        )
    except (PySparkException, Py4JError) as fault:
        raise _failed("spark", fault) from None
    try:
        yield _Spark(ibis.pyspark.connect(session), session)
    finally:
        session.stop()


def java() -> Path | None:
    """The home of a Java that Spark can use; None where there is none.

    Where JAVA_HOME is set, that one or none; otherwise the one on the path, or else where systems keep theirs.
    """
    given, found = os.environ.get("JAVA_HOME"), shutil.which("java")
    homes = [Path(given)] if given else sorted(Path("/usr/lib/jvm").glob("*"))
    if found and not given:
        homes.insert(0, Path(found).resolve().parents[1])
    return next((home for home in homes if JAVA_LEAST <= java_version(home) < JAVA_BELOW), None)


def java_version(home: Path) -> int:
    """The version of the Java at a home, such as 17; 0 where there is none."""
    try:
        command = [home / "bin/java", "-version"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return 0
    found = re.search(r'version "(\d+)', done.stderr)
    return int(found[1]) if found else 0
