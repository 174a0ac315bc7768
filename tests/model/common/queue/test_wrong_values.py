"""Numbers in Redis that are none: what somebody put there by hand stops no program."""

from collections.abc import Callable
from typing import Any

import pytest

from model.common.queue import keys
from model.common.queue.backlog import Load
from model.common.queue.limits import Limits
from tests.helpers.redis import KEYRING, Client
from tests.model.common.queue.crowd import FRONT, crowded

ADA = 1
PERSON = KEYRING.person(ADA)
WRONG: list[Any] = ["", "many", "nan", "-inf", "9" * 40, "1.5", b"\xff\x00"]

Put = Callable[[Client, Any], object]
PLACES: dict[str, Put] = {
    "bytes of photos": lambda client, value: client.hset(keys.BYTES, "photos", value),
    "bytes of answers": lambda client, value: client.hset(keys.BYTES, "answers", value),
    "bytes of dead letters": lambda client, value: client.hset(keys.BYTES, "dead", value),
    "unanswered": lambda client, value: client.hset(keys.UNANSWERED, PERSON, value),
    "tag": lambda client, value: client.hset(keys.TAGS, PERSON, value),
    "virtual time": lambda client, value: client.hset(keys.TAGS, "time", value),
    "pace": lambda client, value: client.set(keys.PACE + PERSON, value),
    "clock": lambda client, value: client.set(keys.CLOCK, value),
    "tempo": lambda client, value: client.hset(
        keys.TEMPO, mapping=dict.fromkeys(["at", "n", "ms"], value) | {"busy": "1"}
    ),
}


@pytest.mark.parametrize("place", PLACES)
def test_photos_are_queued_and_answered(redis_url: str, place: str) -> None:
    with crowded(redis_url, Limits(per_minute=600, waiting=600)) as crowd:
        for value in WRONG:
            crowd.send(ADA)
            PLACES[place](crowd.client, value)
            crowd.send(ADA)
            assert Load.read(crowd.client).photos == 2
            crowd.client.xadd(keys.PHOTOS, {"meta": "odd", "body": "odd"})
            assert len(crowd.drain()) + len(crowd.drain()) == 2
            assert crowd.send_answers() == 2


@pytest.mark.parametrize("place", ["tag", "virtual time"])
def test_those_behind_the_front_come_to_it(redis_url: str, place: str) -> None:
    with crowded(redis_url) as crowd:
        for _ in range(FRONT + 2):
            crowd.send(ADA)
        PLACES[place](crowd.client, "nan")
        crowd.send(ADA)
        assert len(crowd.drain()) == FRONT + 3
