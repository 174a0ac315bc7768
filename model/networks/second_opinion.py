"""A second opinion on photos: ImageNet's own classes, read by blocks that were never tuned.

A network tuned on photos that hardly show a class forgets what ImageNet taught it of that class. So
the untuned end of the network stays, too. It raises a class's logit where ImageNet's classes of
that kind, such as backpack and purse, lie above all others, or a little below the likeliest.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import keras
import numpy as np
from keras import layers, ops

from model.common.labels import LABELS, NAMES
from model.networks import pretrained
from model.networks.pretrained import Dense

NAME = "photo_branch"


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """A class by its name, and the classes of ImageNet (0 to 999) that raise it.

    Its logit rises by `weight` for each by which theirs exceeds the others' and the margin, up to
    six; and always by `offset`, as training sees a class less often than people send it (Menon et
    al. 2021, https://arxiv.org/abs/2007.07314). The logit of "a garment at all" rises by the share
    `garment` of what the former add.
    """

    name: str
    classes: tuple[int, ...]
    weight: float
    garment: float
    offset: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondOpinion:
    """The construction and reading of the untuned end.

    `blocks`: those that it has after the frozen ones. `others`: the classes of ImageNet that those
    of `raised` compete with. A class begins to rise where its best lies `margin` above the best of
    all others.
    """

    blocks: tuple[int, ...]
    raised: tuple[Raised, ...]
    others: tuple[int, ...]
    margin: float

    @property
    def groups(self) -> list[tuple[int, ...]]:
        """ImageNet's classes that raise each of ours, and the others."""
        return [*[each.classes for each in self.raised], self.others]


def untuned_end(tuned: keras.Model, blocks: Collection[int], frozen_blocks: int) -> keras.Model:
    """The frozen blocks of `tuned`, then these as ImageNet taught them: photos → features [n, k].

    Raises pretrained.NoPretrainedWeightsError.
    """
    shared = tuned.get_layer(f"block{frozen_blocks - 1}_sum").output
    end = pretrained.lite2_end(blocks, shared.shape[-1])
    return keras.Model(tuned.input, end(shared))


def with_second_opinion(
    tuned: keras.Model,
    untuned: keras.Model,
    opinion: SecondOpinion,
    rows: Sequence[Dense],
    lie: Dense | None = None,
) -> keras.Model:
    """The tuned `lite2` and its `untuned_end`: photos → logits [n, 11].

    `rows`: how each of the opinion's groups is read. With kernel [k, 3] and bias [3] of `lie`,
    three logits of how a photo lies are added: [n, 14].
    """
    raising = raises(opinion, rows)
    said = layers.Add(name="both_opinions")([tuned.output, raising(untuned.output)])
    if lie is not None:
        layer = layers.Dense(len(lie[1]), name="lie", trainable=False)
        lies = layer(untuned.output)
        layer.set_weights(lie)
        said = layers.Concatenate(name="both_opinions_and_lie")([said, lies])
    return keras.Model(tuned.input, said, name=NAME)


def raises(opinion: SecondOpinion, rows: Sequence[Dense]) -> keras.Model:
    """The additions to the logits: features [n, k] → [n, 11]. `rows`: how each group is read."""
    features = keras.Input((len(rows[0][0]),))
    best = []
    for number, (kernel, bias) in enumerate(rows):
        layer = layers.Dense(len(bias), name=f"imagenet_{number}")
        said = layer(features)
        layer.set_weights([kernel, bias])
        best.append(ops.max(said, axis=1, keepdims=True))
    risen = []
    for number in range(len(opinion.raised)):
        rivals = layers.Maximum()([each for place, each in enumerate(best) if place != number])
        ahead = layers.Subtract()([best[number], rivals]) - opinion.margin
        risen.append(layers.ReLU(6.0)(ahead))
    weights = np.zeros((len(risen), len(LABELS) + 1), np.float32)
    offsets = np.zeros(len(LABELS) + 1, np.float32)
    for row, raised in zip(weights, opinion.raised, strict=True):
        row[NAMES.index(raised.name)], row[-1] = raised.weight, raised.weight * raised.garment
        offsets[NAMES.index(raised.name)] = raised.offset
    spread = layers.Dense(len(LABELS) + 1, name="raised")
    logits = spread(layers.Concatenate()(risen))
    spread.set_weights([weights, offsets])
    model = keras.Model(features, logits, name="second_opinion")
    model.trainable = False
    return model
