"""What tests of pages share: the small place, and someone of a role at its door."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from .place import Shan, found


@pytest.fixture
def shan(db: None) -> Shan:
    """The small place of `place.py`."""
    return found()


@pytest.fixture
def at_door(shan: Shan) -> Callable[[str], Any]:
    """`at_door("office")` is a client signed in as that role, reading English; `at_door("")` is nobody."""
    from django.test import Client

    def client(name: str) -> Any:
        one = Client(headers={"accept-language": "en"})
        if name:
            assert one.login(username=name, password="pass the long way")
        return one

    return client
