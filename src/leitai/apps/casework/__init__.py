"""Cases on clocks: every problem, who holds it, and by when."""
