"""Feedback on answers, on real Redis: counted once, changed, read."""

from dataclasses import replace
from typing import Any

import pytest

from model.common.corrections import book as module
from model.common.corrections.answer_record import AnswerSummary
from model.common.corrections.book import CorrectionBook
from model.common.corrections.store import CorrectionStore, KeptCorrection, opened
from model.common.labels import NONE_OF_THESE
from model.common.queue import keys
from model.common.queue.messages import Address, Answer, Correction
from model.common.redis_tools.connection import AsyncClient
from model.common.redis_tools.keyring import Keyring
from tests.helpers.corrections import ADMIN, PERSON, answered, kept, prediction
from tests.helpers.redis import KEYRING, Client
from tests.model.common.corrections.feedback import BOOT, SANDAL, SNEAKER, choose, count, keep


async def test_an_answer_is_remembered_as_it_was(book: CorrectionBook) -> None:
    await book.remember(answered())
    record = await book.find("u1")
    assert record and record.answered == answered()
    assert (record.choice, record.turn, record.menu_open, record.verdict) == (None, 0, False, "")
    assert await book.find("u2") is None


async def test_it_is_forgotten_by_itself(book: CorrectionBook, client: Client) -> None:
    await book.remember(answered())
    for key in client.keys("*"):  # type: ignore[union-attr]
        assert 0 < int(client.ttl(key)) <= module.REMEMBERED  # type: ignore[arg-type]


def weight(client: Client) -> int:
    found: Any = client.get(keys.ANSWERED_BYTES)
    return int(found or 0)


@pytest.mark.parametrize("wrong", ["", "many", "nan", "1.5", b"\xff"])
async def test_what_is_no_number_stops_no_answer(
    book: CorrectionBook, client: Client, wrong: Any
) -> None:
    client.set(keys.ANSWERED_BYTES, wrong)
    client.zadd(keys.ANSWERED_ORDER, {wrong: 1})
    await book.remember(answered())
    assert await book.find("u1")
    assert weight(client) > 0
    client.hset(keys.ANSWERED + KEYRING.answer("u1"), "turn", wrong)
    assert await book.find("u1") is None


class TestWhatAllAnswersWeigh:
    async def test_the_oldest_are_forgotten_first(
        self, connection: AsyncClient, client: Client
    ) -> None:
        await CorrectionBook(connection).remember(answered("u0"))
        one = weight(client)
        book = CorrectionBook(connection, 1)
        book._most_bytes = 3 * one + one // 2
        for number in range(1, 6):
            await book.remember(answered(f"u{number}"))
            await book.remember(answered(f"u{number}"))
        found = [bool(await book.find(f"u{number}")) for number in range(6)]
        assert found == [False] * 3 + [True] * 3
        assert weight(client) <= book._most_bytes
        person = KEYRING.person(PERSON)
        assert client.zcard(keys.ANSWERED_OF + person) == client.zcard(keys.ANSWERED_ORDER) == 3

    async def test_it_is_what_they_take_of_redis(
        self, connection: AsyncClient, client: Client
    ) -> None:
        before: Any = client.info("memory")
        book = CorrectionBook(connection)
        for number in range(2000):
            await book.remember(answered(f"u{number}"))
        after: Any = client.info("memory")
        took = after["used_memory"] - before["used_memory"]
        assert 0.7 * weight(client) < took < 1.3 * weight(client)

    async def test_what_is_over_a_week_old_and_what_is_deleted_weighs_nothing(
        self, book: CorrectionBook, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with monkeypatch.context() as past:
            past.setattr("model.common.corrections.book.time.time", lambda: 1_000_000.0)
            await book.remember(answered("u1"))
        await book.remember(answered("u2"))
        assert await book.find("u1") is None
        one = weight(client)
        await book.remember(answered("u3"))
        assert weight(client) == 2 * one
        await book.forget(PERSON)
        assert weight(client) == 0
        assert not client.exists(keys.ANSWERED_ORDER)


@pytest.mark.parametrize("verdict", ["sure", "unsure", "none"])
async def test_only_what_can_be_corrected_is_remembered(verdict: Any) -> None:
    answer = Answer(
        id="u1",
        address=Address(chat_id=1, message_id=2, user_id=3, language="en", file_id="file"),
        prediction=prediction(verdict),
    )
    assert AnswerSummary.of(answer)
    assert AnswerSummary.of(replace(answer, prediction=None, refusal="failed")) is None
    assert AnswerSummary.of(replace(answer, address=replace(answer.address, file_id=""))) is None
    correction = Correction(answer_id="u1", edits=1, turn=1, label=1, prediction=prediction())
    assert AnswerSummary.of(replace(answer, correction=correction)) is None


async def test_each_answer_counts_once_however_often_the_update_comes(
    book: CorrectionBook, client: Client
) -> None:
    await book.remember(answered())
    assert [await choose(book, SANDAL) for _ in range(3)] == [1, 1, 1]
    assert count(client) == {"wrong": 1}
    await book.remember(answered())  # its answer is sent a second time
    assert await choose(book, SANDAL) == 1


async def test_a_second_choice_changes_the_first(book: CorrectionBook, client: Client) -> None:
    await book.remember(answered())
    assert await choose(book, SANDAL) == 1
    assert await choose(book, SNEAKER) == 2
    assert count(client) == {"wrong": 0, "right": 1}
    assert await choose(book, NONE_OF_THESE, who=ADMIN) == 3
    assert count(client) == {"wrong": 1, "right": 0}


async def test_what_was_kept_of_the_first_choice_goes_at_once(
    book: CorrectionBook, store: CorrectionStore
) -> None:
    await book.remember(answered())
    await book.allow(PERSON)
    turn = await choose(book, SANDAL)
    assert keep(book, store, turn)
    later = await choose(book, BOOT)
    assert store.all() == [] and store.thumbnails([store.keyring.answer("u1")]) == {}
    assert not keep(book, store, turn), "a worker that was slow keeps nothing"
    assert keep(book, store, later)


async def test_two_at_the_same_time_are_both_right_in_the_end(
    book: CorrectionBook, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    await book.remember(answered())
    find = book.find
    rivals = [BOOT]

    async def slowly(answer_id: str) -> Any:
        record = await find(answer_id)
        if rivals:
            await choose(book, rivals.pop(), who=ADMIN)
        return record

    monkeypatch.setattr(book, "find", slowly)
    assert await choose(book, SANDAL) == 2
    assert count(client) == {"wrong": 1}


async def test_an_answer_that_is_gone_cannot_be_corrected(
    book: CorrectionBook, client: Client
) -> None:
    assert await book.choose("u1", SANDAL, user_id=PERSON, edits=6) is None
    await book.show_menu("u1", True)
    assert client.keys("*") == []


async def test_what_another_key_sealed_is_no_answer(book: CorrectionBook, client: Client) -> None:
    other = Keyring("another key of more than 32 characters")
    sealed: Any = other.seal_record(answered(), keys.ANSWERED)
    client.hset(keys.ANSWERED + KEYRING.answer("u1"), "answer", sealed)
    assert await book.find("u1") is None


async def test_all_that_is_kept_is_read_and_what_is_new_is_counted_by_label(
    book: CorrectionBook, store: CorrectionStore, client: Client
) -> None:
    assert await book.kept() == []
    client.hset(keys.CONSENT, "person", "yes")
    for number, label in enumerate([9, 3, 9, NONE_OF_THESE]):
        store.keep(kept(f"{number}", label, date=float(number)), b"JPEG")
    assert sorted(each.label for each in await book.kept()) == [3, 9, 9, NONE_OF_THESE]
    assert await book.new_by_label(since=1.0) == {9: 1, NONE_OF_THESE: 1}


async def test_many_are_read_a_page_at_a_time(
    book: CorrectionBook,
    store: CorrectionStore,
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client.hset(keys.CONSENT, "person", "yes")
    for number in range(300):
        store.keep(kept(f"{number}", number % 3, date=float(number)), b"JPEG")
    pages: list[int] = []

    def noted(keyring: Keyring, entries: dict[bytes, bytes]) -> list[KeptCorrection]:
        pages.append(len(entries))
        return opened(keyring, entries)

    monkeypatch.setattr(module, "PAGE", 10)
    monkeypatch.setattr(module, "opened", noted)
    assert {each.id for each in await book.kept()} == {f"{number}" for number in range(300)}
    # Nobody waits for more than a page; Redis may add a few to it.
    assert max(pages) < 50
