"""`leitai rank --calibrate` and `--simulate`: what was promised beside what was kept, on made-up places."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from time import perf_counter

import numpy as np
from rich.console import Console
from rich.progress import track
from rich.table import Table

from leitai.rules.scoring.calibrate import calibrate
from leitai.rules.scoring.simulate import LIST, RULES, trials

from .django import is_quiet

CALIBRATED = (49, 81, 107, 3200)


def sizes(text: str, calibrates: bool) -> tuple[int, ...]:
    """Sizes of places from "49,81". Raises ValueError with what would be right."""
    if not text:
        return CALIBRATED if calibrates else CALIBRATED[-1:]
    least = 10 if calibrates else 100
    try:
        found = tuple(int(one) for one in text.split(","))
    except ValueError:
        raise ValueError(f"--units {text}: write sizes as 49,81,107") from None
    if min(found) < least:
        raise ValueError(f"--units {text}: a made-up place has at least {least} units")
    return found


def calibrated(units: Sequence[int], runs: int, level: float, seed: int) -> bool:
    """Print the calibration at each size; whether every promise was kept."""
    console, kept = _console(), True
    for size in units:
        times, begun = runs or max(200, 40_000 // size), perf_counter()
        told = track(
            calibrate(np.random.default_rng(seed), size, times, level),
            f"{size} units", total=times, disable=is_quiet(), console=Console(stderr=True),
        )  # fmt: skip
        (last,) = deque(told, maxlen=1)
        table = Table(
            title=f"{times:,} made-up places of {size:,} units",
            caption=f"{perf_counter() - begun:.0f} s; broken is what lies below by more than three standard errors",
        )
        for name in ("promise", "stated", "achieved", "standard error", ""):
            table.add_column(name, justify="left" if name in ("promise", "") else "right")
        for one in last:
            table.add_row(
                one.promise, f"{one.stated:.3f}", f"{one.achieved:.4f}", f"{one.error:.4f}",
                "BELOW" if one.below else "kept",
            )  # fmt: skip
            kept = kept and not one.below
        console.print(table)
    return kept


def simulated(units: Sequence[int], runs: int, further: int, level: float, seed: int) -> bool:
    """Print how right the lists of the worst are, rule by rule; whether the naming rule's promise was kept."""
    console, kept = _console(), True
    for size in units:
        times = runs or 40
        told = list(
            track(
                trials(np.random.default_rng(seed), size, times, further, level),
                f"{size} units", total=times, disable=is_quiet(), console=Console(stderr=True),
            )
        )  # fmt: skip
        named = np.array([one.named for one in told])
        right = np.array([one.right for one in told])
        table = Table(
            title=f"{times} years of {size} units: up to {LIST} named as among the worst {max(size // 100, 1)}"
        )
        for name in ("rule", "named", "truly so", "lists without a false name"):
            table.add_column(name, justify="left" if name == "rule" else "right")
        for rule, name in enumerate(RULES):
            clean = (named[:, rule] == right[:, rule]).mean()
            shown = f"after {further:,} further verdicts" if name == "after the draw" else name
            table.add_row(
                shown, f"{named[:, rule].mean():.2f}", f"{right[:, rule].mean():.2f}", f"{clean:.1%}"
            )
            if rule >= RULES.index("naming rule"):
                error = np.sqrt(level * (1 - level) / times)
                kept = kept and clean >= level - 3 * error
        console.print(table)
    return bool(kept)


def _console() -> Console:
    return Console(width=None if not is_quiet() else 100)
