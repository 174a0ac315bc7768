"""Redis for both sides: connecting, waiting for it, its scripts, and values as JSON."""
