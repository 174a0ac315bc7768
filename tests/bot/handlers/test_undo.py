"""/undo takes back the last correction, and redraws its answer."""

from bot.sandbox.telegram import GUEST
from model.common.queue import keys
from tests.helpers.bot.corrections import CORRECTED, JUDGE, SANDAL, Correcting
from tests.helpers.waiting import until


class TestUndo:
    async def test_it_takes_back_the_last_and_redraws_its_answer(self, chat: Correcting) -> None:
        first, second = await chat.answered(), await chat.answered()
        for number in (first, second):
            await chat.correct(number, SANDAL)
            await chat.until_caption(number, CORRECTED)
        for number, left in ((second, 1), (first, 0)):
            said = await chat.ask("/undo")
            assert said["text"] == "Taken back: 👡 Sandal. The answer is as it was."
            await chat.until_caption(number, "👟 Sneaker, 93%")
            assert list(chat.buttons(number)) == JUDGE
            assert chat.colour(number) == "green"
            assert chat.counted() == ({b"wrong": left} if left else {})
        said = await chat.ask("/undo")
        assert said["text"] == "There is nothing of the last seven days to take back."

    async def test_what_was_taken_back_can_be_said_again(self, chat: Correcting) -> None:
        number = await chat.answered()
        await chat.correct(number, SANDAL)
        await chat.until_caption(number, CORRECTED)
        await chat.ask("/undo")
        await chat.until_buttons(number, having="More…")
        await chat.correct(number, SANDAL)
        await chat.until_caption(number, CORRECTED)
        assert chat.counted() == {b"wrong": 1}

    async def test_it_comes_before_a_worker_that_is_slow(self, idle: Correcting) -> None:
        async with idle.parts.bot():
            async with idle.parts.worker.working():
                number = await idle.answered()
            idle.client.hset(keys.CONSENT, idle.store.keyring.person(GUEST.id), "yes")
            await idle.correct(number, SANDAL)
            await idle.until_buttons(number, having="✓ Corrected · change")
            await idle.ask("/undo")
            async with idle.parts.worker.working():
                await until(lambda: idle.client.xlen(keys.PHOTOS) == 0)
                await until(lambda: idle.client.xlen(keys.ANSWERS) == 0)
            assert idle.store.all() == []
            assert idle.message(number)["caption"] == "👟 Sneaker, 93%"
            assert list(idle.buttons(number)) == JUDGE
