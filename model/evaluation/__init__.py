"""Metrics, figures and the model card: what a model gets right and wrong."""
