"""A database that refuses for a moment costs time and nothing else: what follows from an event follows later."""

from __future__ import annotations

import pytest
from django.db import OperationalError, connection, connections, transaction

from leitai.apps.casework.models import Case
from leitai.apps.ledger.models import Event
from leitai.drive.engine import apply_rules, run_until_idle
from leitai.drive.models import Firing
from tests.factories import NOW, build

needs_table_locks = pytest.mark.usefixtures("table_locks")


@pytest.fixture
def table_locks(transactional_db: None) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer: while another holds it, a batch does not begin at all")


@needs_table_locks
def test_a_lock_that_is_not_had_loses_no_consequence() -> None:
    town = build("town")
    town.verdict()
    run_until_idle_but_rules(town)
    other = connections.create_connection("default")
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {Case._meta.db_table} IN ACCESS EXCLUSIVE MODE")
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '200ms'")
        with pytest.raises(OperationalError):
            apply_all(town)
        assert not Firing.objects.exists()
    finally:
        other.rollback()
        other.close()
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")
    run_until_idle(town.place, now=NOW)
    assert Case.objects.count() == 1
    assert not Event.objects.filter(kind="rule.failed").exists()


def run_until_idle_but_rules(town: object) -> None:
    """Everything sealed, nothing read."""
    from leitai.apps.ledger.sealing import seal

    with transaction.atomic():
        while seal(town.place):  # type: ignore[attr-defined]
            pass


def apply_all(town: object) -> None:
    """The rules applied to all that is sealed."""
    while apply_rules(town.place, now=NOW)[0]:  # type: ignore[attr-defined]
        pass
