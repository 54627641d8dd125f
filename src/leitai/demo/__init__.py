"""Demonstrations: a place brought up from its folder, with records named by the caller or a seeded year."""
