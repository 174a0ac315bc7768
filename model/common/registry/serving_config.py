"""What stands beside a network's file: its version, calibration and thresholds, as JSON."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from model.common.prediction import Verdict

SHIPPED = Path(__file__).parents[2] / "weights" / "modista.keras"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCard:
    """How to read a network's output.

    `temperatures` divide the logits before the softmax, one for each of `sides` (Guo et al. 2017,
    https://arxiv.org/abs/1706.04599); `garment_temperature` and `garment_bias` do the same for the
    garment's logit: sigmoid(logit / temperature + bias). At or above `sure` the likeliest class is
    named alone; below `garment` there is none of our garments in the picture.
    `sides`: in pixels, ascending, for a network that takes any: a picture is shown to it as a
    square of the smallest of them that holds it, or of the largest. `mirrored`: those of `sides` at
    which its mirror image is shown as well and the outputs' mean is taken.
    """

    version: str
    network: str = ""
    sides: tuple[int, ...] = ()
    mirrored: tuple[int, ...] = ()
    temperatures: tuple[float, ...] = (1.0,)
    garment_temperature: float = 1.0
    garment_bias: float = 0.0
    sure: float = 0.6
    garment: float = 0.0

    def verdict(self, probability: float, garment_score: float) -> Verdict:
        """The verdict for the likeliest class's probability."""
        if garment_score < self.garment:
            return "none"
        return "sure" if probability >= self.sure else "unsure"

    @classmethod
    def beside(cls, path: Path) -> Self:
        """The card of the network in `path`; a plain one, named after the file, if it has none."""
        file = path.with_suffix(".json")
        if not file.is_file():
            return cls(version=path.stem)
        fields = json.loads(file.read_text(encoding="utf-8"))
        lists = {name: tuple(value) for name, value in fields.items() if isinstance(value, list)}
        return cls(**fields | lists)

    def write_beside(self, path: Path) -> None:
        """Write the card next to the network in `path`."""
        text = json.dumps(asdict(self), indent=2) + "\n"
        path.with_suffix(".json").write_text(text, encoding="utf-8")
