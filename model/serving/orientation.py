"""Photos that lie on their side or upside down, turned upright and shown again.

A network that knows how a photo lies says three logits after those of the classes: of upright,
sideways, and upside down. To which side it does not say: garments, and so what it learned of
ImageNet, look the same in a mirror. A photo on its side is turned once, and once more if it is
upside down then.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

UPRIGHT, SIDEWAYS, UPSIDE_DOWN = range(3)
LOGITS = 3
QUARTERS = {UPRIGHT: 0, SIDEWAYS: 1, UPSIDE_DOWN: 2}  # how far a photo is turned back, × 90°

# The weight of what was said of the photo as it came, next to the upright photo's 1: to turn it may
# have been wrong. Chosen on the validation photos, docs/models/recipe.md.
AS_IT_CAME = 0.3


def upright(said: Callable[[Floats], Floats], images: Floats) -> Floats:
    """The logits of photos as they lie, and as they would lie upright: their weighed mean.

    `said`: photos [n, height, width, channels] → logits [n, k + LOGITS]. It is asked again of those
    alone that do not lie upright. Returns [n, k].
    """
    first = said(images)
    logits = np.array(first[:, :-LOGITS])
    lies = first[:, -LOGITS:].argmax(axis=1)
    for lie in (SIDEWAYS, UPSIDE_DOWN):
        places = np.nonzero(lies == lie)[0]
        if len(places):
            turned = turned_back(images[places], QUARTERS[lie])
            again = said(turned)
            if lie == SIDEWAYS:
                now = again[:, -LOGITS:]
                wrong = np.nonzero(now[:, UPSIDE_DOWN] > now[:, UPRIGHT])[0]
                if len(wrong):
                    again[wrong] = said(turned_back(turned[wrong], QUARTERS[UPSIDE_DOWN]))
            mean = (again[:, :-LOGITS] + AS_IT_CAME * logits[places]) / (1.0 + AS_IT_CAME)
            logits[places] = mean
    return logits


def turned_back(images: Floats, quarters: int) -> Floats:
    """Images [n, height, width, channels], turned by `quarters` × 90° counterclockwise."""
    return np.ascontiguousarray(np.rot90(images, quarters, axes=(1, 2)))
