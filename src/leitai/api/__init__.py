"""The HTTP interface for other systems: queue machines, case systems, platforms that move, and whoever watches."""
