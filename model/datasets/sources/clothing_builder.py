"""The clothing photos as a data set of tensorflow_datasets: prepared once, then trained on.

They are taken from `DATASETS_DIR/clothing-photos`, the labels of the training split corrected, with
those of `clothing-photos-more` next to it for training, and prepared under
`DATA_DIR/tensorflow_datasets`. What is prepared keeps the photos' own bytes: they are
decoded by `model.photos.decode`, like every photo that the bot is sent, not by TensorFlow.
"""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, ClassVar

import tensorflow_datasets as tfds

from model.common.labels import NAMES
from model.common.settings import CLOTHING_PHOTOS, MORE_CLOTHING_PHOTOS, Settings
from model.datasets.sources import clothing_photos, public_datasets
from model.datasets.sources.clothing_photos import NONE, SPLITS, Row, Split, UnavailableError

Example = dict[str, Any]


class ClothingPhotos(tfds.core.GeneratorBasedBuilder):
    """Photos of clothes, each with the class of Fashion-MNIST that it shows, or none."""

    VERSION = tfds.core.Version("1.1.0")
    RELEASE_NOTES: ClassVar[dict[str, str]] = {
        "1.0.0": "The photos with their labels, those for training corrected.",
        "1.1.0": "And with their source's own labels.",
    }
    MANUAL_DOWNLOAD_INSTRUCTIONS = """
    Lay the data out as clothing-photos/images/*.jpg with clothing-photos/labels.csv. The photos are
    those of https://github.com/alexeygrigorev/clothing-dataset (CC0), which lists them in
    images.csv: image, sender_id, label, kids. labels.csv has these columns:
    image: images/<image>.jpg, as in images.csv;
    split: train or validation; no sender_id is in both;
    garment: the class of Fashion-MNIST that the photo shows, or none. It follows from label, or
    from a look at the photo: shoes, for one, may be Sneaker, Sandal, Ankle boot or none;
    also_accepted: a second class that is right too, else empty;
    checked: yes where somebody looked at the photo for its garment, no where it follows from label;
    original_label, sender, kids: label, sender_id and kids of images.csv.
    docs/models/data.md says which label becomes which garment.
    """

    def _info(self) -> tfds.core.DatasetInfo:
        return tfds.core.DatasetInfo(
            builder=self,
            description="Photos of single garments as people take them, on floors, beds and "
            "hangers, with the classes of Fashion-MNIST. The two splits share no sender.",
            homepage="https://github.com/alexeygrigorev/clothing-dataset",
            license="CC0 1.0",
            citation="""
            @misc{clothing-dataset,
              author = {Alexey Grigorev and contributors},
              title = {Clothing dataset: over 5,000 images of 20 different classes},
              year = {2020},
              url = {https://github.com/alexeygrigorev/clothing-dataset},
            }
            """,
            features=tfds.features.FeaturesDict(
                {
                    "id": tfds.features.Text(),
                    "image": tfds.features.Image(encoding_format="jpeg"),
                    "garment": tfds.features.ClassLabel(names=[*NAMES, NONE]),
                    "also_accepted": tfds.features.Sequence(
                        tfds.features.ClassLabel(names=list(NAMES))
                    ),
                    "category": tfds.features.Text(),
                }
            ),
            supervised_keys=("image", "garment"),
            # In the order of labels.csv: it costs nothing, and the same seed trains the same.
            disable_shuffling=True,
        )

    def _split_generators(self, dl_manager: Any) -> dict[str, Iterator[tuple[int, Example]]]:
        rows = _rows(Path(dl_manager.manual_dir))
        return {split: self._generate_examples(rows, split) for split in SPLITS}

    def _generate_examples(self, rows: list[Row], split: Split) -> Iterator[tuple[int, Example]]:
        for number, row in enumerate(row for row in rows if row.split == split):
            yield number, _example(row)


def examples(split: Split, settings: Settings) -> list[Row]:
    """The photos of a split, with their bytes, in the order of labels.csv.

    The labels of the training split are corrected, those of the other are as they came.
    The first call after labels.csv, its corrections or a photo changed prepares them again, which
    takes some ten seconds. Raises UnavailableError if DATASETS_DIR holds no such photos, or
    DATA_DIR has no room for them.
    """
    folder = settings.clothing_photos
    if folder is None:
        raise clothing_photos.missing("clothing photos", CLOTHING_PHOTOS)
    builder = _prepared(folder, settings)
    found = builder.as_dataset(split=split, decoders={"image": tfds.decode.SkipDecoding()})
    return [_row(split, example) for example in found.as_numpy_iterator()]


def _prepared(folder: Path, settings: Settings) -> ClothingPhotos:
    # tfds takes what it has prepared for the same however its source changed, so it is told apart.
    config = tfds.core.BuilderConfig(name=_fingerprint(_rows(folder)))
    try:
        with public_datasets.quiet():
            prepared = public_datasets.prepared_folder(settings)
            builder = ClothingPhotos(data_dir=prepared, config=config)
            builder.download_and_prepare(
                download_config=tfds.download.DownloadConfig(manual_dir=folder)
            )
    except OSError as error:
        raise UnavailableError(
            f"The clothing photos cannot be prepared under {settings.data_dir} ({error}): set "
            "DATA_DIR to a folder with room that can be written to."
        ) from error
    return builder


def _rows(folder: Path) -> list[Row]:
    """The photos in `folder` with corrected labels; both splits are there."""
    rows = clothing_photos.corrected(clothing_photos.rows(folder))
    more = folder.with_name(MORE_CLOTHING_PHOTOS)
    if more.is_dir():
        rows += clothing_photos.rows(more, split="train", skip_unlabelled=True)
    for split in SPLITS:
        if not any(row.split == split for row in rows):
            raise UnavailableError(
                f"{folder / 'labels.csv'} lists no photo of the split {split}: its column split "
                f"must say for each photo whether it is of {' or '.join(SPLITS)}."
            )
    return rows


def _fingerprint(rows: Sequence[Row]) -> str:
    """A name that changes with the labels, the corrections and the photos."""
    facts = []
    for row in rows:
        says = (row.split, row.garment, row.also_accepted, row.category)
        facts.append((row.path.name, row.path.stat().st_size, *says))
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:12]


def _example(row: Row) -> Example:
    return {
        "id": row.path.stem,
        "image": row.read(),
        "garment": NONE if row.garment is None else NAMES[row.garment],
        "also_accepted": [] if row.also_accepted is None else [NAMES[row.also_accepted]],
        "category": row.category,
    }


def _row(split: Split, example: Example) -> Row:
    """The inverse of `_example`, its path being but the name of the photo."""
    garment = int(example["garment"])
    return Row(
        path=Path(f"{example['id'].decode()}.jpg"),
        split=split,
        garment=garment if garment < len(NAMES) else None,
        also_accepted=next(map(int, example["also_accepted"]), None),
        data=example["image"],
        category=example["category"].decode(),
    )
