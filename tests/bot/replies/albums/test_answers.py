"""An album is answered by one message, whose photos are corrected one by one."""

import asyncio
import io
from collections.abc import Sequence

import pytest
from PIL import Image

from bot.replies.albums import collector as album_collector
from bot.replies.albums import sheet as album_sheet
from bot.sandbox.telegram import ADMIN, GUEST
from model.common.chart_elements import TILE
from model.common.prediction import Prediction
from model.common.queue import keys
from model.common.queue.job_stream import JobStream
from model.common.queue.messages import Answer, PhotoJob
from tests.helpers.bot.corrections import CORRECTED, Correcting
from tests.helpers.bot.running import prediction
from tests.helpers.photos import picture
from tests.helpers.waiting import until

TAP = "\nIs one wrong? Tap its number."
SNEAKERS = "×\u00a0👟 Sneaker"
SANDAL = "1\u00a0×\u00a0👡 Sandal"


async def album(chat: Correcting, count: int, name: str = "77", who: int = GUEST.id) -> list[int]:
    return [await chat.parts.send_photo(who=who, album=name) for _ in range(count)]


async def replied(chat: Correcting, number: int, who: int = GUEST.id) -> int:
    """The number of the reply to the photo of this number."""
    return int((await chat.parts.reply(number, who))["message_id"])


def caption(chat: Correcting, number: int) -> str:
    return str(chat.message(number)["caption"])


def colours(chat: Correcting, number: int, count: int) -> list[str]:
    """The colour of each tile of the message's picture."""
    file_id = chat.message(number)["photo"][-1]["file_id"]
    sheet = Image.open(io.BytesIO(chat.parts.sandbox.file_bytes(file_id)))
    columns = album_sheet.columns(count)
    found = []
    for index in range(count):
        row, column = divmod(index, columns)
        left, top = column * TILE[0], row * TILE[1]
        pixel = sheet.getpixel((left + TILE[0] - 20, top + TILE[1] - 20))
        assert isinstance(pixel, tuple)
        near = {"red": (255, 0, 0), "green": (0, 128, 0), "white": (255, 255, 255)}
        found.append(
            min(
                near,
                key=lambda name: sum(abs(a - b) for a, b in zip(near[name], pixel, strict=True)),
            )
        )
    return found


async def test_six_photos_get_one_reply_that_counts_what_they_show(chat: Correcting) -> None:
    first, *_ = await album(chat, 6)
    number = await replied(chat, first)
    assert caption(chat, number) == f"6 photos: 6\u00a0{SNEAKERS}{TAP}"
    assert list(chat.buttons(number)) == ["1", "2", "3", "4", "5", "6"]
    await until(lambda: not chat.client.hlen(keys.UPDATES))
    assert len(chat.parts.from_bot()) == 1


async def test_each_photo_is_corrected_by_its_number(chat: Correcting) -> None:
    number = await replied(chat, (await album(chat, 6))[0])
    await chat.press(number, "3")
    await chat.until_buttons(number, having="› 3 ‹")
    assert "✓ Sneaker" in chat.buttons(number)
    await chat.press(number, "👡 Sandal")
    await chat.until_caption(number, f"6 photos: 5\u00a0{SNEAKERS}, {SANDAL}")
    assert list(chat.buttons(number)) == ["1", "2", "3 ✓", "4", "5", "6"]
    assert colours(chat, number, 6) == ["white"] * 2 + ["red"] + ["white"] * 3
    # The picture of before is what the next one is pasted into.
    await chat.press(number, "5")
    await chat.until_buttons(number, having="› 5 ‹")
    await chat.press(number, "👡 Sandal")
    await chat.until_caption(number, f"6 photos: 4\u00a0{SNEAKERS}, 2{SANDAL[1:]}")
    assert colours(chat, number, 6) == ["white", "white", "red", "white", "red", "white"]
    assert chat.counted() == {b"wrong": 2}


async def test_a_correction_in_an_album_is_taken_back(chat: Correcting) -> None:
    number = await replied(chat, (await album(chat, 2))[0])
    await chat.press(number, "2")
    await chat.until_buttons(number, having="› 2 ‹")
    await chat.press(number, "👡 Sandal")
    await chat.until_caption(number, f"2 photos: 1\u00a0{SNEAKERS}, {SANDAL}")
    await chat.ask("/undo")
    await chat.until_caption(number, f"2 photos: 2\u00a0{SNEAKERS}")
    assert colours(chat, number, 2) == ["white", "green"]
    assert list(chat.buttons(number)) == ["1", "2"]


async def test_a_number_pressed_again_closes_its_buttons(chat: Correcting) -> None:
    number = await replied(chat, (await album(chat, 2))[0])
    await chat.press(number, "1")
    await chat.until_buttons(number, having="› 1 ‹")
    await chat.press(number, "› 1 ‹")
    await chat.until(lambda: list(chat.buttons(number)) == ["1", "2"])


async def test_details_name_the_photo_and_lead_to_the_others(chat: Correcting) -> None:
    number = await replied(chat, (await album(chat, 3))[0])
    said = await asked_details(chat, number)
    assert text(chat, said).startswith("Photo 1 of 3\n👟 Sneaker")
    assert list(chat.buttons(said)) == ["› 1 ‹", "2", "3"]
    await chat.press(said, "3")
    await chat.until(lambda: text(chat, said).startswith("Photo 3 of 3"))
    assert list(chat.buttons(said)) == ["1", "2", "› 3 ‹"]
    await chat.press(number, "2")
    await chat.until_buttons(number, having="› 2 ‹")
    assert text(chat, await asked_details(chat, number)).startswith("Photo 2 of 3")


async def asked_details(chat: Correcting, number: int) -> int:
    """The number of what is said to /details in reply to this message."""
    sandbox = chat.parts.sandbox
    sent = await sandbox.send_text(GUEST.id, "/details", reply_to=number)
    said = await sandbox.next_bot_message(GUEST.id, after=sent["message_id"])
    return int(said["message_id"])


def text(chat: Correcting, number: int) -> str:
    return str(chat.message(number)["text"])


async def test_nobody_else_corrects_an_albums_photo(chat: Correcting) -> None:
    number = await replied(chat, (await album(chat, 2, who=ADMIN.id))[0], ADMIN.id)
    data = chat.buttons(number, ADMIN.id)["1"]
    theirs = await chat.answered()
    answer = await chat.send(theirs, data)
    assert answer.text and answer.text.startswith("I no longer know this answer")


async def test_a_restart_of_the_bot_leaves_no_photo_without_an_answer(idle: Correcting) -> None:
    async with idle.parts.bot():
        sent = await album(idle, 4)
        await until(lambda: not idle.client.hlen(keys.UPDATES))
    async with idle.parts.worker.working(), idle.parts.bot():
        number = await replied(idle, sent[0])
    assert caption(idle, number) == f"4 photos: 4\u00a0{SNEAKERS}{TAP}"


async def test_answers_that_were_collected_survive_a_restart(
    idle: Correcting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(album_collector, "SETTLED", 3600.0)
    async with idle.parts.worker.working(), idle.parts.bot():
        sent = await album(idle, 3)
        await until(lambda: len(idle.parts.worker.jobs) == 3)
        await asyncio.sleep(0.3)
    assert not idle.parts.from_bot()
    monkeypatch.undo()
    async with idle.parts.bot():
        number = await replied(idle, sent[0])
    assert caption(idle, number) == f"3 photos: 3\u00a0{SNEAKERS}{TAP}"


async def test_an_answer_waits_for_those_of_the_albums_other_photos(
    idle: Correcting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(album_collector, "SETTLED", 0.0)
    async with idle.parts.bot():
        sent = await album(idle, 2)
        await until(lambda: idle.client.xlen(keys.PHOTOS) == 2)
        with JobStream(idle.client, "the first photo's") as jobs:
            [first] = jobs.take(1, 1000)
            jobs.finish(first, idle.answer(first.job))
        await asyncio.sleep(0.5)
        assert not idle.parts.from_bot()
        async with idle.parts.worker.working():
            number = await replied(idle, sent[0])
    assert caption(idle, number).startswith("2 photos")


async def test_nobody_waits_for_a_photo_that_was_not_taken(
    idle: Correcting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(album_collector, "PATIENCE", 3600.0)
    async with idle.parts.bot(photos_waiting=1):
        first, second = await album(idle, 2)
        assert (await idle.parts.said(second)).startswith("You have 1 photo waiting")
        async with idle.parts.worker.working():
            assert await idle.parts.said(first) == "👟 Sneaker, 93%"


async def test_the_answered_photos_do_not_wait_for_ever(
    chat: Correcting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(album_collector, "PATIENCE", 0.0)
    sent = await album(chat, 2)
    for number in sent:
        assert await chat.parts.said(number) == "👟 Sneaker, 93%"


def answering(chat: Correcting, *said: Prediction | None) -> None:
    """Have the worker say these, one after the other; None is a photo that cannot be opened."""
    left: list[Prediction | None] = list(said)

    def answer(job: PhotoJob) -> Answer:
        found = left.pop(0)
        if found is None:
            return Answer.to(job, refusal="unreadable")
        return Answer.to(job, prediction=found, picture=picture("white", form="PNG"))

    chat.parts.worker.answer = answer


@pytest.mark.parametrize(
    ("said", "start"),
    [
        (
            [prediction(Bag=1.0), prediction("unsure", Coat=0.5, Shirt=0.4), prediction("none")],
            "3 photos: 1\u00a0×\u00a0👜 Bag, 1 not sure, 1 none of my ten kinds",
        ),
        (
            [prediction(Bag=1.0), None],
            "2 photos: 1\u00a0×\u00a0👜 Bag, 1 without an answer\n"
            "Photo 2: I couldn’t open that as a picture.",
        ),
    ],
)
async def test_what_is_not_known_is_counted_too(
    chat: Correcting, said: Sequence[Prediction | None], start: str
) -> None:
    answering(chat, *said)
    number = await replied(chat, (await album(chat, len(said)))[0])
    assert caption(chat, number).startswith(start)
    known = [str(place) for place, each in enumerate(said, 1) if each]
    assert list(chat.buttons(number)) == known


async def test_one_photo_of_an_album_is_answered_as_any_other(chat: Correcting) -> None:
    [sent] = await album(chat, 1)
    number = await replied(chat, sent)
    assert caption(chat, number) == "👟 Sneaker, 93%"
    await chat.correct(number, "👡 Sandal")
    await chat.until_caption(number, CORRECTED)


@pytest.mark.parametrize("count", range(1, 11))
def test_a_sheet_fits_into_a_picture_of_telegrams(count: int) -> None:
    tiles = [picture("green", form="PNG")] * count
    sheet = Image.open(io.BytesIO(album_sheet.sheet(tiles)))
    assert max(sheet.size) <= 1280
    changed = album_sheet.replaced(
        album_sheet.sheet(tiles), count - 1, count, picture("red", form="PNG")
    )
    last = Image.open(io.BytesIO(changed))
    columns = album_sheet.columns(count)
    row, column = divmod(count - 1, columns)
    pixel = last.getpixel((column * TILE[0] + 300, row * TILE[1] + 300))
    assert isinstance(pixel, tuple)
    assert pixel[0] > 200 > pixel[1]
