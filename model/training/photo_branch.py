"""The photo branch: EfficientNet-Lite2, which learns photos that lie any way up, things and bags.

Its first blocks keep their ImageNet weights. So their features of each view are computed once and
stored in files, and only the last blocks are trained: an hour on two cores instead of a night. Next
to the tuned last blocks stay untuned ones, see `model.networks.second_opinion`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from model.common.atomic_write import replacing
from model.common.labels import LABELS
from model.common.settings import Settings
from model.datasets import cut_outs, held_back, views
from model.datasets.pool import balanced, classes_of, flagged
from model.datasets.sources import bags, clothing_builder, things
from model.datasets.sources.clothing_photos import Row
from model.datasets.validation import Validation
from model.networks import pretrained
from model.networks.architectures import freeze, lite2
from model.networks.second_opinion import untuned_end, with_second_opinion
from model.photos import decode
from model.training import orientation
from model.training.config import PHOTO_SHAPES, PhotoBranchConfig
from model.training.loop import fit, kept

Floats = NDArray[np.float32]
Features = NDArray[np.float16]

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
            pasted=held_back.pasted(cut_outs.of_bags(white), clothes),
        )

    @property
    def kinds(self) -> tuple[list[Row], ...]:
        """In the order of `PhotoBranchConfig.views`."""
        return self.clothes, self.things, self.bags, self.pasted


def trained(
    examples: Examples,
    validation: Validation,
    out: Path,
    config: PhotoBranchConfig | None = None,
    *,
    seed: int = 0,
) -> keras.Model:
    """The branch, tuned in FILE.photo-branch.keras next to `out`; trained now if there is none.

    Photos [n, height, width, 3] in [0, 1] → logits [n, 11]; with a second opinion three more, of
    how the photo lies. Interrupted, it goes on after the last chunk of features or the last whole
    epoch. Raises pretrained.NoPretrainedWeightsError.
    """
    config = config or PhotoBranchConfig()
    file = out.with_suffix(".photo-branch.keras")

    def train() -> keras.Model:
        network = lite2()
        if config.pretrained:
            pretrained.start(network, frozen_blocks=config.frozen_blocks)
        freeze(network, config.frozen_blocks)
        before = {layer.name: layer.get_weights() for layer in network.layers}
        split = network.get_layer(f"block{config.frozen_blocks - 1}_sum").output
        trunk, tail = keras.Model(network.input, split), keras.Model(split, network.output)
        folder = file.with_suffix(".features")
        store = FeatureStore.filled(trunk, examples, config, folder, seed)
        fit(network, store.batches(seed), config.schedule, validation, file, trained=tail)
        _blend(network, before, config.tuned)
        centre(network)
        return network

    tuned = kept(file, train)
    if config.opinion is None:
        return tuned
    untuned = untuned_end(tuned, config.opinion, config.frozen_blocks)
    garments = [row for row in examples.clothes if row.garment is not None]
    lie = orientation.fitted(untuned, garments, out, config.orientation)
    return with_second_opinion(tuned, untuned, config.opinion, lie)


def centre(network: keras.Model) -> None:
    """Take the mean of the ten classes' logits away, in the last layer's weights.

    The softmax does not see it, and pictures of none let it wander by hundreds: the 256 steps of an
    int8 logit would be spent on it.
    """
    layer = network.get_layer("logits")
    kernel, bias = layer.get_weights()
    classes = slice(len(LABELS))
    kernel[:, classes] -= kernel[:, classes].mean(axis=1, keepdims=True)
    bias[classes] -= bias[classes].mean()
    layer.set_weights([kernel, bias])


def _blend(
    network: keras.Model, before: Mapping[str, list[NDArray[np.float32]]], share: float
) -> None:
    """Go back from the tuned weights towards those before, but for the new last layer's.

    Wortsman et al. 2022, https://arxiv.org/abs/2109.01903: what is rare in training is kept better.
    """
    for layer in network.layers:
        if layer.trainable and layer.name != "logits":
            pairs = zip(before[layer.name], layer.get_weights(), strict=True)
            layer.set_weights([old + share * (new - old) for old, new in pairs])


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
            input_signature=[tf.TensorSpec((None, None, None, 3), tf.float32)],
        )
        features: list[list[Features]] = [[] for _ in PHOTO_SHAPES]
        places: list[list[NDArray[np.int64]]] = [[] for _ in PHOTO_SHAPES]
        for number, chosen in enumerate(np.array_split(order, -(-len(order) // CHUNK))):
            file = folder / f"{number:04}.npz"
            if not file.is_file():
                rng = np.random.default_rng([SEED, seed, number])
                drawn = list(_views([(int(n), rows[n]) for n in chosen], counts, config, rng))
                with replacing(file) as whole, whole.open("wb") as stream:
                    np.savez(stream, **dict(_shown(said, drawn)))  # type: ignore[arg-type]
                print(f"photo branch: features of {len(drawn)} views, {file.name}", flush=True)
            with np.load(file) as chunk:
                for shape in range(len(PHOTO_SHAPES)):
                    if f"features-{shape}" in chunk:
                        features[shape].append(chunk[f"features-{shape}"])
                        places[shape].append(chunk[f"places-{shape}"])
        targets, odds = _targets(examples, config)
        used = [np.concatenate(each) if each else np.zeros(0, np.int64) for each in places]
        return cls(
            features=[
                np.concatenate(each) if each else np.zeros(0, np.float16) for each in features
            ],
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


def _views(
    rows: Sequence[tuple[int, Row]],
    counts: NDArray[np.int64],
    config: PhotoBranchConfig,
    rng: np.random.Generator,
) -> Iterator[tuple[int, int, views.Pixels]]:
    """The views of some rows: the row's place, the shape's, the view."""
    for place, row in rows:
        pixels = views.sized(decode.decode(row.read()), config.source_side)
        for _ in range(counts[place]):
            shape, view = views.varied(pixels, PHOTO_SHAPES, rng, config.view)
            yield place, shape, view


def _shown(
    said: tf.types.experimental.PolymorphicFunction,
    drawn: Sequence[tuple[int, int, views.Pixels]],
) -> Iterator[tuple[str, NDArray[np.generic]]]:
    """What the trunk says of the views of each shape, and whose they are, for a file."""
    for shape in range(len(PHOTO_SHAPES)):
        alike = [(place, view) for place, own, view in drawn if own == shape]
        if alike:
            pixels = np.stack([view for _, view in alike])
            parts = [
                said(pixels[start : start + 64].astype(np.float32) / np.float32(255.0)).numpy()
                for start in range(0, len(pixels), 64)
            ]
            yield f"features-{shape}", np.concatenate(parts)
            yield f"places-{shape}", np.array([place for place, _ in alike], np.int64)


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
