"""People's corrections as pictures to learn from, a share of them held back to judge by."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from model.common.corrections.store import CorrectionStore, KeptCorrection
from model.datasets.pool import Pool, balanced, targets_of
from model.photos import decode
from model.photos.resizing import stretched

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class CorrectedPhotos:
    """n thumbnails with what people said that they show.

    labels: int64 [n], an index into LABELS or NONE_OF_THESE. `voices` names who said so of each.
    """

    pictures: tuple[Image.Image, ...]
    labels: NDArray[np.int64]
    voices: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.pictures)

    @classmethod
    def read(cls, store: CorrectionStore, corrections: Sequence[KeptCorrection]) -> Self:
        """Unseal the thumbnails; those deleted meanwhile, or unreadable, are left out."""
        thumbnails = store.thumbnails([correction.id for correction in corrections])
        pictures, labels, voices = [], [], []
        for correction in corrections:
            if (data := thumbnails.get(correction.id)) is None:
                continue
            try:
                pictures.append(decode.decode(data))
            except decode.Refused as refused:
                logger.warning("correction %s is left out: %s", correction.id, refused)
            else:
                labels.append(correction.label)
                voices.append(correction.voice)
        return cls(tuple(pictures), np.array(labels, np.int64), tuple(voices))

    def pool(self, *, side: int, smoothing: float, balance: float) -> Pool:
        """To draw training pictures from, [n, side, side, 3]; see `Pool` and `balanced`."""
        squares = [np.asarray(stretched(picture, (side, side))) for picture in self.pictures]
        targets = targets_of(self.labels, smoothing)
        return Pool(np.stack(squares), targets, balanced(self.labels, balance))
