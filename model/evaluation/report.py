"""The report of `python -m model evaluate`; `model.evaluation.tables` has its tables."""

import json
from dataclasses import asdict, dataclass

from model.evaluation.metrics import Measures, Things
from model.evaluation.robustness import Robustness
from model.evaluation.thresholds import Tradeoff


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One model's measurements; None for what was not measured.

    `file` is the compiled form, which is what was measured. `sure` and `garment` are its
    thresholds, see `model.common.registry.serving_config.ServingConfig`.
    """

    model: str
    file: str
    file_bytes: int
    parameters: int
    sure: float
    garment: float
    fashion_mnist: Measures | None = None
    photos: Measures | None = None
    bags: Measures | None = None
    robustness: Robustness | None = None
    things: Things | None = None
    tradeoff: Tradeoff | None = None

    @property
    def measured(self) -> dict[str, Measures]:
        """What was measured on pictures of garments, by the pictures' name."""
        found = {
            "photos of garments": self.photos,
            "bags": self.bags,
            "Fashion-MNIST, test": self.fashion_mnist,
        }
        return {name: measures for name, measures in found.items() if measures is not None}

    def everything(self) -> tuple[Measures, Measures, Things]:
        """Of Fashion-MNIST, photos and things. Raises ValueError if one was not measured."""
        if self.fashion_mnist is None or self.photos is None or self.things is None:
            raise ValueError("The report is incomplete: measure on everything.")
        return self.fashion_mnist, self.photos, self.things

    def as_json(self) -> str:
        """One JSON object on one line, without what was not measured.

        The trade-off is left out: it is for the plot, and longer than all the rest.
        """
        found = {key: value for key, value in asdict(self).items() if value is not None}
        found.pop("tradeoff", None)
        return json.dumps(found)
