"""python -m model train | evaluate | classify | models | dead-letters | worker | …: see --help."""

# ruff: noqa: PLC0415 - what is heavy is imported by the command that needs it, so --help is quick

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from model.cli import common, dead_letters, evaluate, models, publish, retrain, training_common

if TYPE_CHECKING:
    from model.cli.classify import ClassifiedPhoto

# The endings of the files that a chart can be drawn to.
PICTURES = (".png", ".jpg", ".jpeg")

app = typer.Typer(
    help="Modista's classifier: train, measure, inspect and use it.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


@app.command()
def train(
    *,
    out: Annotated[Path, typer.Option(help="The file to write, FILE.keras.")],
    network: Annotated[
        str | None,
        typer.Option(show_default="ann", help="The architecture, trained on Fashion-MNIST."),
    ] = None,
    epochs: Annotated[int | None, typer.Option(min=1, show_default="5")] = None,
    batch_size: Annotated[int | None, typer.Option(min=1, show_default="32")] = None,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same network.")] = 0,
    recipe: Annotated[
        str | None,
        typer.Option(help="Train a model by a recipe instead: default (the shipped one) or small."),
    ] = None,
    version: Annotated[
        str | None,
        typer.Option(
            show_default="the file's", help="With --recipe: the model's name in its answers."
        ),
    ] = None,
) -> None:
    """Train a network: the original exercise, or the shipped model by its recipe.

    The history of the exercise's training is kept next to the model, as FILE.history.json.
    """
    common.check_model_file(out)
    given = {"network": network, "epochs": epochs, "batch_size": batch_size}
    chosen = {name: value for name, value in given.items() if value is not None}
    if recipe is not None:
        if chosen:
            options = ", ".join(f"--{name.replace('_', '-')}" for name in chosen)
            common.leave(f"A recipe has its own numbers: leave out {options} or --recipe.")
        _train_by_recipe(recipe, out, version or out.stem, seed)
        return
    if version is not None:
        common.leave("--version is for --recipe: other models are named after their files.")
    _train_exercise(out, {**chosen, "seed": seed})


app.command()(evaluate.evaluate)
app.command()(evaluate.failures)
app.command()(evaluate.card)
app.command()(models.models)
app.command("compile")(publish.compile_)
app.command()(publish.publish)
app.command()(models.promote)
app.command()(models.adopt)
app.command()(models.keep_aside)
app.command()(models.discard)
app.command()(models.rollback)
app.command()(retrain.retrain)
app.add_typer(dead_letters.app, name="dead-letters")


@app.command()
def figures(
    *,
    out: Annotated[Path, typer.Option(help="The folder for the pictures.")],
    model: Annotated[
        Path | None,
        typer.Option(
            help="FILE.keras; by default the exercise's network is trained into the folder."
        ),
    ] = None,
) -> None:
    """Draw the exercise's pictures: the data, the loss per epoch, predictions, the confusion."""
    settings = common.settings()
    common.make_folder(out)
    if model is None:
        model = out / "ann.keras"
        _train_exercise(model, {})
    classifier = training_common.load(model)

    from model.evaluation import evaluate
    from model.evaluation import figures as draw
    from model.training.exercise import History

    train_images, train_labels = training_common.arrays("train", settings)
    images, labels = training_common.arrays("test", settings)
    probabilities, _ = classifier.predict_arrays(images[: draw.COUNT])
    measures = evaluate.on_fashion_mnist(classifier, images, labels)
    drawn = {
        "sample": draw.sample(train_images[0], int(train_labels[0])),
        "training_images": draw.named_images(train_images, train_labels),
        "predictions": draw.predictions(images, labels, probabilities),
        "confusion": draw.confusion(measures.confusion),
    }
    history = History.next_to(model)
    if history is None:
        typer.echo(f"{model} has no history next to it: the loss per epoch is left out.", err=True)
    else:
        training = [epoch.loss for epoch in history.epochs]
        drawn["loss"] = draw.loss(training, [epoch.test_loss for epoch in history.epochs])
    for name, figure in drawn.items():
        common.write(out / f"{name}.png", figure.savefig)


@app.command()
def classify(
    *,
    photos: Annotated[list[str], typer.Argument(metavar="PHOTO...", show_default=False)],
    model: Annotated[
        Path | None, typer.Option(help="FILE.keras; by default the shipped model.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object per line.")
    ] = False,
    chart: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Draw all ten bars to a .png or .jpg; for several photos FILE-1 …"
        ),
    ] = None,
) -> None:
    """Name the garment in each photo, by the code that the worker runs.

    A folder means all photos in it, - a photo on standard input. Exits with 1 if any photo could
    not be read.
    """
    from model.cli.classify import ClassifiedPhoto, answer, named

    photos = named(photos)
    draw = None if chart is None else _chart_writer(chart, numbered=len(photos) > 1)
    classifier = common.load(model)
    failed = False
    for found in answer(classifier, photos):
        read = isinstance(found, ClassifiedPhoto)
        # What cannot be read is part of the JSON that was asked for, and else an error.
        typer.echo(found.as_json() if as_json else found.line(), err=not (read or as_json))
        if draw is not None and isinstance(found, ClassifiedPhoto):
            draw(found)
        failed = failed or not read
    if failed:
        raise typer.Exit(1)


@app.command()
def worker() -> None:
    """Answer the photos in the queue, until told to stop."""
    from model.serving import worker as process

    process.main()


@app.command()
def trainer() -> None:
    """Run the retrainings that admins ask for, until told to stop."""
    from model.retraining import trainer as process

    process.main()


def _train_exercise(out: Path, chosen: dict[str, Any]) -> None:
    """Train with these hyper-parameters, the rest being the exercise's; write to `out`."""
    settings = common.settings()
    training_common.import_tensorflow()
    from rich.console import Console

    from model.training import exercise

    hyper = exercise.Hyperparameters(**chosen)
    shown = Console(stderr=True)
    examples = training_common.arrays("train", settings)
    test_examples = training_common.arrays("test", settings)
    with common.explained(exercise.UntrainableError):
        network, history = exercise.train(hyper, examples, test_examples, shown)
    with common.writing(out):
        exercise.save(network, history, out)
    shown.print(f"Written to {out}.", highlight=False)
    training_common.compile_next_to(out)


def _train_by_recipe(name: str, out: Path, version: str, seed: int) -> None:
    if name not in ("default", "small"):
        common.leave(f"There is no recipe {name}: choose default or small.")
    settings = common.settings()
    training_common.import_tensorflow()
    from model.datasets.sources.clothing_photos import UnavailableError
    from model.datasets.sources.fashion_mnist import NoFashionMnistError
    from model.networks.pretrained import NoPretrainedWeightsError
    from model.training import recipe, small_branch

    with common.explained(NoPretrainedWeightsError, UnavailableError, NoFashionMnistError):
        if name == "small":
            small_branch.run(settings, out, seed=seed)
        else:
            recipe.run(settings, out, version=version, seed=seed)
    training_common.compile_next_to(out)


def _chart_writer(file: Path, *, numbered: bool) -> Callable[["ClassifiedPhoto"], None]:
    """Draws an answer to `file`, with the photo's number in its name if `numbered`."""
    from model.serving.chart import Chart

    if file.suffix.lower() not in PICTURES:
        common.leave(
            f"{file} cannot be written: choose a file name that ends in {', '.join(PICTURES)}."
        )
    chart = Chart()

    def write(answered: "ClassifiedPhoto") -> None:
        path = file.with_stem(f"{file.stem}-{answered.number}") if numbered else file
        with common.writing(path):
            chart.picture(answered.prediction, answered.image, "en", whole=True).save(path)

    return write


if __name__ == "__main__":
    app(prog_name="python -m model")
