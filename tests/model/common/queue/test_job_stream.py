"""Photos of the queue, taken and finished: in order, once, whatever happens to Redis."""

import threading
import time
from typing import Any

import pytest
import redis
from redis.exceptions import OutOfMemoryError

from model.common.queue import job_stream, keys
from model.common.queue.job_stream import Delivery, JobStream
from model.common.queue.messages import Answer, PhotoJob
from model.common.redis_tools.keyring import Keyring
from model.common.redis_tools.server_check import UnsuitableServerError, check_key
from tests.helpers.queue import answers, job, pending, refused, submit, taken_over
from tests.helpers.redis import KEY, Client, connect
from tests.helpers.waiting import eventually


def test_photos_come_in_order_and_once(client: Client) -> None:
    submitted = submit(client, 3, 1, 2)
    one, other = JobStream(client, "one"), JobStream(client, "other")
    deliveries = one.take(2, 1) + other.take(2, 1) + one.take(2, 1)
    assert [delivery.job for delivery in deliveries] == submitted
    assert {delivery.deliveries for delivery in deliveries} == {1}


def test_a_lonely_photo_does_not_wait_for_others(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = JobStream(client, "worker")
    stream.take(1, 1)
    submit(client, 1)
    read = client.xreadgroup
    reads: list[list[PhotoJob]] = []

    def one_more(*args: object) -> object:
        # What comes after the first reading, however soon, is the next batch.
        entries = read(*args)  # type: ignore[arg-type]
        reads.append(submit(client, 2 + len(reads)))
        return entries

    with monkeypatch.context() as watched:
        watched.setattr(client, "xreadgroup", one_more)
        lonely = stream.take(8, 1000)
    assert [delivery.job.id for delivery in lonely] == ["job-1"]
    assert len(reads) == 1
    assert [delivery.job.id for delivery in stream.take(8, 1)] == ["job-2"]


def test_a_finished_photo_leaves_one_answer_and_nothing_else(client: Client) -> None:
    submit(client, 1)
    stream = JobStream(client, "worker")
    [delivery] = stream.take(1, 1)
    answer = refused(delivery)
    assert stream.finish(delivery, answer)
    assert answers(client) == [answer]
    assert client.xlen(keys.PHOTOS) == 0
    assert pending(client) == []


def test_the_second_to_finish_writes_no_second_answer(client: Client) -> None:
    submit(client, 1)
    slow, fast = JobStream(client, "slow"), JobStream(client, "fast", idle_limit=0.05)
    [delivery] = slow.take(1, 1)
    taken = taken_over(fast)
    assert taken.job == delivery.job
    assert taken.deliveries == 2
    assert fast.finish(taken, refused(taken))
    assert not slow.finish(delivery, refused(delivery))
    assert len(answers(client)) == 1


def test_a_lease_is_kept_while_the_work_takes_long(client: Client) -> None:
    submit(client, 1)
    with JobStream(client, "slow", idle_limit=2.0) as stream:
        [delivery] = stream.take(1, 1)
        seen_idle: list[int] = []

        def renewed() -> bool:
            seen_idle.append(pending(client)[0]["time_since_delivered"])
            return seen_idle[-1] < max(seen_idle)

        eventually(renewed)
        [lease] = pending(client)
        assert lease["consumer"] == b"slow"
        assert lease["times_delivered"] == 1
        stream.finish(delivery, refused(delivery))


def test_a_released_photo_is_not_kept(client: Client) -> None:
    submit(client, 1)
    with JobStream(client, "worker", idle_limit=0.1) as stream:
        [delivery] = stream.take(1, 1)
        stream.release(delivery)
        again = taken_over(stream)
        assert (again.job, again.deliveries) == (delivery.job, 2)


def test_a_buried_photo_leaves_one_dead_letter_and_one_answer(client: Client) -> None:
    submit(client, 1)
    stream = JobStream(client, "worker")
    [delivery] = stream.take(1, 1)
    stream.bury(delivery, "it is cursed")
    stream.bury(delivery, "it is cursed")
    assert answers(client) == [Answer.to(delivery.job, refusal="failed")]
    [(_, dead)] = client.xrange(keys.DEAD)  # type: ignore[misc]
    assert dead[b"reason"] == b"it is cursed"
    assert client.xlen(keys.PHOTOS) == 0
    assert pending(client) == []


def test_dead_letters_do_not_stay_for_ever(client: Client) -> None:
    long_ago = int((time.time() - 13 * 3600) * 1000)
    client.xadd(keys.DEAD, {"old": "photo"}, id=f"{long_ago}-0")
    client.xadd(keys.DEAD, {"new": "photo"})
    submit(client, 1)
    stream = JobStream(client, "worker")
    [delivery] = stream.take(1, 1)
    stream.bury(delivery, "reason")
    entries: Any = client.xrange(keys.DEAD)
    assert [b"old" in fields for _, fields in entries] == [False, False]
    assert 0 < client.ttl(keys.DEAD) <= 12 * 3600  # type: ignore[operator]


def test_an_entry_that_is_no_photo_goes_to_the_dead_letters(client: Client) -> None:
    client.xadd(keys.PHOTOS, {"not": "ours"})
    submit(client, 1)
    batch = JobStream(client, "worker").take(8, 1)
    assert [delivery.job.id for delivery in batch] == ["job-1"]
    assert client.xlen(keys.DEAD) == 1
    assert client.xlen(keys.PHOTOS) == 1
    assert answers(client) == []


def test_a_photo_sealed_by_a_newer_key_is_left_to_workers_that_have_it(
    client: Client, redis_url: str
) -> None:
    stream = JobStream(client, "worker", idle_limit=0.05)
    check_key(client)
    newer = Keyring("a newer key of 32 characters or more", KEY)
    client.xadd(keys.PHOTOS, job(1).to_fields(newer))  # type: ignore[arg-type]
    assert stream.take(1, 1) == [], "with our key still in use, the entry is nobody's"
    assert client.xlen(keys.DEAD) == 1
    client.xadd(keys.PHOTOS, job(2).to_fields(newer))  # type: ignore[arg-type]
    with connect(redis_url) as other:
        other.keyring = newer
        check_key(other)  # a bot starts with the newer key
        with pytest.raises(UnsuitableServerError, match="DATA_KEY"):
            stream.take(1, 1)
        assert client.xlen(keys.DEAD) == 1
        heir = JobStream(other, "heir", idle_limit=0.05)
        eventually(lambda: [delivery.job.id for delivery in heir.take(1, 1)] == ["job-2"])


def test_everything_is_made_again_after_flushall(client: Client) -> None:
    stream = JobStream(client, "worker", idle_limit=0.05)
    stream.take(1, 1)
    client.flushall()
    submitted = submit(client, 1)
    assert [delivery.job for delivery in stream.take(1, 1)] == submitted


def test_flushall_under_a_waiting_worker(client: Client, redis_url: str) -> None:
    stream = JobStream(client, "worker")
    stream.take(1, 1)
    batch: list[Delivery] = []
    waiting = threading.Thread(target=lambda: batch.extend(stream.take(1, 10_000)))
    waiting.start()
    with connect(redis_url) as other:
        eventually(lambda: other.info("clients")["blocked_clients"])
        other.flushall()
        submit(other, 1)
    waiting.join()
    assert [delivery.job.id for delivery in batch] == ["job-1"]


def test_what_a_failed_take_had_read_is_not_kept_from_others(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.xadd(keys.PHOTOS, {"not": "ours"})
    submit(client, 1)
    with JobStream(client, "unlucky", idle_limit=0.1) as unlucky:
        with monkeypatch.context() as broken:
            broken.setattr(job_stream.JobStream, "_put_away", _raise)
            with pytest.raises(redis.ConnectionError):
                unlucky.take(8, 1)
        taken_over(JobStream(client, "other", idle_limit=0.1))


def _raise(*_: object) -> None:
    raise redis.ConnectionError("gone")


def test_out_of_memory_a_photo_can_still_be_finished(client: Client) -> None:
    submit(client, 1, 2)
    stream = JobStream(client, "worker")
    finished, buried = stream.take(2, 1)
    client.config_set("maxmemory", 1)
    try:
        with pytest.raises(OutOfMemoryError):
            submit(client, 3)
        assert stream.finish(finished, refused(finished))
        stream.bury(buried, "reason")
    finally:
        client.config_set("maxmemory", 0)
    assert len(answers(client)) == 2
    assert client.xlen(keys.PHOTOS) == 0


def test_a_clock_that_is_set_back_keeps_nobodys_photos(client: Client) -> None:
    """Redis remembers by its clock when it handed a photo out: an hour from now, in this test."""
    submit(client, 1)
    JobStream(client, "dead").take(1, 1)
    [entry] = pending(client)
    seconds: Any = client.time()
    later = (seconds[0] + 3600) * 1000
    handed_out = (
        "redis.call('XCLAIM', KEYS[1], ARGV[1], 'dead', 0, ARGV[2], 'TIME', ARGV[3], 'JUSTID')"
    )
    client.eval(handed_out, 1, keys.PHOTOS, keys.WORKERS_GROUP, entry["message_id"], str(later))
    client.set(keys.CLOCK, later)
    alive = JobStream(client, "alive", idle_limit=0.2)
    assert eventually(lambda: alive.take(1, 1))[0].deliveries == 2
    seen: Any = client.get(keys.CLOCK)
    assert int(seen) < later
