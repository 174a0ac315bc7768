"""Corrections: what people say about answers, and the sealed part that is kept to learn from."""
