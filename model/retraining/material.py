"""Data that a retraining learns from."""

from dataclasses import dataclass, replace
from functools import cached_property

from model.common.settings import Settings
from model.datasets.distillation import Teacher
from model.datasets.sources import clothing_builder, fashion_mnist, things
from model.datasets.sources.clothing_photos import Row
from model.datasets.sources.corrections import CorrectedPhotos
from model.datasets.sources.fashion_mnist import Arrays
from model.retraining.comparison import Held
from model.training.batches import Mixture, photo_pools, thing_pool
from model.training.config import Shares

MOST_CORRECTED = 4  # corrections in a batch: as many as there are, up to this


@dataclass(frozen=True)
class Material:
    """Data to learn from, without what `held` has."""

    settings: Settings
    corrections: CorrectedPhotos
    held: Held

    @cached_property
    def fashion_mnist(self) -> Arrays:
        """The images of Fashion-MNIST to train on. Raises NoFashionMnistError."""
        return fashion_mnist.to_learn(self.settings)

    @cached_property
    def rows(self) -> list[Row]:
        """The clothing photos to train on; none if there are no clothing photos."""
        return clothing_builder.examples("train", self.settings) if self.held.rows else []

    @cached_property
    def things(self) -> list[Row]:
        """The photos of things to train on; none if there are none to judge by either."""
        return things.rows("train", self.settings) if self.held.things else []

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
        return Mixture(shares, *self.fashion_mnist, pools, teacher)
