"""Whoever comes by a key gets in for what it is for, at its place, until it is revoked; and nobody else."""

from __future__ import annotations

import json
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.urls import get_resolver
from typer.testing import CliRunner

from leitai.apps.ledger.models import Event
from leitai.apps.people import actions, queries
from leitai.apps.people.models import ApiKey
from tests.factories import BY, NOW, Town, refused

from .conftest import SECRETS, Caller, keyed

ASK = {"point": 1, "channel": "visit", "ref": "A001"}


def told(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_a_key_is_kept_as_a_digest_alone(town: Town, machine: Caller) -> None:
    row = ApiKey.objects.get()
    assert SECRETS["machine"] not in str(ApiKey.objects.values().get())
    assert queries.api_key(SECRETS["machine"]) == row
    event = Event.objects.get(kind="key.added")
    assert event.subject == "key:machine" and SECRETS["machine"] not in event.data


def test_without_a_key_nothing_that_needs_one_is_answered(town: Town, machine: Caller) -> None:
    asked = [
        ("post", "tickets"),
        ("post", "tickets/bulk"),
        ("post", "ballots"),
        ("get", "tickets/A001"),
    ]
    for secret in ("", "wrong", SECRETS["machine"] + "x", SECRETS["machine"][:-1], "wr\xf6ng"):
        stranger = Caller("town", secret)
        for method, path in asked:
            answer = stranger.post(path, ASK) if method == "post" else stranger.get(path)
            assert told(answer) == (401, "no-key")
            assert answer["WWW-Authenticate"] == "Bearer"
    assert Event.objects.filter(kind="tickets.issued").count() == 0


def test_another_scheme_is_no_key(town: Town, machine: Caller) -> None:
    for header in (f"Basic {SECRETS['machine']}", SECRETS["machine"], "Bearer", "Bearer "):
        answer = machine.client.post(
            "/api/v1/town/tickets", ASK, content_type="application/json", headers={"authorization": header}
        )
        assert told(answer) == (401, "no-key")


def test_a_key_opens_its_own_place_and_what_it_is_for(town: Town, vale: Town, machine: Caller) -> None:
    assert machine.post("tickets", ASK | {"point": town.points["tax-window"].number}).status_code == 201
    assert told(machine.post("ballots", {})) == (403, "not-in-scope")
    assert told(Caller("vale", machine.secret).post("tickets", ASK)) == (403, "other-place")
    assert told(Caller("nowhere", machine.secret).post("tickets", ASK)) == (404, "unknown-place")


def test_a_revoked_key_opens_nothing(town: Town, machine: Caller) -> None:
    key = ApiKey.objects.get()
    actions.revoke_api_key(key=key, by=BY, now=NOW)
    assert told(machine.get("tickets/A001")) == (401, "no-key")
    assert not actions.revoke_api_key(key=key, by=BY, now=NOW)
    assert town.kinds()[-2:] == ["key.added", "key.revoked"]


def test_a_key_that_is_wrongly_asked_for_is_refused(town: Town, machine: Caller) -> None:
    def add(
        name: str = "other", scopes: tuple[str, ...] = ("tickets:issue",), secret: str = "s" * 32
    ) -> None:
        actions.add_api_key(place=town.place, name=name, scopes=scopes, secret=secret, by=BY, now=NOW)

    with refused("key-exists"):
        add(name="machine")
    with refused("unknown-scope"):
        add(scopes=("tickets:issue", "all"))
    with refused("unknown-scope"):
        add(scopes=())
    for name in ("", "  ", "x" * 61, "a\nb"):
        with refused("key-name"):
            add(name=name)
    with pytest.raises(ValueError, match="at least 32"):
        add(secret="short")


def test_the_refusal_is_in_the_language_that_is_asked_for(town: Town, machine: Caller) -> None:
    english = Caller("town", language="en").post("tickets", ASK).json()
    assert "Bearer" in english["error"]
    assert (
        Caller("nowhere", language="en").get("log/key").json()["error"] == "There is no place nowhere here."
    )
    # `zh` is what pages speak where nothing else is asked for; its words are in the catalogue.
    assert Caller("town", language="zh-CN").post("tickets", ASK)["Content-Language"] == "zh-hans"


def test_a_key_of_a_unit_speaks_for_it_and_those_below(town: Town) -> None:
    bureau = keyed(town, "bureau", "tickets:issue", unit="tax")
    own, other = town.points["tax-window"].number, town.points["harbour"].number
    assert bureau.post("tickets", ASK | {"point": own}).status_code == 201
    assert told(bureau.post("tickets", ASK | {"point": other, "ref": "A2"})) == (422, "point-not-yours")


def test_a_key_of_a_unit_never_sees_another_units_ticket(town: Town, machine: Caller) -> None:
    theirs = machine.post("tickets", ASK | {"point": town.points["harbour"].number}).json()
    bureau = keyed(town, "bureau", "tickets:issue", unit="tax")
    again = bureau.post("tickets", ASK | {"point": town.points["tax-window"].number})
    assert told(again) == (422, "ref-taken")
    assert theirs["token"] not in again.content.decode()
    assert told(bureau.get("tickets/A001")) == (404, "unknown-ticket")
    assert machine.get("tickets/A001").json()["token"] == theirs["token"]


def test_every_writing_address_asks_for_a_key(town: Town) -> None:
    from leitai.api.app import schema

    for path, methods in schema()["paths"].items():
        for method, operation in methods.items():
            keyed_too = any(f"/{one}" in path for one in ("tickets/", "cases", "merits", "projects"))
            assert ("security" in operation) == (method != "get" or keyed_too), path
            assert re.fullmatch(r"[a-z_]+", operation["operationId"])


def test_addresses_of_the_interface_need_no_account() -> None:
    found = [one for one in get_resolver().url_patterns if str(one.pattern) == "api/"]
    assert len(found) == 1
    assert get_resolver().url_patterns.index(found[0]) < next(
        at for at, one in enumerate(get_resolver().url_patterns) if "slug:place" in str(one.pattern)
    )


def run(command: Path, environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(command), "api", *words], capture_output=True, text=True, timeout=60, env=environment
    )


@pytest.mark.django_db(transaction=True)
def test_keys_are_made_listed_and_revoked_by_command(
    leitai_command: Path, leitai_environment: dict[str, str]
) -> None:
    from tests.factories import build

    town = build("town", now=datetime.now(UTC))

    def leitai(*words: str) -> subprocess.CompletedProcess[str]:
        return run(leitai_command, leitai_environment, *words)

    words = ("--place", "town", "--name", "hall 1")
    made = leitai("key", "add", *words, "--scope", "tickets:issue", "--unit", "tax")
    secret = made.stdout.strip()
    assert secret.startswith("leitai_") and len(secret) > 40, made.stderr
    caller = Caller("town", secret)
    assert caller.post("tickets", ASK | {"point": town.points["tax-window"].number}).status_code == 201
    again = leitai("key", "add", *words, "--scope", "tickets:issue")
    assert again.returncode == 2 and "already a key hall 1" in again.stderr
    assert leitai("key", "revoke", *words).stdout == "hall 1: revoked\n"
    assert caller.get("tickets/A001").status_code == 401
    listed = leitai("key", "list", "--place", "town").stdout
    assert listed.startswith("hall 1: tickets:issue; tax; since ") and ", revoked " in listed


def test_the_description_is_written_by_command(english: None, tmp_path: Path) -> None:
    from leitai.cli.api import app

    file = tmp_path / "openapi.json"
    done = CliRunner().invoke(app, ["schema", str(file)])
    assert done.exit_code == 0, done.output
    assert json.loads(file.read_text(encoding="utf-8"))["openapi"] == "3.1.0"
    assert CliRunner().invoke(app, ["schema", str(tmp_path)]).exit_code == 2
