"""The chat side of Modista: small, quick to start, without TensorFlow."""
