"""The photos that training never sees: clothing photos of other people, and other bags.

The bags are used as they are, on white, and pasted onto corners of those people's photos: three
bags alone would say little.
"""

from model.common.settings import CLOTHING_PHOTOS, Settings
from model.datasets.pasted_bags import pasted
from model.datasets.sources import bags, clothing_photos
from model.datasets.sources.clothing_photos import Row


def bags_kept_back(settings: Settings) -> list[Row]:
    """The bags as they are and pasted, always the same ones in the same order.

    Raises UnavailableError if there are no clothing photos, or no bags.
    """
    kept = bags.rows("validation", settings)
    clothes = clothing_photos.available(settings, "validation")
    if not clothes:
        raise clothing_photos.missing("clothing photos", CLOTHING_PHOTOS)
    return kept + pasted(kept, clothes)
