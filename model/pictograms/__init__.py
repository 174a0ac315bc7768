"""The ten garments drawn by our own code, with Pillow alone: the bot imports this too."""

from model.pictograms.classes import classes_picture
from model.pictograms.drawing import draw
from model.pictograms.scenes import scene
from model.pictograms.style import OWN_STYLES, PATTERNS, Pattern, Style

__all__ = ["OWN_STYLES", "PATTERNS", "Pattern", "Style", "classes_picture", "draw", "scene"]
