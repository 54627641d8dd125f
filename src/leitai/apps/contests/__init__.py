"""Contests: see README.md in this folder."""
