"""Bad input, by the ten thousand: `python -m tests.fuzz`."""
