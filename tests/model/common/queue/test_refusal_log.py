"""The queue's notes of refusals, until people have been told."""

from typing import Any

from model.common.queue import keys
from model.common.queue.messages import PhotoJob
from model.common.queue.refusals import RefusalLog
from tests.helpers.redis import KEYRING
from tests.model.common.queue.crowd import ADA, Crowd, Limited, correction, counts, photo, refusal


def late(number: int, **more: Any) -> PhotoJob:
    return photo(f"late {number}", ADA, message_id=number, **more)


class TestWhatIsNoted:
    def test_all_of_one_person_in_one_chat_together(
        self, refused: tuple[Crowd, RefusalLog]
    ) -> None:
        crowd, notes = refused
        refusal(crowd, job=late(7, language="es"))
        refusal(crowd, job=late(8, language="es"))
        refusal(crowd, job=late(9, chat_id=-100))
        found = crowd.wait(notes.all())
        assert counts(crowd, notes) == {"1:1": 2, "-100:1": 1}
        told = found["1:1"]
        assert (told.message_id, told.language, told.reason) == (7, "es", "full")
        assert (told.limit, told.ahead, told.seconds) == (1, 1, 0)
        assert crowd.client.time()[0] - told.since < 60  # type: ignore[index]

    def test_what_was_told_is_forgotten_and_what_came_since_is_not(
        self, refused: tuple[Crowd, RefusalLog]
    ) -> None:
        crowd, notes = refused
        for number in (7, 8):
            refusal(crowd, job=late(number))
        refusal(crowd, job=late(9))
        crowd.wait(notes.told("1:1", 2))
        [left] = crowd.wait(notes.all()).values()
        assert (left.count, left.message_id) == (1, 9)
        crowd.wait(notes.told("1:1", 1))
        crowd.wait(notes.told("1:1", 1))
        assert not crowd.client.exists(keys.REFUSED)

    def test_the_limit_and_the_seconds_are_those_of_the_reason(self, limited: Limited) -> None:
        with limited(per_minute=2) as crowd:
            for _ in range(2):
                crowd.send(ADA)
            refusal(crowd)
            [noted] = crowd.wait(RefusalLog(crowd.queue._redis).all()).values()
            assert (noted.reason, noted.limit) == ("too_fast", 2)
            assert 0 < noted.seconds <= 30

    def test_the_refusal_of_a_correction_is_the_handlers_to_tell(
        self, refused: tuple[Crowd, RefusalLog]
    ) -> None:
        crowd, _ = refused
        refusal(crowd, job=correction("c1", ADA))
        assert not crowd.client.exists(keys.REFUSED, f"{keys.SUBMITTED}c1")
        crowd.drain()
        crowd.send_answers()
        crowd.send(ADA, job=correction("c1", ADA))

    def test_a_record_that_cannot_be_read_is_begun_anew(
        self, refused: tuple[Crowd, RefusalLog]
    ) -> None:
        crowd, notes = refused
        crowd.client.hset(keys.REFUSED, KEYRING.seal_name("1:1"), "no JSON")  # type: ignore[arg-type]
        refusal(crowd, job=late(7))
        assert counts(crowd, notes) == {"1:1": 1}
        for name, text in {
            "1:1": "no JSON",
            "nobody:1": '{"count": 1}',
            "2:2": '{"count": "1"}',
        }.items():
            crowd.client.hset(keys.REFUSED, KEYRING.seal_name(name), text)  # type: ignore[arg-type]
        crowd.wait(notes.told("1:1", 1))
        assert crowd.wait(notes.all()) == {}
        assert crowd.client.xlen(keys.DEAD) == 2
