"""What the bot and the model share. Light: no TensorFlow, Keras, matplotlib or NumPy."""
