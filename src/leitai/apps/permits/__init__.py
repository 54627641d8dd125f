"""Permits of a start: see README.md in this folder."""
