"""Data that a retraining learns from."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from model.common.settings import Settings
from model.datasets.distillation import Teacher
from model.datasets.sources import clothing_builder, fashion_mnist, things
from model.datasets.sources.clothing_photos import Row
from model.datasets.sources.corrections import CorrectedPhotos
from model.datasets.validation import Validation
from model.retraining.comparison import Held
from model.training.batches import Mixture, photo_pools, thing_pool
from model.training.config import Shares

MOST_CORRECTED = 4  # corrections in a batch: as many as there are, up to this


@dataclass(frozen=True)
class Material:
    """Data to learn from: images of Fashion-MNIST [n, 28, 28], photos, corrections.

    What `held` has is left out of it.
    """

    settings: Settings
    images: NDArray[np.uint8]
    labels: NDArray[np.int64]
    corrections: CorrectedPhotos
    held: Held

    @cached_property
    def rows(self) -> list[Row]:
        """The clothing photos to train on; none if there are no clothing photos."""
        return clothing_builder.examples("train", self.settings) if self.held.rows else []

    @cached_property
    def things(self) -> list[Row]:
        """The photos of things to train on; none if there are none to judge by either."""
        return things.rows("train", self.settings) if self.held.things else []

    @cached_property
    def validation(self) -> Validation:
        """What is held back, as the shipped recipe's networks see it."""
        shares = Shares()
        return Validation.load(
            [*self.held.rows, *self.held.things] if self.held.rows else [],
            self.held.images,
            self.held.labels,
            side=shares.side,
            plain_side=shares.plain_side,
        )

    def mixture(self, shares: Shares, things: int, teacher: Teacher) -> Mixture:
        """The batches for a network of the shipped recipe's kind, with so many photos of things."""
        shares = replace(shares, corrected=min(MOST_CORRECTED, len(self.corrections)))
        pools = photo_pools(shares, self.rows)
        if self.things:
            pools["things"] = thing_pool(shares, self.things, things)
        if len(self.corrections):
            pools["corrected"] = self.corrections.pool(
                side=shares.source_side,
                smoothing=shares.label_smoothing,
                balance=shares.class_balance,
            )
        return Mixture(
            shares,
            self.images[: -fashion_mnist.HELD_BACK],
            self.labels[: -fashion_mnist.HELD_BACK],
            pools,
            teacher,
        )

    def counts(self, *, photos: bool) -> dict[str, int]:
        """How many pictures there are of each kind; with `photos` False of Fashion-MNIST alone."""
        counts = {"fashion_mnist": len(self.images) - fashion_mnist.HELD_BACK}
        if photos:
            counts |= {
                "photos": len(self.rows),
                "things": len(self.things),
                "corrections": len(self.corrections),
            }
        return counts
