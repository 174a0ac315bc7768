"""A photo that would wait for too long is not taken, by the pace at which photos are answered."""

from typing import Any

import pytest

from model.common.queue import keys
from model.common.queue.limits import Limits
from model.common.queue.photo_queue import QueueFull
from tests.model.common.queue.crowd import Crowd, correction, crowded

ADA, BOB = 1, 2
MEAN_OVER, LONGEST_MS = 32, 2000  # as in lua/photos/finish.lua
LIMITS = Limits(photos=10_000, per_minute=0, waiting=0, seconds=45)


def pace(crowd: Crowd, ms: float, *, ago: float = 0.0) -> None:
    """As if a photo took `ms` milliseconds, the last one `ago` seconds ago."""
    seconds: Any = crowd.client.time()
    now = seconds[0] * 1000 + seconds[1] // 1000
    values = {"at": now - round(ago * 1000), "busy": "1", "n": 100, "ms": ms}
    crowd.client.hset(keys.TEMPO, mapping=values)


def is_taken(crowd: Crowd, person: int = ADA) -> bool:
    try:
        crowd.send(person)
    except QueueFull as full:
        assert full.reason == "full"
        return False
    return True


def test_so_many_are_taken_as_are_answered_in_time(redis_url: str) -> None:
    with crowded(redis_url, LIMITS) as crowd:
        pace(crowd, 10_000)
        assert [is_taken(crowd) for _ in range(7)] == [True] * 5 + [False] * 2


def test_without_a_limit_they_wait(redis_url: str) -> None:
    with crowded(redis_url, Limits(photos=10_000, per_minute=0, waiting=0, seconds=0)) as crowd:
        pace(crowd, 1_000_000)
        assert all(is_taken(crowd) for _ in range(5))


def test_while_nobody_answers_they_wait_for_a_worker(redis_url: str) -> None:
    with crowded(redis_url, LIMITS) as crowd:
        pace(crowd, 1_000_000, ago=60)
        assert all(is_taken(crowd) for _ in range(5))


def test_somebody_else_s_flood_does_not_count_but_for_the_front(redis_url: str) -> None:
    with crowded(redis_url, LIMITS) as crowd:
        for _ in range(200):
            crowd.send(ADA)
        pace(crowd, 1_000)
        assert not is_taken(crowd, ADA)
        assert is_taken(crowd, BOB)


def test_a_correction_is_taken_all_the_same(redis_url: str) -> None:
    with crowded(redis_url, LIMITS) as crowd:
        pace(crowd, 10_000)
        while is_taken(crowd):
            pass
        crowd.send(ADA, job=correction("c", ADA))


def test_the_pace_is_that_of_busy_times(redis_url: str) -> None:
    with crowded(redis_url, LIMITS) as crowd:
        crowd.send(ADA)
        crowd.answer()
        assert crowd.hash(keys.TEMPO)["n"] == "0", "one answer is no pace"
        # A pause in which nothing was to be done says nothing.
        crowd.client.hset(keys.TEMPO, "at", "0")
        for _ in range(3):
            crowd.send(ADA)
        crowd.answer()
        assert crowd.hash(keys.TEMPO)["n"] == "0"
        crowd.answer()
        assert crowd.hash(keys.TEMPO)["n"] == "1"
        assert float(crowd.hash(keys.TEMPO)["ms"]) < LONGEST_MS


def test_a_batch_that_took_long_is_no_pace_yet(redis_url: str) -> None:
    with crowded(redis_url, LIMITS) as crowd:
        crowd.send(ADA)
        crowd.send(ADA)
        crowd.answer()
        # One photo took long: by that alone, no more than 45 seconds' worth would be taken.
        crowd.client.hincrby(keys.TEMPO, "at", -60_000)
        crowd.answer()
        assert float(crowd.hash(keys.TEMPO)["ms"]) == LONGEST_MS
        assert all(is_taken(crowd) for _ in range(60))


def test_the_first_times_count_alike(redis_url: str) -> None:
    with crowded(redis_url, LIMITS) as crowd:
        for _ in range(4):
            crowd.send(ADA)
        crowd.answer()
        for took in (400, 0, 200):
            seconds: Any = crowd.client.time()
            crowd.client.hset(keys.TEMPO, "at", str(seconds[0] * 1000 + seconds[1] // 1000 - took))
            if took == 200:
                crowd.send(ADA)
            crowd.answer()
        assert float(crowd.hash(keys.TEMPO)["ms"]) == pytest.approx(200, abs=10)


@pytest.mark.parametrize(("took", "counts"), [(320, 320), (60_000, LONGEST_MS)])
def test_the_pace_follows_slowly(redis_url: str, took: int, counts: int) -> None:
    with crowded(redis_url, LIMITS) as crowd:
        for _ in range(3):
            crowd.send(ADA)
        pace(crowd, 0, ago=took / 1000)
        crowd.answer()
        found = float(crowd.hash(keys.TEMPO)["ms"])
        assert found == pytest.approx(counts / MEAN_OVER, abs=2)
