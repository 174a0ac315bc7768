"""The trainer: from people's corrections to a candidate, and the gate before it."""
