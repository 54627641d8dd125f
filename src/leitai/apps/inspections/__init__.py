"""Inspections: see README.md in this folder."""
