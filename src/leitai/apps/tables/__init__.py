"""League tables: frozen inputs, computed standings, published editions."""
