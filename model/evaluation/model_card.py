"""A model's card for people, MODEL_CARD.md: a template, and every figure in it from a Report."""

import textwrap
from pathlib import Path

from model.common.registry.serving_config import SMALL, Kind, ServingConfig
from model.evaluation import tables
from model.evaluation.report import Report

WIDTH = 100
SMALLER = """; one of up to {} pixels a side, such as Fashion-MNIST's, as one of {}"""
CROPPED = "; of a photo, {:.0%} of each side, around its middle"
MIRRORED = """ Of {} it is shown the mirror image as well, and the mean counts."""
OF_KINDS: dict[Kind, str] = {"small": "small pictures", "photo": "photos"}
TEMPLATE = Path(__file__).with_suffix(".md")

BAGS = """ The {} photos of bags are of three bags that training never saw, on white and pasted onto
the floors of validation photos."""
ROBUSTNESS = """\
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
    text = TEMPLATE.read_text(encoding="utf-8").format(
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
    if config.photo_crop < 1.0:
        text += CROPPED.format(config.photo_crop)
    mirrored = " and ".join(OF_KINDS[kind] for kind in config.mirrored)
    return f"{text}." + (MIRRORED.format(mirrored) if mirrored else "")


def _filled(block: str) -> str:
    """A paragraph rewrapped after its figures are filled in; everything else is kept."""
    if block.startswith(("#", "-", "|", "!", "```")):
        return block
    end = "\n" if block.endswith("\n") else ""
    return textwrap.fill(block, WIDTH, break_long_words=False, break_on_hyphens=False) + end
