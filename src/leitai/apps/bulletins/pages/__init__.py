"""Pages of bulletins: those that anyone may read, and the office's on which they are written and approved."""
