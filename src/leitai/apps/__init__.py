"""The rooms: one folder a feature, each with its rows, its actions (all writes) and its queries (all reads)."""
