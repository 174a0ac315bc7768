"""Redis for both sides: connecting, waiting for it, sealing, its scripts, and values as JSON."""
