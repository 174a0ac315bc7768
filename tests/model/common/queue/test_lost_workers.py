"""The photos of workers that hang, die or leave."""

import subprocess
import sys
from typing import Any

import pytest
from prometheus_client import REGISTRY

from model.common.queue import keys
from model.common.queue.job_stream import MAX_DELIVERIES, JobStream
from model.common.queue.messages import PhotoJob
from tests.helpers.queue import answers, pending, refused, submit, taken_over
from tests.helpers.redis import KEYRING, Client
from tests.helpers.waiting import eventually


def test_a_worker_that_hangs_loses_its_photos(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("model.common.queue.leases.LONGEST_WORK", 0.0)
    submit(client, 1)
    with JobStream(client, "hanging", idle_limit=1.0) as hanging:
        assert hanging.take(1, 1)
        taken_over(JobStream(client, "other", idle_limit=1.0))


DYING_WORKER = """
import sys, time
from model.common.queue.job_stream import JobStream
from tests.helpers.redis import Client, connect

with JobStream(connect(sys.argv[1]), "dying", idle_limit=0.2) as stream:
    print(len(stream.take(8, 5000)), flush=True)
    time.sleep(600)
"""


def test_the_photos_of_a_killed_worker_are_taken_over_one_by_one(
    client: Client, redis_url: str
) -> None:
    submitted = submit(client, *range(8))
    with subprocess.Popen(
        [sys.executable, "-c", DYING_WORKER, redis_url], stdout=subprocess.PIPE, text=True
    ) as dying:
        try:
            assert dying.stdout
            assert dying.stdout.readline() == "8\n"
        finally:
            dying.kill()
    with JobStream(client, "heir", idle_limit=0.2) as heir:
        for expected in submitted:
            delivery = taken_over(heir)
            assert (delivery.job, delivery.deliveries) == (expected, 2)
            assert heir.finish(delivery, refused(delivery))
    assert len(answers(client)) == 8


def test_a_photo_that_kills_every_worker_is_given_up_and_its_neighbours_are_not(
    client: Client,
) -> None:
    poison, *neighbours = submit(client, 1, 2, 3)
    assert len(JobStream(client, "first", idle_limit=0.05).take(3, 1)) == 3
    # Each worker dies with the poisonous photo in hand, and finishes whatever else it is given.
    for attempt in range(2, MAX_DELIVERIES + 1):
        dying = JobStream(client, f"worker {attempt}", idle_limit=0.05)
        while (delivery := taken_over(dying)).job != poison:
            dying.finish(delivery, refused(delivery))
        assert delivery.deliveries == attempt
    last = JobStream(client, "last", idle_limit=0.05)

    def all_answered() -> bool:
        for delivery in last.take(8, 1):
            assert delivery.job != poison
            last.finish(delivery, refused(delivery))
        return len(answers(client)) == 3

    eventually(all_answered)
    told = {answer.id: answer.refusal for answer in answers(client)}
    assert told == {
        poison.id: "failed",
        **{neighbour.id: "unreadable" for neighbour in neighbours},
    }
    [(_, dead)] = client.xrange(keys.DEAD)  # type: ignore[misc]
    assert PhotoJob.from_fields(dead, KEYRING) == poison
    assert b"every worker crashed" in dead[b"reason"]
    assert client.xlen(keys.PHOTOS) == 0
    assert pending(client) == []


def test_a_worker_that_stops_leaves_the_group_once_its_photos_have(client: Client) -> None:
    submit(client, 1)
    with JobStream(client, "busy", idle_limit=0.1) as busy:
        busy.take(1, 1)
    with JobStream(client, "idle") as idle:
        idle.take(1, 1)
    consumers: Any = client.xinfo_consumers(keys.PHOTOS, keys.WORKERS_GROUP)
    assert [consumer["name"] for consumer in consumers] == [b"busy"]
    taken_over(JobStream(client, "heir", idle_limit=0.1))


def test_what_is_worked_on_again_and_what_is_given_up_is_counted(client: Client) -> None:
    def counted(name: str) -> float:
        return REGISTRY.get_sample_value(f"modista_photos_{name}_total") or 0

    retried, dead = counted("retried"), counted("dead")
    submit(client, 1, 2)
    assert len(JobStream(client, "dying", idle_limit=0.05).take(2, 1)) == 2
    with JobStream(client, "heir", idle_limit=1.0) as heir:
        one, other = taken_over(heir), taken_over(heir)
        heir.finish(one, refused(one))
        for _ in range(2):
            heir.bury(other, "it is cursed")
    assert counted("retried") == retried + 2
    assert counted("dead") == dead + 1
