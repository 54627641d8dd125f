"""Citizens' verdicts: points with codes, ballots, and what became of each."""
