"""More people and photos than can be served at once, and for long."""
