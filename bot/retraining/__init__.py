"""A retraining, followed in one message from its start to its verdict."""
