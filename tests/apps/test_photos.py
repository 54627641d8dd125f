"""Photos of cases: made anew, with when and where they were taken kept beside them; once, and twenty at most."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ExifTags, Image

from leitai.ui.photos import Taken, taken
from tests.factories import BY, NOW, Town, build, refused

Exif = dict[int, Any]


def shot(
    colour: str = "blue", *, at: str = "", offset: str = "", spot: Exif | None = None, kind: str = "JPEG"
) -> bytes:
    """A photo with what its camera wrote of time, zone and place."""
    image = Image.new("RGB", (64, 48), colour)
    exif = image.getexif()
    if at:
        exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = at
    if offset:
        exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.OffsetTimeOriginal] = offset
    exif.get_ifd(ExifTags.IFD.GPSInfo).update(spot or {})
    out = BytesIO()
    image.save(out, kind, exif=exif)
    return out.getvalue()


SOUTH_WEST = {1: "S", 2: (36.0, 30.0, 36.0), 3: "W", 4: (101.0, 45.0, 0.0)}


@pytest.fixture
def town(db: None) -> Town:
    return build()


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
def test_time_and_place_are_read_first_and_are_not_in_the_picture(town: Town, kind: str) -> None:
    from leitai.apps.casework import actions, queries

    case = town.case("finding", None)
    data = shot(at="2024:04:10 09:30:00", spot=SOUTH_WEST, kind=kind)
    row = actions.add_photo(case=case, data=data, when="before", by=BY, now=NOW)
    assert row.taken_at == datetime(2024, 4, 10, 1, 30, tzinfo=UTC), "the place's wall time"
    assert row.latitude == pytest.approx(-36.51) and row.longitude == pytest.approx(-101.75)
    kept = queries.photo(case, row.pk)
    assert kept is not None and taken(kept) == Taken() and b"Exif" not in kept
    assert Image.open(BytesIO(kept)).format == "JPEG"


def test_a_camera_that_knows_its_zone_is_believed(town: Town) -> None:
    from leitai.apps.casework import actions

    data = shot(at="2024:04:10 09:30:00", offset="+09:00")
    row = actions.add_photo(case=town.case("finding", None), data=data, by=BY, now=NOW)
    assert row.taken_at == datetime(2024, 4, 10, 0, 30, tzinfo=UTC)


def test_what_the_sender_says_counts_where_the_camera_says_nothing(town: Town) -> None:
    from leitai.apps.casework import actions

    case, said = town.case("finding", None), {"taken_at": NOW, "latitude": 1.0, "longitude": 2.0}
    silent = actions.add_photo(case=case, data=shot("red"), by=BY, now=NOW, **said)
    assert (silent.taken_at, silent.latitude, silent.longitude) == (NOW, 1.0, 2.0)
    data = shot(at="2024:04:09 09:30:00", spot=SOUTH_WEST)
    speaking = actions.add_photo(case=case, data=data, by=BY, now=NOW, **said)
    assert speaking.taken_at < NOW and speaking.latitude == pytest.approx(-36.51)


@pytest.mark.parametrize(
    ("at", "spot"),
    [
        ("0000:00:00 00:00:00", {}),
        ("yesterday", {1: "N", 2: (91.0, 0.0, 0.0), 3: "E", 4: (1.0, 0.0, 0.0)}),
        ("1970:01:01 00:00:00", {1: "N", 2: (0.0, 0.0, 0.0), 3: "E", 4: (0.0, 0.0, 0.0)}),
        ("2024:13:40 00:00:00", {1: "N", 2: (10.0, 0.0, 0.0)}),
    ],
)
def test_what_a_camera_cannot_mean_is_nothing(at: str, spot: Exif) -> None:
    assert taken(shot(at=at, spot=spot)) == Taken()


@given(data=st.data())
def test_no_bytes_break_the_reading_of_time_and_place(data: st.DataObject) -> None:
    whole = bytearray(shot(at="2024:04:10 09:30:00", offset="+08:00", spot=SOUTH_WEST))
    for at, byte in data.draw(
        st.lists(st.tuples(st.integers(0, len(whole) - 1), st.integers(0, 255)), max_size=9)
    ):
        whole[at] = byte
    found = taken(bytes(whole[: data.draw(st.integers(0, len(whole)))]))
    assert (found.latitude is None) == (found.longitude is None)
    assert found.latitude is None or abs(found.latitude) <= 90


def test_the_same_photo_again_is_the_one_there_is(town: Town) -> None:
    from leitai.apps.casework import actions
    from leitai.apps.casework.models import Photo

    case = town.case("finding", None)
    first, again = (actions.add_photo(case=case, data=shot(), by=BY, now=NOW) for _ in range(2))
    assert first.pk == again.pk and Photo.objects.count() == 1
    assert town.kinds().count("case.photo_added") == 1


def test_a_case_has_twenty_photos_at_most(town: Town) -> None:
    from leitai.apps.casework import actions

    case = town.case("finding", None)
    for n in range(20):
        actions.add_photo(case=case, data=shot(f"rgb({n * 12}, 0, 0)"), by=BY, now=NOW)
    with refused("too-many-photos"):
        actions.add_photo(case=case, data=shot("white"), by=BY, now=NOW)


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"no picture", "photo-unreadable"), (b"\0\0\0\x18ftypheic" + bytes(99), "photo-heic")],
)
def test_what_is_no_photo_is_refused_and_nothing_is_kept(town: Town, data: bytes, code: str) -> None:
    from leitai.apps.casework import actions

    case = town.case("finding", None)
    with refused(code):
        actions.add_photo(case=case, data=data, by=BY, now=NOW)


def test_before_and_after_stand_in_pairs(town: Town) -> None:
    from leitai.apps.casework import actions, queries

    case = town.case("finding", None)
    assert not queries.album(case)
    for colour, when in (("red", "before"), ("green", "after"), ("blue", "before"), ("white", "other")):
        actions.add_photo(case=case, data=shot(colour), when=when, by=BY, now=NOW)
    album = queries.album(case)
    shown = [(one.before is not None, one.after is not None) for one in album.pairs]
    assert shown == [(True, True), (True, False)] and len(album.others) == 1


def test_a_photo_is_of_its_own_case_alone(town: Town) -> None:
    from leitai.apps.casework import actions, queries

    one, other = town.case("finding", None), town.case("finding", None, title="Another")
    row = actions.add_photo(case=one, data=shot(), by=BY, now=NOW)
    assert queries.photo(one, row.pk) and queries.photo(other, row.pk) is None
