"""How often honest closings are taken for copies, and what a closing costs: photos, and a city's own texts.

    python -m bench likeness [RECORDS.csv[.gz]]

First photos, of made-up scenes: how far apart any two are, and whether one is still found after what happens to photos
on their way. Without RECORDS that is all. RECORDS are service requests as Boston publishes them (columns
closure_reason, department, open_dt). Closings that are the same to the letter, numbers apart, are stock phrases and
count once. Of what is left, a text of one department that is like an earlier one of another is a false alarm: their
work has nothing in common. Texts of one department that are alike are told apart from those, for nobody knows which of
them were copied and which are a crew's habit.
"""

from __future__ import annotations

import csv
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from time import perf_counter

import numpy as np
from PIL import Image, ImageEnhance

from leitai.rules.casework.likeness import FAR, LINES, SIDE, photo_print, share, text_print

from .dispatch import opened

# What the city's system puts before the words that somebody wrote.
HEAD = re.compile(r"^(?:(?:Case|Internal) (?:Closed|Resolved|Invalid|Noted|Scheduled|Case)\b\s*)+")


SCENES, CHANGED = 1000, 200
CHANGES: dict[str, Callable[[Image.Image], Image.Image]] = {
    "saved again at a low quality": lambda scene: saved(scene, 30),
    "half the size": lambda scene: scene.resize((scene.width // 2, scene.height // 2)),
    "brighter by 3 in 10": lambda scene: ImageEnhance.Brightness(scene).enhance(1.3),
    "paler by 3 in 10": lambda scene: ImageEnhance.Contrast(scene).enhance(0.7),
    "turned by a degree": lambda scene: scene.rotate(1),
    "2 in 100 cut off each edge": lambda scene: cropped(scene, 0.02),
    "5 in 100 cut off each edge": lambda scene: cropped(scene, 0.05),
    "a white strip over a corner": lambda scene: covered(scene, 0.4, 0.08),
}


def scene(chances: np.random.Generator) -> Image.Image:
    """Clouds upon clouds under a brighter sky: as light and dark as photos out of doors, and as smooth."""
    high, wide = 240, 320
    far = np.hypot(*np.meshgrid(np.fft.fftfreq(wide), np.fft.fftfreq(high)))
    far[0, 0] = 1
    waves = chances.normal(size=(high, wide)) + 1j * chances.normal(size=(high, wide))
    clouds = np.fft.ifft2(waves / far**1.1).real
    sky = np.linspace(1, -1, high)[:, None] * chances.uniform(-0.2, 1.2)
    grey = np.clip(128 + 45 * (clouds / clouds.std() + sky), 0, 255)
    return Image.fromarray(grey.astype(np.uint8))


def saved(scene: Image.Image, quality: int) -> Image.Image:
    """The scene after a JPEG of this quality."""
    out = BytesIO()
    scene.save(out, "JPEG", quality=quality)
    return Image.open(out)


def cropped(scene: Image.Image, part: float) -> Image.Image:
    """The scene without a part of its width and height at each edge."""
    across, down = int(scene.width * part), int(scene.height * part)
    return scene.crop((across, down, scene.width - across, scene.height - down))


def covered(scene: Image.Image, across: float, down: float) -> Image.Image:
    """The scene with a strip over its lower right corner, in parts of its width and height."""
    strip = scene.copy()
    corner = (int(scene.width * (1 - across)), int(scene.height * (1 - down)), scene.width, scene.height)
    strip.paste(255, corner)
    return strip


def number(photo: Image.Image) -> int:
    """The 64 signs of a photo."""
    made = photo_print(np.asarray(photo.resize((SIDE, SIDE), Image.Resampling.BOX)))
    assert made is not None
    return int.from_bytes(made.data, "big")


def photos() -> None:
    """How far apart different scenes are, and whether one that was changed is found."""
    chances = np.random.default_rng(7)
    scenes = [scene(chances) for _ in range(SCENES)]
    known = np.array([number(one) for one in scenes], dtype=np.uint64)
    apart = np.bitwise_count(known[:, None] ^ known)[np.triu_indices(SCENES, 1)]
    alike = int((apart <= FAR).sum())
    print(
        f"{len(apart):,} pairs of {SCENES:,} scenes: {alike} alike; they differ by {apart.min()} of 64 or more"
    )
    for name, change in CHANGES.items():
        changed = np.array([number(change(one)) for one in scenes[:CHANGED]], dtype=np.uint64)
        hits = (np.bitwise_count(changed ^ known[:CHANGED]) <= FAR).mean()
        print(f"{name:<32} found {hits:.1%}")


def main(arguments: list[str]) -> None:
    """Measure photos, and texts where records are named."""
    photos()
    if not arguments:
        print("texts are not measured: say where the records are, python -m bench likeness RECORDS.csv.gz")
        return
    with opened(Path(arguments[0])) as file:
        rows = sorted(csv.DictReader(file), key=lambda row: row["open_dt"])
    closings = [(HEAD.sub("", row["closure_reason"]), row["department"]) for row in rows]
    prints: list[bytes] = []
    of: dict[bytes, set[str]] = defaultdict(set)
    shelf: dict[int, list[int]] = defaultdict(list)
    has: Counter[str] = Counter()
    long, compared, within, across, pairs, strange = 0, 0, 0, 0, 0, 0
    start = perf_counter()
    for text, department in closings:
        made = text_print(text)
        if made is None:
            continue
        long += 1
        if made.data in of:
            has[department] += department not in of[made.data]
            of[made.data].add(department)
            continue
        others = {one for key in made.keys for one in shelf[key]}
        alike = [prints[one] for one in others if share("text", made.data, prints[one]) >= LINES["text"]]
        compared += len(others)
        across += any(department not in of[one] for one in alike)
        pairs += sum(department not in of[one] for one in alike)
        within += bool(alike)
        strange += len(prints) - has[department]
        has[department] += 1
        of[made.data].add(department)
        for key in made.keys:
            shelf[key].append(len(prints))
        prints.append(made.data)
    spent = perf_counter() - start
    many = len(prints)
    print(f"{len(closings):,} closings, {long:,} long enough to compare, {many:,} that differ")
    print(
        f"like an earlier one of another department: {across:,} = {across / many:.2%}, {pairs:,} of {strange:,} pairs"
    )
    print(f"like an earlier one of any:                {within:,} = {within / many:.2%}")
    print(f"compared with {compared / many:.1f} of {many:,} each; {spent / long * 1e6:,.0f} µs a closing")


if __name__ == "__main__":
    main(sys.argv[1:])
