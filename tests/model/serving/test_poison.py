"""A photo that ends the worker's process, whatever it is: its neighbours get their answers."""

import signal
import subprocess
import sys

from model.common.queue import keys
from model.common.queue.dead_letters import DeadLetters
from model.common.queue.job_stream import MAX_DELIVERIES
from tests.helpers.model.worker import POISON, answers, picture, submit
from tests.helpers.queue import pending
from tests.helpers.redis import Client

# A worker that is killed by a photo of the colour POISON, with that photo and others in hand.
PROGRAM = """
import os, signal, sys
from model.common.shutdown import StopSignal
from tests.helpers.redis import connect
from model.serving.worker import Worker
from tests.helpers.model.worker import POISON, FakeChart, FakeClassifier

class Mortal(FakeClassifier):
    def classify(self, images):
        print("classifying", len(images), flush=True)
        if any(image.getpixel((0, 0)) == POISON for image in images):
            os.kill(os.getpid(), signal.SIGKILL)
        return super().classify(images)

stop = StopSignal()
stop.ready = True
with connect(sys.argv[1]) as client:
    Worker(client, Mortal(), FakeChart(), stopping=stop, idle_limit=0.3).run()
"""


def test_it_is_given_up_and_its_seven_neighbours_are_answered(
    client: Client, redis_url: str
) -> None:
    jobs = submit(client, *[picture(POISON if number == 3 else (0, 0, 9)) for number in range(8)])
    poison = jobs.pop(3)
    command = [sys.executable, "-c", PROGRAM, redis_url]
    batches = []
    for _ in range(MAX_DELIVERIES):
        killed = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
        assert killed.returncode == -signal.SIGKILL
        batches.append(killed.stdout.splitlines())
    assert batches[0] == ["classifying 8"]
    assert {line for batch in batches[1:] for line in batch} == {"classifying 1"}
    with subprocess.Popen(command) as survivor:
        try:
            found = answers(client, 8)
        finally:
            survivor.terminate()
    assert survivor.returncode == 0
    refusals = {answer.id: answer.refusal for answer in found}
    assert refusals == {poison.id: "failed", **dict.fromkeys([job.id for job in jobs])}
    assert all(answer.prediction for answer in found if answer.id != poison.id)
    [letter] = DeadLetters(client).all()
    assert letter.job == poison
    assert letter.reason == f"every worker crashed on it in {MAX_DELIVERIES} deliveries"
    assert pending(client) == []
    assert client.hlen(keys.UNANSWERED) == 0
