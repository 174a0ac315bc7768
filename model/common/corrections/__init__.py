"""Corrections: what people say of answers, and what is kept of it to learn from, sealed."""
