"""What a place learns from its own dispatches, how often that is right, and that a model's bytes run nothing."""

from __future__ import annotations

import pickle
from datetime import datetime
from io import BytesIO
from typing import Any

import numpy as np
import pytest

from tests.factories import BY, DAY, NOW, Town, refused

SAID = {
    "water": ("自来水管爆裂", "水压太低", "停水三天"),
    "roads": ("路面坑洼", "井盖破损", "人行道砖松动"),
    "tax": ("发票领不到", "税务窗口排队", "退税太慢"),
}
# Cases as another system kept them: text, unit, one after another.
PAST = [(said[n % 3], unit) for n in range(50) for unit, said in SAID.items()]


def imported(town: Town, pairs: list[tuple[str, str]], start: datetime = NOW - 200 * DAY) -> None:
    from leitai.apps.casework import actions

    records = [
        actions.CaseRecord(f"{start:%j}-{n}", town.units[unit].pk, text, start + n * DAY / 4)
        for n, (text, unit) in enumerate(pairs)
    ]
    actions.import_cases(place=town.place, kind="errand", source="old", records=records, by=BY, now=NOW)


def learned(town: Town, test_from: datetime | None = None) -> Any:
    from leitai.apps.casework import actions

    return actions.learn(place=town.place, test_from=test_from, by="cli", now=NOW)


def suggest(town: Town, *texts: str) -> list[list[tuple[str, float]]]:
    from leitai.apps.casework import queries

    found = queries.suggest(town.place, list(texts))
    return [[(unit.key, sure) for unit, sure in said] for said in found]


def test_past_dispatches_teach_where_a_text_goes(town: Town) -> None:
    from leitai.apps.casework import queries

    imported(town, PAST)
    told = learned(town)
    assert (told.tested, told.spoken, told.right) == (30, 30, 30)
    found = suggest(town, "门口水管爆裂", "桥头井盖破损", "♪")
    assert [said[0][0] if said else "" for said in found] == ["water", "roads", ""]
    shown = queries.learned(town.place)
    assert shown is not None
    assert (shown.cases, shown.spoken, shown.right, shown.share, shown.at) == (120, 30, 30, 1.0, NOW)
    assert town.kinds()[-1] == "suggester.learned"


def test_what_is_measured_on_was_not_learned_from(town: Town) -> None:
    """From a day on everything goes elsewhere: learned from the days before, it is wrong about all of it."""
    moved = {"water": "roads", "roads": "tax", "tax": "water"}
    start = NOW - 30 * DAY
    imported(town, PAST)
    imported(town, [(text, moved[unit]) for text, unit in PAST[:60]], start)
    told = learned(town, start)
    assert (told.tested, told.spoken, told.right) == (60, 60, 0)


def test_a_dispatch_of_the_office_teaches_and_a_verdict_of_a_citizen_does_not(town: Town) -> None:
    from leitai.apps.casework.queries.suggesting import dispatches

    sent = town.case("finding", None, title="桥头井盖破损", text="靠近学校", where="南桥")
    town.case("finding", None, title="没有交办")
    town.case("question", "tax", title="发票领不到")
    town.move(sent, "dispatch", "office", unit="roads")
    found = dispatches(town.place)
    assert (found.texts, found.units, found.opened) == (["桥头井盖破损\n靠近学校\n南桥"], ["roads"], [NOW])


def test_the_text_asked_about_is_the_text_learned_from(town: Town) -> None:
    from leitai.apps.casework import queries
    from leitai.apps.casework.queries.suggesting import dispatches

    case = town.case("finding", None, title="桥头井盖破损", where="南桥")
    case = town.move(case, "dispatch", "office", unit="roads")
    assert dispatches(town.place).texts == [queries.text_of(case)]


def test_before_anything_was_learned_nothing_is_said(town: Town, vale: Town) -> None:
    from leitai.apps.casework import queries

    imported(vale, PAST)
    learned(vale)
    assert suggest(town, "水管爆裂") == [[]] and queries.learned(town.place) is None


def test_a_unit_that_was_closed_is_not_suggested(town: Town) -> None:
    imported(town, PAST)
    learned(town)
    assert suggest(town, "自来水管爆裂")[0][0][0] == "water"
    water = town.units["water"]
    water.active = False
    water.save()
    assert "water" not in [key for key, _ in suggest(town, "自来水管爆裂")[0]]


def test_learning_again_takes_the_place_of_what_was_learned(town: Town) -> None:
    from leitai.apps.casework.models import Suggester

    imported(town, PAST)
    learned(town)
    learned(town, NOW - 175 * DAY)
    assert Suggester.objects.get(place=town.place).cases == 100


def test_too_few_are_refused_with_how_many_there_are(town: Town) -> None:
    imported(town, PAST[:90])
    with refused("too-few-dispatches"):
        learned(town)
    with refused("too-few-dispatches"):
        learned(town, NOW)


def test_a_model_comes_back_as_it_was(town: Town) -> None:
    from leitai.apps.casework.queries.suggesting import packed, unpacked
    from leitai.rules.casework.suggesting import confidences, learn

    model = learn([text for text, _ in PAST], [unit for _, unit in PAST])
    again = unpacked(packed(model))
    texts = ["水管", "井盖", "退税"]
    assert (confidences(again, texts) == confidences(model, texts)).all()
    assert again.labels == model.labels and packed(again) == packed(model)


def test_bytes_that_would_run_something_are_refused() -> None:
    from leitai.apps.casework.queries.suggesting import unpacked

    class Harm:
        def __reduce__(self) -> Any:
            return (pytest.fail, ("it ran",))

    out = BytesIO()
    np.savez(out, numbers=np.array([Harm()], dtype=object))
    with pytest.raises(ValueError, match="pickle"):
        unpacked(out.getvalue())
    with pytest.raises((ValueError, pickle.UnpicklingError)):
        unpacked(pickle.dumps({"labels": ["water"]}))
