"""The JSON file next to a network's: how to prepare its inputs and read its outputs."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self, cast

from pydantic import ConfigDict, Field, TypeAdapter

from model.common.prediction import Verdict

SHIPPED = Path(__file__).parents[2] / "weights" / "modista.keras"
COMPILED = SHIPPED.with_suffix(".tflite")

# What is shown to the network as a photo, and what as a small picture such as Fashion-MNIST's.
Kind = Literal["photo", "small"]
KINDS: tuple[Kind, ...] = ("photo", "small")
Precision = Literal["float32", "float16", "int8"]
Side = Annotated[int, Field(gt=0)]  # in pixels
Shape = tuple[Side, Side]  # height and width
Temperature = Annotated[float, Field(gt=0)]
Share = Annotated[float, Field(gt=0, le=1)]
SMALL = 64  # pixels; both sides of a small picture fit into it


@dataclass(frozen=True, slots=True, kw_only=True)
class ServingConfig:
    """The way pictures are shown to a network and its outputs are read.

    Of a photo's sides the share `photo_crop` is shown, around its middle. It is stretched to the
    one of `photo_shapes` whose ratio of height to width is nearest to its own; a picture whose
    sides both fit into SMALL pixels to `small_shape`, if there is one. A network that takes one
    shape only may do without either. Of the kinds in `mirrored` the mirror image is shown as well,
    and the outputs' mean is taken.

    `photo_temperature` and `small_temperature` divide the classes' logits before the softmax (Guo
    et al. 2017, https://arxiv.org/abs/1706.04599); `garment_temperature` and `garment_bias` do the
    same for the garment's logit: sigmoid(logit / temperature + bias). At or above `sure` the
    likeliest class is named alone; below `garment` there is none of our garments in the picture.

    Of the compiled form: its `precision`, and in `compiled_from` the SHA-256 of the Keras file that
    it was made from. `parameters` counts the network's weights.
    """

    # A field that this release does not know may change what the others mean.
    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    version: str
    network: str = ""
    photo_shapes: tuple[Shape, ...] = ()
    photo_crop: Share = 1.0
    small_shape: Shape | None = None
    mirrored: tuple[Kind, ...] = ()
    photo_temperature: Temperature = 1.0
    small_temperature: Temperature = 1.0
    garment_temperature: Temperature = 1.0
    garment_bias: float = 0.0
    sure: float = 0.6
    garment: float = 0.0
    parameters: int = 0
    precision: Precision = "float32"
    compiled_from: str = ""

    def verdict(self, probability: float, garment_score: float) -> Verdict:
        """The verdict for the likeliest class's probability."""
        if garment_score < self.garment:
            return "none"
        return "sure" if probability >= self.sure else "unsure"

    def kind_of(self, size: Shape) -> Kind:
        """What a picture of this height and width is shown as."""
        return "small" if self.small_shape and max(size) <= SMALL else "photo"

    def shape_for(self, size: Shape) -> Shape:
        """The shape that a picture of this height and width is stretched to.

        Raises ValueError if the config has none.
        """
        if self.small_shape and self.kind_of(size) == "small":
            return self.small_shape
        ratio = math.log(size[0] / size[1])
        return min(self.photo_shapes, key=lambda each: abs(math.log(each[0] / each[1]) - ratio))

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> Self:
        """From the values of its JSON, as this or an earlier release wrote them.

        Raises ValueError if they are something else.
        """
        return TypeAdapter(cls).validate_python(_renamed(values))

    @classmethod
    def next_to(cls, path: Path) -> Self:
        """The config of the network in `path`; a plain one, named after the file, if it has none.

        Raises ValueError if the JSON file is something else.
        """
        file = path.with_suffix(".json")
        if not file.is_file():
            return cls(version=path.stem)
        return cls.read(json.loads(file.read_text(encoding="utf-8")))

    def as_json(self) -> dict[str, Any]:
        """Its values as JSON has them."""
        return cast("dict[str, Any]", TypeAdapter(type(self)).dump_python(self, mode="json"))

    def write_next_to(self, path: Path) -> None:
        """Write the config next to the network in `path`."""
        text = json.dumps(self.as_json(), indent=2) + "\n"
        path.with_suffix(".json").write_text(text, encoding="utf-8")


def compiled_form(file: Path) -> Path | None:
    """The compiled form next to FILE.keras; None if there is none, or it is another file's.

    A FILE.tflite is its own.
    """
    compiled = file.with_suffix(".tflite")
    if not compiled.is_file() or file == compiled:
        return compiled if file == compiled else None
    try:
        origin = ServingConfig.next_to(file).compiled_from
    except ValueError:
        return None
    return compiled if origin == sha256(file.read_bytes()).hexdigest() else None


_LIST = TypeAdapter(list[float])


def _renamed(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a config by today's names.

    Before networks had two branches, one input took squares of two `sides`, with a temperature for
    each.
    """
    renamed = dict(values)
    if "sides" not in values and "temperatures" not in values:
        return renamed
    sides, temperatures, mirrored = (
        _LIST.validate_python(renamed.pop(name, ()))
        for name in ("sides", "temperatures", "mirrored")
    )
    kinds: tuple[Kind, ...] = ("photo",) if len(sides) < 2 else ("small", "photo")
    if len(sides) > 2 or len(temperatures) > len(kinds):
        raise ValueError("Models for pictures of more than two sizes can no longer be served.")
    by_kind = dict(zip(kinds, sides, strict=False))
    renamed["mirrored"] = [kind for kind, side in by_kind.items() if side in mirrored]
    if "photo" in by_kind:
        renamed["photo_shapes"] = [[by_kind["photo"]] * 2]
    if "small" in by_kind:
        renamed["small_shape"] = [by_kind["small"]] * 2
    for kind, temperature in zip(kinds, temperatures, strict=False):
        renamed[f"{kind}_temperature"] = temperature
    return renamed
