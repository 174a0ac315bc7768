"""What a model gets right and wrong, in figures, pictures and the model card."""
