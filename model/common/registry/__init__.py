"""The models that may serve: their entries in Redis and what is read of their files."""
