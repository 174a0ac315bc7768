"""Pictures that hold no garment, drawn by our own code: for learning and measuring "none of these".

What is held out is drawn by other code than what is trained on, so that it measures what the
network makes of pictures that it could not have learned by heart.
"""

from model.datasets.negatives.kinds import HELD_OUT_KINDS, TRAINING_KINDS, picture, pictures

__all__ = ["HELD_OUT_KINDS", "TRAINING_KINDS", "picture", "pictures"]
