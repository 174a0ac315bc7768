"""The pictures of a retraining's outcome."""

import io

from matplotlib.figure import Figure

from model.evaluation import figures
from model.retraining.candidate import Learned
from model.retraining.comparison import Held, Tried
from model.serving.classifier import Classifier


def album(learned: Learned, classifier: Classifier, held: Held, tried: Tried) -> list[bytes]:
    """As PNG: the loss per epoch, 25 predictions, the confusion on Fashion-MNIST and on photos."""
    probabilities, _ = classifier.predict_arrays(held.images[: figures.COUNT])
    learning, held_back = zip(*learned.losses, strict=True)
    drawn = [
        figures.loss(learning, held_back, names=("as it learned", "held-back pictures")),
        figures.predictions(held.images, held.labels, probabilities),
        figures.confusion(tried.fashion_mnist.confusion, of="Fashion-MNIST"),
    ]
    if tried.photos:
        drawn.append(figures.confusion(tried.photos.confusion, of="validation photos"))
    return [_png(figure) for figure in drawn]


def _png(figure: Figure) -> bytes:
    file = io.BytesIO()
    figure.savefig(file, format="png")
    return file.getvalue()
