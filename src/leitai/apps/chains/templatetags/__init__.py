"""Tags of chains."""
