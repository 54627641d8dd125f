"""The pages of campaigns: an owner offers evidence, the office looks at it, others read."""

from __future__ import annotations

import pytest
from django.test import Client

from leitai.apps.campaigns.models import Proof
from tests.apps.campaigns_town import town
from tests.factories import Town

pytestmark = pytest.mark.django_db
URL = "/town/campaigns/roads"
OFFER = {"do": "offer", "goal": "open", "text": "Accepted on 2 April", "ref": "File 7"}


@pytest.fixture
def place(db: None) -> Town:
    return town()


def door(role: str) -> Client:
    client = Client(headers={"accept-language": "en"})
    assert client.login(username=f"{role}-town", password="pass the long way")
    return client


def test_an_owner_offers_and_the_office_accepts(place: Town) -> None:
    clerk, office = door("clerk"), door("office")
    assert clerk.post(URL, OFFER).status_code == 302
    page = office.get(URL).content.decode()
    assert "Look at it" in page and "Accepted on 2 April" in page
    number = Proof.objects.get().pk
    assert clerk.post(URL, {"do": "accept", "proof": number}).status_code == 403
    assert office.post(URL, {"do": "refuse", "proof": number}).status_code == 409
    assert office.post(URL, {"do": "accept", "proof": number}).status_code == 302
    assert "1 of 2 goals reached" in door("leader").get(URL).content.decode()


def test_no_share_of_anything_is_shown(place: Town) -> None:
    assert (
        "%"
        not in door("leader")
        .get("/town/campaigns")
        .content.decode()
        .partition("<main")[2]
        .partition("</main")[0]
    )


def test_others_read_and_do_not_write(place: Town) -> None:
    for role in ("leader", "patrol", "inspector"):
        client = door(role)
        assert client.get("/town/campaigns").status_code == client.get(URL).status_code == 200
        assert client.get("/town/campaigns/export").status_code == 200
        assert client.post(URL, OFFER).status_code == 403
    assert not Proof.objects.exists()


def test_what_is_not_there_is_said(place: Town) -> None:
    office = door("office")
    assert office.get("/town/campaigns/dreams").status_code == 404
    assert office.post(URL, OFFER | {"goal": "dreams"}).status_code == 409
    assert office.post(URL, {"do": "accept", "proof": "7"}).status_code == 409
