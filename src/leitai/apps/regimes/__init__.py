"""The rule-books that a place has had in force, kept as the text that was loaded."""
