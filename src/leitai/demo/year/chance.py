"""Chance that is a function of a seed and a name: what somebody does depends on nothing that others did before.

So the same seed gives the same year, and one more meeting does not change what every later citizen says.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Chance:
    """Draws by name. `seed`: any number."""

    seed: int

    def of(self, *name: object) -> random.Random:
        """A generator of its own for a name, such as ("answer", "2203-17", 1)."""
        return random.Random(self._number(name))

    def share(self, *name: object) -> float:
        """A number in [0, 1) for a name."""
        return self._number(name) / 2**64

    def one(self, among: Sequence[T], *name: object) -> T:
        """One of some, each equally likely. Raises IndexError for none."""
        return among[self._number(name) % len(among)]

    def secret(self, *name: object) -> str:
        """32 letters for a link of this sample year; whoever knows the seed knows it."""
        return sha256(f"link/{self.seed}/{name!r}".encode()).hexdigest()[:32]

    def bytes_of(self, *name: object) -> Any:
        """What an action takes as its `draw`: so many bytes, for a name."""
        return partial(_bytes, self.of("bytes", *name))

    def _number(self, name: tuple[object, ...]) -> int:
        return int.from_bytes(sha256(f"{self.seed}/{name!r}".encode()).digest()[:8], "big")


def _bytes(draw: random.Random, count: int) -> bytes:
    return draw.randbytes(count)
