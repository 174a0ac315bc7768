"""The ten garments drawn by our own code: pictures to test with, and the originals of some assets.

`python -m tests.drawings` writes the assets.
"""

from tests.drawings.drawing import draw
from tests.drawings.scenes import scene
from tests.drawings.style import OWN_STYLES, PATTERNS, Pattern, Style

__all__ = ["OWN_STYLES", "PATTERNS", "Pattern", "Style", "draw", "scene"]
