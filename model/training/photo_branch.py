"""The photo branch: EfficientNet-Lite2, which learns photos that lie any way up, things and bags.

Its first blocks keep their ImageNet weights. So their features of each view are computed once and
stored in files, and only the last blocks are trained: an hour on two cores instead of a night.
Two are trained so. A third learns what they say together, and the one that serves, which is
smaller, what all three say (Beyer et al. 2022, https://arxiv.org/abs/2106.05237). Next to the tuned
last blocks stay untuned ones, see `model.networks.second_opinion`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from model.common.labels import LABELS, NAMES
from model.datasets.distillation import said
from model.datasets.validation import Validation
from model.networks import pretrained
from model.networks.architectures import LITE2_BLOCKS, freeze, lite2
from model.networks.second_opinion import untuned_end, with_second_opinion
from model.training import imagenet_rows, orientation_head
from model.training.config import Distillation, PhotoBranchConfig
from model.training.loop import Tensor, fit, kept
from model.training.photo_features import Examples, FeatureStore

BAG = NAMES.index("Bag")


def trained(
    examples: Examples,
    validation: Validation,
    out: Path,
    config: PhotoBranchConfig,
    *,
    seed: int = 0,
) -> keras.Model:
    """The branch, tuned in FILE.photo-branch.keras next to `out`; trained now if there is none.

    Photos [n, height, width, 3] in [0, 1] → logits [n, 11]; with a second opinion three more, of
    how the photo lies. Interrupted, it goes on after the last chunk of features or the last whole
    epoch. Raises pretrained.NoPretrainedWeightsError.
    """
    training = _Training(examples, validation, out, config, seed)
    tuned = training.distilled() if config.distillation else training.of_labels()
    if config.opinion is None:
        return tuned
    untuned = untuned_end(tuned, config.opinion.blocks, config.frozen_blocks)
    whole = untuned_end(tuned, range(config.frozen_blocks, LITE2_BLOCKS), config.frozen_blocks)
    pictures = [*examples.clothes, *examples.things, *examples.bags]
    rows = imagenet_rows.fitted(untuned, whole, config.opinion, pictures, out, config=config.rows)
    garments = [row for row in examples.clothes if row.garment is not None]
    lie = orientation_head.fitted(untuned, garments, out, config.orientation)
    return with_second_opinion(tuned, untuned, config.opinion, rows, lie)


@dataclass(frozen=True)
class _Training:
    """What each network is trained on, and the files that each leaves next to `out`."""

    examples: Examples
    validation: Validation
    out: Path
    config: PhotoBranchConfig
    seed: int

    def of_labels(self, number: int | None = None) -> keras.Model:
        """A network that labels taught: the branch itself, or the teacher of this number."""
        name = "photo-branch" if number is None else f"photo-teacher-{number}"
        file, config = self.out.with_suffix(f".{name}.keras"), self.config

        def train() -> keras.Model:
            network = lite2()
            if config.pretrained:
                pretrained.start(network, frozen_blocks=config.frozen_blocks)
            before = {layer.name: layer.get_weights() for layer in network.layers}
            self._train(network, file, config, self.seed + (number or 0))
            _blend(network, before, config.tuned)
            centre(network)
            return network

        return kept(file, train)

    def distilled(self) -> keras.Model:
        """The last of the networks that learn one after another what all before say together."""
        networks = [self.of_labels(number) for number in range(self.config.teachers)]
        for number, stage in enumerate(self.config.distillation):
            networks.append(self._student(networks, number, stage))
        return networks[-1]

    def _student(
        self, teachers: Sequence[keras.Model], number: int, stage: Distillation
    ) -> keras.Model:
        """A network that starts as its last teacher, but for the blocks that it does without."""
        last = number == len(self.config.distillation) - 1
        file = self.out.with_suffix(f".photo-{'branch' if last else f'student-{number}'}.keras")

        def train() -> keras.Model:
            network = lite2(without=stage.left_out)
            for layer in network.layers:
                if layer.weights:
                    layer.set_weights(teachers[-1].get_layer(layer.name).get_weights())
            shown = replace(
                self.config,
                view=stage.view,
                views=stage.views,
                shares=stage.shares,
                schedule=stage.schedule,
            )
            self._train(network, file, shown, self.seed + len(teachers), teachers)
            centre(network)
            return network

        return kept(file, train)

    def _train(
        self,
        network: keras.Model,
        file: Path,
        config: PhotoBranchConfig,
        seed: int,
        teachers: Sequence[keras.Model] = (),
    ) -> None:
        """Train the last blocks on the features of the first, which stay as they are."""
        freeze(network, config.frozen_blocks)
        trunk, tail = self._halves(network)
        folder = file.with_suffix(".features")
        store = FeatureStore.filled(trunk, self.examples, config, folder, seed)
        batches = store.batches(seed)
        if teachers:
            batches = taught(batches, [self._halves(teacher)[1] for teacher in teachers])
        fit(network, batches, config.schedule, self.validation, file, trained=tail)

    def _halves(self, network: keras.Model) -> tuple[keras.Model, keras.Model]:
        """The blocks that stay as they are, and those that learn."""
        split = network.get_layer(f"block{self.config.frozen_blocks - 1}_sum").output
        return keras.Model(network.input, split), keras.Model(split, network.output)


def taught(batches: tf.data.Dataset, teachers: Sequence[keras.Model]) -> tf.data.Dataset:
    """The batches of features with the teachers' mean answers for targets [n, 12].

    Which of them count as garments stays: the last of the targets. A bag's target stays, too: the
    teachers know only the few that they were shown.
    """

    def answered(features: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
        logits = sum(teacher(features, training=False) for teacher in teachers) / len(teachers)
        # Of a mixed picture, the bag's share; of any other, the little that smoothing left there.
        bag = targets[:, BAG, None]
        return features, bag * targets + (1.0 - bag) * said(logits, targets)

    return batches.map(answered)


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
