"""When it is crowded people take turns; whatever happens, nothing is lost or counted twice."""

from collections import Counter
from itertools import pairwise
from typing import Any

import pytest
import redis
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from model.common.queue import keys
from model.common.queue.dead_letters import DeadLetters
from model.common.queue.heartbeats import WORKERS, WorkerStatus
from model.common.queue.messages import PhotoJob
from model.common.redis_tools.keyring import SEAL
from tests.helpers.redis import KEYRING, Client
from tests.model.common.queue.crowd import FRONT, Crowd, correction, crowded, photo

GREEDY, MODEST = 1, 2


@pytest.fixture
def crowd(redis_url: str) -> Any:
    with crowded(redis_url) as crowd:
        yield crowd


def test_few_photos_all_stand_in_the_front(crowd: Crowd) -> None:
    assert [crowd.send(GREEDY) for _ in range(FRONT)] == list(range(FRONT))
    assert crowd.client.xlen(keys.WAITING) == 0
    assert not crowd.client.exists(keys.ORDER, keys.TAGS, keys.SINCE)
    assert crowd.drain() == [str(number) for number in range(FRONT)]


def test_who_sends_five_hundred_delays_another_by_the_front_alone(crowd: Crowd) -> None:
    for _ in range(500):
        crowd.send(GREEDY)
    ahead = crowd.send(MODEST)
    # The greedy person's first photo behind the front came before.
    assert ahead == FRONT + 1
    order = crowd.drain()
    assert order.index("500") == ahead
    assert len(order) == 501


def test_behind_the_front_everybodys_first_comes_before_anybodys_second(crowd: Crowd) -> None:
    for _ in range(FRONT):
        crowd.send(0)
    sent = [(person, turn) for person in range(1, 6) for turn in range(person)]
    for person, turn in sent:
        crowd.send(person, job=photo(f"{person}-{turn}", person))
    order = [name for name in crowd.drain() if "-" in name]
    turns = [int(name.split("-")[1]) for name in order]
    assert turns == sorted(turns)
    assert len(order) == len(sent)


def test_who_comes_late_does_not_overtake_those_who_waited_as_long(crowd: Crowd) -> None:
    for _ in range(FRONT + 20):
        crowd.send(GREEDY)
    for _ in range(10):
        crowd.answer()
    # A tag of long ago would put all five before the greedy person's rest.
    late = [crowd.send(MODEST) for _ in range(5)]
    order = crowd.drain()
    places = [order.index(str(FRONT + 20 + number)) for number in range(5)]
    assert [after - before for before, after in pairwise(places)] == [2] * 4
    assert late[0] == places[0]


def test_the_front_grows_with_the_workers(crowd: Crowd) -> None:
    for _ in range(100):
        crowd.send(GREEDY)
    assert crowd.client.xlen(keys.PHOTOS) == FRONT
    for number in range(4):
        WORKERS.publish(crowd.client, WorkerStatus(name=f"w{number}", model="m", answered=0))
    crowd.answer()
    assert crowd.client.xlen(keys.PHOTOS) == 4 * 16


def test_a_buried_photo_makes_room_in_the_front(crowd: Crowd) -> None:
    for _ in range(FRONT + 2):
        crowd.send(GREEDY)
    delivery = crowd.take()
    assert delivery
    crowd.jobs.bury(delivery, "cursed")
    assert crowd.client.xlen(keys.PHOTOS) == FRONT
    assert crowd.client.xlen(keys.WAITING) == 1


def test_who_is_forgotten_leaves_no_trace_in_the_order(crowd: Crowd) -> None:
    for _ in range(FRONT + 1):
        crowd.send(GREEDY)
    crowd.send(MODEST, job=correction("c1", MODEST))
    crowd.send(GREEDY, job=correction("c2", GREEDY))
    crowd.wait(crowd.queue.forget(MODEST))
    crowd.wait(crowd.queue.forget(GREEDY))
    assert crowd.ids(keys.WAITING) == [str(FRONT)]
    assert crowd.client.zcard(keys.ORDER) == 1
    # The greedy person has a photo waiting for its first answer; its tag is their last.
    assert crowd.hash(keys.TAGS) == {KEYRING.person(GREEDY): "1"}


class TestByHand:
    """Somebody deletes or adds entries; nobody is told of it."""

    def test_photos_that_wait_behind_an_empty_front_are_called_up(self, crowd: Crowd) -> None:
        for _ in range(FRONT + 5):
            crowd.send(GREEDY)
        crowd.client.xtrim(keys.PHOTOS, maxlen=0, approximate=False)
        assert len(crowd.drain()) == 5

    def test_a_waiting_photo_that_was_deleted_holds_nothing_up(self, crowd: Crowd) -> None:
        for _ in range(FRONT + 3):
            crowd.send(GREEDY)
        first: Any = crowd.client.xrange(keys.WAITING, count=1)
        crowd.client.xdel(keys.WAITING, first[0][0])
        assert len(crowd.drain()) == FRONT + 2
        assert not crowd.client.exists(keys.ORDER, keys.TAGS)

    def test_a_waiting_photo_without_a_tag_comes_last(self, crowd: Crowd) -> None:
        for _ in range(FRONT + 1):
            crowd.send(GREEDY)
        crowd.client.xadd(keys.WAITING, photo("stray", 9).to_fields(KEYRING))  # type: ignore[arg-type]
        assert crowd.drain()[-1] == "stray"

    def test_an_empty_queue_forgets_what_it_counted(self, crowd: Crowd) -> None:
        crowd.send(GREEDY)
        crowd.client.delete(keys.PHOTOS)
        crowd.send(MODEST, 7)
        assert crowd.hash(keys.UNANSWERED) == {KEYRING.person(MODEST): "1"}
        assert crowd.bytes("photos") == 7 + SEAL

    def test_what_was_never_counted_is_not_subtracted(self, crowd: Crowd) -> None:
        crowd.client.xadd(keys.PHOTOS, photo("old", 9).to_fields(KEYRING))  # type: ignore[arg-type]
        crowd.send(MODEST)
        assert crowd.drain() == ["old", "0"]
        assert crowd.hash(keys.UNANSWERED) == {}
        assert crowd.bytes("photos") == 0


def test_out_of_memory_the_front_is_still_filled_up(crowd: Crowd) -> None:
    assert crowd.answer() is None  # a worker was there before
    for _ in range(FRONT + 2):
        crowd.send(GREEDY)
    crowd.client.config_set("maxmemory", 1)
    try:
        with pytest.raises(redis.ResponseError, match="OOM"):
            crowd.send(MODEST)
        for _ in range(FRONT + 2):
            assert crowd.answer()
    finally:
        crowd.client.config_set("maxmemory", 0)
    assert crowd.answer() is None


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    crowd_before=st.lists(st.integers(1, 4), min_size=25, max_size=60),
    answered=st.integers(0, 30),
    more=st.lists(st.integers(1, 4), max_size=8),
    person=st.integers(1, 5),
)
def test_so_many_as_it_says_are_answered_before(
    redis_url: str, crowd_before: list[int], answered: int, more: list[int], person: int
) -> None:
    with crowded(redis_url) as crowd:
        for one in crowd_before:
            crowd.send(one)
        for _ in range(answered):
            crowd.answer()
        for one in more:
            crowd.send(one)
        ahead = crowd.send(person)
        assert crowd.drain().index(str(crowd.sent - 1)) == ahead


class Ledger:
    """The queue's expected content, as a model of it."""

    def __init__(self, crowd: Crowd) -> None:
        self.crowd = crowd
        self.dead = DeadLetters(crowd.client)
        self.waiting: dict[str, PhotoJob] = {}
        self.answers: dict[str, int] = {}

    def send(self, person: int, size: int) -> None:
        job = photo(str(self.crowd.sent), person, size)
        self.crowd.send(person, job=job)
        self.waiting[job.id] = job

    def correct(self, person: int, size: int) -> None:
        job = correction(str(self.crowd.sent), person, size)
        self.crowd.send(person, job=job)
        self.waiting[job.id] = job

    def finish(self, _person: int, size: int) -> None:
        if delivery := self.crowd.take():
            del self.waiting[delivery.job.id]
            self.crowd.finish(delivery, b"y" * size)
            self.answers[delivery.job.id] = size + SEAL if size else 0

    def bury(self, _person: int, _size: int) -> None:
        if delivery := self.crowd.take():
            del self.waiting[delivery.job.id]
            self.crowd.jobs.bury(delivery, "cursed")
            self.answers[delivery.job.id] = 0

    def die(self, _person: int, _size: int) -> None:
        """A worker takes a photo, and is never heard of again."""
        self.crowd.take()

    def retry(self, _person: int, _size: int) -> None:
        for letter in self.dead.all():
            assert letter.job
            assert self.dead.retry(letter)
            assert not self.dead.retry(letter)
            self.waiting[letter.job.id] = letter.job
            return

    def forget(self, person: int, _size: int) -> None:
        self.crowd.wait(self.crowd.queue.forget(person))
        for job in list(self.waiting.values()):
            if job.address.user_id == person and job.correction:
                del self.waiting[job.id]

    def send_answers(self, _person: int, _size: int) -> None:
        assert self.crowd.send_answers() >= len(self.answers)
        self.answers.clear()

    def check(self) -> None:
        crowd, client = self.crowd, self.crowd.client
        front, behind = crowd.ids(keys.PHOTOS), crowd.ids(keys.WAITING)
        assert Counter(front + behind) == Counter(list(self.waiting))
        assert len(front) == min(FRONT, len(self.waiting))
        persons = Counter(KEYRING.person(job.address.user_id) for job in self.waiting.values())
        assert crowd.hash(keys.UNANSWERED) == {who: str(n) for who, n in persons.items()}
        assert crowd.bytes("photos") == sum(len(job.image) + SEAL for job in self.waiting.values())
        assert crowd.bytes("answers") == sum(self.answers.values())
        assert crowd.bytes("dead") == sum(len(letter.body) + SEAL for letter in self.dead.all())
        ordered: Any = client.zrange(keys.ORDER, 0, -1)
        entries: Any = client.xrange(keys.WAITING)
        assert set(ordered) == {entry for entry, _ in entries}
        tagged = {KEYRING.person(self.waiting[name].address.user_id) for name in behind}
        assert crowd.hash(keys.TAGS).keys() - {"time"} == tagged
        since: Any = client.zrange(keys.SINCE, 0, -1)
        entries = client.xrange(keys.PHOTOS)
        assert set(since) <= {entry for entry, _ in entries}


STEPS = ["send"] * 6 + ["finish"] * 4
STEPS += ["correct", "bury", "die", "retry", "forget", "send_answers"]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.integers(20, 50),
    st.lists(st.tuples(st.sampled_from(STEPS), st.integers(1, 4), st.integers(0, 9)), max_size=40),
)
# Of two that wait the later one is forgotten: the person's tag is then the earlier one's.
@example(33, [("send", 1, 0), ("correct", 3, 0), ("forget", 3, 0), ("finish", 1, 0)])
def test_nothing_is_lost_doubled_or_miscounted(
    redis_url: str, before: int, steps: list[tuple[str, int, int]]
) -> None:
    with crowded(redis_url) as crowd:
        ledger = Ledger(crowd)
        for number in range(before):
            ledger.send(number % 3 + 1, 2)
        ledger.check()
        for step, person, size in steps:
            getattr(ledger, step)(person, size)
            ledger.check()


def test_the_age_of_the_oldest_is_that_of_who_waited_longest(crowd: Crowd) -> None:
    for _ in range(FRONT + 1):
        crowd.send(GREEDY)
    before = crowd.wait(crowd.queue.load())
    # The one that waited comes to the front under a new id.
    for _ in range(FRONT):
        crowd.answer()
    client: Client = crowd.client
    [(entry, since)] = client.zrange(keys.SINCE, 0, -1, withscores=True)  # type: ignore[misc]
    client.zadd(keys.SINCE, {entry: since - 60_000})
    after = crowd.wait(crowd.queue.load())
    assert (before.photos, after.photos) == (FRONT + 1, 1)
    assert after.oldest >= 60
    assert after.answers == FRONT
    crowd.answer()
    assert crowd.wait(crowd.queue.load()).oldest == 0
