"""A9: one closing for two problems is found, told once, and decided by somebody who did not close either."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageEnhance

from tests.factories import DAY, HOUR, NOW, Town, refused

DONE = "接到交办后我局立即派人到人民路现场查看，对破损井盖进行了更换，设置了警示标志，现已恢复通行"
COPIED = DONE.replace("人民路", "建设街")
OTHER = "联系供电所更换烧坏的接触器和三只灯泡，线路已检查，夜间巡查整条街照明正常"


def closed(town: Town, done: str, unit: str = "water", at: Any = NOW, **more: Any) -> Any:
    """A patrol's finding, answered by its unit with these words and struck off by the office."""
    case = town.case("finding", None, at=at, **more)
    town.move(case, "dispatch", "office", at, unit=unit)
    town.move(case, "answer", "unit", at + HOUR, done=done)
    return town.move(case, "close", "office", at + 2 * HOUR, evidence="现场看过，属实")


def sketched(case: Any, at: Any = NOW + DAY) -> list[Any]:
    from leitai.apps.casework import actions

    return actions.sketch_closing(case=case, by="drive", now=at)


def decided(
    lead: Any, outcome: str = "copied", by: str = "account:inspector-town", note: str = "两处都去看过"
) -> Any:
    from leitai.apps.casework import actions

    return actions.decide_likeness(likeness=lead, outcome=outcome, note=note, by=by, now=NOW + DAY)


def jpeg(seed: int, quality: int = 85, light: float = 1, size: int = 320) -> bytes:
    """A made-up scene as a photo."""
    rng = np.random.default_rng(seed)
    far = np.hypot(*np.meshgrid(np.fft.fftfreq(64), np.fft.fftfreq(64)))
    far[0, 0] = 1
    waves = np.fft.ifft2((rng.normal(size=(64, 64)) + 1j * rng.normal(size=(64, 64))) / far).real
    grey = np.clip(128 + 45 * waves / waves.std(), 0, 255).astype(np.uint8)
    made = ImageEnhance.Brightness(Image.fromarray(grey).resize((size, size))).enhance(light)
    out = BytesIO()
    made.convert("RGB").save(out, "JPEG", quality=quality)
    return out.getvalue()


def photo(case: Any, data: bytes, when: str = "after") -> Any:
    from leitai.apps.casework import actions

    return actions.add_photo(case=case, data=data, when=when, by="account:unit", now=NOW + HOUR)


def told(town: Town) -> list[Any]:
    from leitai.apps.ledger.models import Event

    return list(Event.objects.filter(place=town.place, kind="case.likeness").order_by("id"))


# Finding


def test_a_copy_of_another_offices_closing_is_found_with_its_street_changed(town: Town) -> None:
    first = closed(town, DONE, "water")
    assert sketched(first) == []
    assert sketched(closed(town, OTHER, "roads")) == []
    copy = closed(town, COPIED, "roads")
    (lead,) = sketched(copy)
    assert (lead.newer.case_id, lead.older.case_id) == (copy.pk, first.pk)
    assert 0.6 <= lead.share < 1 and lead.outcome == ""
    (event,) = told(town)
    assert event.subject == f"case:{copy.ref}" and json.loads(event.data)["with"] == [first.ref]


def test_a_units_own_earlier_words_count_too(town: Town) -> None:
    sketched(closed(town, DONE))
    (lead,) = sketched(closed(town, DONE))
    assert lead.share == 1


def test_it_is_told_once_however_often_it_is_asked(town: Town) -> None:
    from leitai.apps.casework.models import Likeness, Sketch, SketchPin

    sketched(closed(town, DONE))
    copy = closed(town, COPIED)
    sketched(copy)
    before = (Likeness.objects.count(), Sketch.objects.count(), SketchPin.objects.count(), len(town.kinds()))
    assert sketched(copy) == []
    after = (Likeness.objects.count(), Sketch.objects.count(), SketchPin.objects.count(), len(town.kinds()))
    assert after == before == (1, 2, before[2], before[3])


def test_a_case_that_was_sent_back_is_not_held_against_itself(town: Town) -> None:
    case = town.case("finding", None)
    town.move(case, "dispatch", "office", unit="water")
    town.move(case, "answer", "unit", done=DONE)
    sketched(case)
    town.move(case, "return", "office", reason="Not done")
    town.move(case, "answer", "unit", NOW + HOUR, done=DONE)
    assert sketched(case) == []
    assert len(sketched(closed(town, COPIED))) == 1, "and one matter is one lead"


def test_what_the_office_says_and_short_words_are_not_compared(town: Town) -> None:
    from leitai.apps.casework.models import Sketch

    for _ in range(2):
        assert sketched(closed(town, "换了灯泡三只")) == []
    assert not Sketch.objects.exists()


def test_cases_of_one_root_are_answered_alike_rightly(town: Town) -> None:
    from leitai.apps.casework import actions

    root, *branches = (town.case("finding", None, title=f"Dark lane {n}") for n in range(3))
    actions.join(root=root, cases=branches, by="account:office", now=NOW)
    for case in (root, *branches):
        case.refresh_from_db()
        town.move(case, "dispatch", "office", unit="water")
        town.move(case, "answer", "unit", done=DONE)
        case.refresh_from_db()
        assert sketched(case) == []
    (lead,) = sketched(closed(town, DONE, "roads"))
    assert lead.older.case_id == root.pk


def test_a_problem_come_back_is_not_held_against_its_past(town: Town) -> None:
    first, second, third = (closed(town, DONE) for _ in range(3))
    for older, newer in ((first, second), (second, third)):
        newer.relapse_of = older
        newer.save()
    assert [sketched(one) for one in (first, second, third)] == [[], [], []]


def test_another_place_is_not_looked_at(town: Town, vale: Town) -> None:
    sketched(closed(vale, DONE))
    assert sketched(closed(town, DONE)) == []


def test_a_phrase_of_the_whole_place_asks_the_office_three_times_not_a_hundred(town: Town) -> None:
    from leitai.apps.casework.models import Likeness, SketchPin
    from leitai.apps.casework.queries import likeness as look

    cases = [closed(town, DONE) for _ in range(8)]
    found = [sketched(one) for one in cases]
    assert [len(leads) for leads in found] == [0, 1, 1, 1, 0, 0, 0, 0]
    many, others = look.copies(found[1][0].newer, cases[0].pk)
    assert many == len(others) == 6, "and the page shows the rest"
    assert SketchPin.objects.filter(sketch__case=cases[7]).count() == 1, "a copy to the letter needs no keys"
    decided(Likeness.objects.earliest("id"), "copied")
    assert len(sketched(closed(town, DONE))) == 1, "once one was decided, the next is asked about"


def test_words_found_harmless_to_the_letter_are_not_shown_again_and_others_are(town: Town) -> None:
    sketched(closed(town, DONE))
    (lead,) = sketched(closed(town, DONE))
    decided(lead, "harmless")
    assert sketched(closed(town, DONE)) == []
    assert len(sketched(closed(town, COPIED))) == 1


# Photos


def test_a_photo_saved_again_smaller_and_darker_is_found(town: Town) -> None:
    first, second, third = (closed(town, words) for words in (OTHER, "换了灯泡", "清了垃圾"))
    photo(first, jpeg(1))
    photo(second, jpeg(1, quality=40, light=0.8, size=200))
    photo(third, jpeg(2))
    assert sketched(first) == []
    (lead,) = sketched(second)
    assert lead.newer.what == "photo" and lead.older.case_id == first.pk and lead.share >= 0.875
    assert sketched(third) == []


def test_two_reports_of_one_scene_may_show_one_photo_of_before(town: Town) -> None:
    first, second, third = (closed(town, words) for words in ("换了灯泡", "修了井盖", "清了垃圾"))
    for case, when in ((first, "before"), (second, "before"), (third, "after")):
        photo(case, jpeg(1), when)
    assert sketched(first) == sketched(second) == []
    assert {lead.older.case_id for lead in sketched(third)} == {first.pk, second.pk}


def test_a_dark_lens_is_like_nothing(town: Town) -> None:
    out = BytesIO()
    Image.new("RGB", (200, 200), (3, 3, 3)).save(out, "JPEG")
    for _ in range(2):
        case = closed(town, "换了灯泡")
        photo(case, out.getvalue())
        assert sketched(case) == []


# Deciding


@pytest.fixture
def lead(town: Town) -> Any:
    """A copy of the water bureau's words by the bureau of roads."""
    sketched(closed(town, DONE))
    (found,) = sketched(closed(town, COPIED, "roads"))
    return found


def test_what_was_found_is_kept_with_who_and_why(town: Town, lead: Any) -> None:
    row = decided(lead)
    row.refresh_from_db()
    assert (row.outcome, row.note, row.decided_by) == ("copied", "两处都去看过", "account:inspector-town")
    assert town.kinds()[-1] == "case.likeness_decided"
    with refused("likeness-decided"):
        decided(lead, "harmless")


def test_it_takes_a_reason_and_one_of_two_words(lead: Any) -> None:
    with refused("no-reason"):
        decided(lead, note="  ")
    with refused("likeness-outcome"):
        decided(lead, "perhaps")


def test_who_closed_one_of_them_does_not_decide(lead: Any) -> None:
    with refused("own-closing"):
        decided(lead, by="account:unit")


def test_who_is_posted_at_the_unit_does_not_decide(town: Town, lead: Any) -> None:
    from leitai.apps.people import actions as people

    people.appoint(
        place=town.place,
        username="inspector-town",
        role="clerk",
        unit=town.units["roads"],
        password="pass the long way",
        by="account:tester",
        now=NOW,
    )
    with refused("own-unit"):
        decided(lead)
