"""/forget: what was kept of a person goes at once, and what is left in Redis."""

from bot.sandbox.telegram import ADMIN, GUEST
from model.common.queue import keys
from model.common.queue.messages import Address, Correction, PhotoJob
from tests.helpers.bot.corrections import KEEP, SANDAL, SNEAKER, Correcting
from tests.helpers.bot.running import Parts
from tests.helpers.corrections import all_in
from tests.helpers.photos import picture
from tests.helpers.redis import KEYRING
from tests.helpers.waiting import until


async def test_it_deletes_all_and_says_how_much(chat: Correcting) -> None:
    await chat.press(await chat.asked(), KEEP)
    await chat.corrected()
    await chat.until_kept(2)
    await chat.answered()
    await chat.corrected(ADMIN.id)
    said = await chat.forget()
    assert "2 corrections, with the small copies of their photos" in said
    assert "what I remembered of 3 answers" in said
    assert "and your answer" in said
    assert chat.store.all() == []
    assert await chat.left() == []
    assert await chat.left(ADMIN.id), "another person's is still there"
    assert b"\xff\xd8" not in all_in(chat.client), "there is a JPEG left"
    assert await chat.forget() == "I’m not storing anything about you."
    # Another person's answers are still there to be corrected.
    assert (await chat.ask("/undo", ADMIN.id))["text"].startswith("Taken back")


async def test_a_correction_that_waits_in_the_queue_goes_too(idle: Correcting) -> None:
    async with idle.parts.bot():
        async with idle.parts.worker.working():
            question = await idle.asked()
            await idle.press(question, KEEP)
            await idle.until_kept(1)
            number = await idle.answered()
        await idle.correct(number, SANDAL)
        await until(lambda: idle.client.xlen(keys.PHOTOS) == 1)
        said = await idle.forget()
        assert "1 photo that was waiting to be redrawn" in said
        assert idle.client.xlen(keys.PHOTOS) == 0
        assert await idle.left() == []
        async with idle.parts.worker.working():
            await idle.answered()
    assert idle.store.all() == []


async def test_a_correction_in_a_workers_hands_is_not_kept(idle: Correcting) -> None:
    async with idle.parts.bot():
        async with idle.parts.worker.working():
            await idle.press(await idle.asked(), KEEP)
            await idle.until_kept(1)
            number = await idle.answered()
        await idle.correct(number, SANDAL)
        await until(lambda: idle.client.xlen(keys.PHOTOS) == 1)
        [(_, fields)] = idle.client.xrange(keys.PHOTOS)  # type: ignore[misc]
        job = PhotoJob.from_fields(fields, KEYRING)
        await idle.forget()
        idle.answer(job)
    assert idle.store.all() == []
    assert not idle.client.exists(keys.THUMBNAILS)


async def test_photos_that_wait_for_their_first_answer_get_it(idle: Correcting) -> None:
    async with idle.parts.bot():
        number = await idle.parts.send_photo()
        await until(lambda: idle.client.xlen(keys.PHOTOS) == 1)
        await idle.forget()
        async with idle.parts.worker.working():
            assert await idle.parts.said(number) == "👟 Sneaker, 93%"


async def test_photos_that_were_set_aside_go_and_those_of_others_stay(chat: Correcting) -> None:
    mistake = Correction(answer_id="u", edits=1, turn=1, label=5, prediction=SNEAKER)
    for number in range(25):
        job = PhotoJob(
            id=f"{number}",
            address=Address(
                chat_id=1, message_id=1, user_id=GUEST.id if number % 2 else ADMIN.id, language="en"
            ),
            image=picture(),
            correction=mistake if number % 3 else None,
        )
        chat.client.xadd(keys.DEAD, {**job.to_fields(KEYRING), b"reason": b"x"})  # type: ignore[dict-item]
    chat.client.xadd(keys.DEAD, {"meta": "no JSON", "reason": "x"})
    said = await chat.forget()
    assert "12 photos that were waiting to be redrawn or had been set aside" in said
    assert chat.client.xlen(keys.DEAD) == 14


async def test_old_buttons_say_that_the_answer_is_unknown(chat: Correcting) -> None:
    number = await chat.answered()
    await chat.forget()
    said = await chat.press(number, "More…")
    assert said.text and said.text.startswith("I no longer know this answer")


async def test_who_comes_back_is_asked_again(chat: Correcting) -> None:
    await chat.press(await chat.asked(), KEEP)
    await chat.until_kept(1)
    await chat.forget()
    await chat.asked()
    assert chat.store.all() == []


async def test_without_corrections_what_was_set_aside_goes_all_the_same(
    served: Parts, redis_url: str
) -> None:
    sent = await served.sandbox.send_text(GUEST.id, "/forget")
    asked = await served.sandbox.next_bot_message(GUEST.id, after=sent["message_id"])
    assert asked["text"] == "Delete whatever I still store about you?"
    await served.sandbox.press(GUEST.id, asked["message_id"], f"forget:yes:{GUEST.id}")
    await until(lambda: served.from_bot()[-1]["text"] == "I’m not storing anything about you.")


async def test_it_asks_first_and_says_what_would_go(chat: Correcting) -> None:
    await chat.press(await chat.asked(), KEEP)
    await chat.until_kept(1)
    await chat.answered()
    asked = await chat.ask("/forget")
    assert asked["text"] == (
        "Delete 1 correction with the small copy of its photo, and what I remember of 2 answers?"
    )
    number = int(asked["message_id"])
    assert list(chat.buttons(number)) == ["Delete", "Keep"]
    await chat.press(number, "Keep")
    await chat.until(lambda: chat.message(number)["text"] == "All right, I deleted nothing.")
    assert len(chat.store.all()) == 1


async def test_nobody_else_can_delete(chat: Correcting) -> None:
    number = int((await chat.ask("/forget"))["message_id"])
    said = await chat.send(number, f"forget:yes:{ADMIN.id}")
    assert said.show_alert and said.text == "Only the person who was asked can answer this."
