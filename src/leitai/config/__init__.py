"""Settings, addresses and servers' entry points."""
