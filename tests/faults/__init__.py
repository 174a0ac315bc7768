"""Experiments on what is promised when something dies: `python -m tests.faults`, `make faults`."""
