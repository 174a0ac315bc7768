"""A model's metrics, computed from its answers alone."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Self

import numpy as np
from numpy.typing import NDArray

from model.common.labels import NAMES
from model.common.registry.serving_config import ServingConfig

Floats = NDArray[np.floating]
Flags = NDArray[np.bool_]

BINS = 15  # of the calibration error, as in Guo et al. 2017
WORST = 5  # kinds of picture that are named
SHOES = [NAMES.index(name) for name in ("Sandal", "Sneaker", "Ankle boot")]


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers to n pictures: probabilities [n, 10] and garment scores [n], both in [0, 1].

    `config` is of the model that gave them; its thresholds make the verdicts.
    """

    config: ServingConfig
    probabilities: Floats
    scores: Floats

    def __len__(self) -> int:
        return len(self.scores)

    @property
    def confidences(self) -> Floats:
        """The likeliest classes' probabilities, [n]."""
        return np.asarray(self.probabilities.max(axis=1))

    @property
    def verdicts(self) -> NDArray[np.str_]:
        """What is said of each, [n]: "sure", "unsure" or "none"."""
        pairs = zip(self.confidences, self.scores, strict=True)
        return np.array([self.config.verdict(float(p), float(score)) for p, score in pairs], str)

    def where(self, mask: Flags) -> Self:
        """The answers that a mask [n] chooses."""
        return type(self)(self.config, self.probabilities[mask], self.scores[mask])


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """The answers whose confidence lies in one of BINS equal intervals from 0 to 1.

    `confidence` is their mean, `accuracy` the share that is right; None if `count` is 0.
    """

    count: int
    confidence: float | None
    accuracy: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdicts:
    """The shares of the three verdicts on pictures of garments, and how right they are.

    `sure_accuracy`: of the pictures named without a doubt, the share named rightly;
    `unsure_accuracy`: of those given two names, the share for which one is right. None if the
    verdict was never given.
    """

    sure: float
    unsure: float
    none: float
    sure_accuracy: float | None
    unsure_accuracy: float | None

    @property
    def sure_and_wrong(self) -> float:
        """The share of all pictures answered “sure” and wrong."""
        return 0.0 if self.sure_accuracy is None else self.sure * (1.0 - self.sure_accuracy)


@dataclass(frozen=True, slots=True, kw_only=True)
class Negatives:
    """The results on `photos` photos that show none of the ten garments.

    `auroc` says how well the garment score tells photos of garments from them; `none`, `unsure` and
    `sure` are the shares of them that are answered so.
    """

    photos: int
    auroc: float
    none: float
    unsure: float
    sure: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """A model's results on `images` pictures that show a garment.

    `loss` is the mean negative log-likelihood of the right classes; `macro_accuracy` the mean of
    `per_class`, which leaves out classes that did not occur. `confusion[true][predicted]` counts
    pictures, those named by a second accepted class with the right ones. `ece` is computed from
    `reliability`, see `calibration_error`. `shoes_none` and `rest_none` are the shares of sandals,
    sneakers and ankle boots and of all else that are answered "none", None if there are none.
    `others` has the results on other clothes, by what they are: "garments" or "shoes".
    """

    images: int
    accuracy: float
    macro_accuracy: float
    loss: float
    ece: float
    per_class: dict[str, float]
    confusion: list[list[int]]
    reliability: list[Bin]
    verdicts: Verdicts
    shoes_none: float | None = None
    rest_none: float | None = None
    others: dict[str, Negatives] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind(Negatives):
    """The results on one kind of thing."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Things(Negatives):
    """How well photos of things are told from `garments` photos of garments.

    The things are no garments, and of `kinds` kinds that training never saw. `worst` holds the
    kinds with the least AUROC, the least first.
    """

    garments: int
    kinds: int
    worst: list[Kind]


def measure(
    answers: Answers,
    labels: NDArray[np.int64],
    right: Flags,
    others: Mapping[str, Answers] | None = None,
) -> Measures:
    """The measures of answers to n pictures of garments, and to `others`, as in `Measures`.

    labels [n] are the true classes; right [n, 10] marks every class that is accepted.
    """
    probabilities = answers.probabilities
    predicted = probabilities.argmax(axis=1)
    hits = right[np.arange(len(labels)), predicted]
    likelihood = np.where(right, probabilities, 0.0).sum(axis=1)
    per_class = {
        name: float(hits[labels == index].mean())
        for index, name in enumerate(NAMES)
        if (labels == index).any()
    }
    bins = reliability(answers.confidences, hits)
    none, shoes = answers.verdicts == "none", np.isin(labels, SHOES)
    return Measures(
        images=len(labels),
        accuracy=float(hits.mean()),
        macro_accuracy=float(np.mean(list(per_class.values()))),
        # Clipped, so that one hopeless picture does not make it infinite.
        loss=float(-np.log(np.clip(likelihood, 1e-12, 1.0)).mean()),
        ece=calibration_error(bins),
        per_class=per_class,
        confusion=confusion_matrix(labels, np.where(hits, labels, predicted)).tolist(),
        reliability=bins,
        verdicts=verdicts(answers, right),
        shoes_none=_mean(none[shoes]),
        rest_none=_mean(none[~shoes]),
        others={what: negatives(answers, each) for what, each in (others or {}).items()},
    )


def negatives(garments: Answers, others: Answers) -> Negatives:
    """How well pictures of none of the ten, at least one, are told from garments."""
    return Negatives(
        photos=len(others),
        auroc=told_apart(garments, others),
        none=share(others, "none"),
        unsure=share(others, "unsure"),
        sure=share(others, "sure"),
    )


def measure_things(garments: Answers, things: Answers, kinds: Sequence[str]) -> Things:
    """How photos of things, of these kinds [n], are told from photos of garments."""
    of_kind = np.array(kinds)
    found = [
        Kind(name=name, **asdict(negatives(garments, things.where(of_kind == name))))
        for name in dict.fromkeys(kinds)
    ]
    return Things(
        **asdict(negatives(garments, things)),
        garments=len(garments),
        kinds=len(found),
        worst=sorted(found, key=lambda kind: kind.auroc)[:WORST],
    )


def reliability(confidences: Floats, hits: Flags, bins: int = BINS) -> list[Bin]:
    """The answers in bins of equal width by confidence [n], with the share of hits [n] in each.

    Guo et al. 2017, section 2, https://arxiv.org/abs/1706.04599.
    """
    # A bin holds its upper edge: (0, 1/15], (1/15, 2/15] ….
    places = np.clip(np.ceil(confidences * bins).astype(int) - 1, 0, bins - 1)
    chosen = [places == place for place in range(bins)]
    return [
        Bin(
            count=int(inside.sum()),
            confidence=float(confidences[inside].mean()) if inside.any() else None,
            accuracy=float(hits[inside].mean()) if inside.any() else None,
        )
        for inside in chosen
    ]


def calibration_error(bins: Sequence[Bin]) -> float:
    """The expected calibration error: the mean gap between confidence and accuracy, by count.

    Guo et al. 2017, equation 3, https://arxiv.org/abs/1706.04599.
    """
    gaps = [
        found.count * abs(found.confidence - found.accuracy)
        for found in bins
        if found.confidence is not None and found.accuracy is not None
    ]
    return sum(gaps) / sum(found.count for found in bins)


def verdicts(answers: Answers, right: Flags) -> Verdicts:
    """The verdicts on pictures of garments; right [n, 10] marks the accepted classes."""
    said = answers.verdicts
    # Stable, so that of equals the same are named as by `Prediction.ranked`.
    ranked = np.argsort(-answers.probabilities, axis=1, kind="stable")
    first, second = np.take_along_axis(right, ranked[:, :2], axis=1).T
    return Verdicts(
        sure=share(answers, "sure"),
        unsure=share(answers, "unsure"),
        none=share(answers, "none"),
        sure_accuracy=_mean(first[said == "sure"]),
        unsure_accuracy=_mean((first | second)[said == "unsure"]),
    )


def share(answers: Answers, verdict: str) -> float:
    """The share of the answers with this verdict; there must be some answers."""
    return float((answers.verdicts == verdict).mean())


def told_apart(garments: Answers, others: Answers) -> float:
    """The AUROC of the garment score: pictures of garments against pictures without."""
    scores = np.concatenate([garments.scores, others.scores])
    return auroc(scores, np.arange(len(scores)) < len(garments))


def auroc(scores: Floats, positive: Flags) -> float:
    """The chance that a positive scores above a negative, a tie counting half.

    It is the area under the ROC curve, as the Mann-Whitney U statistic (Hanley and McNeil 1982).
    Scores [n], positive [n] with both kinds in it; 0.5 is guessing.
    """
    _, places, counts = np.unique(scores, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    ranks = (last - (counts - 1) / 2)[places]  # from 1, equal scores sharing their mean
    positives = int(positive.sum())
    pairs = positives * (len(scores) - positives)
    return float((ranks[positive].sum() - positives * (positives + 1) / 2) / pairs)


def confusion_matrix(labels: NDArray[np.int64], predicted: NDArray[np.int64]) -> NDArray[np.int64]:
    """Counts [true, predicted], [10, 10]."""
    counts = np.zeros((len(NAMES), len(NAMES)), np.int64)
    np.add.at(counts, (labels, predicted), 1)
    return counts


def _mean(flags: Flags) -> float | None:
    return float(flags.mean()) if len(flags) else None
