"""Corrections as training pictures: which are held back, what is drawn of the rest."""

import io
from collections.abc import Iterator

import numpy as np
import pytest
from PIL import Image

from model.common.corrections.store import CorrectionStore, KeptCorrection
from model.common.labels import NONE_OF_THESE
from model.common.queue import keys
from model.datasets.sources.corrections import CorrectedPhotos
from tests.helpers.redis import connect

PERSON = "somebody"


def correction(number: int, label: int) -> KeptCorrection:
    return KeptCorrection(
        id=f"c{number}", label=label, predicted=0, model="m", person=PERSON, date=float(number)
    )


def jpeg(colour: tuple[int, int, int] = (200, 30, 30)) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (160, 200), colour).save(file, "JPEG")
    return file.getvalue()


@pytest.fixture
def store(redis_url: str) -> Iterator[CorrectionStore]:
    with connect(redis_url) as client:
        client.hset(keys.CONSENT, PERSON, "yes")
        yield CorrectionStore(client)


def test_thumbnails_are_opened_and_what_is_gone_is_left_out(store: CorrectionStore) -> None:
    kept = [correction(0, 7), correction(1, NONE_OF_THESE)]
    for each in kept:
        assert store.keep(each, jpeg())

    photos = CorrectedPhotos.read(store, [*kept, correction(2, 3)])

    assert len(photos) == 2
    assert photos.labels.tolist() == [7, NONE_OF_THESE]
    assert photos.pictures[0].size == (160, 200)
    assert photos.voices == (PERSON, PERSON)


def test_what_is_no_picture_is_left_out(store: CorrectionStore) -> None:
    store.keep(correction(0, 7), b"no picture")

    assert len(CorrectedPhotos.read(store, [correction(0, 7)])) == 0


def test_a_pool_says_that_none_of_these_shows_no_garment() -> None:
    pictures = tuple(Image.new("RGB", (160, 200), colour) for colour in ("red", "blue"))
    photos = CorrectedPhotos(pictures, np.array([7, NONE_OF_THESE]))

    drawn, targets = photos.pool(side=24, smoothing=0.1, balance=0.5).draw(64)

    assert drawn.shape == (64, 24, 24, 3)
    red = drawn.numpy()[:, 12, 12, 0] > 200
    assert 0 < red.sum() < 64
    assert targets.numpy()[red][:, 7] == pytest.approx(0.91)
    assert targets.numpy()[red][:, 10:].all() and not targets.numpy()[~red].any()
