"""Photos that do not lie upright are turned and shown again."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from model.common.registry.serving_config import ServingConfig
from model.serving.classifier import Classifier, UnusableModelError
from model.serving.compiled_network import Branch, Floats
from model.serving.orientation import AS_IT_CAME, upright

HEIGHT, WIDTH = 6, 4
SIDES = (0, 1, 2, 1)  # how a photo lies that was turned by 0, 90, 180, 270°


def photo(quarters: int, number: int = 0) -> Floats:
    """A photo whose top row is light, turned; `number` tells it from others."""
    pixels = np.zeros((HEIGHT, WIDTH, 1), np.float32)
    pixels[0], pixels[2, 1] = 1.0, number / 10.0
    return np.rot90(pixels, quarters)


def said(images: Floats) -> Floats:
    """Two logits, of the corner pixels as they are shown, and the three of the lie."""
    edges = [images[:, 0], images[:, :, 0], images[:, -1], images[:, :, -1]]
    light = np.stack([edge.mean(axis=(1, 2)) for edge in edges], axis=1).argmax(axis=1)
    lies = np.eye(3, dtype=np.float32)[np.array(SIDES)[light]]
    number = images.sum(axis=(1, 2, 3))
    return np.concatenate([np.stack([light + 1.0, number], axis=1), lies], axis=1)


def together(photos: Sequence[Floats]) -> Floats:
    return np.stack(photos).astype(np.float32)


@given(st.lists(st.sampled_from([0, 2]), min_size=1, max_size=5), st.booleans())
def test_each_photo_is_turned_by_as_much_as_it_lies_wrong(turns: list[int], side: bool) -> None:
    turns = [turn + side for turn in turns]
    photos = together([photo(turn, number) for number, turn in enumerate(turns)])

    logits = upright(said, photos)

    first = said(photos)[:, :2]
    lying = said(together([photo(0, number) for number in range(len(turns))]))[:, :2]
    turned = np.array(turns)[:, None] > 0
    expected = np.where(turned, (lying + AS_IT_CAME * first) / (1.0 + AS_IT_CAME), first)
    np.testing.assert_allclose(logits, expected, atol=1e-5)


def test_only_those_that_lie_wrong_are_shown_again() -> None:
    counts = []

    def counted(images: Floats) -> Floats:
        counts.append(len(images))
        return said(images)

    upright(counted, together([photo(0), photo(2), photo(0)]))
    assert counts == [3, 1]
    counts.clear()
    upright(counted, together([photo(1), photo(3)]))
    assert counts == [2, 2, 1], "turned once, all are upright but the one that is upside down"


class Compass:
    """A network that says class 0 of a photo whose top is light, class 1 of any other."""

    def __init__(self, height: int | None, width: int | None) -> None:
        self.branches = {"photo": Branch(height, width, 3, 14), "small": Branch(28, 28, 1, 11)}

    def outputs(self, branch: str, images: Floats) -> Floats:
        logits = np.zeros((len(images), 11), np.float32)
        if branch == "small":
            return logits
        _, lies = np.split(said(images[..., :1]), [2], axis=1)
        logits[np.arange(len(images)), np.where(lies[:, 0] > 0, 0, 1)] = 20.0
        return np.concatenate([logits, lies], axis=1)


def test_a_turned_photo_is_answered_as_the_upright_one() -> None:
    shapes = ((80, 80), (96, 64), (64, 96))
    config = ServingConfig(version="a", photo_shapes=shapes, small_shape=(28, 28))
    classifier = Classifier(Compass(None, None), config)
    pixels = np.zeros((300, 200, 3), np.uint8)
    pixels[:60] = 255
    turned = [Image.fromarray(np.ascontiguousarray(np.rot90(pixels, n))) for n in range(4)]

    predictions = classifier.classify(turned)

    assert [int(np.argmax(each.probabilities)) for each in predictions] == [0, 0, 0, 0]


def test_a_network_of_one_oblong_shape_cannot_say_how_photos_lie() -> None:
    with pytest.raises(UnusableModelError):
        Classifier(Compass(96, 64), ServingConfig(version="a", small_shape=(28, 28)))
    Classifier(Compass(64, 64), ServingConfig(version="a", small_shape=(28, 28)))
