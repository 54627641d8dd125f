"""How long the server takes to lay out and show ten chains of sixty links, beside the goal of 200 ms.

    python -m bench chains

Twenty requests of a page by Django's own client, in process, after two that warm it up, on a database of one's own. The
chains are made up: sixty links in three parts, each needing up to three before it, two firms each.
"""

from __future__ import annotations

import random
import statistics
from datetime import UTC, datetime
from time import perf_counter
from typing import Any

from bench.lines import head, span
from bench.pages import house

GOAL, TIMES, CHAINS, LINKS = 0.200, 20, 10, 60


def links(dice: random.Random) -> dict[str, Any]:
    """Sixty links as a file has them."""
    found: dict[str, Any] = {}
    for number in range(LINKS):
        before = [f"l{one}" for one in range(max(0, number - 25), number - 3)]
        needs = {
            f"m{one}": {"name": f"Material {one}", "from": {who: dice.choice((20, 60, 90))}}
            for one, who in enumerate(dice.sample(before, min(len(before), dice.randint(1, 3))))
        }
        found[f"l{number}"] = {
            "name": {"zh": f"环节{number}名称", "en": f"Link number {number}"},
            "tier": ("up", "mid", "down")[number * 3 // LINKS],
            "sold_outside": dice.randint(0, 100),
            "needs": needs,
            "firms": {f"f{one}": {"name": f"Firm {number}-{one}", "capacity": 5} for one in range(2)},
        }
    return found


def town() -> Any:
    """The test town with ten chains, and a client of its office."""
    from django.test import Client

    from leitai.apps.chains import actions
    from leitai.rules.projects.chain_book import ChainBook
    from tests.factories import BY, NOW, build, text

    keys = [f"chain-{number}" for number in range(CHAINS)]
    named = "\n".join(f"  {key}: {{name: {key}, source: bench}}" for key in keys)
    found = build("town", regime=text("town").replace("\nmerits:\n", f"\nchains:\n{named}\n\nmerits:\n"))
    dice = random.Random(7)
    book = ChainBook.model_validate({"leitai": 1, "chains": {key: {"links": links(dice)} for key in keys}})
    for key, data in book.chains.items():
        actions.put_chain(place=found.place, chain=key, data=data, by=BY, now=NOW)
    found.place.lag = datetime.now(UTC) - NOW
    found.place.save()
    client = Client(headers={"accept-language": "en"})
    client.force_login(found.posts["office"].account)
    return client, book


def median(do: Any) -> float:
    """The median of twenty, after two."""
    took = []
    for _ in range(TIMES + 2):
        before = perf_counter()
        do()
        took.append(perf_counter() - before)
    return statistics.median(took[2:])


def main() -> None:
    """Measure and print."""
    with house():
        from django.conf import settings

        settings.ALLOWED_HOSTS = ["testserver"]
        from leitai.rules.projects.chain_layout import layout

        client, book = town()
        head()
        graphs = [
            (
                tuple((key, link.tier) for key, link in data.links.items()),
                tuple(
                    (who, key)
                    for key, link in data.links.items()
                    for need in link.needs.values()
                    for who in need.from_
                ),
            )
            for data in book.chains.values()
        ]
        span("layout of one chain", median(lambda: layout.__wrapped__(*graphs[0])), "goal", GOAL)
        span(
            "layout of ten chains", median(lambda: [layout.__wrapped__(*one) for one in graphs]), "goal", GOAL
        )
        for path in ("chains", "chains?drawn=1", "chains/chain-0", "chains/push"):

            def read(path: str = path) -> None:
                answer = client.get(f"/town/{path}")
                assert answer.status_code == 200, (path, answer.status_code)

            span(f"/{path}", median(read), "goal", GOAL)


if __name__ == "__main__":
    main()
