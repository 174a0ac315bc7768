"""Every number of the training: the recipe's and those of fine-tuning."""

from dataclasses import dataclass, field

from model.datasets.views import ViewConfig
from model.networks.ensemble import Weights
from model.networks.second_opinion import Raised, SecondOpinion
from model.training.loop import Schedule

# A photo is shown in the shape whose ratio is nearest to its own, (height, width) in px. All have
# about the area of a square of 160 px.
PHOTO_SHAPES = ((160, 160), (184, 136), (208, 120), (136, 184), (120, 208))

# Of a photo's sides, how much is shown when it is served. Training views are closer than that, so
# what is shown whole looks smaller than what the network learned (Touvron et al. 2019,
# https://arxiv.org/abs/1906.06423).
PHOTO_CROP = 0.85

# The classes of ImageNet that bags and sandals have to compete with: its other clothes, and the 192
# most often among the three likeliest of a training view.
# fmt: off
IMAGENET_OTHERS = (
    3, 4, 5, 6, 33, 34, 36, 38, 51, 69, 71, 73, 78, 107, 111, 112, 117, 119, 122, 124, 126, 130,
    251, 286, 310, 314, 319, 320, 327, 340, 399, 400, 401, 402, 405, 409, 411, 417, 419, 420,
    431, 433, 434, 439, 443, 445, 452, 456, 457, 459, 461, 462, 464, 465, 471, 473, 474, 477,
    490, 496, 501, 505, 506, 512, 513, 514, 515, 516, 523, 529, 533, 539, 545, 546, 549, 552,
    557, 559, 566, 568, 570, 572, 578, 579, 584, 589, 591, 596, 597, 599, 600, 601, 602, 608,
    610, 611, 614, 615, 616, 617, 619, 623, 630, 638, 639, 643, 646, 652, 655, 657, 658, 667,
    669, 672, 674, 676, 689, 692, 696, 697, 700, 701, 702, 709, 710, 714, 721, 723, 725, 728,
    735, 738, 741, 746, 747, 749, 750, 764, 765, 770, 772, 775, 776, 777, 780, 784, 787, 788,
    792, 793, 794, 796, 797, 805, 806, 808, 812, 813, 818, 824, 828, 830, 831, 834, 840, 841,
    842, 845, 850, 854, 855, 856, 857, 868, 869, 870, 875, 879, 881, 883, 885, 887, 889, 892,
    894, 895, 906, 910, 911, 914, 917, 919, 921, 985, 999,
)
# fmt: on
OPINION = SecondOpinion(
    blocks=(15, 16, 20),
    raised=(
        # Backpack, mailbag, purse, wallet.
        Raised(name="Bag", classes=(414, 636, 748, 893), weight=2.0, garment=1.0, offset=2.0),
        # Clog, sandal.
        Raised(name="Sandal", classes=(502, 774), weight=1.0, garment=0.5),
    ),
    others=IMAGENET_OTHERS,
    margin=-0.7,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrientationConfig:
    """Every number of the orientation's training, see `model.training.orientation_head`."""

    source_side: int = 240  # px
    ridge: float = 1e4
    scale: float = 10.0  # of the logits: the others in the same int8 tensor are of this size
    preferred: float = 0.1  # how far another lie has to exceed upright, before scaling


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsConfig:
    """Every number of the second opinion's rows, see `model.training.imagenet_rows`."""

    source_side: int = 240  # px
    ridge: float = 1e-3


@dataclass(frozen=True, slots=True, kw_only=True)
class Distillation:
    """Every number by which a network learns from those before it.

    `left_out`: the blocks that it does without. As photos are turned upright before they count, it
    sees few that lie otherwise.
    """

    left_out: tuple[int, ...] = ()
    views: tuple[int, int, int, int] = (10, 3, 10, 10)
    shares: tuple[float, float, float, float] = (0.59, 0.1, 0.14, 0.17)
    view: ViewConfig = field(default_factory=lambda: ViewConfig(quarters=(0.88, 0.03, 0.06, 0.03)))
    schedule: Schedule = field(
        default_factory=lambda: Schedule(
            epochs=5, steps=200, learning_rate=2e-4, warm_up=60, ema_momentum=0.99, alpha=0.02
        )
    )


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
    views: tuple[int, int, int, int] = (16, 4, 10, 10)
    view: ViewConfig = field(default_factory=ViewConfig)
    shares: tuple[float, float, float, float] = (0.62, 0.05, 0.15, 0.18)
    balance: float = 0.3
    smoothing: float = 0.05
    also_accepted: float = 0.3
    mixed: float = 0.3  # the share of features that another picture's shine through
    batch: int = 64
    schedule: Schedule = field(
        default_factory=lambda: Schedule(
            epochs=20, steps=200, learning_rate=5e-4, warm_up=100, ema_momentum=0.997, alpha=0.02
        )
    )
    teachers: int = 2  # how many networks labels teach
    distillation: tuple[Distillation, ...] = (
        Distillation(),
        Distillation(
            left_out=(18, 19),
            schedule=Schedule(
                epochs=6, steps=200, learning_rate=4e-4, warm_up=60, ema_momentum=0.995, alpha=0.02
            ),
        ),
    )
    tuned: float = 0.9  # how far to go from the pretrained weights to the tuned ones
    opinion: SecondOpinion | None = OPINION
    rows: RowsConfig = field(default_factory=RowsConfig)
    orientation: OrientationConfig = field(default_factory=OrientationConfig)


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallConfig:
    """Every number of the training of the branch for small pictures."""

    cycles: tuple[tuple[int, float], ...] = (
        (10, 0.1),
        (9, 0.06),
        (52, 0.1),
        (9, 0.03),
    )  # epochs, highest rate
    batch_size: int = 128
    negatives: int = 8  # photos of none of the ten, next to a batch
    garments: int = 6  # photos of the ten, likewise
    momentum: float = 0.9
    weight_decay: float = 5e-4
    label_smoothing: float = 0.05
    garment_weight: float = 0.5  # of "a garment at all" in the loss
    ema_momentum: float = 0.999
    shift: int = 2  # px to either side
    erased: float = 0.5  # the share of pictures with a rectangle erased
    photo_side: int = 36  # px; photos are seen through windows of SIDE px


@dataclass(frozen=True, slots=True, kw_only=True)
class TeacherConfig:
    """Every number of the teacher's own training."""

    pretrained: bool = True  # starts from EfficientNet-Lite2's weights; else from random ones
    frozen_blocks: int = 4  # of the pretrained, how many stay as they are
    networks: int = 2  # trained alike; of a batch each teaches a part
    side: int = 224  # px
    garment_photos: int = 27  # in a batch
    other_photos: int = 5
    mixed: float = 0.5  # the share of pictures that another one shines through
    schedule: Schedule = field(
        default_factory=lambda: Schedule(
            # They stop early, at a high rate: later they learn the photos, and wrong labels, by
            # heart. The weights' moving average does what a falling rate would.
            epochs=7,
            steps=100,
            learning_rate=4e-4,
            warm_up=150,
            ema_momentum=0.995,
            alpha=0.5,
        )
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """The number of images of each kind in a batch, and the softening of their targets."""

    garment_photos: int = 16
    other_photos: int = 4  # shorts, hats …: photos of none of the ten
    corrected: int = 0  # photos whose answers people corrected
    pasted: int = 8
    things: int = 3  # photos of things that are no garment
    empty: int = 2  # backgrounds alone
    plain: int = 96  # Fashion-MNIST as it is
    side: int = 128  # px, of all but the plain
    plain_side: int = 64  # px: they have but 28 to show
    source_side: int = 160  # px; photos are kept at this size and seen through random views
    photo_weight: float = 2.0  # what all but the plain count in the loss, against the plain's 1
    label_smoothing: float = 0.05
    also_accepted: float = 0.3  # the share of the target that a second right class gets
    # A class is drawn in proportion to its count to this power: 1 as it comes, 0 all alike.
    class_balance: float = 0.5
    seldom: float = 2.0  # how much likelier a class of `batches.SELDOM` is pasted than another


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One part of the training: its schedule, and what its batches are made of."""

    schedule: Schedule
    shares: Shares = field(default_factory=Shares)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """Every number of the shipped model's training."""

    network: str = "litenet"
    pretrained: bool = True  # starts from EfficientNet-Lite0's weights; else from random ones
    frozen_blocks: int = 3  # of the pretrained, how many stay as they are
    things: int = 1_600  # photos of things that are no garment
    from_labels: Stage = field(
        default_factory=lambda: Stage(
            schedule=Schedule(
                epochs=30, steps=400, learning_rate=1e-3, warm_up=500, ema_momentum=0.999
            )
        )
    )
    from_teacher: Stage | None = field(
        default_factory=lambda: Stage(
            schedule=Schedule(
                epochs=18, steps=400, learning_rate=5e-4, warm_up=200, ema_momentum=0.999
            ),
            # Fewer photos, as asking the teacher costs more than learning from the answer; and
            # larger ones, as it looks closely.
            shares=Shares(garment_photos=12, other_photos=3, source_side=256),
        )
    )
    teacher_config: TeacherConfig = field(default_factory=TeacherConfig)
    photo_branch: PhotoBranchConfig | None = field(default_factory=PhotoBranchConfig)
    small: SmallConfig = field(default_factory=SmallConfig)
    # Chosen on the validation photos, docs/models/recipe.md has the figures.
    weights: Weights = field(
        default_factory=lambda: Weights(
            litenet_classes=1.2,
            litenet_garment=0.3,
            photo_branch_classes=1.0,
            photo_branch_garment=1.0,
        )
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Tuning:
    """Every number of a fine-tuning, see `model.training.fine_tuning`.

    `photos`, `things` and `small`: how many pictures of each kind are rehearsed at most, so that
    what the network knows stays; small are those of Fashion-MNIST, where the head sees small
    pictures, or there are no photos. `views`: how many views are drawn of a correction, next to it
    as it is.
    """

    schedule: Schedule = field(
        default_factory=lambda: Schedule(
            epochs=4,
            steps=40,
            learning_rate=7e-3,
            warm_up=15,
            weight_decay=0.01,
            ema_momentum=0.9,
        )
    )
    photos: int = 4_000
    things: int = 800
    small: int = 1_000
    views: int = 16
    view: ViewConfig = field(default_factory=ViewConfig)
    source_side: int = 240  # px; a picture's area before it is cropped and turned
    batch: int = 512
    corrected_share: float = 0.35  # of the loss
    smoothing: float = 0.05
