"""The commands that measure a model: evaluate, failures, card."""

# ruff: noqa: PLC0415 - what is heavy is imported by the command that needs it, so --help is quick

import json
import time
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from model.cli import common, training_common
from model.common.registry.entry import FACTS
from model.common.settings import CLOTHING_PHOTOS, Settings

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from model.datasets.sources.clothing_photos import Row
    from model.evaluation.evaluate import AnsweredPhotos
    from model.evaluation.metrics import Measures
    from model.evaluation.report import Report
    from model.serving.classifier import Classifier

VALIDATION = "validation"

Model = Annotated[Path | None, typer.Option(help="FILE.keras; by default the shipped model.")]
Photos = Annotated[
    Path | None,
    typer.Option(
        show_default=f"DATASETS_DIR/{CLOTHING_PHOTOS}", help="A folder with images/*.jpg."
    ),
]
Labels = Annotated[
    Path | None,
    typer.Option(show_default="labels.csv in --photos", help="What the photos show."),
]
Split = Annotated[str, typer.Option(help="Which photos; or: all.")]


class On(StrEnum):
    """The data that `evaluate` measures on."""

    FASHION_MNIST = "fashion-mnist"
    PHOTOS = "photos"
    BAGS = "bags"
    THINGS = "things"
    ALL = "all"


def evaluate(
    *,
    file: Annotated[
        Path | None, typer.Argument(help="FILE.keras; by default the shipped model.")
    ] = None,
    on: Annotated[
        On | None,
        typer.Option(show_default="all if there are photos, otherwise fashion-mnist"),
    ] = None,
    photos: Photos = None,
    labels: Labels = None,
    split: Split = VALIDATION,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Measure a model: on Fashion-MNIST's test images, and on photos of garments, bags and things.

    A photo counts as right when its prediction is its `garment` or `also_accepted`. Photos of none
    of the ten, and of things that are no garment, show what the garment score is worth.
    """
    settings = common.settings()
    if on is None:
        has_photos = photos is not None or _photos_folder(settings) is not None
        on = On.ALL if has_photos else On.FASHION_MNIST
    without_photos = on in (On.FASHION_MNIST, On.BAGS)
    if without_photos and (photos or labels):
        common.leave(f"--photos and --labels are for photos: leave out --on {on}.")
    # A mistake in the photos' list shows before the wait.
    rows = [] if without_photos else _rows(settings, photos, labels, split)
    report = _report(training_common.load(file), file, on, rows)
    if as_json:
        typer.echo(report.as_json())
        return
    from rich.console import Console
    from rich.markdown import Markdown

    from model.evaluation import tables

    Console().print(Markdown(tables.shown(report)))


def failures(
    *,
    out: Annotated[Path, typer.Option(help="The folder for the pictures.")],
    model: Model = None,
    photos: Photos = None,
    labels: Labels = None,
    split: Split = VALIDATION,
) -> None:
    """Draw contact sheets of the photos that a model gets wrong, the worst mistakes first."""
    rows = _rows(common.settings(), photos, labels, split)
    common.make_folder(out)
    classifier = training_common.load(model)
    from model.evaluation.failures import failures as sort

    for found in sort(_answered(classifier, rows)):
        for number, sheet in enumerate(found.sheets(), start=1):
            common.write(out / f"{found.stem}-{number}.png", sheet.save)


def card(
    *,
    model: Model = None,
    out: Annotated[
        Path | None, typer.Option(show_default="the model's", help="The folder to write to.")
    ] = None,
    photos: Photos = None,
    labels: Labels = None,
    milliseconds: Annotated[
        float | None,
        typer.Option(min=0.0, help="For one photo, as tests.bench.bench_photo measures it."),
    ] = None,
    training_time: Annotated[
        str | None, typer.Option(help='How long the training took: "3 hours on two cores".')
    ] = None,
) -> None:
    """Measure a model on everything, and write its MODEL_CARD.md with the figures in it.

    Next to it goes facts.json, which the registry reads about the shipped model.
    """
    rows = _rows(common.settings(), photos, labels, VALIDATION)
    from model.common.registry.serving_config import SHIPPED
    from model.evaluation import model_card

    folder = out or (model or SHIPPED).parent
    common.make_folder(folder)
    classifier = training_common.load(model)
    report = _report(classifier, model, On.ALL, rows)
    if report.things is None:
        raise typer.Exit(1)  # the reason has been printed
    text = model_card.build(
        report, classifier.config, milliseconds=milliseconds, training_time=training_time
    )
    for name, figure in _figures(report).items():
        common.write(folder / name, figure.savefig)
    common.write(folder / "MODEL_CARD.md", lambda path: path.write_text(text, encoding="utf-8"))
    facts = _facts(report, _count(photos or _photos_folder(common.settings()), labels))
    common.write(folder / FACTS.name, lambda path: path.write_text(facts, encoding="utf-8"))


def _count(folder: Path | None, labels: Path | None) -> int:
    """How many photos there are to train on."""
    from model.datasets.sources import clothing_photos

    return len(clothing_photos.rows(folder, labels, "train")) if folder else 0


def _facts(report: "Report", photos: int) -> str:
    """The JSON of `model.common.registry.entry.FACTS`, for a model trained on `photos` photos."""
    from model.datasets.sources.fashion_mnist import HELD_BACK

    on_fashion_mnist, on_photos, _ = report.everything()
    images, _ = training_common.arrays("train", common.settings())
    facts = {
        "version": report.model,
        "created_at": round(time.time()),
        "trained_on": {"fashion_mnist": len(images) - HELD_BACK, "photos": photos},
        "figures": {
            "fashion_mnist": on_fashion_mnist.accuracy,
            "photos": on_photos.accuracy,
            "fashion_mnist_ece": on_fashion_mnist.ece,
            "photos_ece": on_photos.ece,
        },
    }
    return json.dumps(facts, indent=2) + "\n"


def _photos_folder(settings: Settings) -> Path | None:
    """The photos among the data sets, if there are any."""
    folder = settings.clothing_photos
    return folder if folder and folder.is_dir() else None


def _rows(settings: Settings, photos: Path | None, labels: Path | None, split: str) -> list["Row"]:
    folder = photos or _photos_folder(settings)
    if folder is None:
        common.leave("There are no photos to measure on: give their folder with --photos.")
    return training_common.rows(folder, labels, split)


def _further(on: On) -> tuple[list["Row"], list["Row"]]:
    """Photos of bags and of things that are kept back, if they are asked for.

    Where all is asked for, what cannot be had is said, and left out.
    """
    from model.datasets import held_back
    from model.datasets.sources import things
    from model.datasets.sources.clothing_photos import UnavailableError

    settings = common.settings()

    def found(read: Callable[[], list["Row"]], only: On) -> list["Row"]:
        if on not in (only, On.ALL):
            return []
        try:
            return read()
        except UnavailableError as error:
            if on is only:
                common.leave(str(error))
            typer.echo(f"Not measured: {only}. {error}", err=True)
            return []

    return (
        found(lambda: held_back.bags_kept_back(settings), On.BAGS),
        found(lambda: things.rows("validation", settings), On.THINGS),
    )


def _report(classifier: "Classifier", file: Path | None, on: On, rows: list["Row"]) -> "Report":
    """What is asked for, measured; `rows` is not empty if photos are needed."""
    from model.common.registry.serving_config import SHIPPED
    from model.evaluation import evaluate as evaluation
    from model.evaluation.report import Report
    from model.evaluation.robustness import garment_rows, robustness

    bag_rows, thing_rows = _further(on)
    file = (file or SHIPPED).with_suffix(".tflite")
    fashion_mnist = on in (On.FASHION_MNIST, On.ALL)
    photos = _answered(classifier, rows) if rows else None
    bags = _answered(classifier, bag_rows, "Bags") if bag_rows else None
    things = None
    if thing_rows:
        with common.explained(evaluation.UnusablePhotosError):
            things = evaluation.on_things(classifier, thing_rows, common.track("Things"))
    turned = {}
    if photos and on in (On.PHOTOS, On.ALL):
        turned = {
            turn: _answered(classifier, garment_rows(rows), f"Turned by {turn}°", turn)
            for turn in evaluation.TURNS
        }
    return Report(
        model=classifier.version,
        file=str(file),
        file_bytes=file.stat().st_size,
        parameters=classifier.config.parameters,
        sure=classifier.config.sure,
        garment=classifier.config.garment,
        fashion_mnist=_on_fashion_mnist(classifier) if fashion_mnist else None,
        photos=photos.measures() if photos and on in (On.PHOTOS, On.ALL) else None,
        bags=bags.measures() if bags else None,
        robustness=robustness(photos, turned) if photos and turned else None,
        things=things.measures(photos) if things and photos else None,
        tradeoff=things.tradeoff(photos) if things and photos else None,
    )


def _on_fashion_mnist(classifier: "Classifier") -> "Measures":
    from model.evaluation import evaluate as evaluation

    images, labels = training_common.arrays("test", common.settings())
    return evaluation.on_fashion_mnist(classifier, images, labels, common.track("Fashion-MNIST"))


def _answered(
    classifier: "Classifier", rows: list["Row"], title: str = "Photos", turn: int = 0
) -> "AnsweredPhotos":
    from model.evaluation import evaluate as evaluation

    with common.explained(evaluation.UnusablePhotosError):
        return evaluation.on_photos(classifier, rows, common.track(title), turn=turn)


def _figures(report: "Report") -> dict[str, "Figure"]:
    """The card's pictures, by the names of their files."""
    from model.evaluation import calibration_figures, figures

    fashion_mnist, photos, _ = report.everything()
    return {
        "calibration.png": calibration_figures.calibration(photos, fashion_mnist),
        "thresholds.png": calibration_figures.thresholds(report),
        "confusion-photos.png": figures.confusion(photos.confusion),
        "confusion-fashion-mnist.png": figures.confusion(fashion_mnist.confusion),
    }
