"""The rule-book: its schema, reading it with lines and columns, checking it, and telling versions apart."""
