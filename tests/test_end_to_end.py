"""The main way on real parts alone: Telegram's sandbox, the bot, Redis, a worker and its model."""

import io
import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bot.handlers.photos import SAMPLES, sample_picture
from bot.sandbox.server import serve
from model.common.labels import LABELS
from model.serving.classifier import Classifier
from tests.drawings import draw
from tests.drawings.assets import SAMPLED
from tests.helpers.bot.sandbox import ADMIN, GUEST, TOKEN, Sandbox

ROOT = Path(__file__).parents[1]
WEIGHTS = ROOT / "model" / "weights"
# TensorFlow's start on a busy machine.
PATIENCE = 90

pytestmark = pytest.mark.skipif(
    not list(WEIGHTS.glob("*.keras")), reason=f"no trained model lies in {WEIGHTS}"
)

NAMES = "|".join(re.escape(label.in_language("en")) for label in LABELS)
SURE = re.compile(rf"\S+ ({NAMES}), \d{{2,3}}%")
UNSURE = re.compile(rf"Not sure: ({NAMES}) \d{{1,2}}% or ({NAMES}) \d{{1,2}}%")
NONE = re.compile(rf"None of the ten garments I know. Closest: \S+ ({NAMES}) \d{{2,3}}%\nTip: .+")


def garment(name: str) -> bytes:
    """A drawn garment on a plain backdrop, as a JPEG file."""
    [index] = [label.index for label in LABELS if label.name == name]
    drawing = draw(index, 600)
    photo = Image.new("RGB", (800, 700), (225, 220, 212))
    photo.paste(drawing, (100, 50), drawing)
    file = io.BytesIO()
    photo.save(file, "JPEG", quality=90)
    return file.getvalue()


@contextmanager
def process(folder: Path, module: str, *arguments: str, **settings: str) -> Iterator[None]:
    """`python -m module` with these settings, ended as the Procfile's runner does."""
    running = subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        cwd=folder,  # where no .env is
        env=os.environ | {"PYTHONPATH": str(ROOT)} | settings,
    )
    try:
        yield
        assert running.poll() is None, f"{module} ended by itself"
    finally:
        running.terminate()
        running.wait(timeout=30)


@pytest.fixture
async def sandbox(redis_url: str, tmp_path: Path) -> AsyncIterator[Sandbox]:
    """The whole of Modista, serving the sandbox's people."""
    async with serve(Sandbox(), port=0) as (sandbox, url):
        telegram = {
            "TELEGRAM_TOKEN": TOKEN,
            "TELEGRAM_API_URL": url,
            "ADMIN_IDS": str(ADMIN.id),
        }
        with (
            process(tmp_path, "model", "worker", REDIS_URL=redis_url),
            process(tmp_path, "bot", REDIS_URL=redis_url, **telegram),
        ):
            yield sandbox


async def test_a_photo_gets_its_picture_and_its_caption(sandbox: Sandbox) -> None:
    right = 0
    for label in LABELS:
        sent = await sandbox.send_photo(GUEST.id, garment(label.name))
        reply = await sandbox.reply_to(GUEST.id, sent["message_id"], timeout=PATIENCE)
        named = SURE.fullmatch(reply["caption"]) or UNSURE.fullmatch(reply["caption"])
        assert named or NONE.fullmatch(reply["caption"])
        right += bool(named and named[1] == label.in_language("en"))
        data = sandbox.file_bytes(reply["photo"][-1]["file_id"])
        assert min(Image.open(io.BytesIO(data)).size) > 300
    # It learned from photos: drawings show that answers arrive, not how good it is.
    assert right >= 3, f"only {right} of the ten drawn garments are recognised"

    # What only the worker can find out, in another language.
    sandbox.set_language(GUEST.id, "es")
    broken = await sandbox.send_document(GUEST.id, b"no picture", "shoe.jpg", "image/jpeg")
    reply = await sandbox.reply_to(GUEST.id, broken["message_id"], timeout=PATIENCE)
    assert reply["text"].startswith("No he podido abrir eso como imagen")

    status = await sandbox.send_text(ADMIN.id, "/status")
    reply = await sandbox.next_bot_message(ADMIN.id, after=status["message_id"])
    assert reply["text"].startswith("✅ All well") and "Waiting: 0 photos" in reply["text"]
    assert "answered" in reply["text"]


def test_the_sample_pictures_are_named_without_a_doubt() -> None:
    images = [Image.open(io.BytesIO(sample_picture(n))).convert("RGB") for n in range(len(SAMPLES))]
    for (garment_index, _), said in zip(SAMPLED, Classifier.load().classify(images), strict=True):
        assert said.verdict == "sure"
        assert int(np.argmax(said.probabilities)) == garment_index
