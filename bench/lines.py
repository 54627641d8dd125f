"""How a figure is printed: what, ours, the limit or peer of the same run, and the ratio of the two."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from time import perf_counter

WIDTHS = (46, 22, 40)


def head() -> None:
    """The first line of a table."""
    line("what", "ours", "limit or peer in the same run", "ratio")


def line(what: str, ours: str, beside: str, ratio: str) -> None:
    """One line of a table."""
    print(
        " | ".join(
            [*(text.ljust(width) for text, width in zip((what, ours, beside), WIDTHS, strict=True)), ratio]
        )
    )


def speed(what: str, ours: float, beside: str, peer: float) -> None:
    """A speed per second beside another."""
    line(what, f"{ours:,.0f} a second", f"{beside}: {peer:,.0f} a second", f"{ours / peer:.2f}")


def span(what: str, ours: float, beside: str, peer: float) -> None:
    """A time in seconds beside another."""
    line(what, _time(ours), f"{beside}: {_time(peer)}", f"{ours / peer:.2f}")


def _time(seconds: float) -> str:
    if seconds >= 1:
        return f"{seconds:.2f} s"
    return f"{seconds * 1000:.2f} ms" if seconds >= 0.001 else f"{seconds * 1e6:.1f} µs"


def seconds(work: Callable[[], object], times: int = 1) -> float:
    """The median time of a piece of work."""
    found = []
    for _ in range(times):
        before = perf_counter()
        work()
        found.append(perf_counter() - before)
    return statistics.median(found)
