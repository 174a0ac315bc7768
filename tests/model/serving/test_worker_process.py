import io
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from PIL import Image

from model.common.queue import keys
from model.common.registry.serving_config import SHIPPED
from tests.helpers.model.worker import answers, picture, submit
from tests.helpers.redis import Client

PROGRAM = """
import sys, time
from contextlib import nullcontext
from model.common.settings import Settings
from model.common.logs import set_up
from model.serving.worker import serve
from model.common.prediction import Prediction

class Slow:
    version = "slow-1"
    batch_size = 8
    def warm_up(self):
        pass
    def classify(self, images):
        print("classifying", len(images), flush=True)
        time.sleep(float(sys.argv[1]))
        one = Prediction(
            probabilities=(0.1,) * 10, garment_score=1.0, verdict="sure", model="slow-1"
        )
        return [one] * len(images)

class Chart:
    def draw(self, prediction, photo, language):
        return b"PNG"

set_up(Settings())
serve(Settings(), lambda: nullcontext((Slow(), Chart())))
"""


Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start(redis_url: str) -> Iterator[Start]:
    """Starts Python with these arguments; what is left of it ends with the test."""
    started = []

    def start(*arguments: str, url: str = redis_url) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, *arguments],
            env=os.environ | {"REDIS_URL": url},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


def test_importing_the_worker_does_not_bring_tensorflow_in() -> None:
    program = "import sys, model.serving.worker; sys.exit('tensorflow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_lets_the_batch_in_hand_be_finished(
    client: Client, start: Start, number: signal.Signals
) -> None:
    submit(client, *[picture()] * 12)
    process = start("-c", PROGRAM, "1")
    assert process.stdout
    assert process.stdout.readline() == "classifying 8\n"
    process.send_signal(number)
    output, log = process.communicate(timeout=60)
    assert process.returncode == 0, log
    assert output == "", "it took another batch"
    assert client.xlen(keys.ANSWERS) == 8
    assert client.xlen(keys.PHOTOS) == 4
    assert client.xpending(keys.PHOTOS, keys.WORKERS_GROUP)["pending"] == 0  # type: ignore[index]
    assert client.hlen(keys.WORKERS) == 0
    assert "worker stopped" in log


def test_a_worker_that_hangs_still_leaves_in_time(client: Client, start: Start) -> None:
    submit(client, picture())
    hasty = "import model.common.shutdown\nmodel.common.shutdown.LAST_SECONDS = 0.2\n"
    process = start("-c", hasty + PROGRAM, "600")
    assert process.stdout
    assert process.stdout.readline() == "classifying 1\n"
    process.terminate()
    _, log = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "out of time" in log
    assert client.xlen(keys.PHOTOS) == 1, "the photo is kept for another worker"


def test_a_wrong_password_is_said_in_one_line(redis_url: str, client: Client, start: Start) -> None:
    client.config_set("requirepass", "right")
    try:
        process = start("-c", PROGRAM, "0", url=redis_url + "?password=wrong")
        _, log = process.communicate(timeout=60)
    finally:
        client.config_set("requirepass", "")
    assert process.returncode == 1
    assert "check the password in REDIS_URL" in log.splitlines()[-1]
    assert "Traceback" not in log
    assert "wrong" not in log.replace("WRONGPASS", "")


def test_a_wrong_setting_is_said_in_one_line(start: Start) -> None:
    process = start("-c", "from model.serving.worker import main; main()", url="http://somewhere")
    _, log = process.communicate(timeout=60)
    assert process.returncode == 1
    assert log.startswith("REDIS_URL is wrong")
    assert len(log.splitlines()) == 1


@pytest.mark.skipif(not SHIPPED.is_file(), reason="no model ships yet")
def test_the_shipped_model_answers_a_photo(client: Client, start: Start) -> None:
    submit(client, picture(), b"no picture")
    process = start("-c", "from model.serving.worker import main; main()")
    try:
        one, other = answers(client, 2)
    finally:
        process.terminate()
        _, log = process.communicate(timeout=60)
    assert process.returncode == 0, log
    refused, answered = sorted([one, other], key=lambda answer: answer.refusal is None)
    assert refused.refusal == "unreadable"
    assert answered.prediction
    assert sum(answered.prediction.probabilities) == pytest.approx(1)
    with Image.open(io.BytesIO(answered.picture)) as drawn:
        assert drawn.format == "JPEG"
