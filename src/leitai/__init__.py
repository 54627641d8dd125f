"""Leitai: targets, verdicts, clocks, tables and consequences of a place, run from its rule-book."""

__version__ = "0.1.0"
