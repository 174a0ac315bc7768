"""Shared by bot and model. Light: no TensorFlow, Keras, matplotlib or NumPy."""
