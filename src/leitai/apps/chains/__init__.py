"""Industrial chains: see README.md in this folder."""
