"""Answers and reports that nobody had to wait for."""

import numpy as np

from model.common.labels import NAMES
from model.common.registry.serving_config import ServingConfig
from model.evaluation.metrics import Answers, measure, measure_things
from model.evaluation.report import Report
from model.evaluation.robustness import Robustness, ShapeAccuracy, Turned
from model.evaluation.thresholds import tradeoff

CARD = ServingConfig(
    version="made-up-1",
    network="litenet",
    photo_shapes=((96, 96), (112, 84)),
    small_shape=(28, 28),
    sure=0.6,
    garment=0.3,
)
CLASSES = len(NAMES)


def certain(*classes: int) -> np.ndarray:
    """One probability of 1 a row, [n, 10]."""
    return np.eye(CLASSES)[list(classes)]


def answers(
    probabilities: np.ndarray, scores: list[float] | None = None, config: ServingConfig = CARD
) -> Answers:
    """Answers with these garment scores, or with scores of 1."""
    found = np.ones(len(probabilities)) if scores is None else np.array(scores)
    return Answers(config, probabilities, found)


def report() -> Report:
    """A report on everything, of a model that is right three times in four."""
    generator = np.random.default_rng(0)
    # No bags; sixty trousers, and twenty or fewer of each other class.
    labels = np.repeat([0, 1, 2, 3, 4, 5, 6, 7, 9], [20, 60, 20, 20, 20, 20, 20, 20, 10])
    garments = random_answers(generator, labels, (0.25, 1.0))
    others = {
        "garments": random_answers(generator, np.zeros(30, int), (0.0, 0.7)),
        "shoes": random_answers(generator, np.zeros(6, int), (0.1, 0.9)),
    }
    things = random_answers(generator, np.zeros(40, int), (0.0, 0.4))
    bags = random_answers(generator, np.full(12, 8), (0.5, 1.0))
    plain = np.arange(100) % CLASSES
    right = np.eye(CLASSES, dtype=bool)
    kinds = [("car", "cat", "map", "wild_cat")[number % 4] for number in range(40)]
    robustness = Robustness(
        upright=Turned(degrees=0, accuracy=0.9, sure_and_wrong=0.03),
        turned=[
            Turned(degrees=degrees, accuracy=accuracy, sure_and_wrong=0.05)
            for degrees, accuracy in ((90, 0.85), (180, 0.91), (270, 0.85))
        ],
        tall=ShapeAccuracy(photos=50, accuracy=0.88),
        others=ShapeAccuracy(photos=150, accuracy=0.91),
    )
    return Report(
        model="made-up-1",
        file="folder/made-up.keras",
        file_bytes=3_141_593,
        parameters=654_321,
        sure=CARD.sure,
        garment=CARD.garment,
        fashion_mnist=measure(random_answers(generator, plain, (0.9, 1.0)), plain, right[plain]),
        photos=measure(garments, labels, right[labels], others),
        bags=measure(bags, np.full(12, 8), right[np.full(12, 8)]),
        robustness=robustness,
        things=measure_things(garments, things, kinds),
        tradeoff=tradeoff(garments, right[labels], others, things),
    )


def random_answers(
    generator: np.random.Generator, labels: np.ndarray, scores: tuple[float, float]
) -> Answers:
    """Answers right in three of four cases, with garment scores between two bounds."""
    count = len(labels)
    said = np.where(generator.random(count) < 0.75, labels, (labels + 1) % CLASSES)
    confidence = generator.uniform(0.3, 1.0, (count, 1))
    spread = np.full((count, CLASSES), (1.0 - confidence) / (CLASSES - 1))
    probabilities = np.where(np.eye(CLASSES, dtype=bool)[said], confidence, spread)
    return Answers(CARD, probabilities, generator.uniform(*scores, count))
