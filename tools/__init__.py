"""Build and check scripts; each runs alone and says its purpose in its first line."""
