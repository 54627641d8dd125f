"""In a long ledger, what was altered, removed or reordered is found and named by the command that anyone can run.

Two hundred thousand events here, so that the suite stays quick; `python -m bench ledger` does the same with a
million. The verification is the same arithmetic on either database, so it runs on SQLite alone.
"""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest
from django.db import connection

from bench.forge import fill, tamper
from leitai.apps.people.models import Place

COUNT = 200_000


@pytest.mark.django_db(transaction=True)
def test_three_hands_on_a_long_ledger_are_found_and_named(
    leitai_environment: dict[str, str], leitai_command: Path
) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("the same on SQLite; see above")
    place = Place.objects.create(key="long", name_en="Long", timezone="Asia/Shanghai")
    fill(place, COUNT)
    done = tamper(place, COUNT)
    verified = subprocess.run(
        [leitai_command, "ledger", "verify", "--place", "long", "--json"],
        env=leitai_environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert verified.returncode == 1, verified.stderr
    broken = json.loads(verified.stdout)
    assert broken["events"] == COUNT - 1
    told = [
        (one["code"], {int(number) for number in re.findall(r"\d+", one["text"])})
        for one in broken["findings"]
    ]
    for kind, numbers in done.items():
        named = set().union(*(found for name, found in told if name == kind))
        assert set(numbers) <= named, (kind, told)
    assert {name for name, _ in told} == set(done), "and nothing else is wrong with it"
