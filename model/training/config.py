"""The numbers of the recipe's photo branch."""

from dataclasses import dataclass, field

from model.datasets.views import ViewConfig
from model.training.loop import Schedule

# A photo is shown in the shape whose ratio is nearest to its own, (height, width) in px. All have
# about the area of a square of 160 px.
PHOTO_SHAPES = ((160, 160), (184, 136), (208, 120), (136, 184), (120, 208))


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoBranchConfig:
    """Every number of the photo branch's training, see `model.training.photo_branch`.

    `views`: how many views are drawn of each photo, thing, bag and pasted bag. `shares`: of a
    batch, how much is garments, bags, other clothes and things. A class of garments is drawn in
    proportion to its count to the power `balance`.
    """

    pretrained: bool = True  # starts from EfficientNet-Lite2's weights; else from random ones
    frozen_blocks: int = 15
    source_side: int = 240  # px; a photo's area before it is cropped and turned
    views: tuple[int, int, int, int] = (8, 2, 5, 5)
    view: ViewConfig = field(default_factory=ViewConfig)
    shares: tuple[float, float, float, float] = (0.62, 0.05, 0.15, 0.18)
    balance: float = 0.3
    smoothing: float = 0.05
    also_accepted: float = 0.3
    mixed: float = 0.3  # the share of features that another picture's shine through
    batch: int = 64
    schedule: Schedule = field(
        default_factory=lambda: Schedule(
            epochs=10, steps=200, learning_rate=5e-4, warm_up=100, ema_momentum=0.995, alpha=0.02
        )
    )
