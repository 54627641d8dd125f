"""Honours and steps of accountability: proposed by rule, answered, then decided."""
