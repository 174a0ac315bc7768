"""Consent is asked for once; what was kept is forgotten when the person says so."""

from model.common.corrections.book import CorrectionBook, Forgotten
from model.common.corrections.store import CorrectionStore
from model.common.queue import keys
from tests.helpers.corrections import ADMIN, PERSON, answered, kept
from tests.helpers.redis import Client
from tests.model.common.corrections.feedback import SANDAL, SNEAKER, choose, keep


class TestConsent:
    async def test_it_is_asked_once_and_answered_as_often_as_the_person_likes(
        self, book: CorrectionBook
    ) -> None:
        assert await book.consent(PERSON) is None
        await book.asked(PERSON)
        assert await book.consent(PERSON) == "asked"
        await book.allow(PERSON)
        await book.asked(PERSON)
        assert await book.consent(PERSON) == "yes"
        await book.refuse(PERSON)
        assert await book.consent(PERSON) == "no"
        assert await book.consent(ADMIN) is None

    async def test_a_yes_names_what_can_be_kept_after_all(
        self, book: CorrectionBook, store: CorrectionStore
    ) -> None:
        for name in ("right", "wrong", "kept", "untouched"):
            await book.remember(answered(name))
        await book.remember(answered("somebody else's", user_id=ADMIN))
        assert await book.allow(PERSON) == []
        await choose(book, SNEAKER, "right")
        await choose(book, SANDAL, "wrong")
        await choose(book, SANDAL, "somebody else's", who=ADMIN)
        assert keep(book, store, await choose(book, SANDAL, "kept"), "kept")
        [record] = await book.allow(PERSON)
        assert record.answered.id == "wrong"
        turned = await book.next_turn(record)
        assert turned and turned.turn == record.turn + 1
        found = await book.find("wrong")
        assert found and found.turn == turned.turn

    async def test_a_no_deletes_what_was_kept_of_this_person_alone(
        self, book: CorrectionBook, store: CorrectionStore, client: Client
    ) -> None:
        await book.remember(answered())
        await book.allow(PERSON)
        keep(book, store, None)
        client.hset(keys.CONSENT, "other", "yes")
        store.keep(kept("other's", person="other"), b"JPEG")
        assert await book.refuse(PERSON) == 1
        assert [correction.id for correction in store.all()] == ["other's"]
        assert client.hkeys(keys.THUMBNAILS) == [b"other's"]
        assert await book.find("u1"), "the answer can still be corrected"


async def test_forgetting_leaves_only_the_count(
    book: CorrectionBook, store: CorrectionStore, client: Client
) -> None:
    for name in ("u1", "u2"):
        await book.remember(answered(name))
    await book.allow(PERSON)
    turn = await choose(book, SANDAL)
    assert keep(book, store, turn)
    await choose(book, SANDAL, "u2")
    assert await book.undo(PERSON, "m1")
    assert await book.forget(PERSON) == Forgotten(corrections=1, answers=2, consent=True)
    assert client.keys("*") == [keys.CORRECTIONS_COUNT.encode()]
    assert not keep(book, store, turn), "a worker that was slow keeps nothing"
    assert await book.forget(PERSON) == Forgotten(corrections=0, answers=0, consent=False)


async def test_forgetting_one_leaves_the_others(
    book: CorrectionBook, store: CorrectionStore
) -> None:
    await book.remember(answered())
    await book.remember(answered("u2", user_id=ADMIN))
    await book.allow(ADMIN)
    await book.forget(PERSON)
    assert await book.find("u1") is None
    assert await book.find("u2")
    assert await book.consent(ADMIN) == "yes"
