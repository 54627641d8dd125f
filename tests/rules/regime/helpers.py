"""Where the rule-books for tests lie: one that is right, and a folder of such with one fault each."""

from __future__ import annotations

from pathlib import Path

from leitai.rules.kernel import Text
from leitai.rules.regime.units import Unit

HERE = Path(__file__).parent
BROKEN = sorted((HERE / "broken").glob("*.yaml"))
RIGHT = (HERE / "right.yaml").read_text(encoding="utf-8")
UNITS = {key: Unit(key, Text(en=key)) for key in ("water", "roads")}
