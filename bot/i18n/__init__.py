"""Whose language is which; names, models and commands in words."""
