"""The core: everything that decides anything, as plain functions of values and time.

Nothing here reads a clock, chance, settings, a file or a database (the lint of this folder holds it),
so a year can be replayed, and a verdict explained, from its inputs alone.
"""
