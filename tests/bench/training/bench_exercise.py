"""Training the exercise's network: the article's script, line for line, against our `train`.

Both train the same layers on the same images for five epochs of batches of 32, each from the
prepared data set on the disk to the trained network, in this process, which has imported all that
they need. The script shows no progress, as a bar costs it time that it need not lose. Ours tries
the test images after each epoch as well, which the script does not.
"""

import math
import statistics
import time
import warnings
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import tensorflow as tf
import tensorflow_datasets as tfds
from rich.console import Console

from model.common.settings import Settings
from model.datasets.sources import fashion_mnist
from model.training import exercise
from model.training.exercise import Hyperparameters
from tests.bench.lab.measure import Measure

ROUNDS = 3
EPOCHS = 5
BATCH_SIZE = 32
# Seeds over which ours is trained for its accuracy, beyond the rounds': it takes but seconds.
MORE_SEEDS = 5
# The spread of an accuracy over seeds, twice.
SPREADS = 2.0

Trained = tuple[float, keras.Model]  # seconds of the clock, and what came of them


def measures() -> list[Measure]:
    """The seconds of both, in turn, and their accuracies on the test images."""
    settings = Settings()
    try:
        images, labels = fashion_mnist.arrays("test", settings)
        # Prepared once, like the other's data set.
        fashion_mnist.arrays("train", settings)
    except fashion_mnist.NoFashionMnistError as error:
        print(error)
        return []
    warnings.filterwarnings("ignore")  # Keras has some for the script
    tfds.disable_progress_bar()
    seconds: dict[str, list[float]] = {"script": [], "ours": []}
    right: dict[str, list[float]] = {"script": [], "ours": []}
    sides: dict[str, Callable[[int, Settings], Trained]] = {"script": script, "ours": ours}
    for seed in range(ROUNDS):
        for name, side in sides.items():
            taken, network = side(seed, settings)
            seconds[name].append(taken)
            right[name].append(accuracy(network, images, labels))
    for seed in range(ROUNDS, ROUNDS + MORE_SEEDS):
        right["ours"].append(accuracy(ours(seed, settings)[1], images, labels))
    script_accuracy = statistics.mean(right["script"])
    spread = statistics.stdev(right["ours"])
    return [
        Measure.at_least(
            "trainings of the exercise's network in an hour, against the article's script",
            3600 / statistics.median(seconds["ours"]),
            "/h",
            against=3600 / statistics.median(seconds["script"]),
            times=4,
        ),
        Measure.shown(
            "seconds of one such training",
            statistics.median(seconds["ours"]),
            "s",
            against=statistics.median(seconds["script"]),
        ),
        Measure.at_least(
            f"its test accuracy, at least the script's less {SPREADS:g} spreads over seeds",
            100 * statistics.mean(right["ours"]),
            "%",
            against=100 * script_accuracy,
            limit=round(100 * (script_accuracy - SPREADS * spread), 1),
        ),
    ]


def script(seed: int, settings: Settings) -> Trained:
    """The article's, but for the seed, the folder of the data and the bar that it draws."""
    prepared = settings.data_dir.resolve() / "tensorflow_datasets"
    keras.utils.set_random_seed(seed)
    started = time.monotonic()
    data, metadata = tfds.load(
        "fashion_mnist", as_supervised=True, with_info=True, data_dir=prepared
    )
    train_data, test_data = data["train"], data["test"]

    def normalise(images: Any, labels: Any) -> tuple[Any, Any]:
        images = tf.cast(images, tf.float32)
        images /= 255
        return images, labels

    train_data = train_data.map(normalise)
    test_data = test_data.map(normalise)
    train_data = train_data.cache()
    test_data = test_data.cache()
    model = keras.Sequential(
        [
            keras.layers.Flatten(input_shape=(28, 28, 1)),
            keras.layers.Dense(50, activation="relu"),
            keras.layers.Dense(50, activation="relu"),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile(
        optimizer="adam",
        loss=keras.losses.SparseCategoricalCrossentropy(),
        metrics=["accuracy"],
    )
    train_count = metadata.splits["train"].num_examples
    train_data = train_data.repeat().shuffle(60000).batch(BATCH_SIZE)
    test_data = test_data.batch(BATCH_SIZE)
    model.fit(
        train_data,
        epochs=EPOCHS,
        steps_per_epoch=math.ceil(train_count / BATCH_SIZE),
        verbose=0,
    )
    return time.monotonic() - started, model


def ours(seed: int, settings: Settings) -> Trained:
    """What `python -m model train` does."""
    started = time.monotonic()
    examples = fashion_mnist.arrays("train", settings)
    test_examples = fashion_mnist.arrays("test", settings)
    hyper = Hyperparameters(epochs=EPOCHS, batch_size=BATCH_SIZE, seed=seed)
    network, _ = exercise.train(hyper, examples, test_examples, Console(quiet=True))
    return time.monotonic() - started, network


def accuracy(network: keras.Model, images: Any, labels: Any) -> float:
    """The share of the test images that the network names rightly."""
    said = network.predict(images[..., None].astype(np.float32) / 255.0, 1000, verbose=0)
    return float((said.argmax(axis=1) == labels).mean())
