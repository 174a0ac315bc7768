"""Corrections are taken back, the last one first."""

from model.common.corrections.book import CorrectionBook
from model.common.corrections.store import CorrectionStore
from model.common.queue import keys
from tests.helpers.corrections import ADMIN, PERSON, answered
from tests.helpers.redis import KEYRING, Client
from tests.model.common.corrections.feedback import BOOT, SANDAL, choose, count, keep


class TestUndo:
    async def test_the_last_is_taken_back_then_the_one_before(
        self, book: CorrectionBook, client: Client
    ) -> None:
        for name in ("u1", "u2"):
            await book.remember(answered(name))
            await choose(book, SANDAL, name)
        for mark, name in (("m1", "u2"), ("m2", "u1")):
            undone = await book.undo(PERSON, mark)
            assert undone
            record, choice = undone
            assert (record.answered.id, record.choice, record.turn) == (name, None, 2)
            assert (choice.label, choice.edits) == (SANDAL, 6)
        assert await book.undo(PERSON, "m3") is None
        assert count(client) == {"wrong": 0}

    async def test_the_same_update_twice_takes_back_one(
        self, book: CorrectionBook, client: Client
    ) -> None:
        for name in ("u1", "u2"):
            await book.remember(answered(name))
            await choose(book, SANDAL, name)
        first, second = await book.undo(PERSON, "m1"), await book.undo(PERSON, "m1")
        assert first and second
        assert first[0].answered == second[0].answered and first[0].turn == second[0].turn
        assert first[1] == second[1]
        assert count(client) == {"wrong": 1}

    async def test_what_was_kept_goes(self, book: CorrectionBook, store: CorrectionStore) -> None:
        await book.remember(answered())
        await book.allow(PERSON)
        turn = await choose(book, SANDAL)
        assert keep(book, store, turn)
        assert await book.undo(PERSON, "m1")
        assert store.all() == []
        assert not keep(book, store, turn), "a worker that was slow keeps nothing"

    async def test_each_takes_back_their_own(self, book: CorrectionBook) -> None:
        await book.remember(answered())
        await choose(book, SANDAL)
        assert await book.undo(ADMIN, "m1") is None
        await choose(book, BOOT, who=ADMIN)
        assert await book.undo(PERSON, "m2") is None
        assert await book.undo(ADMIN, "m3")

    async def test_answers_that_are_gone_are_passed_over(
        self, book: CorrectionBook, client: Client
    ) -> None:
        for name in ("u1", "u2"):
            await book.remember(answered(name))
            await choose(book, SANDAL, name)
        client.delete(keys.ANSWERED + KEYRING.answer("u2"))
        undone = await book.undo(PERSON, "m1")
        assert undone and undone[0].answered.id == "u1"
