"""A copied closing is found with its street and date changed, and honest closings are left alone."""

from __future__ import annotations

import doctest
import re
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leitai.rules.casework import likeness
from leitai.rules.casework.likeness import (
    FAR,
    LINES,
    SIDE,
    Print,
    exact_key,
    found,
    photo_print,
    share,
    side_by_side,
    text_print,
)

PAGE = Path(__file__).resolve().parents[3] / "docs/methods/likeness.md"
# Thirty closings as thirty offices might honestly write them, each of its own matter.
HONEST = (Path(__file__).parent / "closings.txt").read_text(encoding="utf-8").split()
ALPHABET = "清理完毕现场垃圾路灯维修井盖更换已经工人下午上午恢复正常居民满意abcdefg "
texts = st.text(ALPHABET, min_size=60, max_size=200)


def sketched(text: str) -> Print:
    made = text_print(text)
    assert made is not None
    return made


def alike(first: str, second: str) -> float:
    return share("text", sketched(first).data, sketched(second).data)


def flipped(made: Print, bits: list[int]) -> Print:
    """The print of a photo with some of its signs turned, as the keys of another photo would be made."""
    number = int.from_bytes(made.data, "big")
    for bit in bits:
        number ^= 1 << bit
    keys = tuple(
        band << 32 | number >> start & (1 << width) - 1
        for band, (start, width) in enumerate(((0, 21), (21, 21), (42, 22)))
    )
    return Print("photo", number.to_bytes(8, "big"), keys, keys, 0)


def scene(seed: int) -> np.ndarray:
    """A made-up scene of grey: clouds upon clouds, as far as 32 pixels show them."""
    rng = np.random.default_rng(seed)
    size = np.hypot(*np.meshgrid(np.fft.fftfreq(SIDE), np.fft.fftfreq(SIDE)))
    size[0, 0] = 1
    waves = np.fft.ifft2((rng.normal(size=(SIDE, SIDE)) + 1j * rng.normal(size=(SIDE, SIDE))) / size).real
    return np.clip(128 + 45 * (waves - waves.mean()) / waves.std(), 0, 255).astype(np.uint8)


def test_the_examples_of_the_module_are_true() -> None:
    assert doctest.testmod(likeness).failed == 0


def test_the_worked_tables_are_what_the_program_does() -> None:
    rows = re.findall(
        r"^\| ([^|]+) \| ([^|]+) \| ([0-9.]+) \| (yes|no) \|$", PAGE.read_text("utf-8"), re.MULTILINE
    )
    assert len(rows) >= 5
    for first, second, number, told in rows:
        value = alike(first, second)
        assert (f"{value:.2f}", told) == (number, "yes" if value >= LINES["text"] else "no"), first


def test_the_chances_of_being_compared_are_those_of_the_page() -> None:
    rows = re.findall(r"^\| (0\.\d) \| (0\.\d+|1\.0000) \|$", PAGE.read_text("utf-8"), re.MULTILINE)
    assert len(rows) >= 4
    assert [f"{found(float(one)):.4f}" for one, _ in rows] == [chance for _, chance in rows]


# Texts


@given(texts)
def test_a_text_is_wholly_like_itself_however_it_is_set(text: str) -> None:
    first = text_print(text)
    second = text_print(f"  {text.upper()}！。".replace(" ", "\n\n"))
    assert (first is None) == (second is None)
    if first is not None and second is not None:
        assert share("text", first.data, second.data) == 1
        assert first == second


@given(texts, texts)
def test_likeness_has_no_direction_and_stays_between_none_and_all(first: str, second: str) -> None:
    one, other = text_print(first), text_print(second)
    if one is not None and other is not None:
        assert share("text", one.data, other.data) == share("text", other.data, one.data)
        assert 0 <= share("text", one.data, other.data) <= 1


def test_numbers_make_no_difference_and_words_do() -> None:
    said = "{}月{}日组织工人{}名清理路边垃圾，共清出{}车"
    assert alike(said.format(5, 3, 3, 2), said.format(11, 28, 12, 40)) == 1
    assert alike(said.format(5, 3, 3, 2), "联系供电公司更换路灯灯泡三只，线路已检查，夜间照明恢复") < 0.1


@pytest.mark.parametrize("text", ["", "已处理", "已清理完毕", "All done, thanks", "123456789012345"])
def test_what_is_too_short_has_no_print(text: str) -> None:
    assert text_print(text) is None


def test_a_copy_with_its_street_changed_shares_a_key() -> None:
    first = "接到交办后我局立即派人到人民路现场查看，对破损井盖进行了更换，设置了警示标志，现已恢复通行"
    second = first.replace("人民路", "建设街")
    assert alike(first, second) >= LINES["text"]
    assert set(sketched(first).keys) & set(sketched(second).looks)


@settings(max_examples=60)
@given(st.integers(0, 2**32), st.floats(0, 1))
def test_keys_are_shared_about_as_often_as_is_said(seed: int, part: float) -> None:
    """Sets that have most of their runs in common nearly always share a key: the formula's floor, not an average."""
    rng = np.random.default_rng(seed)
    runs = rng.choice(2**32, 400, replace=False).astype(np.uint32)
    cut = int(part * 60)
    one, other = np.sort(runs[: 300 + cut]), np.sort(runs[cut : 300 + cut])
    common = len(np.intersect1d(one, other)) / len(np.union1d(one, other))
    if found(common) > 1 - 1e-6:
        assert set(likeness._bands(one)) & set(likeness._bands(other))


def test_keys_fit_a_signed_column_and_do_not_change() -> None:
    made = sketched("路灯已由供电所更换灯泡并检查线路，夜间照明恢复正常")
    assert all(-(2**63) <= key < 2**63 for key in (*made.keys, made.exact))
    assert len(made.keys) == 32
    # Kept in rows for years: another hash would find nothing of what was kept.
    assert made.exact == exact_key("text", made.data) == EXACT
    assert made.keys[:2] == KEYS


def test_honest_closings_of_different_matters_are_far_from_the_line() -> None:
    prints = [sketched(text) for text in HONEST]
    assert len(prints) == 30
    most = max(share("text", one.data, two.data) for one, two in combinations(prints, 2))
    assert most < LINES["text"] / 4


def test_each_of_them_copied_with_a_new_place_and_other_figures_is_found() -> None:
    """Three letters in the middle and every number changed, two put before: as a copyist would."""
    for text in HONEST:
        middle = len(text) // 2
        copy = f"经查：{text[:middle]}某某路{text[middle + 3 :]}"
        copy = copy.translate(str.maketrans("一二三四五六七八九", "七八九一二三四五六"))
        made = sketched(copy)
        original = sketched(text)
        assert set(original.keys) & set(made.looks), text
        assert share("text", original.data, made.data) >= LINES["text"], text


def test_a_very_long_text_is_read_to_a_length() -> None:
    long = "".join(chr(0x4E00 + n % 5000) for n in range(9000))
    assert len(sketched(long).data) <= 4 * likeness.LONGEST


@given(texts, texts)
def test_side_by_side_gives_both_texts_whole(first: str, second: str) -> None:
    one, other = side_by_side(first, second)
    assert "".join(text for text, _ in one) == first
    assert "".join(text for text, _ in other) == second
    assert [text for text, common in one if common] == [text for text, common in other if common]


# Photos


@settings(max_examples=100)
@given(st.integers(0, 50), st.sets(st.integers(0, 63), max_size=FAR))
def test_photos_that_differ_in_eight_signs_or_fewer_are_always_found(seed: int, bits: set[int]) -> None:
    made = photo_print(scene(seed))
    assert made is not None
    other = flipped(made, sorted(bits))
    assert set(made.looks) & set(other.keys)
    assert share("photo", made.data, other.data) == 1 - len(bits) / 64 >= LINES["photo"]


def test_another_brightness_is_the_same_photo_and_another_scene_is_not() -> None:
    first = photo_print(scene(1))
    darker = photo_print((scene(1) * 0.7).astype(np.uint8))
    assert first is not None and darker is not None
    assert share("photo", first.data, darker.data) >= LINES["photo"]
    prints = [made.data for seed in range(120) if (made := photo_print(scene(seed))) is not None]
    assert len(prints) == 120
    most = max(share("photo", one, other) for n, one in enumerate(prints) for other in prints[:n])
    assert most < LINES["photo"]


def test_a_dark_lens_has_no_print_and_another_size_is_refused() -> None:
    assert photo_print(np.full((SIDE, SIDE), 3, dtype=np.uint8)) is None
    with pytest.raises(ValueError, match="32"):
        photo_print(np.zeros((8, 9), dtype=np.uint8))


def test_the_ways_to_look_for_a_photo_are_few() -> None:
    made = photo_print(scene(3))
    assert made is not None
    assert len(made.keys) == 3 and len(set(made.looks)) == len(made.looks) == 2 * 232 + 254


EXACT = 1140407803730329883
KEYS = (4492584157245361207, 562356981717365124)
