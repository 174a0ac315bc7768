"""Redis for both sides: connecting, waiting for it, sealing, and values as JSON."""
