"""The network that ships: three networks as one model with two inputs.

`litenet` knows upright garments best; the photo branch knows photos that lie any way up, bags, and
things that are no garment. A photo is shown to both. A small picture is shown to `smallnet` alone,
moved by a pixel to each side, too.
"""

from dataclasses import dataclass

import keras
from keras import layers, ops

from model.common.labels import LABELS

NAME = "ensemble"
SUM = "photo_logits"  # the layer that adds up what `litenet` and the photo branch say
LITENET_SIDE = 128  # px; the side that `litenet` was trained at


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """The weights of each network in the sum of a photo's logits.

    For the classes, and for the logit of "there is such a garment at all".
    """

    litenet_classes: float
    litenet_garment: float
    photo_branch_classes: float
    photo_branch_garment: float


def ensemble(
    litenet: keras.Model, photo_branch: keras.Model, smallnet: keras.Model, weights: Weights
) -> keras.Model:
    """All three as one.

    Inputs: `photo` [n, height, width, 3] of any size and `small` as `smallnet` takes it, both in
    [0, 1]. Outputs of the same names: logits [n, 11], and of a photo those that the branch has more
    than these: how it lies.
    """
    photo = keras.Input((None, None, 3), name="photo")
    small = keras.Input(smallnet.input_shape[1:], name="small")
    square = layers.Resizing(LITENET_SIDE, LITENET_SIDE, name="square")(photo)
    branch, count = photo_branch(photo), len(LABELS) + 1
    said = [
        _weighed(litenet(square), weights.litenet_classes, weights.litenet_garment),
        _weighed(branch[:, :count], weights.photo_branch_classes, weights.photo_branch_garment),
    ]
    logits = layers.Add(name=SUM)(said)
    if branch.shape[-1] > count:
        logits = layers.Concatenate(name="photo_logits_and_lie")([logits, branch[:, count:]])
    outputs = {"photo": logits, "small": _also_moved(smallnet, small)}
    return keras.Model({"photo": photo, "small": small}, outputs, name=NAME)


def _also_moved(network: keras.Model, pictures: keras.KerasTensor) -> keras.KerasTensor:
    """The mean of what a network says of pictures as they are, and moved by a pixel each way."""
    padded = layers.ZeroPadding2D(1)(pictures)
    moves = ((1, 1), (0, 1), (2, 1), (1, 0), (1, 2))
    moved = [layers.Cropping2D(((y, 2 - y), (x, 2 - x)))(padded) for y, x in moves]
    return layers.Average(name="small_logits")([network(each) for each in moved])


def litenet_of(network: keras.Model) -> keras.Model:
    """The `litenet` in an ensemble, its weights shared with it; any other network itself."""
    return network.get_layer("litenet") if network.name == NAME else network


def photo_branch_of(network: keras.Model) -> keras.Model:
    """The photo branch of an ensemble, its weights shared with it."""
    names = {layer.name: layer for layer in network.layers}
    return names.get("photo_branch") or names["lite2"]


def _weighed(logits: keras.KerasTensor, classes: float, garment: float) -> keras.KerasTensor:
    return logits * ops.convert_to_tensor([[classes] * len(LABELS) + [garment]])
