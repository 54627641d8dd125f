"""Scoring by peers: see README.md in this folder."""
