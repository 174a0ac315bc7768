"""A loaded network with its serving config: images → predictions."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from model.common.labels import LABELS
from model.common.prediction import Prediction
from model.common.registry.serving_config import COMPILED, KINDS, Kind, ServingConfig, Shape
from model.photos.resizing import middle, stretched
from model.serving import orientation
from model.serving.compiled_network import (
    Branch,
    CompiledNetwork,
    Floats,
    Network,
    UnusableNetworkError,
)

# Photos that a worker answers together. More are no cheaper, and the first of them would wait for
# the last: tests/bench/bench_photo.py.
BATCH = 4


class UnusableModelError(Exception):
    """The file holds no network that we can serve; str() says why, in a sentence."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A picture as a network is shown it: pixels [height, width, channels] in [0, 1]."""

    kind: Kind
    pixels: Floats


class Classifier:
    """Answers for images, in batches.

    In: Pillow images of any size and mode RGB (see `model.photos.decode`). Out: one `Prediction`
    for each, its probabilities calibrated by the network's config.

    A network has a branch for each kind of picture, named as it, or one branch for both. It says
    eleven logits: of the ten classes and of "there is such a garment at all". A branch may leave
    out the last; a network of one branch that does so says probabilities. A branch may also add
    three logits of how a photo lies, see `model.serving.orientation`. Raises UnusableModelError if
    the network is another, or does not fit its config.
    """

    batch_size = BATCH

    def __init__(self, network: Network, config: ServingConfig) -> None:
        self._network = network
        self._names = _names(network)
        self._branches = {kind: network.branches[name] for kind, name in self._names.items()}
        if any(not _fits(branch) for branch in self._branches.values()):
            raise UnusableModelError("It does not turn pictures into our ten classes.")
        self.config = _with_shapes(config, self._branches)

    @classmethod
    def load(cls, path: Path | None = None) -> Self:
        """The network in FILE.tflite (default: the one that ships), with the config next to it.

        Raises UnusableModelError if the file is missing or holds something else.
        """
        path = path or COMPILED
        try:
            content = path.read_bytes()
        except OSError as error:
            raise UnusableModelError(
                f"There is no model {path} ({error.strerror}): name another file."
            ) from None
        try:
            return cls.of(content, ServingConfig.next_to(path))
        except UnusableModelError as error:
            raise UnusableModelError(f"{path} cannot serve: {error}") from error.__cause__
        except ValueError as error:
            raise UnusableModelError(f"The config next to {path} is not a model's.") from error

    @classmethod
    def of(cls, content: bytes, config: ServingConfig) -> Self:
        """The compiled network in `content`. Raises UnusableModelError."""
        try:
            return cls(CompiledNetwork(content), config)
        except UnusableNetworkError as error:
            raise UnusableModelError(str(error)) from error

    @property
    def kinds(self) -> frozenset[Kind]:
        """The kinds of pictures that it tells apart."""
        return frozenset(KINDS if self.config.small_shape else KINDS[:1])

    def branch(self, kind: Kind) -> str:
        """The network's branch by which a kind of picture goes."""
        return self._names[kind]

    @property
    def version(self) -> str:
        """The name under which answers from this model are known."""
        return self.config.version

    def warm_up(self) -> None:
        """Run the network once in every shape: the first of each takes several times as long."""
        shapes: list[tuple[Kind, Shape]] = [("photo", shape) for shape in self.config.photo_shapes]
        if self.config.small_shape:
            shapes.append(("small", self.config.small_shape))
        for kind, shape in shapes:
            self.outputs(kind, np.zeros((1, *shape, self._branches[kind].channels), np.float32))

    def classify(self, images: Sequence[Image.Image]) -> list[Prediction]:
        """One prediction for each image, in their order."""
        probabilities, scores = self.predict([self.prepare(image) for image in images])
        return [
            Prediction(
                probabilities=tuple(float(p) for p in row),
                garment_score=float(score),
                verdict=self.config.verdict(float(row.max()), float(score)),
                model=self.version,
            )
            for row, score in zip(probabilities, scores, strict=True)
        ]

    def predict_arrays(self, images: NDArray[np.uint8]) -> tuple[Floats, Floats]:
        """As `predict`, of raw pixels uint8 [n, h, w] (grey) or [n, h, w, 3]."""
        return self.predict(
            [self.prepare(Image.fromarray(pixels).convert("RGB")) for pixels in images]
        )

    def prepare(self, image: Image.Image) -> Prepared:
        """An RGB image as the network wants it.

        It is stretched to fit, a photo without the border that its config leaves out. A grey
        network of one branch was trained on garments that are light on black, so a picture with a
        light border is inverted.
        """
        kind = self.config.kind_of(image.size)
        height, width = self.config.shape_for((image.height, image.width))
        if kind == "photo" and self.config.photo_crop < 1.0:
            image = middle(image, self.config.photo_crop)
        if self._branches[kind].channels == 3:
            return Prepared(kind, np.asarray(stretched(image, (width, height)), np.float32) / 255.0)
        grey = np.asarray(stretched(image.convert("L"), (width, height)), np.float32)
        if len(self._network.branches) == 1:
            border = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
            if np.median(border) > 127.0:
                grey = 255.0 - grey
        return Prepared(kind, grey[..., None] / np.float32(255.0))

    def predict(self, pictures: Sequence[Prepared]) -> tuple[Floats, Floats]:
        """Probabilities [n, 10], summing to 1, and garment scores [n] in [0, 1].

        Where the network does not say whether there is a garment, its likeliest class's
        probability stands for it.
        """
        probabilities = np.zeros((len(pictures), len(LABELS)), np.float32)
        scores = np.zeros(len(pictures), np.float32)
        for kind, places, pixels in grouped(pictures):
            outputs = self.outputs(kind, pixels)
            probabilities[places], scores[places] = self.read(kind, outputs)
        return probabilities, scores

    def outputs(self, kind: Kind, images: Floats) -> Floats:
        """Logits for prepared images [n, height, width, channels]: [n, 11], or [n, 10] without
        that of a garment. A photo that does not lie upright is turned.
        """
        if self._branches[kind].outputs == len(LABELS) + 1 + orientation.LOGITS:
            return orientation.upright(partial(self.outputs_as_they_lie, kind), images)
        return self.outputs_as_they_lie(kind, images)

    def outputs_as_they_lie(self, kind: Kind, images: Floats) -> Floats:
        """As `outputs`, with no photo turned: [n, 14] where the network says how they lie."""
        name = self._names[kind]
        outputs = self._network.outputs(name, images)
        if kind in self.config.mirrored:
            flipped = np.ascontiguousarray(images[:, :, ::-1])
            outputs = (outputs + self._network.outputs(name, flipped)) / 2.0
        if len(self._network.branches) == 1 and outputs.shape[1] == len(LABELS):
            return np.log(np.clip(outputs, 1e-9, 1.0))
        return outputs

    def read(self, kind: Kind, outputs: Floats) -> tuple[Floats, Floats]:
        """What `predict` makes of the logits [n, 10 or 11] of pictures of a kind."""
        config = self.config
        temperature = config.photo_temperature if kind == "photo" else config.small_temperature
        scaled = outputs[:, : len(LABELS)] / temperature
        exponents = np.exp(scaled - scaled.max(axis=1, keepdims=True))
        probabilities = exponents / exponents.sum(axis=1, keepdims=True)
        if outputs.shape[1] == len(LABELS):
            return probabilities, probabilities.max(axis=1)
        garment = outputs[:, -1] / config.garment_temperature + config.garment_bias
        return probabilities, (1.0 / (1.0 + np.exp(-garment))).astype(np.float32)


def grouped(pictures: Sequence[Prepared]) -> Iterator[tuple[Kind, list[int], Floats]]:
    """Those of a kind and shape together: the kind, their places, and their pixels, stacked."""
    alike: dict[tuple[Kind, tuple[int, ...]], list[int]] = {}
    for place, each in enumerate(pictures):
        alike.setdefault((each.kind, each.pixels.shape), []).append(place)
    for (kind, _), places in alike.items():
        yield kind, places, np.stack([pictures[place].pixels for place in places])


def _names(network: Network) -> dict[Kind, str]:
    """By which branch each kind of picture goes."""
    names = list(network.branches)
    if set(KINDS) <= set(names):
        return {kind: kind for kind in KINDS}
    if len(names) != 1:
        raise UnusableModelError("It has several branches, but none called photo and small.")
    return dict.fromkeys(KINDS, names[0])


def _fits(branch: Branch) -> bool:
    logits = len(LABELS) + 1
    if branch.outputs == logits + orientation.LOGITS:  # its photos are turned: width for height
        return branch.channels in (1, 3) and branch.height == branch.width
    return branch.channels in (1, 3) and branch.outputs in (len(LABELS), logits)


def _with_shapes(config: ServingConfig, branches: Mapping[Kind, Branch]) -> ServingConfig:
    """The config with the shapes that a network asks for if it takes one only."""
    photo, small = branches["photo"], branches["small"]
    if photo.height and photo.width:
        config = replace(config, photo_shapes=((photo.height, photo.width),))
        if small is photo:
            config = replace(config, small_shape=None)
    if small is not photo and small.height and small.width:
        config = replace(config, small_shape=(small.height, small.width))
    if not config.photo_shapes:
        raise UnusableModelError("It takes pictures of any size: its config lacks `photo_shapes`.")
    return config
