"""The ten garments drawn by our own code, with Pillow alone: the bot imports this too."""

from model.common.pictograms.classes_picture import classes_picture
from model.common.pictograms.drawing import draw
from model.common.pictograms.scenes import scene
from model.common.pictograms.style import OWN_STYLES, PATTERNS, Pattern, Style

__all__ = ["OWN_STYLES", "PATTERNS", "Pattern", "Style", "classes_picture", "draw", "scene"]
