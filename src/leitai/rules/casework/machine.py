"""The parts of a flow, by the name under which rooms above know them."""

from leitai.rules.flows import NOBODY

__all__ = ["NOBODY"]
