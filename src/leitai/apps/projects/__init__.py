"""Projects: see README.md in this folder."""
