"""Photos of bags on white, for the class that no clothing photo shows; some are kept back.

From magento2-sample-data, © Magento, Academic Free License 3.0: LICENSE_AFL.txt, next to the
photos in `DATASETS_DIR/bags`, stays with every copy of them.
"""

from dataclasses import replace

from model.common.labels import NAMES
from model.common.settings import BAGS, Settings
from model.datasets.sources import clothing_photos
from model.datasets.sources.clothing_photos import Row, Split

BAG = NAMES.index("Bag")
# A satchel, a backpack from both sides and a handbag: no other photo shows the same bag.
KEPT_BACK = frozenset({"mb06", "wb06", "wb07"})


def rows(split: Split, settings: Settings) -> list[Row]:
    """The photos of a split. Raises UnavailableError if DATASETS_DIR holds none."""
    folder = settings.bags
    if folder is None or not folder.is_dir():
        raise clothing_photos.missing("photos of bags", BAGS)
    return [
        replace(row, split=split)
        for row in clothing_photos.rows(folder)
        # A name is the bag's, then its colour and the view.
        if (row.path.stem.partition("-")[0] in KEPT_BACK) == (split == "validation")
    ]
