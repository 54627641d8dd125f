"""How the tests meet a database: a file of SQLite or a real PostgreSQL, by `--database`; or none at all.

The core's tests need none, and no Django: `pytest -p no:django tests/rules` puts both out of reach, as proof.
Everything else runs on either database; `make test` runs it on both.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest

VENDORS = {"sqlite": "sqlite", "postgres": "postgresql"}
CORE = tuple(Path(__file__).resolve().parent / name for name in ("rules", "places"))
_open = ExitStack()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database", choices=sorted(VENDORS), default="sqlite", help="the database that the tests run on"
    )


def core_alone(config: pytest.Config) -> bool:
    """Whether this run is of the core's tests, or was told to leave Django out."""
    asked = [Path(str(config.invocation_params.dir), word.split("::")[0]).resolve() for word in config.args]
    return not config.pluginmanager.hasplugin("django") or all(
        any(path.is_relative_to(one) for one in CORE) for path in asked
    )


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    if not config.pluginmanager.hasplugin("django"):
        # Whatever reaches for these now fails with an ImportError that names the culprit.
        for name in ("django", "psycopg", "sqlite3"):
            sys.modules[name] = None  # type: ignore[assignment]
    if core_alone(config):
        return
    if not hasattr(config, "workerinput"):  # the workers of a parallel run get all this with the environment
        var = tempfile.mkdtemp(prefix="leitai-test-")
        _open.callback(shutil.rmtree, var, ignore_errors=True)
        os.environ["LEITAI_VAR"] = var
        os.environ["LEITAI_DATABASE_URL"] = f"sqlite:///{var}/leitai.sqlite3"
        if config.getoption("--database") == "postgres":
            from tests import postgres

            os.environ["LEITAI_DATABASE_URL"] = _open.enter_context(postgres.server())
    os.environ["DJANGO_SETTINGS_MODULE"] = "leitai.config.settings"
    from django.conf import settings

    # Strong hashing of passwords is slow on purpose, which no test is about.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # Every test's client would look through all static files when it starts; so they are looked for when asked.
    settings.WHITENOISE_AUTOREFRESH = True


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What touches no database is the same on each: it is tried with SQLite, once."""
    if config.getoption("--database") != "postgres":
        return
    alone = [item for item in items if not _on_database(item)]
    config.hook.pytest_deselected(items=alone)
    items[:] = [item for item in items if _on_database(item)]


def _on_database(item: pytest.Item) -> bool:
    asked = getattr(item, "fixturenames", ())
    return item.get_closest_marker("django_db") is not None or "db" in asked or "transactional_db" in asked


def pytest_unconfigure(config: pytest.Config) -> None:
    _open.close()


def pytest_report_header(config: pytest.Config) -> str:
    if core_alone(config):
        return "database: none, and no Django"
    return f"database: {config.getoption('--database')}"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A test database for each worker: with SQLite a file, so that threads and processes share it."""
    from django.db import connections

    connection = connections["default"]
    assert connection.vendor == VENDORS[request.config.getoption("--database")]
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    names = {
        "sqlite": str(tmp_path_factory.mktemp("database") / "leitai.sqlite3"),
        "postgresql": f"leitai_test_{worker}_{os.getpid()}",
    }
    connection.settings_dict["TEST"]["NAME"] = names[connection.vendor]


@pytest.fixture
def database_url(transactional_db: None) -> str:
    """The URL of the test database, for a process that a test starts; rows are committed, so it sees them."""
    from django.db import connection

    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlsplit(os.environ["LEITAI_DATABASE_URL"])._replace(path=f"/{name}").geturl()


@pytest.fixture
def leitai_environment(database_url: str) -> dict[str, str]:
    """The environment in which a `leitai` process works on the test database."""
    return {**os.environ, "LEITAI_DATABASE_URL": database_url, "PYTHONUNBUFFERED": "1"}


@pytest.fixture(scope="session")
def leitai_command() -> Path:
    """The installed `leitai` command."""
    return Path(sys.executable).parent / "leitai"


@pytest.fixture
def english() -> Iterator[None]:
    """Messages in the language of the source, for tests that compare texts."""
    from django.utils import translation

    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def language_of_its_own() -> Iterator[None]:
    """A request leaves its language switched on; the next test starts in the project's own again."""
    yield
    if translation := sys.modules.get("django.utils.translation"):
        translation.deactivate()
