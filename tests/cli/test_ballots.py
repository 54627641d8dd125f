"""`leitai ballots demo-load` and `recount`, as typed, and the crowd they are about."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from leitai.cli import complete
from tests.factories import NOW, build

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("english")]
SMALL = ("--points", "40", "--ballots", "900", "--days", "30")


def run(*words: str) -> Result:
    return CliRunner(env={"LANG": "C.UTF-8", "LC_ALL": ""}).invoke(complete(), ["ballots", *words])


def loaded(*more: str) -> Any:
    from leitai.apps.people import queries as people

    result = run("demo-load", *SMALL, *more)
    assert result.exit_code == 0, result.output
    return people.place("sample")


# The load


def test_a_sample_place_is_loaded_and_says_what_it_is() -> None:
    from leitai.apps.ballots import queries
    from leitai.apps.ballots.models import Ballot, Point

    result = run("demo-load", *SMALL)
    assert result.exit_code == 0, result.output
    assert "900 verdicts stored, 0 were there already" in result.output
    assert "office-sample" in result.output and "clerk-sample" in result.output
    place = Point.objects.first().place
    assert place.sample and place.key == "sample"
    assert Point.objects.count() == 40 and queries.how_many(place) == 900
    assert not Ballot.objects.filter(point__isnull=True).exists()
    cast = Ballot.objects.filter(source="")
    assert cast.exists() and not cast.filter(receipt__isnull=True).exists(), "the last day has receipts"
    days = {row.astimezone(place.zone).date() for row in Ballot.objects.values_list("cast_at", flat=True)}
    yesterday = max(days)
    assert min(days) == yesterday - timedelta(days=29)


def test_the_same_load_again_adds_nothing_and_another_seed_adds_as_many() -> None:
    from leitai.apps.ballots import queries
    from leitai.apps.people.models import Account

    place = loaded()
    again = run("demo-load", *SMALL)
    assert "0 verdicts stored, 900 were there already" in again.output
    assert queries.how_many(place) == 900
    assert "office-sample" not in again.output and Account.objects.count() == 2
    loaded("--seed", "2")
    assert queries.how_many(place) == 1800
    assert run("recount", "sample").exit_code == 0


def test_a_load_that_was_broken_off_is_finished_as_if_it_never_was() -> None:
    from leitai.apps.ballots import queries
    from leitai.apps.ballots.models import Tally
    from leitai.demo import crowd

    class Off(Exception):
        pass

    def off(_count: int) -> None:
        raise Off

    size = crowd.Crowd(points=30, ballots=crowd.BATCH + 400, days=10, seed=5)
    broken, whole = crowd.put_sample("broken", size, NOW), crowd.put_sample("whole", size, NOW)
    with pytest.raises(Off):
        crowd.load(broken, size, NOW, off)
    left = size.ballots - queries.how_many(broken)
    assert 0 < left < size.ballots
    assert crowd.load(broken, size, NOW + timedelta(days=3), lambda _count: None) == left
    crowd.load(whole, size, NOW, lambda _count: None)

    def said(place: Any) -> Counter[Any]:
        rows = Tally.objects.filter(place=place)
        columns = ("unit__key", "day", "channel", "grade", "standing")
        return Counter({row[:-1]: row[-1] for row in rows.values_list(*columns, "n")})

    assert said(broken) == said(whole)


def test_a_real_place_is_left_alone() -> None:
    from leitai.apps.ballots import queries

    town = build("town")
    result = run("demo-load", *SMALL, "--place", "town")
    assert result.exit_code == 2
    assert "town is a real place" in result.stderr
    assert queries.how_many(town.place) == 0


def test_a_crowd_is_like_one() -> None:
    from leitai.demo.crowd import Crowd, draw

    size, first = Crowd(points=400, ballots=40_000, days=70, seed=1), date(2024, 1, 1)
    one, other = draw(size, first), draw(size, first)
    assert all(np.array_equal(a, b) for a, b in zip(vars(one).values(), vars(other).values(), strict=True))
    assert one.day[0] == 0 and (np.diff(one.day) >= 0).all()
    by_day = np.bincount(one.day, minlength=70)
    assert by_day[5] < by_day[4] / 2, "Saturdays are quiet"
    by_unit = np.sort(np.bincount(one.unit, minlength=400))
    assert by_unit[0] == 0, "there are codes that nobody sees"
    assert by_unit[-40:].sum() > by_unit[:200].sum(), "few have many, many have few"
    assert 0.02 < one.bad.mean() < 0.12
    assert not one.standing[~one.bad].any(), "only bad ones are verified"
    assert (one.standing[one.bad & (one.day == 69)] > 0).mean() < 0.5 < (one.standing[one.bad] > 0).mean()


# The recount


def test_a_recount_that_holds_says_so() -> None:
    place = loaded()
    result = run("recount", "sample")
    assert result.exit_code == 0, result.output
    assert "sample: 900 verdicts," in result.output and "900 leaves: all the same" in result.output
    said = json.loads(run("recount", "sample", "--json").stdout)
    assert said["findings"] == [] and said["place"] == place.key
    assert (said["verdicts"], said["leaves"], said["unlogged"]) == (900, 900, 0)


def test_a_recount_names_what_differs() -> None:
    from leitai.apps.ballots.models import Ballot, Tally

    place = loaded()
    tally = Tally.objects.filter(place=place).select_related("unit").first()
    Tally.objects.filter(pk=tally.pk).update(n=tally.n + 3)
    ballot = Ballot.objects.filter(place=place, source="crowd").last()
    Ballot.objects.filter(pk=ballot.pk).update(cast_at=ballot.cast_at + timedelta(seconds=1))
    result = run("recount", "sample")
    assert result.exit_code == 1
    assert f"{tally.day}, {tally.unit.key}, point {tally.point}" in result.output
    assert f"the verdict at leaf {ballot.index} is not what was given" in result.output
    assert "2 DIFFER" in result.output
    said = json.loads(run("recount", "sample", "--json").stdout)
    assert [one["code"] for one in said["findings"]] == ["tally-differs", "verdict-altered"]
    assert (said["findings"][0]["kept"], said["findings"][0]["counted"]) == (tally.n + 3, tally.n)


def test_a_recount_of_a_place_that_is_not_there() -> None:
    result = run("recount", "nowhere")
    assert result.exit_code == 2
    assert "no such place here" in result.stderr
