"""The queue's limits, for one person and as a whole."""

from typing import Any

import pytest

from model.common.queue import keys
from model.common.queue.photo_queue import QueueFull
from model.common.queue.refusals import RefusalLog
from model.common.redis_tools.keyring import SEAL
from tests.helpers.redis import KEYRING
from tests.model.common.queue.crowd import (
    ADA,
    BOB,
    Crowd,
    Limited,
    correction,
    counts,
    photo,
    refusal,
)


def refused_for_seconds(crowd: Crowd, most: int) -> None:
    reason, seconds = refusal(crowd)
    assert reason == "too_fast"
    assert 0 < seconds <= most


def later(crowd: Crowd, seconds: int, person: int = ADA) -> None:
    """As if this person had sent all photos so long ago."""
    name = keys.PACE + KEYRING.person(person)
    due: Any = crowd.client.get(name)
    crowd.client.set(name, int(due) - seconds * 1_000_000, keepttl=True)


class TestPhotosAMinute:
    def test_so_many_are_taken_at_once_and_then_one_at_a_time(self, limited: Limited) -> None:
        with limited(per_minute=6) as crowd:
            for _ in range(6):
                crowd.send(ADA)
            refused_for_seconds(crowd, 10)
            later(crowd, 10)
            crowd.send(ADA)
            refused_for_seconds(crowd, 10)

    def test_after_a_quiet_minute_all_is_as_before(self, limited: Limited) -> None:
        with limited(per_minute=6) as crowd:
            for _ in range(2):
                for _ in range(6):
                    crowd.send(ADA)
                refused_for_seconds(crowd, 10)
                later(crowd, 60)

    def test_it_is_forgotten_by_itself(self, limited: Limited) -> None:
        with limited(per_minute=6) as crowd:
            crowd.send(ADA)
            assert 0 < crowd.client.pttl(keys.PACE + KEYRING.person(ADA)) <= 10_000  # type: ignore[operator]

    def test_a_clock_that_is_set_back_holds_nobody_up_for_longer(self, limited: Limited) -> None:
        with limited(per_minute=6) as crowd:
            seconds: Any = crowd.client.time()
            crowd.client.set(keys.PACE + KEYRING.person(ADA), (seconds[0] + 3600) * 1_000_000)
            for _ in range(6):
                crowd.send(ADA)
            refused_for_seconds(crowd, 10)

    def test_another_person_is_not_held_up(self, limited: Limited) -> None:
        with limited(per_minute=1) as crowd:
            crowd.send(ADA)
            crowd.send(BOB)

    def test_in_another_chat_the_person_is_the_same(self, limited: Limited) -> None:
        with limited(per_minute=1) as crowd:
            crowd.send(ADA)
            assert refusal(crowd, job=photo("in a group", ADA, chat_id=-100))[0] == "too_fast"

    def test_what_was_refused_costs_nothing(self, limited: Limited) -> None:
        with limited(per_minute=1, waiting=1) as crowd:
            crowd.send(BOB)
            later(crowd, 60, BOB)
            assert refusal(crowd, BOB) == ("too_many", 0)
            crowd.drain()
            crowd.send(BOB)

    def test_a_second_delivery_costs_nothing(self, limited: Limited) -> None:
        with limited(per_minute=2) as crowd:
            for _ in range(5):
                crowd.send(ADA, job=photo("same", ADA))
            crowd.send(ADA)

    def test_corrections_are_free(self, limited: Limited) -> None:
        with limited(per_minute=1) as crowd:
            crowd.send(ADA)
            for number in range(3):
                crowd.send(ADA, job=correction(f"c{number}", ADA))

    def test_who_is_forgotten_begins_anew(self, limited: Limited) -> None:
        with limited(per_minute=1) as crowd:
            crowd.send(ADA)
            crowd.wait(crowd.queue.forget(ADA))
            assert not crowd.client.exists(keys.PACE + KEYRING.person(ADA))


class TestPhotosWaiting:
    def test_an_answer_makes_room(self, limited: Limited) -> None:
        with limited(waiting=2) as crowd:
            crowd.send(ADA)
            crowd.send(ADA)
            assert refusal(crowd) == ("too_many", 0)
            crowd.send(BOB)
            assert crowd.answer()
            crowd.send(ADA)
            assert refusal(crowd)[0] == "too_many"

    def test_a_burial_makes_room(self, limited: Limited) -> None:
        with limited(waiting=1) as crowd:
            crowd.send(ADA)
            delivery = crowd.take()
            assert delivery
            crowd.jobs.bury(delivery, "cursed")
            crowd.send(ADA)

    def test_corrections_count(self, limited: Limited) -> None:
        with limited(waiting=2) as crowd:
            crowd.send(ADA)
            crowd.send(ADA, job=correction("c1", ADA))
            assert refusal(crowd)[0] == "too_many"
            assert refusal(crowd, job=correction("c2", ADA))[0] == "too_many"
            assert crowd.wait(crowd.queue.forget(ADA)) == 1
            crowd.send(ADA)


class TestTheWhole:
    def test_unsent_answers_count(self, limited: Limited) -> None:
        with limited(photos=3) as crowd:
            for _ in range(3):
                crowd.send(ADA)
            crowd.answer()
            assert refusal(crowd)[0] == "full"
            assert crowd.send_answers() == 1
            crowd.send(BOB)

    def test_megabytes_of_photos_and_of_answers_count(self, limited: Limited) -> None:
        with limited(megabytes=1) as crowd:
            crowd.send(ADA, 400_000)
            crowd.send(ADA, 600_000 - 2 * SEAL)
            assert refusal(crowd, size=1) == ("full", 0)
            delivery = crowd.take()
            assert delivery
            crowd.finish(delivery, b"x" * 300_000)
            crowd.send(BOB, 100_000 - SEAL)
            assert refusal(crowd, size=1)[0] == "full"
            crowd.send_answers()
            crowd.send(BOB, 300_000 - 2 * SEAL)

    def test_an_empty_queue_takes_any_photo(self, limited: Limited) -> None:
        with limited(megabytes=1) as crowd:
            crowd.send(ADA, 1_000_001)
            assert refusal(crowd, size=1)[0] == "full"
            crowd.answer()
            crowd.send_answers()
            crowd.send(ADA, 1_000_001)

    def test_what_the_person_can_change_is_said_first(self, limited: Limited) -> None:
        with limited(photos=1, waiting=1, per_minute=1) as crowd:
            crowd.send(ADA)
            assert refusal(crowd)[0] == "too_many"
            crowd.answer()
            assert refusal(crowd)[0] == "too_fast"
            assert refusal(crowd, BOB)[0] == "full"


class TestAdmit:
    """The look before a photo is fetched."""

    def test_it_queues_nothing(self, limited: Limited) -> None:
        with limited(per_minute=1) as crowd:
            for _ in range(3):
                assert crowd.wait(crowd.queue.admit(photo("a", ADA), 100)) is True
            assert crowd.client.keys("*") == []

    def test_a_photo_that_is_queued_already_is_known(self, limited: Limited) -> None:
        with limited(photos=1) as crowd:
            crowd.send(ADA, job=photo("a", ADA))
            assert crowd.wait(crowd.queue.admit(photo("a", ADA))) is False
            crowd.answer()
            assert crowd.wait(crowd.queue.admit(photo("a", ADA))) is False

    def test_what_it_refuses_stays_refused_and_is_noted_once(
        self, refused: tuple[Crowd, RefusalLog]
    ) -> None:
        crowd, notes = refused
        for _ in range(2):
            with pytest.raises(QueueFull):
                crowd.wait(crowd.queue.admit(photo("late", ADA)))
        crowd.drain()
        crowd.send_answers()
        assert refusal(crowd, job=photo("late", ADA))[0] == "full"
        assert counts(crowd, notes) == {"1:1": 1}
        assert crowd.client.ttl(f"{keys.SUBMITTED}late") > 0  # type: ignore[operator]
        crowd.send(ADA)

    def test_the_size_that_is_known_counts(self, limited: Limited) -> None:
        with limited(megabytes=1) as crowd:
            crowd.send(ADA)
            with pytest.raises(QueueFull):
                crowd.wait(crowd.queue.admit(photo("a", ADA), 1_000_000))
