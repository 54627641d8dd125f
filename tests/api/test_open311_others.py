"""GeoReport as others wrote it: the schemas of the standard's own people, and a client from PyPI on a live server."""

from __future__ import annotations

import json
from typing import Any

import georeport
import jsonschema_rs
import pytest
from django.utils import timezone

from tests.data import data_file
from tests.factories import Town, build

from .civic import SECRET, App, text
from .conftest import keyed


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("form", ["json", "xml"])
def test_the_georeport_package_reads_and_follows(live_server: Any, form: str) -> None:
    import requests

    town = build("town", regime=text())
    keyed(town, "machine", "open311:post")
    root = f"{live_server.url}/api/open311/v2/"
    client = georeport.GeoReport(root, jurisdiction="town", output_format=form)
    assert [one["service_code"] for one in client.get_service_list()] == ["hole", "whisper"]
    definition = client.get_service_definition("hole")
    attributes = definition["attributes"]
    codes = [one["code"] for one in (attributes["attribute"] if form == "xml" else attributes)]
    assert codes == ["depth", "width"]
    given = {"api_key": SECRET, "jurisdiction_id": "town", "service_code": "hole", "description": "One"}
    refs = []
    for spot in ("36.5", "36.6"):
        posted = requests.post(f"{root}requests.json", given | {"lat": spot, "long": "118.5"}, timeout=10)
        refs.append(posted.json()[0]["service_request_id"])
    assert client.get_service_request(refs[0])["status"] == "open"
    found = client.get_service_requests(service_code="hole", status="open")
    assert [one["service_request_id"] for one in found] == refs[::-1]
    assert [float(one["lat"]) for one in client.get_service_requests(service_request_id=",".join(refs))] == [
        36.6,
        36.5,
    ]
    with pytest.raises(requests.HTTPError):
        client.get_service_request("nothing")


@pytest.fixture(scope="module")
def theirs() -> Any:
    """The published schema of an answer, by its name, with the schemas that it refers to."""
    folder = data_file("open311/schemas")
    store = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("*.json")}
    whole = store.pop("swagger.json")

    def schema(name: str) -> Any:
        if name in store:
            return jsonschema_rs.validator_for(
                store[name] | {"$id": f"http://schemas.example/{name}"},
                registry=jsonschema_rs.Registry(
                    [(f"http://schemas.example/{key}", one) for key, one in store.items()]
                ),
            )
        return jsonschema_rs.validator_for({"$ref": f"#/definitions/{name}"} | whole)

    return schema


def test_every_answer_satisfies_the_published_schemas(city: Town, app: App, theirs: Any) -> None:
    city.case("hole", None, at=timezone.now(), title="A hole found by a patrol")
    made = app.post(email="wang@example.org", **{"attribute[depth]": "deep"})
    tip = app.post(service_code="whisper", **{"attribute[day]": "2024-04-09"})
    services, requests = app.get("services", "services"), app.get("requests", "requests")
    one = app.get("requests", f"requests/{made['service_request_id']}")
    theirs("services.json").validate(services)
    theirs("requests.json").validate(requests)
    theirs("requests.json").validate(one)
    theirs("requests.json").validate([made])  # what was posted is a request, too
    for value in services:
        theirs("service.json").validate(value)
        theirs("Service").validate(value)
        definition = app.get("definition", f"services/{value['service_code']}")
        theirs("service-definition.json").validate(definition)
        theirs("ServiceDefinition").validate(definition)
    for value in (*requests, *one, made):
        theirs("request.json").validate(value)
        theirs("Request").validate(value)
    for value in (made, tip):
        theirs("RequestResponse").validate(value)
    theirs("TokenResponse").validate(app.get("token", f"tokens/{tip['token']}")[0])
    with pytest.raises(jsonschema_rs.ValidationError):
        theirs("requests.json").validate([{"service_request_id": 1}])
