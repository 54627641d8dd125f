"""Pages of verdicts for those who work with them; the citizen's own are in `citizen`."""
