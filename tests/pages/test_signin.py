"""Signing in: a name tried wrongly too often must wait, even with the right password; others are not held up."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client

from leitai.apps.people.models import Account
from leitai.apps.people.signin import FROM_ONE_ADDRESS


@pytest.fixture
def accounts(db: None) -> None:
    cache.clear()
    for name in ("guessed", "other"):
        Account.objects.create_user(name, password="right-and-long-enough")


def sign_in(name: str, password: str, address: str = "10.0.0.1") -> int:
    answer = Client().post("/login/", {"username": name, "password": password}, REMOTE_ADDR=address)
    return answer.status_code


def test_guessing_is_braked(accounts: None) -> None:
    for _ in range(FROM_ONE_ADDRESS):
        assert sign_in("guessed", "wrong") == 200
    assert sign_in("guessed", "right-and-long-enough") == 200  # refused: the form again
    assert sign_in("Guessed", "right-and-long-enough") == 200
    assert sign_in("guessed", "right-and-long-enough", address="10.0.0.2") == 302
    assert sign_in("other", "right-and-long-enough") == 302


def test_a_right_try_forgets_the_wrong_ones(accounts: None) -> None:
    for _ in range(3):
        for _ in range(FROM_ONE_ADDRESS - 1):
            sign_in("guessed", "wrong")
        assert sign_in("guessed", "right-and-long-enough") == 302
