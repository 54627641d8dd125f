"""What is asked of a rule-book whose shape is right, one module per part of it; all is asked by `check`."""
