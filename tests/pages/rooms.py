"""The town of the factories with its doors: whoever it names signs in, at whatever time a test says it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tests.factories import BY, NOW, Town, build

WHY = "The road belongs to the province since 2020"


@dataclass
class Rooms:
    """The town, its present, and its people: "clerk" of water, "roads", "tax", "office", "leader", "inspector"."""

    town: Town

    def at(self, now: datetime) -> None:
        """Make it that time in the town, for every page opened after."""
        from leitai.apps.people.models import Place

        Place.objects.filter(pk=self.town.place.pk).update(lag=datetime.now(UTC) - now)

    def door(self, name: str) -> Any:
        """A client signed in under that name, reading English."""
        from django.test import Client

        client = Client(headers={"accept-language": "en"})
        client.force_login(self.town.posts[name].account)
        return client

    def hole(self, unit: str | None = "water", at: datetime = NOW, **more: Any) -> Any:
        """A hole in the road, dispatched where a unit is given. Its clock: eight working hours."""
        case = self.town.case("hole", None, at=at, title="Hole in Mill Lane", where="Mill Lane 3", **more)
        return self.town.move(case, "dispatch", "office", at, unit=unit) if unit else case

    def tick(self, at: datetime) -> None:
        """Let the clocks tell what they did until then, and make it that time."""
        from leitai.apps.casework import actions

        actions.tick_clocks(place=self.town.place, by="drive", now=at)
        self.at(at)


def rooms() -> Rooms:
    """Make it, at ten in the morning of the factories' Wednesday."""
    from leitai.apps.people import actions as people

    town = build("town")
    for unit in ("roads", "tax"):
        town.posts[unit] = people.appoint(
            place=town.place,
            username=unit,
            role="clerk",
            unit=town.units[unit],
            password="pass the long way",
            by=BY,
            now=NOW,
        )
    found = Rooms(town)
    found.at(NOW)
    return found


def text(answer: Any) -> str:
    """What a page says."""
    return str(answer.content.decode())
