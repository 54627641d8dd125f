"""Campaigns: see README.md in this folder."""
