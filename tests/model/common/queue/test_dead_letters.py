"""The dead letters: how many there may be, and what somebody does with them."""

import time
from collections.abc import Iterator
from typing import Any

import pytest

from model.common.queue import keys
from model.common.queue.dead_letters import DeadLetter, DeadLetters
from model.common.queue.limits import Limits
from model.common.queue.photo_queue import QueueFull
from model.common.redis_tools.keyring import SEAL
from tests.helpers.redis import KEYRING
from tests.model.common.queue.crowd import FRONT, Crowd, crowded, photo

DEAD_LETTERS, DEAD_BYTES = 100, 64_000_000  # as in lua/dead_letters/shared.lua

ADA, BOB = 1, 2


@pytest.fixture
def crowd(redis_url: str) -> Iterator[Crowd]:
    with crowded(redis_url) as crowd:
        yield crowd


@pytest.fixture
def dead(crowd: Crowd) -> DeadLetters:
    return DeadLetters(crowd.client)


def bury(crowd: Crowd, person: int = ADA, size: int = 3) -> str:
    """Somebody's photo is given up: its job."""
    crowd.send(person, size)
    delivery = crowd.take()
    assert delivery
    crowd.jobs.bury(delivery, "it is cursed")
    return delivery.job.id


def only(dead: DeadLetters) -> DeadLetter:
    [letter] = dead.all()
    return letter


def test_a_dead_letter_says_what_it_was(crowd: Crowd, dead: DeadLetters) -> None:
    before = time.time()
    name = bury(crowd, size=5)
    letter = only(dead)
    assert letter == dead.find(letter.id)
    assert letter.job and (letter.job.id, letter.job.address.user_id) == (name, ADA)
    assert (letter.reason, letter.body) == ("it is cursed", b"xxxxx")
    assert before - 60 < letter.at < time.time() + 60


@pytest.mark.parametrize("name", ["1-1", "no id", "-", "+", "", "(1-1"])
def test_there_is_none_of_another_name(dead: DeadLetters, crowd: Crowd, name: str) -> None:
    bury(crowd)
    assert dead.find(name) is None


def test_they_are_gone_through_a_few_at_a_time(crowd: Crowd, dead: DeadLetters) -> None:
    names = [bury(crowd) for _ in range(25)]
    assert [letter.job.id for letter in dead.all() if letter.job] == names


class TestHowMany:
    def test_the_oldest_go_first(self, crowd: Crowd, dead: DeadLetters) -> None:
        names = [bury(crowd) for _ in range(DEAD_LETTERS + 5)]
        assert [letter.job.id for letter in dead.all() if letter.job] == names[5:]
        assert crowd.bytes("dead") == (3 + SEAL) * DEAD_LETTERS

    def test_they_are_bounded_in_bytes(self, crowd: Crowd, dead: DeadLetters) -> None:
        large = DEAD_BYTES // 3 - SEAL
        names = [bury(crowd, size=large) for _ in range(4)]
        assert [letter.job.id for letter in dead.all() if letter.job] == names[1:]
        assert crowd.bytes("dead") == 3 * (large + SEAL) <= DEAD_BYTES
        names.append(bury(crowd, size=large + 3))
        assert [letter.job.id for letter in dead.all() if letter.job] == names[3:]

    def test_an_empty_stream_forgets_what_it_counted(self, crowd: Crowd, dead: DeadLetters) -> None:
        bury(crowd)
        crowd.client.delete(keys.DEAD)  # as when its time is over
        bury(crowd, size=7)
        assert crowd.bytes("dead") == 7 + SEAL

    def test_forget_takes_them_out_of_the_count(self, crowd: Crowd) -> None:
        bury(crowd, ADA, 3)
        bury(crowd, BOB, 4)
        assert crowd.wait(crowd.queue.forget(ADA)) == 1
        assert crowd.bytes("dead") == 4 + SEAL


class TestRetry:
    def test_the_photo_is_queued_as_if_it_were_new(self, crowd: Crowd, dead: DeadLetters) -> None:
        name = bury(crowd)
        letter = only(dead)
        assert letter.job
        assert dead.retry(letter)
        assert list(dead.all()) == []
        delivery = crowd.take()
        assert delivery and delivery.deliveries == 1
        assert delivery.job.sent_at > letter.job.sent_at
        assert (delivery.job.id, delivery.job.image) == (name, letter.body)
        crowd.finish(delivery)
        # "failed" when it was buried, and now a real one.
        assert crowd.send_answers() == 2
        assert crowd.bytes("photos") == crowd.bytes("dead") == crowd.bytes("answers") == 0

    def test_it_takes_its_turn(self, crowd: Crowd, dead: DeadLetters) -> None:
        name = bury(crowd, BOB)
        for _ in range(FRONT + 10):
            crowd.send(ADA)
        assert dead.retry(only(dead))
        assert crowd.drain().index(name) == FRONT + 1

    def test_it_is_done_once(self, crowd: Crowd, dead: DeadLetters) -> None:
        bury(crowd)
        letter = only(dead)
        assert dead.retry(letter)
        assert not dead.retry(letter)
        assert not dead.discard(letter)
        assert len(crowd.drain()) == 1

    def test_an_update_that_comes_again_adds_nothing(self, crowd: Crowd, dead: DeadLetters) -> None:
        name = bury(crowd)
        crowd.client.delete(keys.SUBMITTED + name)  # its time was over
        assert dead.retry(only(dead))
        crowd.send(ADA, job=photo(name, ADA))
        assert crowd.drain() == [name]

    def test_no_limit_keeps_it_out(self, redis_url: str) -> None:
        with crowded(redis_url, Limits(photos=2, waiting=1)) as crowd:
            dead = DeadLetters(crowd.client)
            bury(crowd)
            crowd.send(ADA)
            assert dead.retry(only(dead))
            with pytest.raises(QueueFull):
                crowd.send(BOB)
            assert len(crowd.drain()) == 2

    def test_what_fails_again_comes_back(self, crowd: Crowd, dead: DeadLetters) -> None:
        bury(crowd)
        first = only(dead)
        dead.retry(first)
        delivery = crowd.take()
        assert delivery
        crowd.jobs.bury(delivery, "still cursed")
        again = only(dead)
        assert (again.reason, again.body) == ("still cursed", first.body)

    def test_an_answer_is_no_photo(self, crowd: Crowd, dead: DeadLetters) -> None:
        fields: Any = photo("a", ADA).to_fields(KEYRING)
        crowd.client.xadd(keys.ANSWERS, {"meta": "no JSON", "body": b"picture"})
        assert crowd.send_answers() == 0
        letter = only(dead)
        assert (letter.job, letter.body) == (None, b"picture")
        with pytest.raises(ValueError, match="not a photo"):
            dead.retry(letter)
        # Also one that looks like a photo.
        crowd.client.xadd(keys.DEAD, fields | {b"of": b"answers"})
        assert [letter.job for letter in dead.all()] == [None, None]


def test_a_discarded_letter_is_gone(crowd: Crowd, dead: DeadLetters) -> None:
    bury(crowd)
    letter = only(dead)
    assert dead.discard(letter)
    assert not dead.discard(letter)
    assert not dead.retry(letter)
    assert not crowd.client.exists(keys.DEAD) or crowd.client.xlen(keys.DEAD) == 0
    assert crowd.bytes("dead") == 0
    assert crowd.answer() is None
