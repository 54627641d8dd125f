"""The interface does what its description says, for requests that nobody thought of; `make fuzz` asks for longer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig

from leitai.api import app, describe
from leitai.apps.ballots import queries, tallies
from leitai.apps.ledger import log
from leitai.apps.people.actions import SCOPES
from leitai.config.wsgi import application
from tests.factories import NOW, Town

from .conftest import SECRETS, keyed

EXAMPLES = 12  # of each operation, in each mode
CONFIGURATION = {
    # A shape that is right may name a point that is not there, so what is well-formed can be refused.
    "checks": {"positive_data_acceptance": {"enabled": False}},
    "auth": {"openapi": {"Key": {"bearer": SECRETS["machine"]}}},
    "dictionaries": {
        "places": {"values": ["town"]},
        "units": {"values": ["tax", "water"]},
        "grades": {"values": ["satisfied", "满意"]},
        "kinds": {"values": ["finding", "hole", "question", "errand"]},
    },
    "parameters": {
        "path.place": {"dictionary": "places", "probability": 0.9},
        "body.kind": {"dictionary": "kinds", "probability": 0.7},
        "body.unit": {"dictionary": "units", "probability": 0.7},
        "body.ballots[*].unit": {"dictionary": "units", "probability": 0.7},
        "body.ballots[*].grade": {"dictionary": "grades", "probability": 0.7},
    },
}


@pytest.fixture
def described(town: Town) -> Iterator[Any]:
    """The interface by its description, with verdicts, heads and a key for everything behind it."""
    keyed(town, "machine", *SCOPES)
    for _ in range(3):
        town.verdict()
    log.publish(town.place, now=NOW)
    # Between requests a server lets go of its connection; a test's is in a transaction that is taken back.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    config = SchemathesisConfig.from_dict(CONFIGURATION)
    yield schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application, config=config)
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_every_answer_is_one_that_is_described(town: Town, described: Any, mode: GenerationMode) -> None:
    seen: set[int] = set()
    operations = [found.ok() for found in described.get_all_operations()]
    assert len(operations) == len(list(describe.operations(app.schema()))) > 10
    for operation in operations:
        if mode is GenerationMode.NEGATIVE and not (operation.query or operation.body):
            continue

        @given(case=operation.as_strategy(mode))
        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def ask(case: Any) -> None:
            answer = case.call_and_validate(headers={"Accept-Encoding": "identity"})
            seen.add(answer.status_code)

        ask()
    assert max(seen) < 500
    assert 422 in seen and seen & ({200, 201} if mode is GenerationMode.POSITIVE else {400, 404, 422})
    assert not any(queries.check(town.place))
    assert tallies.kept(town.place) == tallies.recounted(town.place)
