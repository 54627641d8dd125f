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

import pyarrow as pa

from leitai.apps.ledger.errors import refuse
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
def connect(engine: str, *, memory: str = "", threads: int = 0, master: str = "local[*]") -> Iterator[Engine]:
    """An engine, closed at the end. Refused: `engine-unknown`, `spark-missing`, `java-missing`.

    `memory`: the most it may use, such as "4GB" (DuckDB then writes to a temporary folder; for Spark, the heap).
    `threads`: how many it may use. `master`: the Spark cluster, which must see the same files; without one this machine.
    """
    if engine == "duckdb":
        with _duckdb(memory, threads) as made:
            yield made
    elif engine == "spark":
        if master == "local[*]" and threads:
            master = f"local[{threads}]"
        with _spark(memory, master) as made:
            yield made
    else:
        raise refuse(
            "engine-unknown", N_("there is no engine %(name)s; there are duckdb and spark"), name=engine
        )


@dataclass(frozen=True)
class _DuckDB:
    connection: Any
    name: str = "duckdb"

    def read(self, name: str, files: Sequence[Path]) -> Any:
        # The folders are named by month for people and other tools; their names are no column of ours.
        return self.connection.read_parquet(files, table_name=name, hive_partitioning=False)

    def compute(self, expression: Any) -> pa.Table:
        return self.connection.to_pyarrow(expression)


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
        frame = self.session.read.parquet(*(f"file://{path}" for path in paths))
        frame.createOrReplaceTempView(name)
        return self.connection.table(name)

    def compute(self, expression: Any) -> pa.Table:
        return self.session.sql(self.connection.compile(expression)).toArrow()


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
            "Spark needs Java 17 or 21, which JAVA_HOME or the path must lead to: install it"
            " (Debian: apt-get install %(package)s), or use DuckDB"
        )
        raise refuse("java-missing", message, package=PACKAGES[0])
    import ibis
    from pyspark.sql import SparkSession

    os.environ["JAVA_HOME"] = str(home)
    settings = {
        "spark.driver.extraJavaOptions": f"-Dlog4j2.configurationFile={_LOGGING.as_uri()}",
        "spark.sql.session.timeZone": "UTC",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    if master.startswith("local"):
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
        settings |= {"spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1"}
    if memory:
        settings["spark.driver.memory"] = re.sub(r"(?i)\s*([kmgt])i?b?$", r"\1", memory).lower()
    builder = SparkSession.builder.master(master).appName("leitai lake")
    session = builder.config(map=settings).getOrCreate()
    try:
        yield _Spark(ibis.pyspark.connect(session), session)
    finally:
        session.stop()


def java() -> Path | None:
    """The home of a Java that Spark can use: JAVA_HOME, or else the one on the path; None where it cannot."""
    given, found = os.environ.get("JAVA_HOME"), shutil.which("java")
    if given:
        home = Path(given)
    elif found:
        home = Path(found).resolve().parents[1]
    else:
        return None
    return home if JAVA_LEAST <= java_version(home) < JAVA_BELOW else None


def java_version(home: Path) -> int:
    """The version of the Java at a home, such as 17; 0 where there is none."""
    try:
        done = subprocess.run([home / "bin/java", "-version"], capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return 0
    found = re.search(r'version "(\d+)', done.stderr)
    return int(found[1]) if found else 0
