"""Photos of things that are no garment: Caltech-101, in two splits that share no kind of thing.

Li, Andreeto, Ranzato, Perona 2022, https://doi.org/10.22002/D1.20086, CC BY 4.0. They are taken
from `DATASETS_DIR/things` where that is, else downloaded by tensorflow_datasets.
"""

from collections import defaultdict
from pathlib import Path
from typing import Any

from model.common.settings import THINGS, Settings
from model.datasets.sources import clothing_photos, public_datasets
from model.datasets.sources.clothing_photos import Row, Split, UnavailableError

# Kinds that no training sees, by Caltech-101's own names. docs/models/data.md lists them.
# fmt: off
VALIDATION_KINDS = frozenset({
    "anchor", "barrel", "bass", "beaver", "binocular", "brain", "brontosaurus", "cellphone",
    "crocodile_head", "dollar_bill", "garfield", "headphone", "joshua_tree", "lamp", "laptop",
    "llama", "octopus", "pigeon", "platypus", "revolver", "rooster", "starfish", "sunflower",
    "wild_cat",
})
# fmt: on
# People in clothes, a shoe, and pictures of anything at all.
LEFT_OUT = frozenset({"background_google", "faces", "faces_easy", "inline_skate"})
MOST_OF_A_KIND = 44


def rows(split: Split, settings: Settings) -> list[Row]:
    """The photos of a split, none of them with a garment; `category` is the kind of thing.

    The first call without `DATASETS_DIR/things` downloads 130 MB. Raises UnavailableError where
    the photos cannot be had.
    """
    folder = settings.things
    if folder is None or not folder.is_dir():
        return _downloaded(split, settings)
    found = clothing_photos.rows(folder, split=split)
    for row in found:
        if row.garment is not None or (row.category in VALIDATION_KINDS) != (split != "train"):
            raise UnavailableError(
                f"{folder / 'labels.csv'} has {row.path.stem} ({row.category or 'no category'}) as "
                f"a garment or in the wrong split: its garment must be none, and the split "
                "validation for the kinds kept back alone."
            )
    return found


def _downloaded(split: Split, settings: Settings) -> list[Row]:
    import tensorflow_datasets as tfds  # noqa: PLC0415 - slow, and brings in TensorFlow

    advice = (
        "Photos of things are not available ({}): check the connection, or set DATASETS_DIR to a "
        f"folder with {THINGS}/, laid out as docs/models/data.md says."
    )
    try:
        with public_datasets.quiet():
            folder = public_datasets.prepared_folder(settings)
            builder = tfds.builder("caltech101", data_dir=folder)
            if not builder.is_prepared():
                public_datasets.reach("https://data.caltech.edu/")
            builder.download_and_prepare()
    # It fails in as many ways as a download can.
    except Exception as error:
        raise UnavailableError(advice.format(" ".join(str(error).split())[:120])) from error
    names = builder.info.features["label"].names
    of_kind: dict[str, list[Any]] = defaultdict(list)
    skip = {"image": tfds.decode.SkipDecoding()}
    for part in ("train", "test"):
        for example in builder.as_dataset(split=part, decoders=skip).as_numpy_iterator():
            of_kind[names[int(example["label"])]].append(example)
    found = []
    for kind in sorted(of_kind):
        if kind in LEFT_OUT or (kind in VALIDATION_KINDS) != (split == "validation"):
            continue
        # In the order of their names, whatever the order of the splits that we do not use.
        examples = sorted(of_kind[kind], key=lambda example: example["image/file_name"])
        for example in examples[:MOST_OF_A_KIND]:
            name = example["image/file_name"].decode().replace("image_", f"{kind}-")
            found.append(Row(Path(name), split, None, None, example["image"], kind))
    return found
