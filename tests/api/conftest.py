"""What tests of the interface share: a small place with its log begun, keys of it, and a client that sends JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from tests.factories import BY, Town, build

SECRETS = {
    "machine": "leitai_the-queue-machines-own-secret-0001",
    "platform": "leitai_the-old-platforms-own-secret-0002",
    "bureau": "leitai_the-tax-bureaus-own-secret-000003",
}


@dataclass
class Caller:
    """Another system: `secret` is its key, empty for anyone; `place` is where it asks."""

    place: str
    secret: str = ""
    language: str = "en"

    def __post_init__(self) -> None:
        self.client = Client(headers={"accept-language": self.language})

    @property
    def _headers(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.secret}"} if self.secret else {}

    def get(self, path: str, **query: Any) -> Any:
        """The answer to a GET below the place's own address; `from_` is the query's `from`."""
        named = {name.rstrip("_"): value for name, value in query.items()}
        return self.client.get(f"/api/v1/{self.place}/{path}", named, headers=self._headers)

    def post(self, path: str, body: Any) -> Any:
        """The answer to a POST of JSON."""
        return self.raw(path, json.dumps(body).encode())

    def raw(self, path: str, body: bytes, kind: str = "application/json") -> Any:
        """The answer to a POST of any bytes."""
        return self.client.post(
            f"/api/v1/{self.place}/{path}", body, content_type=kind, headers=self._headers
        )


@pytest.fixture
def town(db: None) -> Town:
    """The small place."""
    return build("town")


@pytest.fixture
def vale(db: None) -> Town:
    """Another place in the same database."""
    return build("vale")


def keyed(town: Town, name: str, *scopes: str, unit: str = "") -> Caller:
    """A system that comes by a key made for it."""
    from leitai.apps.people import actions

    actions.add_api_key(
        place=town.place,
        name=name,
        scopes=scopes,
        secret=SECRETS[name],
        unit=town.units[unit] if unit else None,
        by=BY,
        now=datetime.now(UTC),
    )
    return Caller(town.place.key, SECRETS[name])


@pytest.fixture
def machine(town: Town) -> Caller:
    """A queue machine that issues tickets for all of the place."""
    return keyed(town, "machine", "tickets:issue")


@pytest.fixture
def platform(town: Town) -> Caller:
    """A platform that moves here."""
    return keyed(town, "platform", "ballots:import")


@pytest.fixture
def anyone(town: Town) -> Caller:
    """Somebody without a key."""
    return Caller("town")


@pytest.fixture
def city(db: None) -> Town:
    """A place with services for civic apps, and a key that they report by."""
    from .civic import text

    town = build("town", regime=text())
    keyed(town, "machine", "open311:post")
    return town


@pytest.fixture
def app(city: Town) -> Any:
    """A civic app with its key."""
    from .civic import App

    return App()
