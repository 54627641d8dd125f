"""Burden: see README.md in this folder."""
