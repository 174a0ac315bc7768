"""Pictures for the photo branch, and the frozen blocks' features of their views."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from model.common.atomic_write import replacing
from model.common.settings import Settings
from model.datasets import views
from model.datasets.pasted_bags import pasted
from model.datasets.pool import balanced, classes_of, flagged
from model.datasets.sources import bags, clothing_builder, things
from model.datasets.sources.clothing_photos import Row
from model.photos import decode
from model.training.config import PHOTO_SHAPES, PhotoBranchConfig

Floats = NDArray[np.float32]
Features = NDArray[np.float16]

# Whose view it is, by number; the place of its shape; uint8 [height, width, 3].
View = tuple[int, int, views.Pixels]

PHOTOS = tf.TensorSpec((None, None, None, 3), tf.float32)
BATCH = 64  # views that a network is shown at a time
CHUNK = 250  # pictures whose features lie in one file
SEED = 160


@dataclass(frozen=True)
class Examples:
    """Pictures to learn from: photos of clothes, things, bags on white, and bags pasted."""

    clothes: list[Row]
    things: list[Row]
    bags: list[Row]
    pasted: list[Row]

    @classmethod
    def load(cls, settings: Settings) -> "Examples":
        """Raises UnavailableError of any data set.

        Shoes outside the ten classes are left out: pumps and loafers are like sneakers and boots in
        all that tells shoes from other things, so "none" of them would be learned of all shoes.
        """
        clothes = clothing_builder.examples("train", settings)
        white = bags.rows("train", settings)
        return cls(
            clothes=[row for row in clothes if not row.other_shoe],
            things=things.rows("train", settings),
            bags=white,
            pasted=pasted(white, clothes),
        )

    @property
    def kinds(self) -> tuple[list[Row], ...]:
        """In the order of `PhotoBranchConfig.views`."""
        return self.clothes, self.things, self.bags, self.pasted


@dataclass(frozen=True)
class FeatureStore:
    """The trunk's features of all views, by shape, with targets [n, 12] and odds [n]."""

    features: list[Features]
    targets: list[Floats]
    odds: list[Floats]
    config: PhotoBranchConfig

    @classmethod
    def filled(
        cls,
        trunk: keras.Model,
        examples: Examples,
        config: PhotoBranchConfig,
        folder: Path,
        seed: int,
    ) -> "FeatureStore":
        """From the files in `folder`; those that are missing are written now."""
        folder.mkdir(parents=True, exist_ok=True)
        rows = [row for kind in examples.kinds for row in kind]
        counts = np.repeat(config.views, [len(kind) for kind in examples.kinds])
        order = np.random.default_rng(SEED + seed).permutation(len(rows))
        said = tf.function(
            lambda images: tf.cast(trunk(images, training=False), tf.float16),
            input_signature=[PHOTOS],
        )
        chunks: list[dict[str, NDArray[Any]]] = []
        for number, chosen in enumerate(np.array_split(order, -(-len(order) // CHUNK))):
            file = folder / f"{number:04}.npz"
            if not file.is_file():
                rng = np.random.default_rng([SEED, seed, number])
                drawn = [
                    view for n in chosen for view in _views(n, rows[n], counts[n], config, rng)
                ]
                arrays = {}
                for shape, whose, found in by_shape(said, drawn):
                    arrays[f"features-{shape}"], arrays[f"places-{shape}"] = found, whose
                with replacing(file) as whole, whole.open("wb") as stream:
                    np.savez(stream, **arrays)  # type: ignore[arg-type]
                print(f"photo branch: features of {len(drawn)} views, {file.name}", flush=True)
            with np.load(file) as chunk:
                chunks.append(dict(chunk))

        def joined(kind: str, dtype: type[np.generic]) -> list[NDArray[Any]]:
            names = [f"{kind}-{shape}" for shape in range(len(PHOTO_SHAPES))]
            found = [[chunk[name] for chunk in chunks if name in chunk] for name in names]
            return [np.concatenate(each) if each else np.zeros(0, dtype) for each in found]

        targets, odds = _targets(examples, config)
        used = joined("places", np.int64)
        return cls(
            features=joined("features", np.float16),
            targets=[targets[each] for each in used],
            odds=[odds[each] / counts[each] for each in used],
            config=config,
        )

    def batches(self, seed: int) -> tf.data.Dataset:
        """Batches without end, each of one shape: features, targets [n, 12]."""
        config, rng = self.config, np.random.default_rng(seed)
        weights = np.array([each.sum() for each in self.odds])
        chances = [each / each.sum() if each.size else each for each in self.odds]

        def draw() -> Iterator[tuple[Floats, Floats]]:
            while True:
                shape = rng.choice(len(weights), p=weights / weights.sum())
                chosen = rng.choice(len(chances[shape]), config.batch, p=chances[shape])
                features = self.features[shape][chosen].astype(np.float32)
                targets = self.targets[shape][chosen]
                # Mixup (Zhang et al. 2018, https://arxiv.org/abs/1710.09412), of features.
                mixed = rng.random(config.batch) < config.mixed
                share = np.where(mixed, rng.uniform(0.0, 0.4, config.batch), 0.0)
                share = share.astype(np.float32)
                yield (
                    _between(features, np.roll(features, 1, axis=0), share),
                    _between(targets, np.roll(targets, 1, axis=0), share),
                )

        channels = next(each.shape[-1] for each in self.features if each.size)
        signature = (
            tf.TensorSpec((config.batch, None, None, channels), tf.float32),
            tf.TensorSpec((config.batch, 12), tf.float32),
        )
        return tf.data.Dataset.from_generator(draw, output_signature=signature).prefetch(4)


def of_whole_photos(
    network: keras.Model, rows: Sequence[Row], side: int, quarters: Sequence[int] = (0,)
) -> tuple[Floats, NDArray[np.int64]]:
    """What a network says of each photo turned by each quarter [n, k], and of which [n].

    Photos have the area of a square of `side` px before they are shown. Those of one shape lie next
    to each other. Raises UnavailableError of a photo that cannot be read.
    """
    said = tf.function(lambda images: network(images, training=False), input_signature=[PHOTOS])
    found, turned = [], []
    for start in range(0, len(rows), BATCH):
        drawn = []
        for row in rows[start : start + BATCH]:
            pixels = views.sized(decode.decode(row.read()), side)
            drawn += [(each, *views.upright(pixels, PHOTO_SHAPES, each)) for each in quarters]
        for _, quarter, answers in by_shape(said, drawn):
            found.append(answers)
            turned.append(quarter)
    return np.concatenate(found), np.concatenate(turned)


def by_shape(
    said: Callable[[Floats], Any], drawn: Sequence[View]
) -> Iterator[tuple[int, NDArray[np.int64], NDArray[Any]]]:
    """What `said` makes of the views of each shape: the shape's place, whose they are, [n, …]."""
    for shape in range(len(PHOTO_SHAPES)):
        alike = [(whose, view) for whose, own, view in drawn if own == shape]
        if alike:
            pixels = np.stack([view for _, view in alike])
            parts = [
                said(pixels[start : start + BATCH].astype(np.float32) / np.float32(255.0)).numpy()
                for start in range(0, len(pixels), BATCH)
            ]
            yield shape, np.array([whose for whose, _ in alike], np.int64), np.concatenate(parts)


def _views(
    place: int, row: Row, count: int, config: PhotoBranchConfig, rng: np.random.Generator
) -> Iterator[View]:
    pixels = views.sized(decode.decode(row.read()), config.source_side)
    for _ in range(count):
        yield place, *views.varied(pixels, PHOTO_SHAPES, rng, config.view)


def _targets(examples: Examples, config: PhotoBranchConfig) -> tuple[Floats, Floats]:
    """For each row its target [12], and how often it is drawn; all together sum to 1."""
    rows = [row for kind in examples.kinds for row in kind]
    classes = classes_of(rows, smoothing=config.smoothing, also_accepted=config.also_accepted)
    garment = np.array([-1 if row.garment is None else row.garment for row in rows])
    kind = np.repeat(range(len(examples.kinds)), [len(each) for each in examples.kinds])
    groups = (
        (kind == 0) & (garment >= 0),
        kind >= 2,
        (kind == 0) & (garment < 0),
        kind == 1,
    )
    odds = np.zeros(len(rows), np.float32)
    for number, (group, share) in enumerate(zip(groups, config.shares, strict=True)):
        if group.any():
            alike = np.ones(int(group.sum()), np.float32)
            own = balanced(garment[group], config.balance) if number == 0 else alike
            odds[group] = share * own / own.sum()
    return flagged(classes), odds / odds.sum()


def _between(one: Floats, other: Floats, share: Floats) -> Floats:
    return one + share.reshape(-1, *[1] * (one.ndim - 1)) * (other - one)
