"""The one retraining there may be: its job, its progress, its outcome."""
